"""The verb `transcribe`, on real files and with the real networks."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import mido
import numpy as np
import pytest
import soundfile

from app import cli

ROOT = Path(__file__).resolve().parents[2]
WITHOUT_QT = (
    "import sys; sys.modules.update(dict.fromkeys(['PySide6', 'shiboken6', 'pyqtgraph']))\n"
    "from app import bootstrap; sys.exit(bootstrap.main(sys.argv[1:]))"
)


@pytest.fixture
def voice(tmp_path: Path) -> Path:
    """Three notes of something like a vowel, C4 E4 G4, with a breath between the last two."""
    rate, parts = 44_100, []
    for hz, seconds in ((261.63, 0.6), (329.63, 0.6), (0.0, 0.3), (392.0, 0.7)):
        at = np.arange(int(rate * seconds)) / rate
        phase = 2 * np.pi * hz * at + 0.3 * np.sin(2 * np.pi * 5.5 * at)
        gains = [1.0, 0.6, 0.5, 0.4, 0.25, 0.15, 0.1, 0.06]
        sound = sum(g * np.sin((k + 1) * phase) for k, g in enumerate(gains))
        parts.append(sound * np.minimum(1, np.minimum(at, at[::-1]) / 0.03))
    path = tmp_path / "曲 Song (Vocals).wav"
    soundfile.write(path, 0.2 * np.concatenate(parts), rate)
    return path


def test_a_voice_becomes_midi_and_a_pitch_curve_and_no_qt_is_needed(
    voice: Path, tmp_path: Path
) -> None:
    out, f0 = tmp_path / "new" / "song.mid", tmp_path / "f0.csv"
    command = ["transcribe", str(voice), "-o", str(out), "--f0", str(f0), "--json"]
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_QT, *command],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["paths"] == {"mid": str(out), "f0": str(f0)}
    assert report["source"] == "vocals"
    messages = [message for track in mido.MidiFile(out).tracks for message in track]
    assert sum(m.type == "note_on" and m.velocity > 0 for m in messages) == report["notes"]
    assert any(message.type == "set_tempo" for message in messages)
    rows = list(csv.DictReader(f0.read_text().splitlines()))
    assert list(rows[0]) == ["time_s", "hz", "confidence"]
    times = np.array([float(row["time_s"]) for row in rows])
    assert np.diff(times) == pytest.approx(0.01, abs=1e-6)
    assert times[-1] == pytest.approx(2.2, abs=0.03)


def test_steady_tones_are_written_at_their_pitches(
    voice: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "notes.csv"
    assert cli.main(["transcribe", str(voice), "-o", str(out)]) == 0
    assert capsys.readouterr().out.splitlines() == [str(out)]
    rows = list(csv.DictReader(out.read_text().splitlines()))
    assert list(rows[0]) == ["start_s", "end_s", "midi_pitch", "velocity", "lyric"]
    found = {round(float(row["midi_pitch"])): float(row["start_s"]) for row in rows}
    true = {60: 0.0, 64: 0.6, 67: 1.5}
    assert len(rows) == len(found) >= 2  # a network may not take every tone for a singer
    for pitch, start in found.items():
        assert start == pytest.approx(true[pitch], abs=0.08)


def test_a_mix_goes_through_the_separation_and_a_folder_takes_the_usual_name(
    voice: Path, tmp_path: Path
) -> None:
    mix = voice.rename(tmp_path / "Mix.wav")
    out = tmp_path / "out"
    arguments = ["transcribe", str(mix), "-o", str(out), "--format", "musicxml"]
    assert cli.main(arguments) == 0
    assert [path.name for path in out.iterdir()] == ["Mix_(Vocals).musicxml"]
    assert cli.main([*arguments, "--source", "vocals"]) == 0  # nothing is written over unasked
    assert len(list(out.iterdir())) == 2


@pytest.mark.parametrize("form", ["ultrastar", "json", "svg", "png", "pdf"])
def test_every_format_writes_a_file(voice: Path, tmp_path: Path, form: str) -> None:
    out = tmp_path / "out"
    assert cli.main(["transcribe", str(voice), "-o", str(out), "--format", form]) == 0
    (written,) = out.iterdir()
    assert written.stat().st_size > 100


def test_wrong_use_is_told_before_any_work(
    voice: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    two = [str(voice), str(voice)]
    assert cli.main(["transcribe", *two, "-o", str(tmp_path / "one.mid")]) == 2
    assert "one file" in capsys.readouterr().err
    assert cli.main(["transcribe", str(voice), "--model", "vocals-s"]) == 2
    assert "no model for transcription" in capsys.readouterr().err
    assert cli.main(["transcribe", *two, "--f0", str(tmp_path / "f0.csv")]) == 2


def test_a_file_without_sound_fails_with_words_and_the_others_go_on(
    voice: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = tmp_path / "Text.mp3"
    text.write_text("no song")
    out = tmp_path / "out"
    assert cli.main(["transcribe", str(text), str(voice), "-o", str(out), "--json"]) == 1
    bad, good = map(json.loads, capsys.readouterr().out.splitlines())
    assert bad["error"]
    assert good["paths"]
    assert len(list(out.iterdir())) == 1


def test_silence_has_no_notes_and_is_no_error(tmp_path: Path) -> None:
    quiet = tmp_path / "Quiet (Vocals).wav"
    soundfile.write(quiet, np.zeros(16_000), 16_000)
    for form in ("mid", "musicxml", "ultrastar", "csv", "json"):
        assert (
            cli.main(["transcribe", str(quiet), "-o", str(tmp_path / form), "--format", form]) == 0
        )
