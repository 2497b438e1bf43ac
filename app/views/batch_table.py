"""The songs of a batch as rows: state, progress, time, and what there is to say."""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import IntEnum

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QIcon, QPainter
from PySide6.QtWidgets import QApplication, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app import theme
from app.views.jobs import left_text
from app.words import said, tr
from engine.batch import Item, ItemState

MANY = 100  # rows that are not taken out one by one
Index = QModelIndex | QPersistentModelIndex


class Columns(IntEnum):
    """From left to right."""

    SONG = 0
    STATE = 1
    PROGRESS = 2
    TIME = 3
    WORDS = 4


class ItemModel(QAbstractTableModel):
    """Shows a snapshot of items; only rows whose item is another object are told to change."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._owner = parent
        self.items: Sequence[Item] = ()
        self._gives_way = False

    def show(self, items: Sequence[Item], gives_way: bool = False) -> None:
        """Show other items, or the same ones further on."""
        before, self.items = self.items, items
        if [item.id for item in before] != [item.id for item in items]:
            self.items = before
            self._rebuild(items)
        else:
            for row, (old, new) in enumerate(zip(before, items, strict=True)):
                running = new.state is ItemState.RUNNING
                if old is not new or (running and gives_way is not self._gives_way):
                    self.dataChanged.emit(self.index(row, 0), self.index(row, Columns.WORDS))
        self._gives_way = gives_way

    def _rebuild(self, items: Sequence[Item]) -> None:
        """Take rows out and put rows at the end, so that what is selected stays selected."""
        here = {item.id for item in items}
        kept = [item for item in self.items if item.id in here]
        if len(self.items) - len(kept) > MANY:
            self.beginResetModel()
            self.items = items
            self.endResetModel()
            return
        for row in reversed([r for r, item in enumerate(self.items) if item.id not in here]):
            self.beginRemoveRows(QModelIndex(), row, row)
            self.items = (*self.items[:row], *self.items[row + 1 :])
            self.endRemoveRows()
        known = {item.id for item in kept}
        new = [item for item in items if item.id not in known]
        if new:
            self.beginInsertRows(QModelIndex(), len(kept), len(kept) + len(new) - 1)
            self.items = items
            self.endInsertRows()
        self.items = items
        if items:
            self.dataChanged.emit(self.index(0, 0), self.index(len(items) - 1, Columns.WORDS))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self.items)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(Columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation is not Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return (tr("Song"), tr("State"), tr("Progress"), tr("Time"), tr("Remarks"))[section]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        item = self.items[index.row()]
        column = Columns(index.column())
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return self._text(item, column)
            case Qt.ItemDataRole.ToolTipRole:
                return self._hint(item, column)
            case Qt.ItemDataRole.DecorationRole if column is Columns.STATE:
                return _icon(item.state, theme.of(self._owner))
            case Qt.ItemDataRole.UserRole:
                return item
        return None

    def _text(self, item: Item, column: Columns) -> str:
        match column:
            case Columns.SONG:
                return (item.place / item.source.name).as_posix()
            case Columns.STATE:
                return state_word(item.state)
            case Columns.PROGRESS:
                return f"{item.share * 100:.0f} %"
            case Columns.TIME:
                if item.state is ItemState.RUNNING:
                    return "" if self._gives_way else left_text(item.seconds_left)
                return tr("{time:.1f} s", time=item.seconds_taken) if item.seconds_taken else ""
            case Columns.WORDS:
                if item.state is ItemState.RUNNING and self._gives_way:
                    return tr("Waits for your own separation")
                return said_of(item)

    def _hint(self, item: Item, column: Columns) -> str:
        if column is Columns.SONG:
            return str(item.source)
        return "\n".join(filter(None, (said(item.error), said(item.hint), *item.remarks)))


def state_word(state: ItemState) -> str:
    """A state in the person's language."""
    return {
        ItemState.WAITING: tr("Waiting"),
        ItemState.RUNNING: tr("Running"),
        ItemState.DONE: tr("Done"),
        ItemState.SKIPPED: tr("Done before"),
        ItemState.FAILED: tr("Failed"),
    }[state]


def said_of(item: Item) -> str:
    """What there is to say of an item in one line."""
    if item.state is ItemState.FAILED:
        return f"{said(item.error)} {said(item.hint)}".strip()
    if item.state is ItemState.RUNNING:
        return said(item.note)
    if not item.outputs:
        return ""
    words = [tr("{count} files", count=len(item.outputs)) if len(item.outputs) > 1
             else item.outputs[0].name]  # fmt: skip
    if item.null_db is not None and math.isfinite(item.null_db):
        words.append(tr("null {level:.0f} dB", level=item.null_db))
    return "  ·  ".join(words)


def _icon(state: ItemState, tokens: theme.Tokens) -> QIcon:
    name, colour = {
        ItemState.WAITING: ("chevron-right", tokens.faint),
        ItemState.RUNNING: ("play", tokens.accent),
        ItemState.DONE: ("check", tokens.good),
        ItemState.SKIPPED: ("check", tokens.dim),
        ItemState.FAILED: ("triangle-alert", tokens.danger),
    }[state]
    return theme.icon(name, colour)


class BarDelegate(QStyledItemDelegate):
    """Draws a share as a bar with its figure."""

    FIGURE = 44  # px

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        item = index.data(Qt.ItemDataRole.UserRole)
        style_option = QStyleOptionViewItem(option)
        self.initStyleOption(style_option, index)
        text, style_option.text = style_option.text, ""
        widget = option.widget
        style = widget.style() if widget is not None else QApplication.style()
        style.drawControl(style.ControlElement.CE_ItemViewItem, style_option, painter, widget)
        if item.state is ItemState.WAITING:
            return
        tokens = theme.of(widget)
        area = QRectF(option.rect).adjusted(3, 0, -8, 0)
        track = QRectF(area.left(), area.center().y() - 2, area.width() - self.FIGURE, 4)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.line))
        painter.drawRoundedRect(track, 2, 2)
        colour = {
            ItemState.FAILED: tokens.danger,
            ItemState.DONE: tokens.good,
            ItemState.SKIPPED: tokens.dim,
        }.get(item.state, tokens.accent)
        painter.setBrush(QColor(colour))
        painter.drawRoundedRect(
            QRectF(track.left(), track.top(), track.width() * item.share, track.height()), 2, 2
        )
        painter.setPen(QColor(tokens.dim))
        painter.setFont(theme.tabular(option.font))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(area, right, text)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(130, 28)
