"""The three hints of a first start, one at a time; what was done or dismissed never comes back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QRectF
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from app import theme
from app.commands import Actions
from app.settings import Settings
from app.shortcuts import shown_key
from app.views.controls import TextButton
from app.words import marked, tr

AWAY = 24  # px; from the lower edge of the canvas


@dataclass(frozen=True, slots=True)
class Hint:
    """One hint; `done_by` are the commands that show that a person knows.

    {key} is the key of the first of them, {find} that of the palette.
    """

    text: str
    done_by: tuple[str, ...]


HINTS = (
    Hint(marked("Drop a song anywhere on this window, or choose one with {key}."), ("open",)),
    Hint(marked("{key} separates the singer from the band."), ("separate", "separate_all")),
    Hint(marked("{key} plays and pauses. {find} finds every other command."), ("play",)),
)


class Hints(QWidget):
    """Floats over the lower edge of `canvas`."""

    def __init__(
        self,
        canvas: QWidget,
        actions: Actions,
        settings: Settings,
        fits: Callable[[int], bool],
    ) -> None:
        super().__init__(canvas)
        self._canvas, self._actions, self._settings, self._fits = canvas, actions, settings, fits
        self._text = QLabel()
        self._count = QLabel()
        self._count.setProperty("kind", "small")
        self._got_it = TextButton(tr("Got it"), kind="quiet")
        self._got_it.setToolTip(tr("Got it\nShow the next hint; this one does not come back"))
        self._got_it.clicked.connect(self.dismiss)
        self._none = TextButton(tr("No hints"), kind="quiet")
        self._none.setToolTip(tr("No hints\nShow none of them again; the Help menu has them"))
        self._none.clicked.connect(self.dismiss_all)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 6, 8, 6)
        row.setSpacing(8)
        row.addWidget(self._count)
        row.addWidget(self._text)
        row.addSpacing(8)
        row.addWidget(self._got_it)
        row.addWidget(self._none)
        canvas.installEventFilter(self)
        actions.used.connect(self._used)
        self.refresh()

    @property
    def number(self) -> int | None:
        """The hint to show now, from 0; `None` when all are known or none fits yet."""
        known = self._settings.hints_known.split(",")
        waiting = [number for number in range(len(HINTS)) if str(number) not in known]
        return next((number for number in waiting if self._fits(number)), None)

    def refresh(self) -> None:
        """Show the next hint that fits what is there, or none."""
        number = self.number
        self.setVisible(number is not None)
        if number is None:
            return
        hint = HINTS[number]
        text = tr(hint.text).format(key=self._key(hint.done_by[0]), find=self._key("palette"))
        self._text.setText(text)
        self._count.setText(f"{number + 1}/{len(HINTS)}")
        self.setAccessibleName(tr("Hint: {text}", text=text))
        self.adjustSize()
        self._place()
        self.raise_()

    def _key(self, id: str) -> str:
        keys = self._actions.shortcuts.keys(id)
        return shown_key(keys[0]) if keys else "–"

    def dismiss(self) -> None:
        """Note that the hint in view is known."""
        if (number := self.number) is not None:
            self._know([number])

    def dismiss_all(self) -> None:
        """Note that all of them are known."""
        self._know(range(len(HINTS)))

    def again(self) -> None:
        """Begin with the first."""
        self._settings.hints_known = ""
        self.refresh()

    def _used(self, id: str) -> None:
        self._know([number for number, hint in enumerate(HINTS) if id in hint.done_by])

    def _know(self, numbers: range | list[int]) -> None:
        known = set(filter(None, self._settings.hints_known.split(",")))
        known |= {str(number) for number in numbers}
        self._settings.hints_known = ",".join(sorted(known))
        self.refresh()

    def _place(self) -> None:
        width = min(self.sizeHint().width(), self._canvas.width() - 16)
        self.resize(width, self.sizeHint().height())
        self.move(
            (self._canvas.width() - width) // 2, self._canvas.height() - self.height() - AWAY - 36
        )

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._canvas and event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(QColor(tokens.raised))
        painter.setPen(QPen(QColor(tokens.accent), 1))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
