"""The few controls that Qt does not have as they are needed here."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import (
    QAction,
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QSlider,
    QToolButton,
    QWidget,
)

from app import theme

KNOB = 12  # px; of a fader
_PLAIN = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
_NAVIGATION = {
    Qt.Key.Key_Left,
    Qt.Key.Key_Right,
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
    Qt.Key.Key_Home,
    Qt.Key.Key_End,
    Qt.Key.Key_PageUp,
    Qt.Key.Key_PageDown,
}


def keeps_key(event: QEvent, also: frozenset[Qt.Key] = frozenset()) -> bool:
    """Whether a focused control wants this key for itself, before it becomes a shortcut."""
    return (
        event.type() == QEvent.Type.ShortcutOverride
        and isinstance(event, QKeyEvent)
        and event.modifiers() in _PLAIN
        and (event.key() in _NAVIGATION or event.key() in also)
    )


def keeps_return(event: QEvent) -> bool:
    """Whether this is Return on its way to be a shortcut; a focused button wants it for itself."""
    return (
        event.type() == QEvent.Type.ShortcutOverride
        and isinstance(event, QKeyEvent)
        and event.modifiers() in _PLAIN
        and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
    )


class _Inked:
    """Takes its icon's colours from the tokens, also when they change."""

    _icon_name = ""
    _icon_role = "text"

    def ink(self, name: str, role: str = "text") -> None:
        """Show an icon of `resources/icons` in a token's colour."""
        self._icon_name, self._icon_role = name, role
        self._draw_icon()

    def _draw_icon(self) -> None:
        if self._icon_name and isinstance(self, QAbstractButton):
            tokens = theme.of(self)
            colour = getattr(tokens, self._icon_role)
            self.setIcon(theme.icon(self._icon_name, colour, tokens.accent, tokens.faint))


class IconButton(_Inked, QToolButton):
    """A square button with an icon; shows a command if given its action."""

    def __init__(
        self,
        icon: str,
        name: str,
        action: QAction | None = None,
        parent: QWidget | None = None,
        size: int = 28,
        role: str = "text",
    ) -> None:
        super().__init__(parent)
        self.setProperty("kind", "quiet")
        self.setFixedSize(size, size)
        self.setIconSize(QSize(18, 18) if size >= 28 else QSize(14, 14))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        if action is not None:
            self.setDefaultAction(action)
            self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        self.setAccessibleName(name)
        if action is None:
            self.setToolTip(name)
        self.ink(icon, role)

    def event(self, event: QEvent) -> bool:
        if keeps_return(event):
            event.accept()
            return True
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._draw_icon()

    def actionEvent(self, event: QEvent) -> None:
        super().actionEvent(event)  # a changed action takes its icon along
        self._draw_icon()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)


class TextButton(_Inked, QPushButton):
    """A button with words and perhaps an icon; Return presses it (Space plays)."""

    def __init__(
        self, text: str, icon: str = "", kind: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(text, parent)
        self._action: QAction | None = None
        if kind:
            self.setProperty("kind", kind)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(text)
        self.setIconSize(QSize(16, 16))
        self.setText(f" {text}" if icon else text)  # Qt leaves no air after an icon
        self.ink(icon, {"primary": "on_accent", "link": "accent"}.get(kind, "text"))

    def runs(self, action: QAction) -> None:
        """Run a command when pressed, and explain it."""
        self.clicked.connect(action.trigger)
        self.explains(action)

    def explains(self, action: QAction) -> None:
        """Show a command's tooltip, also after its key has changed."""
        self._action = action
        action.changed.connect(self._explain)
        self._explain()

    def _explain(self) -> None:
        if self._action is not None:
            self.setToolTip(self._action.toolTip())

    def event(self, event: QEvent) -> bool:
        if keeps_return(event):
            event.accept()
            return True
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._draw_icon()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)


