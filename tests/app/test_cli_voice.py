"""The verbs `speak`, `sing` and `voices`, with a voice that needs no network."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from app import cli
from engine import cards, note_files, voices
from engine.melody import Beat, Melody, Note
from tests.voice import CARD, Toned


@pytest.fixture(autouse=True)
def voice(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Toned:
    made = Toned()
    folder = tmp_path / "cards"
    folder.mkdir()
    cards.write_card(CARD, folder)
    monkeypatch.setattr(cards, "own_folder", lambda: folder)
    monkeypatch.setattr(voices, "load_voice", lambda card, device="cpu": made)
    return made


def report(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    value = json.loads(capsys.readouterr().out)
    assert isinstance(value, dict)
    return value


@pytest.fixture
def score(tmp_path: Path) -> Path:
    notes = (
        Note(0.5, 0.5, 60, 0.8, "hel-"),
        Note(1.0, 0.5, 64, 0.8, "lo"),
        Note(2.0, 1.0, 67, 0.8, "you"),
    )
    path = tmp_path / "曲 Song.mid"
    for _ in note_files.export(path, "mid", Melody(notes, beat=Beat(120.0))):
        pass
    return path


def test_a_text_is_spoken_into_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "new" / "out.wav"
    assert (
        cli.main(["speak", "Hello there, you.", "-o", str(out), "--voice", "toned", "--json"]) == 0
    )
    told = report(capsys)
    assert told["path"] == str(out)
    assert told["voice"] == "toned"
    assert [word for _, _, word in told["words"]] == ["Hello", "there,", "you."]
    sound, rate = soundfile.read(out)
    assert rate == 44_100
    assert len(sound) == round(told["seconds"] * rate)
    assert 0.1 < np.abs(sound).max() < 0.6


def test_speed_and_seed_are_taken_and_a_file_that_is_there_stays(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.flac"
    common = ["--voice", "toned", "--json"]
    assert cli.main(["speak", "one two three", "-o", str(out), *common]) == 0
    plain = report(capsys)
    assert cli.main(["speak", "one two three", "-o", str(out), "--speed", "2", *common]) == 0
    fast = report(capsys)
    assert fast["path"] == str(tmp_path / "out (2).flac")
    assert fast["speed"] == 2.0
    assert fast["seconds"] < 0.8 * plain["seconds"]
    assert soundfile.info(out).format == "FLAC"


def test_a_text_may_come_from_the_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("From the input."))
    out = tmp_path / "out.wav"
    assert cli.main(["speak", "-", "-o", str(out), "--voice", "toned"]) == 0
    assert capsys.readouterr().out == f"{out}\n"


def test_a_score_is_sung_into_a_file(
    score: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.wav"
    assert cli.main(["sing", str(score), "-o", str(out), "--voice", "toned", "--json"]) == 0
    told = report(capsys)
    assert told["notes"] == 3
    assert told["mute"] == []
    sound, rate = soundfile.read(out)
    low = sound[round(0.7 * rate) : round(0.8 * rate)]
    assert peak(low, rate) == pytest.approx(261.6, abs=6)
    higher = ["--transpose", "12", "--overwrite", "--voice", "toned", "--json"]
    assert cli.main(["sing", str(score), "-o", str(out), *higher]) == 0
    sound, rate = soundfile.read(out)
    assert peak(sound[round(0.7 * rate) : round(0.8 * rate)], rate) == pytest.approx(523.3, abs=6)


def peak(sound: np.ndarray, rate: int) -> float:
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound)), 1 << 16))
    return float(spectrum.argmax() * rate / (1 << 16))


def test_mute_notes_are_told_of(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, out = tmp_path / "low.csv", tmp_path / "out.wav"
    notes = (Note(0.5, 0.5, 60, 0.8, "la"), Note(1.5, 0.5, 20, 0.8, "la"))
    for _ in note_files.export(path, "csv", Melody(notes)):
        pass
    assert cli.main(["sing", str(path), "-o", str(out), "--voice", "toned", "--json"]) == 0
    captured = capsys.readouterr()
    assert json.loads(captured.out)["mute"][0][0] == 1
    assert "below 40 Hz" in captured.err
    low = ["--transpose", "-40", "--voice", "toned"]
    assert cli.main(["sing", str(path), "-o", str(tmp_path / "b.wav"), *low]) == 1
    assert "None of the notes" in capsys.readouterr().err
    assert not (tmp_path / "b.wav").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["speak", "", "-o", "OUT.wav"], 1, "There is nothing to say."),
        (["speak", "🎵", "-o", "OUT.wav"], 1, "cannot be said"),
        (["speak", "hello", "-o", "OUT.wav", "--voice", "nobody"], 2, "no voice called 'nobody'"),
        (["speak", "hello", "-o", "OUT.txt"], 2, ".wav, .flac or .mp3"),
        (["speak", "hello", "-o", "OUT.wav", "--speed", "0"], 2, "from 0.1 to 10"),
        (["speak", "hello", "-o", "OUT.wav", "--pitch", "nan"], 2, "from -48 to 48"),
        (["speak", "hello"], 2, "-o"),
        (["sing", "missing.mid", "-o", "OUT.wav"], 1, "is not there"),
        (["sing", "README.md", "-o", "OUT.wav"], 1, "README.md"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_written(
    arguments: list[str],
    code: int,
    said: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    arguments = [a.replace("OUT", str(tmp_path / "out")) for a in arguments]
    if "--voice" not in arguments:
        arguments += ["--voice", "toned"]
    assert cli.main(arguments) == code
    assert said in capsys.readouterr().err
    assert not list(tmp_path.glob("out*"))


def test_the_voices_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["voices"]) == 0
    assert "toned" in capsys.readouterr().out
    assert cli.main(["voices", "--json"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert rows[-1]["id"] == "toned"


@pytest.fixture(autouse=True)
def _nothing_left(tmp_path: Path) -> Iterator[None]:
    yield
    assert not list(tmp_path.rglob("*.part"))
