"""Make the README's pictures from the real program on the demo song.

`python tests/screenshots.py [FOLDER]` writes them to `resources/screenshots`, or to FOLDER. It
needs no screen and no sound device; the model really separates, so it takes about a minute.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 600.0  # seconds for anything
LARGE = "--large"  # one picture at 200 %, in a process of its own

sys.path.insert(0, str(ROOT))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QPoint, QPointF, Qt  # noqa: E402
from PySide6.QtGui import QMouseEvent  # noqa: E402
from PySide6.QtWidgets import QApplication, QWidget  # noqa: E402

from app import settings, theme  # noqa: E402
from app.playback import Player  # noqa: E402
from app.sinks import NullSink  # noqa: E402
from app.start import Program, build, demo_song  # noqa: E402


def live(seconds: float = 0.0, until: Callable[[], object] | None = None) -> None:
    """Let the program run for a while, or until something holds."""
    end = time.monotonic() + (seconds if until is None else PATIENCE)
    while time.monotonic() < end:
        QApplication.processEvents()
        time.sleep(0.004)
        if until is not None and until():
            return
    if until is not None:
        raise TimeoutError("the program did not get there")


def still(program: Program) -> None:
    """Wait until every lane in view is drawn."""
    live(0.4)
    live(until=lambda: not program.jobs.drawing)
    live(0.2)


def point(widget: QWidget, x: float, y: float) -> None:
    """Put the pointer at a part of the widget's width and height."""
    place = QPoint(round(x * widget.width()), round(y * widget.height()))
    none = Qt.MouseButton.NoButton
    move = QMouseEvent(
        QMouseEvent.Type.MouseMove,
        QPointF(place),
        QPointF(widget.mapToGlobal(place)),
        none,
        none,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(widget, move)


def stems(program: Program) -> None:
    """Open the demo song and take it apart."""
    song(program)
    job = program.studio.separate()
    assert job is not None
    live(until=lambda: program.jobs.status(job).ended)
    still(program)


def song(program: Program) -> None:
    """Open the demo song."""
    demo = demo_song()
    assert demo is not None, "the demo song is missing"
    program.studio.import_files([demo])
    live(until=lambda: program.session.project.tracks)
    still(program)


def tour(program: Program, folder: Path) -> None:
    """Every picture at 100 %."""
    window = program.window

    def shoot(name: str, widget: QWidget | None = None) -> None:
        (widget or window).grab().save(str(folder / f"{name}.png"))

    live(0.3)
    shoot("empty")
    song(program)
    program.axis.seek(10.4)
    job = program.studio.separate()
    assert job is not None
    mid = 0.3 * program.session.lanes[0].track.clip.frames

    def partly() -> bool:
        filled = program.session.lanes[-1].filled or ()
        return sum(b - a for a, b in filled) > mid or bool(program.jobs.status(job).ended)

    live(until=partly)
    program.studio.play_pause()
    live(0.8)
    shoot("separating")
    live(until=lambda: program.jobs.status(job).ended)
    if not program.studio.playing:
        program.studio.play_pause()
    still(program)
    program.axis.seek(10.4)
    canvas = window.timeline.canvas(program.session.lanes[1].track.id)
    assert canvas is not None
    point(canvas, 0.62, 0.6)
    live(0.6)
    shoot("studio")
    program.studio.play_pause()
    point(canvas, 0.62, 0.6)
    window.ask_export()
    live(0.4)
    shoot("export", window._export)
    window._export.close()
    window.resize(1024, 640)
    still(program)
    shoot("narrow")
    window.resize(1280, 800)
    window.set_theme("light")
    still(program)
    shoot("light")


def main() -> int:
    """Write all pictures."""
    words = [word for word in sys.argv[1:] if word != LARGE]
    folder = Path(words[0]) if words else ROOT / "resources" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    large = LARGE in sys.argv
    app = QApplication([])
    theme.apply(app, "dark")
    with tempfile.TemporaryDirectory() as kept:
        program = build(settings.store(Path(kept)), Player(NullSink()))
        program.window.resize(1280, 800)
        program.window.show()
        try:
            if large:
                stems(program)
                program.axis.seek(10.4)
                live(0.3)
                program.window.grab().save(str(folder / "studio-200.png"))
            else:
                tour(program, folder)
        finally:
            program.close()
    if not large:
        command = [sys.executable, __file__, str(folder), LARGE]
        subprocess.run(command, check=True, env={**os.environ, "QT_SCALE_FACTOR": "2"})
    return 0


if __name__ == "__main__":
    sys.exit(main())
