"""A whole window for tests: the real parts, a tiny model, silence instead of a sound device."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from app import settings, theme
from app.asking import Questions
from app.microphone import Microphone
from app.playback import Player
from app.sinks import NullSink
from app.start import Program, build
from engine.workspace import Left
from tests.tiny import tiny_card

PATIENCE = 120.0  # seconds; the machine may be busy with other things


class Nobody(Questions):
    """Answers what nobody is there to answer; a test puts its own words in."""

    place: Path | None = None
    project: Path | None = None
    closing = "discard"
    discarding = True

    def where_to_save(self, suggestion: Path) -> Path | None:
        self.suggested = suggestion
        return self.place

    def which_project(self, start: str) -> Path | None:
        return self.project

    def before_closing(self, title: str, lanes: Sequence[str]) -> str:
        self.asked = (title, list(lanes))
        return self.closing

    def really_discard(self, offer: Left) -> bool:
        return self.discarding


@contextmanager
def open_desk(
    folder: Path, sink: NullSink | None = None, microphone: Microphone | None = None
) -> Iterator[Program]:
    """A window as `main.py` makes it, closed again whatever happens."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.apply(app, "dark")
    player = Player(sink or NullSink(realtime=False, record=True))
    card = tiny_card()  # once: its weights must not be written while they are read
    program = build(settings.store(folder / "settings"), player, lambda: card, microphone)
    program.window._sure = lambda *_: True  # nobody is there to answer
    program.window.projects.questions = Nobody(program.window)
    try:
        yield program
    finally:
        if not program.close():
            program.jobs.close(PATIENCE)  # a starved machine takes its time to end threads
        program.studio.transport.follow()  # its clock stands still with the player
        # Without a screen Qt keeps what was copied until after Python is gone, and faults then.
        QApplication.clipboard().clear()
        program.window.deleteLater()
        # Now: windows that pile up make every later one slower to style.
        QApplication.sendPostedEvents(program.window, QEvent.Type.DeferredDelete)


def wait_for(true: Callable[[], object], patience: float = PATIENCE) -> None:
    """Let the window live until something holds."""
    deadline = time.monotonic() + patience
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        QApplication.processEvents()
        time.sleep(0.002)


def import_song(program: Program, path: Path) -> int:
    """Open a file and wait until it is in the document and shown; returns its track's id."""
    known = {track.id for track in program.session.project.tracks}
    program.studio.import_files([path])
    wait_for(lambda: {track.id for track in program.session.project.tracks} - known)
    id = program.session.project.tracks[-1].id
    wait_for(lambda: program.window.timeline.canvas(id) is not None)
    return id
