"""Scores that the bundled voice sings, as examples whose notes are known."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

pytest.importorskip("swift_f0", reason="needs the extra 'train'")

from engine import note_files
from engine.melody import Beat, Melody, Note
from engine.training import singer
from engine.training.melody_peers import run
from engine.training.sung import ONSET, PITCH, SURE, TOLD, VOICED, Sung

REPEATED = [Note(k * 0.5, 0.5, 60.0 + 2 * (k // 8), lyric="la") for k in range(32)]


def test_a_line_is_sung_in_another_key_and_tempo_but_its_steps_stay() -> None:
    notes = singer.arranged(np.random.default_rng(3), REPEATED)
    assert len(notes) >= 8
    assert notes[0].start == 1.0
    scale = notes[0].length / REPEATED[0].length
    assert scale != 1.0
    assert np.diff([note.start for note in notes]) == pytest.approx(0.5 * scale)
    steps = np.diff([note.pitch for note in notes])
    assert set(steps) <= {0.0, 2.0}
    middle = np.median([note.pitch for note in notes])
    assert singer.MIDDLE[0] - 4 <= middle <= singer.MIDDLE[1] + 4


def test_scores_without_a_line_to_sing_end_with_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scores = tmp_path / "scores"
    scores.mkdir()
    short = Melody(beat=Beat(tempo=120)).with_notes(REPEATED[:6])
    mute = Melody(beat=Beat(tempo=120)).with_notes([replace(n, lyric="") for n in REPEATED])
    for name, melody in (("short", short), ("mute", mute)):
        run(note_files.export(scores / f"{name}.musicxml", "musicxml", melody))
    (scores / "damaged.mxl").write_bytes(b"no archive")
    assert singer.main(["--scores", str(scores), "--out", str(tmp_path / "out")]) == 1
    assert "line to sing" in capsys.readouterr().err


def test_sung_scores_tell_every_onset_also_those_on_one_pitch(tmp_path: Path) -> None:
    scores, cache = tmp_path / "scores", tmp_path / "cache"
    scores.mkdir()
    melody = Melody(beat=Beat(tempo=120)).with_notes(REPEATED)
    run(note_files.export(scores / "line.musicxml", "musicxml", melody))
    arguments = ["--scores", str(scores), "--out", str(cache / "singer"), "--minutes", "0.02"]
    assert singer.main(arguments) == 0
    sound, rate = soundfile.read(cache / "singer" / "000.flac")
    notes = np.loadtxt(cache / "singer" / "000.csv", delimiter=",")
    assert len(sound) / rate == pytest.approx(notes[-1, 1] + 0.5, abs=0.1)

    examples = Sung(tmp_path / "data", cache, 2.0, 0)
    (recording,) = examples.by_source["voice", "singer"]
    labels = examples.labels[recording.file]
    assert labels[TOLD].all()
    assert labels[ONSET].sum() == len(notes)
    for start, stop, pitch in notes:
        inside = slice(round((start + 0.3 * (stop - start)) * 50), round(stop * 50) - 2)
        if inside.stop - inside.start > 2:
            assert labels[VOICED, inside].mean() >= 0.6
            sung = labels[PITCH, inside][labels[SURE, inside] > 0]
            assert np.median(sung) == pytest.approx(pitch, abs=0.5)
