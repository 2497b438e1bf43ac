"""The look: one set of tokens, and the palette, style sheet and icons made from them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from string import Template

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QIcon,
    QIconEngine,
    QPainter,
    QPalette,
    QPixmap,
)
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QWidget

RESOURCES = Path(__file__).parents[1] / "resources"
GRID = 8  # px; margins and gaps are multiples or halves of it
CONTROL = 28  # px; height of a control
BASE_FONT = 13  # px


@dataclass(frozen=True, slots=True)
class Tokens:
    """Every colour of the program, as `#rrggbb`."""

    name: str
    canvas: str  # behind sound
    panel: str  # behind controls
    raised: str  # a control at rest
    hover: str
    line: str  # hairlines
    text: str
    dim: str  # second-rank text
    faint: str  # disabled, ticks
    accent: str  # what acts
    on_accent: str
    sound: str  # what sounds: playhead, meters
    danger: str
    good: str
    mix: str  # hue of a lane, by role
    vocals: str
    instrumental: str
    voice: str

    def role(self, role: str) -> str:
        """The hue of a track's role."""
        hues = {"vocals": self.vocals, "instrumental": self.instrumental, "voice": self.voice}
        return hues.get(role, self.mix)


DARK = Tokens(
    name="dark",
    canvas="#0f1115",
    panel="#171a21",
    raised="#222733",
    hover="#2c3240",
    line="#2a2f3a",
    text="#e6e9ef",
    dim="#9aa3b2",
    faint="#5c6574",
    accent="#6ea8fe",
    on_accent="#0b1220",
    sound="#ffb454",
    danger="#ff6b6b",
    good="#7bd88f",
    mix="#8fa6d4",
    vocals="#f58fb8",
    instrumental="#58c9b4",
    voice="#b9a2ff",
)

LIGHT = Tokens(
    name="light",
    canvas="#ffffff",
    panel="#f3f4f7",
    raised="#e6e9ee",
    hover="#dadee6",
    line="#d3d8e0",
    text="#1a1d24",
    dim="#535c6b",
    faint="#98a0ad",
    accent="#1b5fce",
    on_accent="#ffffff",
    sound="#a85400",
    danger="#c02a2a",
    good="#1c7439",
    mix="#4b66a3",
    vocals="#b93a75",
    instrumental="#137766",
    voice="#6a4bb8",
)


def of(widget: QWidget) -> Tokens:
    """The tokens a widget is shown in."""
    # Not the widget's own palette: a style sheet's "transparent" makes that black.
    window = QApplication.palette().color(QPalette.ColorRole.Window)
    return DARK if window.lightness() < 128 else LIGHT


def tabular(font: QFont, pixels: int | None = None, bold: bool = False) -> QFont:
    """The same font with figures of equal width, for times and levels that change."""
    out = QFont(font)
    out.setFeature(QFont.Tag("tnum"), 1)
    if pixels is not None:
        out.setPixelSize(pixels)
    if bold:
        out.setWeight(QFont.Weight.DemiBold)
    return out


def apply(app: QApplication, mode: str = "system") -> Tokens:
    """Dress the program; `mode` is "dark", "light" or "system" (dark if that has no wish)."""
    light = app.styleHints().colorScheme() == Qt.ColorScheme.Light
    tokens = LIGHT if mode == "light" or (mode == "system" and light) else DARK
    app.setStyle("Fusion")
    app.setPalette(palette(tokens))
    app.setFont(font())
    app.setStyleSheet(style_sheet(tokens))
    return tokens


def font() -> QFont:
    """The system's own font; the bundled one where the system names only a fallback."""
    out = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    plain = {"", "Sans Serif", "Sans", "DejaVu Sans", "Helvetica", "MS Shell Dlg 2"}
    if out.family() in plain or not QFontDatabase.families():
        for file in sorted((RESOURCES / "fonts").glob("*.otf")):
            added = QFontDatabase.addApplicationFont(str(file))
            if added >= 0:
                families = QFontDatabase.applicationFontFamilies(added)
                out = QFont([*families, out.family()])
    out.setPixelSize(BASE_FONT)
    return out


