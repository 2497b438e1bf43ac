"""Collect garbage where it holds nobody up: in the GUI thread, between two events, in small parts.

Left to itself Python collects wherever one object too many is made: in the middle of a paint event,
where to go through all objects of a long session takes 50 ms and more, or on a thread that works,
where no part of a window may be destroyed.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QCursor

EVERY_MS = 200  # the youngest objects; most garbage is young
MIDDLE_EVERY = 10  # of these, with those that lived through one or more
IDLE_SECONDS = 3.0  # since the pointer moved or something played, after which all may be looked at
FULL_EVERY = 60.0  # seconds between two looks at all


class Collector(QObject):
    """Collects instead of Python until it is closed; `busy` tells when a pause would be heard."""

    _open = 0  # windows that collect, in this program

    def __init__(self, parent: QObject, busy: Callable[[], bool]) -> None:
        super().__init__(parent)
        self._busy = busy
        self._count = 0
        self._pointer = QCursor.pos()
        self._stirred = self._full = time.monotonic()
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(self._collect)
        self._timer.start()
        Collector._open += 1
        gc.disable()

    def close(self) -> None:
        """Leave it to Python again."""
        if self._timer.isActive():
            self._timer.stop()
            Collector._open -= 1
        if not Collector._open:
            gc.enable()

    def _collect(self) -> None:
        self._count += 1
        now, pointer = time.monotonic(), QCursor.pos()
        if pointer != self._pointer or self._busy():
            self._pointer, self._stirred = pointer, now
        if now - self._stirred > IDLE_SECONDS and now - self._full > FULL_EVERY:
            self._full = now
            gc.collect()
        else:
            gc.collect(0 if self._count % MIDDLE_EVERY else 1)
