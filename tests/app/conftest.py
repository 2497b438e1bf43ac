"""An application that measures how long each call in the GUI thread takes."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from tests.watchdog import WatchedApplication

__all__ = ["WatchedApplication"]


@pytest.fixture(scope="session")
def qapp_cls() -> type[QApplication]:
    """What pytest-qt makes the application of."""
    return WatchedApplication
