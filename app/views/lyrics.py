"""A line over the lane where the words of the selected notes are typed."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from app.words import marked, tr

LEAST, MOST = 88, 420  # px; width
HEIGHT = 26
GAP = 3  # px between a note and the line
ENDING = {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape, Qt.Key.Key_Tab,
          Qt.Key.Key_Backtab}  # fmt: skip

LYRIC_HELP = marked("Spaces part words, hyphens syllables; a hyphen alone holds the note before.")
LYRIC_TIP = marked("Lyric\nSpaces part words, hyphens syllables; Tab goes on to the next note")
PHONES_HELP = marked("Sounds as in CMUdict, such as HH AH0 L OW1; nothing: those of the lyric.")
PHONES_TIP = marked("Phonemes\nSounds as in HH AH0 L OW1; nothing for those of the lyric")


class LyricLine(QLineEdit):
    """Return keeps what was typed, Tab keeps it and goes on to the next note, Esc forgets it."""

    given = Signal(str)
    went_on = Signal(int)  # 1 to the next note, -1 to the one before
    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Lyric"))
        self.setMaxLength(4000)
        self.textChanged.connect(self._fit)
        self.hide()

    def open_at(self, note: QRectF, text: str, about: str, phones: bool = False) -> None:
        """Type over a note; `about` says which one, for a screen reader."""
        name = tr("Phonemes of {note}") if phones else tr("Lyric of {note}")
        self.setAccessibleName(name.format(note=about))
        self.setAccessibleDescription(tr(PHONES_HELP) if phones else tr(LYRIC_HELP))
        self.setToolTip(tr(PHONES_TIP) if phones else tr(LYRIC_TIP))
        self.setText(text)
        self.place(note)
        self.show()
        self.raise_()
        self.setFocus()
        self.selectAll()

    def place(self, note: QRectF) -> None:
        """Lie below a note, or above where there is no room."""
        parent = self.parentWidget()
        x = min(max(round(note.left()), 0), max(parent.width() - self.width(), 0))
        y = round(note.bottom()) + GAP
        if y + HEIGHT > parent.height():
            y = max(round(note.top()) - GAP - HEIGHT, 0)
        self.move(x, y)

    def close_line(self, keep: bool) -> None:
        """Go away, with what was typed or without."""
        if self.isHidden():
            return
        text = self.text()
        self.hide()
        if keep:
            self.given.emit(text)

    def _fit(self, text: str) -> None:
        wide = QFontMetrics(self.font()).horizontalAdvance(text) + 28
        self.resize(min(max(wide, LEAST), MOST, self.parentWidget().width()), HEIGHT)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.ShortcutOverride and event.key() in ENDING:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress and event.key() in ENDING:
                self._end(Qt.Key(event.key()))
                return True
        return super().event(event)

    def _end(self, key: Qt.Key) -> None:
        self.close_line(keep=key != Qt.Key.Key_Escape)
        if key == Qt.Key.Key_Tab:
            self.went_on.emit(1)
        elif key == Qt.Key.Key_Backtab:
            self.went_on.emit(-1)
        else:
            self.left.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:  # its own menu is open
            self.close_line(keep=True)
