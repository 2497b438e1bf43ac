"""A melody in a project: what is saved comes back, and what makes no sense is left out."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from engine import tasks
from engine.document import Document
from engine.melody import CURVE_RATE, CURVES, Beat, Drawn, Melody, Note, NoteSettings
from engine.project import Project
from engine.types import AudioClip, Origin, Scratch, Track, Voicing


def done(work: Any) -> Any:
    while True:
        try:
            next(work)
        except StopIteration as stop:
            return stop.value


def sung(scratch: Scratch) -> tuple[Track, AudioClip]:
    clip = scratch.clip(2, 44_100, 44_100, Origin())
    curves = scratch.clip(CURVES, 100, CURVE_RATE, Origin(task="transcribe", model="melody-s"))
    curves.write(0, np.random.default_rng(0).random((CURVES, 100)).astype(np.float32))
    notes = (
        Note(0.1, 0.2, 60.25, 0.5, "fish-", 0.75, True),
        Note(0.3, 0.4, 62.0, lyric='曲 " \\', phones="HH AH0"),
    )
    melody = Melody(
        notes,
        curves,
        (Drawn(0.5, (60.0, 0.0, 61.5)),),
        ((0.8, 0.9, 64.0),),
        NoteSettings(0.4, 0.6, 0.1, 0.02, 0.3),
        Beat(97.5, 0.25, 3, 2),
        "C# minor",
        True,
        0.5,
        "tone",
    )
    voicing = Voicing("kathleen", "One.\nTwo “three”.", 1.5, -2.0, 0.5, 7, ((1.0, 0.0, 1.0),) * 3)
    return Track(1, "Song", "vocals", clip, group=1, melody=melody, voicing=voicing), curves


def test_a_melody_is_saved_with_its_curves_and_comes_back(scratch: Scratch, tmp_path: Path) -> None:
    track, curves = sung(scratch)
    folder = tmp_path / "Song.melic"
    saved = done(tasks.save_project(Document(Project((track,))), folder))
    if saved.lock is not None:
        saved.lock.release()
    loaded = done(tasks.open_project(folder, scratch))
    (back,) = loaded.document.project.tracks
    assert loaded.document.notes == ()
    assert back.melody is not None
    assert back.melody.curves is not None
    assert track.melody is not None
    assert replace(back.melody, curves=curves) == track.melody
    assert np.array_equal(back.melody.curves.read(0, 100), curves.read(0, 100))
    assert back.melody.curves.origin.model == "melody-s"
    assert back.voicing == track.voicing
    if loaded.lock is not None:
        loaded.lock.release()


def test_a_damaged_melody_costs_what_is_damaged_and_no_more(
    scratch: Scratch, tmp_path: Path
) -> None:
    track, _ = sung(scratch)
    folder = tmp_path / "Song.melic"
    saved = done(tasks.save_project(Document(Project((track,))), folder))
    if saved.lock is not None:
        saved.lock.release()
    text = folder / "project.json"
    value = json.loads(text.read_text("utf-8"))
    melody = value["tracks"][0]["melody"]
    melody["notes"][0][2] = "high"
    melody["notes"].append([1, 2])
    melody["beat"]["tempo"] = -3
    melody["settings"] = 7
    melody["drawn"] = [[0.1], ["x", 60]]
    melody["curves"] = 99
    melody["sound"] = "/etc/passwd"
    value["tracks"][0]["voicing"].update(speed=0, pitch="high", seed=-1, words=[[1, 2], [2, 0, 1]])
    text.write_text(json.dumps(value), "utf-8")
    loaded = done(tasks.open_project(folder, scratch))
    (back,) = loaded.document.project.tracks
    assert back.melody is not None
    assert [note.pitch for note in back.melody.notes] == [62.0]
    assert back.melody.beat.tempo == 120.0
    assert back.melody.settings == NoteSettings()
    assert back.melody.drawn == ()
    assert back.melody.curves is None
    assert back.melody.sound == "piano"
    plain = (1.0, 0.0, 1.0)
    assert back.voicing == Voicing(
        "kathleen", "One.\nTwo “three”.", 1.0, 0.0, 0.5, 0, (plain, (2.0, 0.0, 1.0))
    )
    assert loaded.document.notes
    if loaded.lock is not None:
        loaded.lock.release()


def test_a_document_from_before_there_were_voices_opens_as_it_was(
    scratch: Scratch, tmp_path: Path
) -> None:
    track, _ = sung(scratch)
    assert track.melody is not None
    notes = tuple(replace(note, phones="") for note in track.melody.notes)
    before = replace(track, melody=replace(track.melody, notes=notes), voicing=None)
    folder = tmp_path / "Song.melic"
    saved = done(tasks.save_project(Document(Project((before,))), folder))
    if saved.lock is not None:
        saved.lock.release()
    (lane,) = json.loads((folder / "project.json").read_text("utf-8"))["tracks"]
    assert "voicing" not in lane
    assert {len(note) for note in lane["melody"]["notes"]} == {7}
    loaded = done(tasks.open_project(folder, scratch))
    (back,) = loaded.document.project.tracks
    assert loaded.document.notes == ()
    assert back.voicing is None
    assert back.melody is not None
    assert back.melody.notes == notes
    if loaded.lock is not None:
        loaded.lock.release()
