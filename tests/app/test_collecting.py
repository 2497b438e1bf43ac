from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import collecting
from app.collecting import Collector
from app.start import Program
from engine.events import Progress, Work
from tests.app.desk import open_desk, wait_for


class Knot:
    """Garbage that only the collector can free."""

    def __init__(self) -> None:
        self.own = self


@pytest.fixture
def desk(qapp: object, tmp_path: Path) -> Iterator[Program]:
    with open_desk(tmp_path) as program:
        yield program


@pytest.fixture
def collections() -> Iterator[list[tuple[str, int]]]:
    """Thread and generation of every collection."""
    seen: list[tuple[str, int]] = []

    def note(phase: str, info: dict[str, int]) -> None:
        if phase == "start":
            seen.append((threading.current_thread().name, info["generation"]))

    gc.callbacks.append(note)
    yield seen
    gc.callbacks.remove(note)


def test_what_a_job_leaves_is_collected_in_the_gui_thread(
    desk: Program, collections: list[tuple[str, int]]
) -> None:
    knots: list[weakref.ref[Knot]] = []

    def work() -> Work:
        knots.extend(weakref.ref(Knot()) for _ in range(5000))
        yield Progress(1.0)

    desk.jobs.submit("Knot", work)
    wait_for(lambda: len(knots) == 5000)
    wait_for(lambda: not any(knot() for knot in knots))
    assert {thread for thread, _ in collections} == {"MainThread"}


def test_python_collects_again_when_the_last_window_is_closed(qapp: object, tmp_path: Path) -> None:
    with open_desk(tmp_path / "one"):
        with open_desk(tmp_path / "two"):
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_all_objects_are_gone_through_only_when_nobody_waits(
    desk: Program, collections: list[tuple[str, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.collector.close()
    monkeypatch.setattr(collecting, "EVERY_MS", 5)
    monkeypatch.setattr(collecting, "FULL_EVERY", 0.0)
    monkeypatch.setattr(collecting, "IDLE_SECONDS", 0.1)
    busy = [True]
    collector = Collector(desk.window, lambda: busy[0])
    wait_for(lambda: (("MainThread", 0) in collections) and (("MainThread", 1) in collections))
    wait_for(lambda: len(collections) > 40)
    assert ("MainThread", 2) not in collections
    busy[0] = False
    wait_for(lambda: ("MainThread", 2) in collections)
    collector.close()
