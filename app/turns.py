"""Work in small pieces, one a turn of the event loop, so that none holds the window up."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QObject, QTimer


class Turns(QObject):
    """Takes one step of an iterator each time the window has nothing else to do.

    What was added last comes first: it is what a person waits for. A step is what an iterator does
    up to its next value; it should take less than 20 ms.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: list[Iterator[object]] = []
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._step)

    def add(self, steps: Iterator[object]) -> None:
        """Take these steps, before all others."""
        self._waiting.append(steps)
        self._timer.start(0)

    def _step(self) -> None:
        steps = self._waiting[-1]
        try:
            next(steps)
        except StopIteration:
            self._waiting.remove(steps)
        finally:
            if not self._waiting:
                self._timer.stop()