def palette(tokens: Tokens) -> QPalette:
    """The tokens as Qt's roles, for what no style sheet reaches."""
    role = QPalette.ColorRole
    out = QPalette()
    for key, colour in {
        role.Window: tokens.panel,
        role.Base: tokens.canvas,
        role.AlternateBase: tokens.panel,
        role.Button: tokens.raised,
        role.WindowText: tokens.text,
        role.Text: tokens.text,
        role.ButtonText: tokens.text,
        role.BrightText: tokens.danger,
        role.PlaceholderText: tokens.dim,
        role.ToolTipBase: tokens.raised,
        role.ToolTipText: tokens.text,
        role.Highlight: tokens.accent,
        role.HighlightedText: tokens.on_accent,
        role.Accent: tokens.accent,
        role.Link: tokens.accent,
        role.Light: tokens.hover,
        role.Midlight: tokens.raised,
        role.Mid: tokens.line,
        role.Dark: tokens.line,
        role.Shadow: tokens.canvas,
    }.items():
        out.setColor(key, QColor(colour))
    for key in (role.WindowText, role.Text, role.ButtonText):
        out.setColor(QPalette.ColorGroup.Disabled, key, QColor(tokens.faint))
    return out


@lru_cache(maxsize=256)
def icon(name: str, colour: str, on: str = "", faint: str = "") -> QIcon:
    """An icon of `resources/icons` in one colour, drawn when needed and crisp at any scale.

    `on` colours its checked state, `faint` its disabled one.
    """
    source = (RESOURCES / "icons" / f"{name}.svg").read_text("utf-8")
    return QIcon(_Drawing(source, colour, on or colour, faint or colour))


class _Drawing(QIconEngine):
    def __init__(self, source: str, colour: str, on: str, faint: str) -> None:
        super().__init__()
        self._inks = (source, colour, on, faint)
        self._drawn: dict[tuple[int, int, str], QPixmap] = {}

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        ratio = painter.device().devicePixelRatioF()
        size = (rect.size().toSizeF() * ratio).toSize()
        painter.drawPixmap(rect, self.pixmap(size, mode, state))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        source, colour, on, faint = self._inks
        ink = on if state == QIcon.State.On else colour
        ink = faint if mode == QIcon.Mode.Disabled else ink
        key = (size.width(), size.height(), ink)
        if key not in self._drawn:
            image = QPixmap(size)
            image.fill(Qt.GlobalColor.transparent)
            painter = QPainter(image)
            renderer = QSvgRenderer(QByteArray(source.replace("currentColor", ink).encode()))
            renderer.render(painter, QRectF(0, 0, size.width(), size.height()))
            painter.end()
            self._drawn[key] = image
        return self._drawn[key]

    def clone(self) -> QIconEngine:
        return _Drawing(*self._inks)


def style_sheet(tokens: Tokens) -> str:
    """The style sheet of the whole program."""
    return Template(_SHEET).substitute(asdict(tokens), icons=(RESOURCES / "icons").as_posix())


