"""The window never stands still: while songs come in, are looked at, separated and written."""

from __future__ import annotations

import gc
import time
import weakref
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from app import export
from app.sinks import NullSink
from app.start import Program
from engine.audio import Encoding
from engine.events import State
from tests.app.desk import import_song, open_desk, wait_for
from tests.app.test_studio import song
from tests.watchdog import watch

BACK = 1.0  # seconds in which a cancelled job must have given its memory back
SLACK = 40e6  # bytes: what allocators and caches keep


@pytest.fixture
def desk(qapp: object, tmp_path: Path) -> Iterator[Program]:
    with open_desk(tmp_path) as program:
        program.window.resize(1280, 800)
        program.window.show()
        live(0.3)
        yield program


def live(seconds: float) -> None:
    end = time.monotonic() + seconds
    wait_for(lambda: time.monotonic() > end)


def test_the_watchdog_names_who_held_the_window_up(qapp: object) -> None:
    def dawdle() -> None:
        end = time.thread_time() + 0.08
        while time.thread_time() < end:
            pass

    with watch(fail=False) as seen:
        QTimer.singleShot(0, dawdle)
        QTimer.singleShot(0, lambda: time.sleep(0.08))  # idle: not its processor time
        live(0.3)
    assert len(seen.stalls) == 1, "\n".join(map(str, seen.stalls))
    assert seen.stalls[0].processor >= 0.08
    assert "dawdle" in seen.stalls[0].where
    assert seen.longest_wall >= 0.08
    QTimer.singleShot(0, dawdle)
    with pytest.raises(AssertionError, match="stood still"), watch():
        live(0.2)


def test_import_zoom_separation_and_export_never_hold_the_window_up(
    desk: Program, tmp_path: Path
) -> None:
    path = song(tmp_path, 90.0)  # long enough to be pictured before it is read
    with watch() as seen:
        mix = import_song(desk, path)
        wait_for(lambda: not desk.jobs.drawing)
        for _ in range(30):
            desk.axis.zoom_at(30.0, 1.4)
            live(0.016)
        for _ in range(30):
            desk.axis.scroll_by(desk.axis.span / 5)
            live(0.016)
        for _ in range(30):
            desk.axis.zoom_at(30.0, 1 / 1.4)
            live(0.016)
        job = desk.studio.separate(mix)
        assert job is not None
        wait_for(lambda: len(desk.session.lanes) == 3)
        desk.axis.seek(20.0)
        desk.axis.zoom_at(20.0, 4.0)
        wait_for(lambda: desk.jobs.status(job).ended)
        assert desk.jobs.status(job).state is State.DONE
        tracks = desk.session.project.tracks
        wish = export.Export(
            tracks[1:], tracks, Encoding("wav", "24"), tmp_path / "out", "{source}_({stem})"
        )
        writing = desk.studio.export(wish)
        assert writing is not None
        wait_for(lambda: desk.jobs.status(writing).ended)
        assert desk.jobs.status(writing).state is State.DONE
        live(0.3)
    assert seen.calls > 200


def _memory() -> int:
    gc.collect()
    return psutil.Process().memory_info().rss


def test_cancelling_a_separation_gives_its_memory_back_within_a_second(
    desk: Program, tmp_path: Path
) -> None:
    mix = import_song(desk, song(tmp_path, 60.0))
    for _ in range(2):  # the first one loads the network and its libraries, which stay
        job = desk.studio.separate(mix)
        assert job is not None
        wait_for(lambda: any(lane.filled for lane in desk.session.lanes))
        _cancelled(desk, job)
    before, files = _memory(), len(list(desk.scratch.folder.iterdir()))
    job = desk.studio.separate(mix)
    assert job is not None
    wait_for(lambda: any(lane.filled for lane in desk.session.lanes))
    _cancelled(desk, job)
    live(BACK)
    assert _memory() - before < SLACK
    assert len(list(desk.scratch.folder.iterdir())) <= files
    assert len(desk.session.lanes) == 1


def test_cancelling_an_import_gives_its_memory_and_its_disk_back_within_a_second(
    desk: Program, tmp_path: Path
) -> None:
    path = song(tmp_path, 400.0)
    files = len(list(desk.scratch.folder.iterdir()))
    before = _memory()
    desk.studio.import_files([path])
    wait_for(lambda: desk.session.lanes)
    clip = weakref.ref(desk.session.lanes[0].track.clip)
    (job,) = desk.jobs.unfinished
    _cancelled(desk, job)
    live(BACK)
    assert _memory() - before < SLACK
    assert len(list(desk.scratch.folder.iterdir())) <= files
    assert not desk.session.lanes
    assert clip() is None


def _cancelled(desk: Program, job: object) -> None:
    began = time.monotonic()
    desk.studio.cancel(job)
    wait_for(lambda: desk.jobs.status(job).ended)
    taken = time.monotonic() - began
    assert desk.jobs.status(job).state is State.CANCELLED
    assert taken < 5.0, "a cancelled job ends within a second, on a machine that has one to give"


def test_playing_while_scrolling_drops_nothing(qapp: object, tmp_path: Path) -> None:
    with open_desk(tmp_path, NullSink(realtime=True)) as program:
        program.window.resize(1280, 800)
        program.window.show()
        import_song(program, song(tmp_path, 30.0))
        program.axis.set_range(0.0, 5.0)
        program.studio.transport.play_pause()
        end = time.monotonic() + 4.0
        while time.monotonic() < end:
            program.axis.scroll_by(0.05)
            QApplication.processEvents()
            time.sleep(0.01)
        assert program.player.position > 2.0
        assert program.player.dropouts == 0
