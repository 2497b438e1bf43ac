"""Lanes as files: what they hold, where they lie, how long they live, how they are handed on."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QDrag, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.dragging import TakeOut, file_name, kept_folder, render, sweep
from app.start import Program
from app.views.grips import Grip
from engine.types import AudioClip, Origin, Track
from tests.app.desk import import_song, open_desk, wait_for
from tests.conftest import tone

RATE = 44_100


def run(work: Any) -> Any:
    try:
        while True:
            next(work)
    except StopIteration as stop:
        return stop.value


@pytest.fixture
def desk(qapp: object, tmp_path: Path) -> Iterator[Program]:
    with open_desk(tmp_path) as program:
        program.window.resize(1280, 800)
        program.window.show()
        yield program


@pytest.fixture
def dropped(monkeypatch: pytest.MonkeyPatch) -> list[QMimeData]:
    """What each drag carried; the drag itself ends at once."""
    carried: list[QMimeData] = []

    def end(drag: QDrag, *_: object) -> Qt.DropAction:
        carried.append(drag.mimeData())
        return Qt.DropAction.CopyAction

    monkeypatch.setattr(QDrag, "exec", end)
    return carried


def url_of(mime: QMimeData) -> Path:
    assert mime.hasFormat("text/uri-list")
    return Path(mime.urls()[0].toLocalFile())


# The file.


def stem_of(clip: AudioClip, **how: Any) -> Track:
    return replace(Track(2, "Vocals", "vocals", clip, group=1), **how)


def test_a_stem_is_written_as_24_bit_wav_under_the_usual_name(
    make_clip: Any, tmp_path: Path
) -> None:
    sound = tone(2.0)
    clip = make_clip(sound, RATE, Origin(tmp_path / "曲 – Song.flac"))
    path = run(render(stem_of(clip, gain_db=-12.0, pan=0.5, muted=True), None, tmp_path / "out"))
    assert path.name == "曲 – Song_(Vocals).wav"
    assert soundfile.info(path).subtype == "PCM_24"
    held, rate = soundfile.read(path, dtype="float32")
    assert rate == RATE
    assert np.abs(held.T - sound).max() < 2**-23  # gain, pan and mute belong to listening


def test_silences_and_the_marked_part_are_what_the_file_holds(
    make_clip: Any, tmp_path: Path
) -> None:
    clip = make_clip(np.full((1, 4 * RATE), 0.25, np.float32))
    track = stem_of(clip, silences=((1.0, 2.0),))
    path = run(render(track, (0.5, 3.0), tmp_path / "out"))
    held, _ = soundfile.read(path, dtype="float32")
    assert held.shape == (round(2.5 * RATE),)  # one channel stays one
    assert not held[round(0.51 * RATE) : round(1.49 * RATE)].any()
    assert held[: round(0.5 * RATE)].all()
    assert path.name == "Vocals_(Vocals 0.50-3.00 s).wav"


def test_a_song_keeps_its_name_and_a_recording_is_called_as_its_lane(make_clip: Any) -> None:
    clip = make_clip(tone(0.1), RATE, Origin(Path("/music/Song.mp3")))
    assert file_name(Track(1, "Song", "mix", clip, group=1), None) == "Song.wav"
    own = make_clip(tone(0.1), RATE, Origin(task="record"))
    assert file_name(Track(1, "Recording 1", "recording", own, group=1), None) == "Recording 1.wav"


@pytest.mark.slow
def test_four_minutes_are_ready_in_less_than_two_seconds(make_clip: Any, tmp_path: Path) -> None:
    clip = make_clip(np.tile(tone(10.0), (1, 24)))
    began, busy = time.perf_counter(), time.thread_time()
    run(render(stem_of(clip), None, tmp_path / "out"))
    took, busy = time.perf_counter() - began, time.thread_time() - busy
    print(f"rendered in {took:.2f} s, {busy:.2f} s of processor time")  # noqa: T201
    assert busy < 2.0


def test_a_file_that_was_taken_lives_a_week_and_others_go(tmp_path: Path) -> None:
    for name, days in (("old", 8), ("new", 6)):
        place = tmp_path / name
        place.mkdir()
        (place / "Song.wav").write_bytes(b"x")
        then = time.time() - days * 86_400
        os.utime(place, (then, then))
    assert run(sweep(tmp_path)) == 1
    assert [place.name for place in tmp_path.iterdir()] == ["new"]
    assert run(sweep(tmp_path / "missing")) == 0


# Handing it on.


def test_copy_puts_a_file_on_the_clipboard_that_outlives_the_program(
    desk: Program, tone_file: Path
) -> None:
    import_song(desk, tone_file)
    QGuiApplication.clipboard().setText("")
    wait_for(lambda: desk.window.actions_["copy_file"].isEnabled())
    desk.window.actions_["copy_file"].trigger()
    wait_for(lambda: QGuiApplication.clipboard().mimeData().hasUrls())
    path = url_of(QGuiApplication.clipboard().mimeData())
    assert path.name == "Tone.wav"
    assert path.is_relative_to(kept_folder())
    assert desk.window.takeout.said[desk.session.selected] == "Copied as Tone.wav"
    desk.close()
    assert soundfile.info(path).frames == 2 * RATE


def test_the_marked_part_is_the_loop_where_nothing_is_selected(
    desk: Program, tone_file: Path
) -> None:
    import_song(desk, tone_file)
    assert not desk.window.actions_["copy_part"].isEnabled()
    desk.axis.set_loop(0.5, 1.5)
    wait_for(lambda: desk.window.actions_["copy_part"].isEnabled())
    QGuiApplication.clipboard().setText("")
    desk.window.actions_["copy_part"].trigger()
    wait_for(lambda: QGuiApplication.clipboard().mimeData().hasUrls())
    path = url_of(QGuiApplication.clipboard().mimeData())
    assert path.name == "Tone 0.50-1.50 s.wav"
    assert soundfile.info(path).frames == RATE


def grips(desk: Program) -> list[Grip]:
    return desk.window.timeline.findChildren(Grip)


def pull(grip: Grip) -> None:
    """Press a handle and move the pointer away from it, the button held."""
    QTest.mousePress(grip, Qt.MouseButton.LeftButton, pos=QPoint(12, 12))
    held = QApplication.mouseButtons
    QApplication.mouseButtons = staticmethod(lambda: Qt.MouseButton.LeftButton)  # type: ignore[method-assign]
    try:
        QTest.mouseMove(grip, QPoint(60, 60))
        QApplication.processEvents()
        yielded = grip._pull
        wait_for(lambda: yielded._from is None)
    finally:
        QApplication.mouseButtons = held  # type: ignore[method-assign]
        QTest.mouseRelease(grip, Qt.MouseButton.LeftButton, pos=QPoint(60, 60))


def test_a_lane_is_dragged_out_as_a_file_once_it_is_there(
    desk: Program, tone_file: Path, dropped: list[QMimeData]
) -> None:
    import_song(desk, tone_file)
    whole, marked = grips(desk)
    assert not marked.isVisible()
    pull(whole)
    path = url_of(dropped[0])
    assert path.name == "Tone.wav"
    assert soundfile.info(path).frames == 2 * RATE
    pull(whole)
    assert url_of(dropped[1]) == path  # made once
    desk.axis.set_loop(0.25, 0.5)
    wait_for(marked.isVisible)
    pull(marked)
    assert soundfile.info(url_of(dropped[2])).frames == RATE // 4


def test_an_edit_makes_another_file_and_a_swept_one_is_made_again(
    desk: Program, tone_file: Path
) -> None:
    id = import_song(desk, tone_file)
    takeout = desk.window.takeout
    takeout.prepare(id)
    wait_for(lambda: takeout.ready(id))
    first = takeout.ready(id)
    assert first is not None
    desk.session.set_track(id, silences=((0.5, 1.0),))
    assert takeout.ready(id) is None
    desk.session.undo_stack.undo()
    assert takeout.ready(id) == first
    first.unlink()
    assert takeout.ready(id) is None
    takeout.prepare(id)
    wait_for(lambda: takeout.ready(id))


def test_what_was_made_but_never_taken_goes_with_the_program(
    desk: Program, tone_file: Path
) -> None:
    id = import_song(desk, tone_file)
    takeout: TakeOut = desk.window.takeout
    takeout.prepare(id)
    wait_for(lambda: takeout.ready(id))
    path = takeout.ready(id)
    assert path is not None
    desk.close()
    assert not path.exists()


def test_a_full_disk_is_said_at_the_lane(
    desk: Program, tone_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import shutil
    from types import SimpleNamespace

    id = import_song(desk, tone_file)
    said: list[Any] = []
    desk.studio.trouble.connect(said.append)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1000))
    desk.window.takeout.copy(id)
    wait_for(lambda: said)
    assert "too little room" in said[0].message
    assert said[0].track == id
    assert desk.window.takeout.ready(id) is None
