"""The strip that offers back what was open when a program ended without being closed."""

from __future__ import annotations

import time

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from app import theme
from app.recovery import Recovery
from app.views.controls import Elided, TextButton
from app.words import tr


def ago(seconds: float) -> str:
    """How long ago something was, in words."""
    if seconds < 90:
        return tr("just now")
    for size, one in ((86_400, "day"), (3600, "hour"), (60, "minute")):
        count = round(seconds / size)
        if seconds >= size * 1.5:
            return {
                "day": tr("{count} days ago", count=count),
                "hour": tr("{count} hours ago", count=count),
                "minute": tr("{count} minutes ago", count=count),
            }[one]
    return tr("just now")


class OfferStrip(QWidget):
    """Shown as long as something is offered; keys reach its buttons, and it takes no focus."""

    def __init__(self, recovery: Recovery) -> None:
        super().__init__()
        self._recovery = recovery
        self._sign = QLabel()
        self._text = Elided()
        self.recover = TextButton(tr("Recover"), "undo-2", "primary")
        self.recover.setToolTip(tr("Recover\nBring back every lane as it was"))
        self.later = TextButton(tr("Later"), "", "quiet")
        self.later.setToolTip(tr("Later\nKeep it, and ask again at the next start"))
        self.discard = TextButton(tr("Discard…"), "trash-2", "quiet")
        self.discard.setToolTip(tr("Discard…\nDelete it for good"))
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 6, 8, 6)
        row.setSpacing(8)
        row.addWidget(self._sign)
        row.addWidget(self._text, 1)
        for button in (self.recover, self.discard, self.later):
            row.addWidget(button)
        self.recover.clicked.connect(recovery.recover)
        self.discard.clicked.connect(recovery.discard)
        self.later.clicked.connect(recovery.postpone)
        recovery.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the first offer, or nothing."""
        offers = self._recovery.offers
        self.setVisible(bool(offers))
        if not offers:
            return
        first = offers[0]
        words = tr(
            "Melic ended unexpectedly. Recover “{title}” ({lanes}, {when})?",
            title=first.title,
            lanes=tr("1 lane") if first.lanes == 1 else tr("{count} lanes", count=first.lanes),
            when=ago(time.time() - first.written_at),
        )
        if len(offers) > 1:
            words = tr("{words} (and {count} more)", words=words, count=len(offers) - 1)
        self._text.set_text(words)
        self.setAccessibleName(words)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.of(self)
        painter = QPainter(self)
        painter.fillRect(self.rect(), tokens.raised)
        painter.fillRect(0, 0, 3, self.height(), tokens.accent)
        self._sign.setPixmap(theme.icon("info", tokens.accent).pixmap(18, 18))
