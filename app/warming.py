"""What takes long only the first time is done before it is waited for, a little at a time."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.views.frequency_axis import labels_drawn
from engine import cards
from engine.errors import EngineError

if TYPE_CHECKING:
    from app.main_window import MainWindow

_warm = False


def warmed_up(window: MainWindow) -> Iterator[None]:
    """Make and draw, where nobody sees it, what a first song brings: once in a program.

    What is there by then stays, so the garbage collector need not look at it any more.
    """
    global _warm
    if _warm:
        return
    _warm = True
    for path in sorted(cards.FOLDER.glob("*.toml")):
        with suppress(EngineError):  # told when it is needed
            cards.read_card(path)
        yield
    view, ratio = window.display, window.devicePixelRatioF()
    yield from labels_drawn(view.settings_with(1), view.low, view.high, window.font(), ratio)
    row = yield from window.timeline.row_made(0)
    row.resize(window.width(), 300)
    yield
    row.header.grab()
    yield
    row.canvas.grab()
    row.deleteLater()
    yield
    if not window.session.lanes:
        direct = Qt.FindChildOption.FindDirectChildrenOnly
        for part in window.timeline.findChildren(QWidget, options=direct):
            part.grab()
            yield
    gc.freeze()
