"""The look on every screen: contrast, both themes, small and large, nothing cut off."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from app import theme, words
from app.start import Program
from app.studio import Trouble
from app.views.controls import Elided
from tests.app.desk import import_song, open_desk
from tests.app.test_studio import separated, song
from tests.app.test_window import contrast

ROOT = Path(__file__).parents[2]
SIZES = [(1024, 640), (1280, 800)]
# Which text stands on which ground, in style sheet or paint code. Disabled text (faint) is free.
PAIRS = [
    (ink, ground)
    for ground in ("canvas", "panel", "raised", "hover")
    for ink in ("text", "dim")
] + [
    ("on_accent", "accent"),  # main button, selected text
    ("panel", "text"),  # main button under the pointer is drawn in text's colour
    ("accent", "panel"),  # links
    ("accent", "canvas"),
    ("danger", "panel"),
    ("danger", "raised"),  # strip
    ("danger", "canvas"),
    ("good", "panel"),
    ("good", "canvas"),
    ("sound", "panel"),
    ("canvas", "sound"),  # M, lit
    ("canvas", "accent"),  # S, lit
]  # fmt: skip


@pytest.fixture
def desk(qapp: object, tmp_path: Path) -> Iterator[Program]:
    with open_desk(tmp_path) as program:
        program.window.show()
        QApplication.processEvents()
        yield program


@pytest.mark.parametrize("tokens", [theme.DARK, theme.LIGHT], ids=lambda t: t.name)
@pytest.mark.parametrize(("ink", "ground"), PAIRS)
def test_text_can_be_read(tokens: theme.Tokens, ink: str, ground: str) -> None:
    assert contrast(getattr(tokens, ink), getattr(tokens, ground)) >= 4.5


@pytest.mark.parametrize("tokens", [theme.DARK, theme.LIGHT], ids=lambda t: t.name)
def test_the_style_sheet_puts_no_text_on_a_ground_it_cannot_be_read_on(
    tokens: theme.Tokens,
) -> None:
    """Every rule that names both, computed."""
    for rule, body in re.findall(r"([^{}]+)\{([^}]*)\}", theme.style_sheet(tokens)):
        values = dict(re.findall(r"(?<![-\w])(color|background): (#[0-9a-f]{6})", body))
        chosen = dict(re.findall(r"selection-(color|background-color): (#[0-9a-f]{6})", body))
        if len(values) == 2 and "disabled" not in rule:
            assert contrast(values["color"], values["background"]) >= 4.5, rule
        if len(chosen) == 2:
            assert contrast(*chosen.values()) >= 4.5, rule


def test_the_window_follows_the_system_between_dark_and_light(
    desk: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = QApplication.instance()
    schemes = {"dark": Qt.ColorScheme.Dark, "light": Qt.ColorScheme.Light}
    for name in ("light", "dark"):
        monkeypatch.setattr(type(app.styleHints()), "colorScheme", lambda _self, n=name: schemes[n])
        theme.apply(app, "system")
        ground = app.palette().color(QPalette.ColorRole.Window)
        wanted = theme.LIGHT if name == "light" else theme.DARK
        assert ground == QColor(wanted.panel)
        assert theme.of(desk.window) is wanted
    theme.apply(app, "light")  # a choice of one's own holds whatever the system says
    assert theme.of(desk.window) is theme.LIGHT


def cut_off(window: QWidget) -> list[str]:
    """Texts in view that have less room than they need; those that elide themselves may."""
    found = []
    for kind in (QLabel, QAbstractButton):
        for widget in window.findChildren(kind):
            if not widget.isVisible() or isinstance(widget, Elided) or not widget.text():
                continue
            if isinstance(widget, QAbstractButton) and widget.width() == widget.maximumWidth():
                continue  # a square of one letter or an icon, sized by its maker
            room, need = widget.size(), widget.sizeHint()
            if isinstance(widget, QLabel) and widget.wordWrap():
                short = room.height() < widget.heightForWidth(room.width()) - 1
            else:
                short = room.width() < need.width() - 1 or room.height() < need.height() - 1
            if short:
                found.append(f"{widget.text()!r} {room.toTuple()} of {need.toTuple()}")
    return found


def outside(window: QWidget) -> list[str]:
    """Controls in view that reach over the edge of the window."""
    return [
        f"{type(w).__name__} {w.accessibleName()}"
        for w in window.findChildren(QAbstractButton)
        if w.isVisible()
        and not window.rect().contains(w.mapTo(window, w.rect().center()))
        and not w.visibleRegion().isEmpty()
    ]


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("size", SIZES, ids=lambda s: f"{s[0]}x{s[1]}")
def test_no_text_is_cut_off(
    qapp: QApplication, tmp_path: Path, size: tuple[int, int], language: str
) -> None:
    from PySide6.QtCore import QTranslator

    before = set(qapp.findChildren(QTranslator))
    words.install(qapp, language)
    try:
        with open_desk(tmp_path) as program:
            window = program.window
            window.resize(*size)
            window.show()
            QApplication.processEvents()
            assert not cut_off(window)
            separated(program, song(tmp_path))
            import_song(program, song(tmp_path, 1.0, "Two.wav"))
            program.studio.trouble.emit(Trouble("It broke.", "Mend it.", "details"))
            QApplication.processEvents()
            assert (window.width(), window.height()) == size
            assert not cut_off(window)
            assert not outside(window)
            window.jobs_view.toggle()
            QApplication.processEvents()
            assert not cut_off(window)
    finally:
        for translator in set(qapp.findChildren(QTranslator)) - before:
            qapp.removeTranslator(translator)
            translator.deleteLater()


@pytest.mark.parametrize("id", ["keys", "about", "export", "batch"])
def test_no_text_of_a_dialog_is_cut_off(desk: Program, tmp_path: Path, id: str) -> None:
    separated(desk, song(tmp_path))
    before = set(QApplication.topLevelWidgets())
    desk.window.actions_[id].trigger()
    QApplication.processEvents()
    opened = [w for w in QApplication.topLevelWidgets() if w.isVisible() and w not in before]
    dialogs = opened or [w for w in QApplication.topLevelWidgets() if w.isActiveWindow()]
    try:
        for dialog in dialogs:
            assert not cut_off(dialog)
            assert dialog.minimumSizeHint().height() <= 600
    finally:
        for dialog in dialogs:
            dialog.close()
    assert dialogs


SCALED = """
import sys
from pathlib import Path
from PySide6.QtWidgets import QApplication
from tests.app.desk import import_song, open_desk
from tests.app.test_screen import cut_off, outside
from tests.app.test_studio import song
app = QApplication([])
folder = Path(sys.argv[1])
with open_desk(folder) as program:
    program.window.resize(1024, 640)
    program.window.show()
    app.processEvents()
    assert app.devicePixelRatio() == float(sys.argv[2]), app.devicePixelRatio()
    bad = cut_off(program.window)
    import_song(program, song(folder, 1.0))
    app.processEvents()
    bad += cut_off(program.window) + outside(program.window)
    picture = program.window.grab()
    assert picture.width() == round(1024 * float(sys.argv[2])), picture.size()
    assert not bad, bad
"""


@pytest.mark.slow
@pytest.mark.parametrize("scale", ["1", "1.5", "2", "3"])
def test_nothing_is_cut_off_from_100_to_300_percent(tmp_path: Path, scale: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCALED, str(tmp_path), scale],
        cwd=ROOT,
        env={**os.environ, "QT_SCALE_FACTOR": scale, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert done.returncode == 0, done.stderr[-2000:]
