"""Make the README's pictures from the real program on the demo song.

`python tests/screenshots.py [FOLDER]` writes them to `resources/screenshots`, or to FOLDER. It
needs no screen and no sound device; the model really separates, so it takes about a minute.

`python tests/screenshots.py --views FOLDER [--language de]` instead pictures every view and dialog
in both themes, to be looked at; QT_SCALE_FACTOR=2 before it makes them large.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 600.0  # seconds for anything
LARGE = "--large"  # one picture at 200 %, in a process of its own
VOICE = "--voice"  # a sung lane, in a process of its own
ANOTHER = "--another"  # the demo song with another singer, in a process of its own
VIEWS = "--views"  # everything there is to look at, in both themes
LANGUAGE = "--language"
LINE = (  # lyric, MIDI number, beats
    ("A-", 62, 1), ("ma-", 67, 2), ("zing", 71, 0.5), ("-", 67, 0.5), ("grace,", 71, 2),
    ("how", 69, 1), ("sweet", 67, 2), ("the", 64, 1), ("sound", 62, 3),
)  # fmt: skip
DIALOGS = (
    "keys", "palette", "history", "about", "export", "notes_export", "picture", "batch", "models",
    "compare_blind", "voice_speak",
)  # fmt: skip
PANELS = ("jobs", "listen", "select_box")  # opened and closed again by the same command

sys.path.insert(0, str(ROOT))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QPoint, QPointF, Qt  # noqa: E402
from PySide6.QtGui import QMouseEvent  # noqa: E402
from PySide6.QtWidgets import QApplication, QWidget  # noqa: E402

from app import settings, theme  # noqa: E402
from app.commands import COMMANDS  # noqa: E402
from app.main_window import SMALLEST, MainWindow  # noqa: E402
from app.playback import Player  # noqa: E402
from app.sinks import NullSink  # noqa: E402
from app.start import Program, build, demo_song  # noqa: E402
from app.studio import Trouble  # noqa: E402
from app.words import install  # noqa: E402
from engine.melody import Note  # noqa: E402


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


def notes(program: Program) -> None:
    """Write down what the singer sings, and look at a line of it."""
    window, session = program.window, program.session
    vocals = next(track for track in session.project.tracks if track.role == "vocals")
    session.select(vocals.id)
    job = window.transcribing.transcribe(vocals.id)
    assert job is not None
    live(until=lambda: program.jobs.status(job).ended and not program.jobs.unfinished)
    window.notation.zoom(window.display)
    program.axis.set_range(9.0, 17.0)
    melody = session.melody(vocals.id)
    assert melody is not None
    near = next((k for k, note in enumerate(melody.notes) if note.start > 11.0), 0)
    window.notation.select(vocals.id, [near] if melody.notes else [])
    still(program)


def sung(program: Program) -> None:
    """Let a voice sing a line that is older than anybody's rights in it."""
    window, session = program.window, program.session
    track = window.singing.new_lane()
    at, notes = 0.6, []
    for lyric, pitch, beats in LINE:
        notes.append(Note(at, 0.5 * beats, pitch, lyric=lyric, own=True))
        at += 0.5 * beats
    melody = session.melody(track)
    assert melody is not None
    session.edit("Write a line", session.project.replaced(track, melody=melody.with_notes(notes)))
    live(until=lambda: window.singing.rendering.in_step(track) and not program.jobs.unfinished)
    session.select(track)
    window.notation.zoom(window.display)
    program.axis.set_range(0.0, at + 0.6)
    program.axis.seek(2.0)
    still(program)


def another(program: Program) -> None:
    """Let a voice sing the demo song instead of its singer."""
    window, session = program.window, program.session
    song(program)
    job = window.singing.replace_singer()
    assert job is not None
    live(until=lambda: program.jobs.status(job).ended)
    live(until=lambda: any(track.voicing for track in session.project.tracks))
    lane = next(track.id for track in session.project.tracks if track.voicing)
    live(until=lambda: window.singing.rendering.in_step(lane) and not program.jobs.unfinished)
    session.select(lane)
    window.notation.zoom(window.display)
    program.axis.set_range(9.0, 17.0)
    program.axis.seek(10.4)
    still(program)


