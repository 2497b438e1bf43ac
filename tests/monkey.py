"""A hand at random: commands, drags, keys and controls in no order, on a whole window.

    python -m tests.monkey SONG... [--seed 1] [--minutes 3]

prints every exception and every event that held the window for more than 50 ms, with what was done
before it; the exit code is 1 if anything raised. The same seed does the same as far as jobs end in
the same order. Nothing is recorded, downloaded, or written outside a folder that goes at the end.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any
from unittest import mock

if __name__ == "__main__":  # before anything asks where settings are kept
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    _home = tempfile.TemporaryDirectory(prefix="melic-monkey-")
    for _name in ("CONFIG", "CACHE", "DATA", "STATE"):
        os.environ[f"XDG_{_name}_HOME"] = _home.name

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QDesktopServices, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QFileDialog,
    QLineEdit,
    QMessageBox,
    QPlainTextEdit,
    QWidget,
)

from app.commands import COMMANDS
from app.start import Program
from tests.watchdog import WatchedApplication, watch

LEFT_OUT = {"quit", "close", "new_window", "record", "listen", "full_screen", "larger", "smaller"}
RARE = {"remove", "separate_all", "try_model", "notes_remove", "clear", "demo", "voice_replace"}
NOT_PRESSED = ("Download", "Record", "Listen", "Remove model")
MOST_LANES = 10
MODIFIERS = (
    Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier,
)  # fmt: skip
CONTROLS = (
    QAbstractButton, QAbstractSlider, QComboBox, QAbstractSpinBox, QLineEdit, QPlainTextEdit,
)  # fmt: skip


class Monkey:
    """Plays with one program; `errors` are the tracebacks, `trail` is what it did."""

    def __init__(self, program: Program, seed: int) -> None:
        self._program, self._window = program, program.window
        self._chance = random.Random(seed)
        self.trail: list[object] = []
        self.errors: list[str] = []
        self._commands = [c.id for c in COMMANDS if c.id not in LEFT_OUT]

    def play(self, seconds: float, songs: Sequence[Path]) -> None:
        """Play for a while, with these songs whenever the timeline is empty.

        Files may be written beside them. They stand for the demo song too, for the same reason.
        """
        self._window._demo = songs[0]
        chance, end, asked = self._chance, time.monotonic() + seconds, 0.0
        with _harmless(), mock.patch.object(sys, "excepthook", self._raised):
            while time.monotonic() < end:
                if not self._program.session.lanes and time.monotonic() - asked > 5:
                    self._program.studio.import_files(songs)
                    asked = time.monotonic()
                acts = (self._command, self._drag, self._wheel, self._key, self._control)
                (act,) = chance.choices(acts, (36, 16, 8, 5, 35))
                try:
                    act()
                except Exception:  # noqa: BLE001 - to go on is the point
                    self._raised(*sys.exc_info())
                if len(self._program.session.lanes) > MOST_LANES:
                    self._window.actions_["undo"].trigger()
                self._turn(3)
                if chance.random() < 0.1:
                    self._shut()
            self._shut()

    def _raised(self, kind: Any, error: Any, trace: TracebackType | None) -> None:
        text = "".join(traceback.format_exception(kind, error, trace))
        if text not in self.errors:
            self.errors.append(text)
            print(f"after {self.trail[-6:]}:\n{text}", flush=True)  # noqa: T201

    def _turn(self, times: int) -> None:
        for _ in range(times):
            QApplication.processEvents()
            time.sleep(0.002)

    def _shut(self) -> None:
        for top in QApplication.topLevelWidgets():
            if top is not self._window and top.isVisible():
                top.close()

    def _command(self) -> None:
        id = self._chance.choice(self._commands)
        if id in RARE and self._chance.random() < 0.8:
            return
        self._window.actions_.refresh()
        action = self._window.actions_[id]
        if not action.isEnabled():
            return
        self.trail.append(id)
        menu = action.menu()
        if menu is None:
            action.trigger()
        elif inside := [a for a in menu.actions() if a.isEnabled() and not a.isSeparator()]:
            self._chance.choice(inside).trigger()

    def _canvas(self) -> QWidget | None:
        rows = list(self._window.timeline._rows.values())
        return self._chance.choice(rows).canvas if rows else None

    def _place(self, widget: QWidget) -> QPoint:
        return QPoint(
            self._chance.randrange(max(widget.width(), 1)),
            self._chance.randrange(max(widget.height(), 1)),
        )

    def _drag(self) -> None:
        canvas = self._canvas()
        if canvas is None:
            return
        first, last, held = self._place(canvas), self._place(canvas), self._chance.choice(MODIFIERS)
        left = Qt.MouseButton.LeftButton
        self.trail.append(("drag", first.toTuple(), last.toTuple(), held.name))
        QTest.mousePress(canvas, left, held, first)
        for part in (1, 2, 3):
            QTest.mouseMove(canvas, first + (last - first) * part / 3)
            self._turn(1)
        QTest.mouseRelease(canvas, left, held, last)
        if self._chance.random() < 0.15:
            self.trail.append("double click")
            QTest.mouseDClick(canvas, left, held, last)

    def _wheel(self) -> None:
        canvas = self._canvas()
        if canvas is None:
            return
        at, held = QPointF(self._place(canvas)), self._chance.choice(MODIFIERS)
        turned = QPoint(0, self._chance.choice((-240, -120, 120, 240)))
        self.trail.append(("wheel", turned.y(), held.name))
        none, phase = Qt.MouseButton.NoButton, Qt.ScrollPhase.NoScrollPhase
        event = QWheelEvent(at, canvas.mapToGlobal(at), QPoint(), turned, none, held, phase, False)
        QApplication.sendEvent(canvas, event)

    def _key(self) -> None:
        key = self._chance.choice("abcdefghijklmnopqrstuvwxyz0123456789 []/\\=+-<>.,")
        self.trail.append(("key", key))
        QTest.keyClicks(QApplication.focusWidget() or self._window, key)

    def _control(self) -> None:
        tops = [top for top in QApplication.topLevelWidgets() if top.isVisible()]
        above = [top for top in tops if top is not self._window]
        top = self._chance.choice(above if above and self._chance.random() < 0.6 else tops)
        found = [c for kind in CONTROLS for c in top.findChildren(kind)]
        found = [c for c in found if c.isVisible() and c.isEnabled()]
        if not found:
            return
        control = self._chance.choice(found)
        name = control.accessibleName() or getattr(control, "text", str)()
        if any(word in name for word in NOT_PRESSED):
            return
        self.trail.append((type(top).__name__, type(control).__name__, name))
        match control:
            case QAbstractButton() if getattr(control, "menu", bool)():
                pass  # its commands are chosen by themselves
            case QAbstractButton():
                control.click()
            case QAbstractSlider():
                control.setValue(self._chance.randint(control.minimum(), control.maximum()))
            case QComboBox():
                control.setCurrentIndex(self._chance.randrange(max(control.count(), 1)))
                control.activated.emit(control.currentIndex())
            case QAbstractSpinBox():
                control.stepBy(self._chance.randint(-3, 3))
            case QLineEdit():
                control.setText(self._chance.choice(("", "a", "C#4", "1:00", "{name}", "🙂")))
            case QPlainTextEdit() if not control.isReadOnly():
                control.setPlainText(self._chance.choice(("Hello there", "", "🙂", "a b c")))


@contextmanager
def _harmless() -> Any:
    """Dialogs of the system are cancelled, and no other program is started."""
    nothing = {
        "getOpenFileName": ("", ""), "getOpenFileNames": ([], ""), "getSaveFileName": ("", ""),
        "getExistingDirectory": "",
    }  # fmt: skip
    patches = [
        mock.patch.object(QFileDialog, name, staticmethod(lambda *_, _answer=answer, **__: _answer))
        for name, answer in nothing.items()
    ]
    patches.append(mock.patch.object(QDesktopServices, "openUrl", staticmethod(lambda *_: True)))
    patches.append(mock.patch.object(QMessageBox, "exec", return_value=0))
    for patch in patches:
        patch.start()
    try:
        yield
    finally:
        for patch in patches:
            patch.stop()


def main() -> int:
    """Play as the command line says; returns the exit code."""
    from tests.app.desk import open_desk

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("songs", type=Path, nargs="+")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=3.0)
    options = parser.parse_args()
    _application = WatchedApplication([])
    with tempfile.TemporaryDirectory() as folder, open_desk(Path(folder)) as program:
        # Exports stand beside a song unless told otherwise: it plays with copies.
        songs = [Path(shutil.copy(song, folder)) for song in options.songs]
        program.window.resize(1280, 800)
        program.window.show()
        monkey = Monkey(program, options.seed)
        with watch(fail=False) as seen:
            monkey.play(60 * options.minutes, songs)
        print(*seen.stalls, sep="\n")  # noqa: T201
        print(f"{len(monkey.trail)} acts, {len(monkey.errors)} errors, {seen.summary()}")  # noqa: T201
    return 1 if monkey.errors else 0


if __name__ == "__main__":
    sys.exit(main())