class Fader(QSlider):
    """A horizontal slider with a home, where a double click brings it back.

    It keeps the arrow keys, and tells drags apart: `gesture` is one number for all changes that
    belong together. The filled part runs from `origin`.
    """

    def __init__(self, low: int, high: int, home: int, origin: int) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setRange(low, high)
        self.home, self.origin = home, origin
        self.gesture = 0
        self._offset = 0.0  # from the middle of the knob to where it is held
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.sliderPressed.connect(self._new_gesture)
        self.sliderReleased.connect(self._new_gesture)

    def _new_gesture(self) -> None:
        self.gesture += 1

    def event(self, event: QEvent) -> bool:
        if keeps_key(event):
            event.accept()
            return True
        return super().event(event)

    def focusInEvent(self, event: QEvent) -> None:
        self._new_gesture()
        super().focusInEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(96, 20)

    def _x(self, value: int) -> float:
        part = (value - self.minimum()) / (self.maximum() - self.minimum())
        return KNOB / 2 + part * (self.width() - KNOB)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        middle, x = self.height() / 2, self._x(self.sliderPosition())
        painter.setBrush(QColor(tokens.hover))
        painter.drawRoundedRect(QRectF(0, middle - 1.5, self.width(), 3), 1.5, 1.5)
        left, right = sorted((self._x(self.origin), x))
        painter.setBrush(QColor(tokens.dim))
        painter.drawRoundedRect(QRectF(left, middle - 1.5, right - left, 3), 1.5, 1.5)
        painter.drawRect(QRectF(self._x(self.home) - 0.5, middle - 5, 1, 10))
        lit = self.isSliderDown() or self.underMouse() or self.hasFocus()
        painter.setBrush(QColor(tokens.accent if lit else tokens.text))
        painter.setPen(QPen(QColor(tokens.panel), 2))
        radius = KNOB / 2
        painter.drawEllipse(QRectF(x - radius, middle - radius, KNOB, KNOB))
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(tokens.accent), 1))
            painter.drawEllipse(QRectF(x - radius - 1, middle - radius - 1, KNOB + 2, KNOB + 2))

    def _value_at(self, x: float) -> int:
        part = (x - KNOB / 2) / max(self.width() - KNOB, 1)
        return round(self.minimum() + part * (self.maximum() - self.minimum()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        self._offset = event.position().x() - self._x(self.value())
        if abs(self._offset) > KNOB / 2 + 2:
            self._offset = 0.0
        self.setSliderDown(True)
        self.mouseMoveEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            fine = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            wanted = self._value_at(event.position().x() - self._offset)
            near = abs(wanted - self.home) <= (self.maximum() - self.minimum()) // 60
            self.setValue(self.home if near and not fine else wanted)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.setSliderDown(False)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._new_gesture()
        self.setValue(self.home)

    def wheelEvent(self, event: QEvent) -> None:
        event.ignore()  # the wheel scrolls lanes; it must not change a level by accident


class Chooser(QComboBox):
    """A combo box that keeps the keys it needs and leaves the wheel to scrolling."""

    def __init__(self, name: str, why: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setToolTip(f"{name}\n{why}" if why else name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)

    def event(self, event: QEvent) -> bool:
        if keeps_key(event, frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.showPopup()
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QEvent) -> None:
        event.ignore()


class Elided(QLabel):
    """One line of text that ends in … where it does not fit; the tooltip has it all.

    It draws itself, so that a text that changes ten times a second lays out nothing anew.
    """

    def __init__(self, text: str = "", kind: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self._dim = kind == "small"
        if kind:
            self.setProperty("kind", kind)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setMinimumWidth(24)
        self.set_text(text)

    def set_text(self, text: str) -> None:
        """Show another text."""
        if text == self._text:
            return
        self._text = text
        self.setAccessibleName(text)
        if self.sizePolicy().horizontalPolicy() != QSizePolicy.Policy.Ignored:
            self.updateGeometry()
        self._fit()
        self.update()

    def text(self) -> str:
        """The whole text."""
        return self._text

    def set_dim(self, dim: bool) -> None:
        """Write it fainter, for something that is out of use now."""
        if dim != self._dim:
            self._dim = dim
            self.update()

    def _fit(self) -> None:
        fits = self.fontMetrics().horizontalAdvance(self._text) <= self.contentsRect().width()
        self.setToolTip("" if fits else self._text)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self._text) + 2, metrics.height() + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(24, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.of(self)
        painter = QPainter(self)
        painter.setPen(QColor(tokens.dim if self._dim else tokens.text))
        area = self.contentsRect()
        shown = self.fontMetrics().elidedText(self._text, Qt.TextElideMode.ElideRight, area.width())
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(area, middle | Qt.TextFlag.TextSingleLine, shown)


class Hairline(QWidget):
    """A line of one pixel that parts two areas."""

    def __init__(self, vertical: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        if vertical:
            self.setFixedWidth(1)
        else:
            self.setFixedHeight(1)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.of(self).line)


class Rule(QWidget):
    """A line between two groups of a row, with air on both sides."""

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 4, 4, 4)
        self.setFixedWidth(17)
        row.addWidget(Hairline(vertical=True))


def caption(text: str, of: QWidget) -> QLabel:
    """The small name before a control in a row."""
    label = QLabel(text)
    label.setBuddy(of)
    label.setProperty("kind", "small")
    label.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
    return label


def heading(text: str) -> QLabel:
    """The small title of a group."""
    label = QLabel(text)
    label.setProperty("kind", "heading")
    return label
