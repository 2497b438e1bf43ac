"""A whole window for tests: the real parts, a tiny model, silence instead of a sound device."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtWidgets import QApplication

from app import settings, theme
from app.playback import Player
from app.sinks import NullSink
from app.start import Program, build
from tests.tiny import tiny_card

PATIENCE = 120.0  # seconds; the machine may be busy with other things


@contextmanager
def open_desk(folder: Path, sink: NullSink | None = None) -> Iterator[Program]:
    """A window as `main.py` makes it, closed again whatever happens."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.apply(app, "dark")
    player = Player(sink or NullSink(realtime=False, record=True))
    program = build(settings.store(folder / "settings"), player, tiny_card)
    program.window._sure = lambda *_: True  # nobody is there to answer
    try:
        yield program
    finally:
        if not program.close():
            program.jobs.close(PATIENCE)  # a starved machine takes its time to end threads
        program.window.deleteLater()


def wait_for(true: Callable[[], object], patience: float = PATIENCE) -> None:
    """Let the window live until something holds."""
    deadline = time.monotonic() + patience
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        QApplication.processEvents()
        time.sleep(0.002)


def import_song(program: Program, path: Path) -> int:
    """Open a file and wait until it is in the document; returns its track's id."""
    known = {track.id for track in program.session.project.tracks}
    program.studio.import_files([path])
    wait_for(lambda: {track.id for track in program.session.project.tracks} - known)
    return program.session.project.tracks[-1].id
