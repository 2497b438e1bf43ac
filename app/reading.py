"""The order in which Tab goes through a window: as one reads it, by its layouts."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QLayout, QScrollArea, QStackedWidget, QWidget


def stops(widget: QWidget) -> Iterator[QWidget]:
    """Every part of `widget` where Tab may stop, in reading order, hidden ones included."""
    for part in _parts(widget):
        if part.focusPolicy() & Qt.FocusPolicy.TabFocus:
            yield part
        if not part.focusProxy():
            yield from stops(part)


def put_in_order(widget: QWidget) -> None:
    """Let Tab follow the layouts, however late a part was made."""
    before: QWidget | None = None
    for stop in stops(widget):
        if before is not None:
            QWidget.setTabOrder(before, stop)
        before = stop


def _parts(widget: QWidget) -> Iterator[QWidget]:
    """The parts of a widget as they are laid out, then those that float above."""
    if isinstance(widget, QAbstractItemView):
        return  # no Tab inside; and Python, once it held a table's header, may delete it too soon
    if isinstance(widget, QScrollArea):
        inside = widget.widget()
        if inside is not None:
            yield inside
        return
    if isinstance(widget, QStackedWidget):
        yield from (widget.widget(number) for number in range(widget.count()))
        return
    laid_out = list(_of_layout(widget.layout()))
    yield from laid_out
    for child in widget.children():
        if isinstance(child, QWidget) and not child.isWindow() and child not in laid_out:
            yield child


def _of_layout(layout: QLayout | None) -> Iterator[QWidget]:
    if layout is None:
        return
    for number in range(layout.count()):
        item = layout.itemAt(number)
        if item is None:
            continue
        inside = item.widget()
        if inside is not None:
            yield inside
        else:
            yield from _of_layout(item.layout())