_SHEET = """
QMainWindow, QDialog { background: $panel; }
QMainWindow::separator { background: $line; width: 1px; height: 1px; }
QToolTip { background: $raised; color: $text; border: 1px solid $line; padding: 4px 6px; }

QMenuBar { background: $panel; padding: 0 4px; }
QMenuBar::item { padding: 5px 10px; border-radius: 4px; background: transparent; color: $dim; }
QMenuBar::item:selected, QMenuBar::item:pressed { background: $hover; color: $text; }
QMenu { background: $panel; border: 1px solid $line; padding: 5px; }
QMenu::item { padding: 5px 28px 5px 10px; border-radius: 4px; }
QMenu::icon { padding-left: 8px; }
QMenu::item:selected { background: $hover; }
QMenu::item:disabled { color: $faint; }
QMenu::separator { height: 1px; background: $line; margin: 5px 6px; }

QPushButton, QToolButton {
  min-height: 26px; padding: 0 12px; border: 1px solid transparent; border-radius: 6px;
  background: $raised; outline: 0;
}
QToolButton { padding: 0 5px; }
QPushButton:hover, QToolButton:hover { background: $hover; }
QPushButton:pressed, QToolButton:pressed { background: $line; }
QPushButton:focus, QToolButton:focus { border-color: $accent; }
QPushButton:disabled, QToolButton:disabled { color: $faint; }
QPushButton[kind="primary"] { background: $accent; color: $on_accent; font-weight: 600; }
QPushButton[kind="primary"]:hover { background: $text; }
QPushButton[kind="primary"]:focus { border-color: $text; }
QPushButton[kind="primary"]:disabled { background: $raised; color: $faint; }
QPushButton[kind="quiet"], QToolButton[kind="quiet"] { background: transparent; }
QPushButton[kind="quiet"]:hover, QToolButton[kind="quiet"]:hover { background: $hover; }
QPushButton[kind="quiet"]:checked, QToolButton[kind="quiet"]:checked { background: $hover; }
QPushButton[kind="link"] { background: transparent; color: $accent; padding: 0; }
QPushButton[kind="link"]:hover { color: $text; }
QPushButton[tight="true"] { padding: 0 7px; }
QToolButton::menu-indicator, QPushButton::menu-indicator { image: none; width: 0; }

QComboBox {
  min-height: 26px; padding: 0 8px; border: 1px solid transparent; border-radius: 6px;
  background: $raised;
}
QComboBox:hover { background: $hover; }
QComboBox:focus { border-color: $accent; }
QComboBox::drop-down { border: 0; width: 20px; }
QComboBox::down-arrow { image: url("$icons/chevron-down-$name.svg"); width: 12px; height: 12px; }
QComboBox QAbstractItemView {
  background: $panel; border: 1px solid $line; padding: 4px; selection-background-color: $hover;
  selection-color: $text;
}
QLineEdit, QSpinBox, QDoubleSpinBox {
  min-height: 26px; padding: 0 8px; border: 1px solid $line; border-radius: 6px;
  background: $canvas; selection-background-color: $accent; selection-color: $on_accent;
}
QLineEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus { border-color: $accent; }
QDoubleSpinBox[kind="figure"] { padding: 0 4px; min-height: 24px; }
QDoubleSpinBox[kind="figure"]::up-button, QDoubleSpinBox[kind="figure"]::down-button {
  width: 0; border: 0; }

QCheckBox, QRadioButton { spacing: 8px; min-height: 24px; }
QCheckBox::indicator { width: 14px; height: 14px; border: 1px solid $faint; border-radius: 4px;
  background: $canvas; }
QCheckBox::indicator:hover, QCheckBox:focus::indicator { border-color: $accent; }
QCheckBox::indicator:checked { background: $accent; border-color: $accent;
  image: url("$icons/check-on-$name.svg"); }
QCheckBox:disabled { color: $faint; }

QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: $hover; border-radius: 4px; margin: 1px; min-height: 28px;
  min-width: 28px; }
QScrollBar::handle:hover { background: $faint; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QScrollArea, QAbstractScrollArea { border: 0; }

QProgressBar { border: 0; background: $hover; border-radius: 2px; max-height: 4px;
  min-height: 4px; }
QProgressBar::chunk { background: $accent; border-radius: 2px; }

QUndoView { background: $panel; selection-background-color: $hover; selection-color: $text; }
QUndoView::item { min-height: 28px; padding: 0 8px; border-radius: 4px; }
QPlainTextEdit { background: $canvas; border: 1px solid $line; border-radius: 6px; }
QPlainTextEdit:focus { border-color: $accent; }
QTableView { background: $panel; border: 0; gridline-color: transparent;
  selection-background-color: $hover; selection-color: $text; }
QHeaderView::section { background: $panel; color: $dim; border: 0; padding: 4px 8px; }

QLabel[kind="dim"] { color: $dim; }
QLabel[kind="small"] { color: $dim; font-size: 12px; }
QLabel[kind="heading"] { color: $dim; font-size: 11px; font-weight: 600; }
QLabel[kind="title"] { font-size: 15px; font-weight: 600; }
QLabel[kind="hero"] { font-size: 26px; font-weight: 600; }
QLabel[kind="danger"] { color: $danger; }
QLabel[kind="good"] { color: $good; }
"""