def tour(program: Program, folder: Path) -> None:
    """Every picture at 100 %."""
    window = program.window

    def shoot(name: str, widget: QWidget | None = None) -> None:
        (widget or window).grab().save(str(folder / f"{name}.png"))

    live(0.3)
    shoot("empty")
    window.helping.hints.dismiss_all()
    song(program)
    program.axis.seek(10.4)
    job = program.studio.separate()
    assert job is not None
    mid = 0.3 * program.session.lanes[0].track.clip.frames

    def partly() -> bool:
        filled = program.session.lanes[-1].filled or ()
        return sum(b - a for a, b in filled) > mid or bool(program.jobs.status(job).ended)

    live(until=partly)
    program.studio.transport.play_pause()
    live(0.8)
    shoot("separating")
    live(until=lambda: program.jobs.status(job).ended)
    if not program.studio.transport.playing:
        program.studio.transport.play_pause()
    still(program)
    program.axis.seek(10.4)
    canvas = window.timeline.canvas(program.session.lanes[1].track.id)
    assert canvas is not None
    point(canvas, 0.62, 0.6)
    live(0.6)
    shoot("studio")
    program.studio.transport.play_pause()
    point(canvas, 0.62, 0.6)
    window.ask_export()
    live(0.4)
    shoot("export", window._export)
    window._export.close()
    notes(program)
    shoot("melody")
    window.resize(1024, 640)
    still(program)
    shoot("narrow")
    window.resize(1280, 800)
    window.set_theme("light")
    still(program)
    shoot("light")


def views(program: Program, folder: Path) -> None:
    """Every view and dialog, in both themes."""
    window = program.window

    def shoot(name: str, widget: QWidget | None = None) -> None:
        for theme_name in ("dark", "light"):
            window.set_theme(theme_name)
            still(program)
            (widget or window).grab().save(str(folder / f"{name}-{theme_name}.png"))
        window.set_theme("dark")

    live(0.3)
    shoot("empty")
    window.helping.hints.dismiss_all()
    stems(program)
    program.axis.seek(10.4)
    shoot("studio")
    for id in (id for id in PANELS if has(window, id)):
        window.actions_[id].trigger()
        live(0.4)
        shoot(id)
        window.actions_[id].trigger()
    notes(program)
    shoot("melody")
    sung(program)
    shoot("singing")
    trouble = Trouble("“Song.mp3” is empty.", "Fetch the file again.", "details")
    program.studio.trouble.emit(trouble)
    program.studio.trouble.emit(replace(trouble, track=program.session.lanes[1].track.id))
    shoot("trouble")
    window.resize(*SMALLEST)
    shoot("small")
    for id in (id for id in DIALOGS if has(window, id)):
        before = set(QApplication.topLevelWidgets())
        window.actions_[id].trigger()
        live(0.3)
        shown = [w for w in QApplication.topLevelWidgets() if w.isVisible() and w not in before]
        for dialog in shown:
            shoot(id, dialog)
            dialog.close()
    for menu in (action.menu() for action in window.menuBar().actions()):
        menu.popup(window.mapToGlobal(QPoint(0, 0)))
        live(0.1)
        menu.grab().save(str(folder / f"menu-{menu.title()}.png"))
        menu.hide()


def has(window: MainWindow, id: str) -> bool:
    """Whether a command is there and can be run now."""
    window.actions_.refresh()
    return any(command.id == id for command in COMMANDS) and window.actions_[id].isEnabled()


def main() -> int:
    """Write all pictures."""
    language = sys.argv[sys.argv.index(LANGUAGE) + 1] if LANGUAGE in sys.argv else ""
    known = (LARGE, VOICE, ANOTHER, VIEWS, LANGUAGE, language)
    words = [word for word in sys.argv[1:] if word not in known]
    if any(word.startswith("-") for word in words):
        print(__doc__)  # noqa: T201
        return 2
    folder = Path(words[0]) if words else ROOT / "resources" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    large = LARGE in sys.argv
    app = QApplication([])
    if language:
        install(app, language)
    theme.apply(app, "dark")
    with tempfile.TemporaryDirectory() as kept:
        program = build(settings.store(Path(kept)), Player(NullSink()))
        program.window.resize(1280, 800)
        program.window.show()
        # Nobody is there to say what becomes of the stems.
        program.window.projects.questions.before_closing = lambda *_: "discard"
        try:
            if VOICE in sys.argv:
                program.window.helping.hints.dismiss_all()
                sung(program)
                program.window.grab().save(str(folder / "singing.png"))
                return 0
            if ANOTHER in sys.argv:
                program.window.helping.hints.dismiss_all()
                another(program)
                program.window.grab().save(str(folder / "other-singer.png"))
                return 0
            if VIEWS in sys.argv:
                views(program, folder)
                return 0
            if large:
                program.window.helping.hints.dismiss_all()
                stems(program)
                program.axis.seek(10.4)
                live(0.3)
                program.window.grab().save(str(folder / "studio-200.png"))
            else:
                tour(program, folder)
        finally:
            program.close()
    if not large:
        for part, scale in ((LARGE, "2"), (VOICE, "1"), (ANOTHER, "1")):
            command = [sys.executable, __file__, str(folder), part]
            subprocess.run(command, check=True, env={**os.environ, "QT_SCALE_FACTOR": scale})
    return 0


if __name__ == "__main__":
    sys.exit(main())
