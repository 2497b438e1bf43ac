"""What the window shows before there is a song, and while something is dragged over it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app import theme
from app.commands import Actions
from app.views.controls import TextButton
from app.words import tr


class EmptyView(QWidget):
    """The whole canvas as one place to drop a song."""

    def __init__(self, actions: Actions, has_demo: bool, recent: QWidget) -> None:
        super().__init__()
        title = QLabel(tr("Drop a song here"))
        title.setProperty("kind", "hero")
        hint = QLabel(tr("Hear the singer and the band apart. Nothing leaves this computer."))
        hint.setProperty("kind", "dim")
        formats = QLabel(
            tr("WAV  FLAC  AIFF  OGG  Opus  MP3  M4A  –  and the sound of MP4, MKV, WebM")
        )
        formats.setProperty("kind", "small")
        open_button = TextButton(tr("Open a song"), "folder-open", "primary")
        open_button.runs(actions["open"])
        demo = TextButton(tr("Try the demo song"), "music")
        demo.runs(actions["demo"])
        demo.setVisible(has_demo)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        buttons.addWidget(open_button)
        buttons.addWidget(demo)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(32, 32, 32, 32)
        column.setSpacing(8)
        column.addStretch(3)
        column.addSpacing(88)  # the picture is painted here
        for label in (title, hint):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(label)
        column.addSpacing(16)
        column.addLayout(buttons)
        column.addSpacing(16)
        formats.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        formats.setWordWrap(True)
        column.addWidget(formats)
        column.addWidget(recent)
        column.addStretch(4)
        self._title = title

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), QColor(tokens.canvas))
        pen = QPen(QColor(tokens.line), 1.5, Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(16, 16, -16, -16), 12, 12)
        size = 64
        icon = theme.icon("audio-lines", tokens.accent).pixmap(
            QSize(size, size), self.devicePixelRatioF()
        )
        painter.drawPixmap((self.width() - size) // 2, self._title.y() - size - 16, icon)


class DropVeil(QWidget):
    """Lies over the window while files are dragged over it, and says what will happen."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._text = ""
        self.hide()

    def show_over(self, text: str) -> None:
        """Cover the parent."""
        self._text = text
        self.resize(self.parentWidget().size())
        self.raise_()
        self.show()

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shade = QColor(tokens.canvas)
        shade.setAlpha(215)
        painter.fillRect(self.rect(), shade)
        area = QRectF(self.rect()).adjusted(12, 12, -12, -12)
        glow = QColor(tokens.accent)
        glow.setAlpha(26)
        painter.setBrush(glow)
        painter.setPen(QPen(QColor(tokens.accent), 2))
        painter.drawRoundedRect(area, 12, 12)
        font = theme.tabular(self.font(), 22, bold=True)
        painter.setFont(font)
        painter.setPen(QColor(tokens.text))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, self._text)
