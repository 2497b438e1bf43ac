"""An application that measures how long each call in the GUI thread takes."""

from __future__ import annotations

import time

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication


class WatchedApplication(QApplication):
    """Knows the longest call since `forget`, in seconds of the thread's own processor time.

    A busy machine that gives the thread no processor is so not held against it.
    """

    longest = 0.0
    _inside = False

    def forget(self) -> None:
        """Start again."""
        self.longest = 0.0

    def notify(self, receiver: QObject, event: QEvent) -> bool:
        if self._inside:
            return super().notify(receiver, event)
        self._inside = True
        began = time.thread_time()
        try:
            return super().notify(receiver, event)
        finally:
            self._inside = False
            self.longest = max(self.longest, time.thread_time() - began)


@pytest.fixture(scope="session")
def qapp_cls() -> type[QApplication]:
    """What pytest-qt makes the application of."""
    return WatchedApplication
