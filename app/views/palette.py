"""Every command by a part of its name: type, press Return."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QDialog,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from app import theme
from app.commands import COMMANDS, Actions, Command, reason
from app.shortcuts import shown_key
from app.words import tr

WIDTH, ROW, MOST = 600, 46, 9
_ENTRY = Qt.ItemDataRole.UserRole + 1


@dataclass(frozen=True, slots=True)
class Entry:
    """A command as it is listed."""

    id: str
    title: str
    key: str
    below: str  # what it is for, or why it cannot be done now
    enabled: bool


def rank(query: str, *names: str) -> float:
    """How well a query fits any of a command's names; 0: not at all.

    Each word of the query must be in the name: best as the start of a word, then anywhere, then
    with gaps.
    """
    return max((_rank(query.casefold(), name.casefold()) for name in names), default=0.0)


def _rank(query: str, name: str) -> float:
    total = 0.0
    for part in query.split():
        if any(word.startswith(part) for word in name.split()):
            total += 4
        elif part in name:
            total += 2
        elif _with_gaps(part, name):
            total += 1
        else:
            return 0.0
    return max(total + name.startswith(query) - len(name) / 1000, 0.001)


def _with_gaps(part: str, name: str) -> bool:
    """Whether the letters of `part` are in `name` in this order, the first starting a word."""
    starts = [at for at, letter in enumerate(name) if not at or name[at - 1] == " "]
    for start in starts:
        rest = iter(name[start:])
        if name[start] == part[0] and all(letter in rest for letter in part):
            return True
    return False


def entries(actions: Actions, query: str, recent: Iterable[str] = ()) -> list[Entry]:
    """The commands that fit, best first; without a query those used last, then the whole table."""
    places = {id: -number for number, id in enumerate(recent)}
    found: list[tuple[float, int, Command]] = []
    for number, command in enumerate(COMMANDS):
        if command.id == "palette":
            continue
        names = (actions[command.id].text(), command.text, f"{tr(command.heading)} {command.text}")
        if query.strip():
            fit = rank(query, *names)
            if fit:
                fit += 0.5 * actions[command.id].isEnabled() + 0.25 * (command.id in places)
                found.append((-fit, number, command))
        else:
            used = places.get(command.id)
            found.append((-1000.0 - used if used is not None else 0.0, number, command))
    found.sort(key=lambda each: each[:2])
    return [_entry(actions, command) for _, _, command in found]


def _entry(actions: Actions, command: Command) -> Entry:
    action = actions[command.id]
    keys = actions.shortcuts.keys(command.id)
    why = tr(command.why) if command.why else ""
    needed = reason(command)
    below = why if action.isEnabled() or not needed else tr(needed)
    key = shown_key(keys[0]) if keys else ""
    return Entry(command.id, action.text().rstrip("…"), key, below, action.isEnabled())


class Palette(QDialog):
    """A line to type in over the list of what fits."""

    def __init__(
        self,
        actions: Actions,
        recent: Callable[[], Iterable[str]],
        say: Callable[[str], object],
        parent: QWidget,
    ) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setWindowTitle(tr("Find a command"))
        self.setAccessibleName(tr("Find a command"))
        self._actions, self._recent, self._say = actions, recent, say
        self._line = QLineEdit()
        self._line.setPlaceholderText(tr("Find a command"))
        self._line.setAccessibleName(tr("Find a command"))
        self._line.setToolTip(tr("A part of a command's name; arrows choose, Return runs it"))
        self._line.textChanged.connect(self._find)
        self._line.installEventFilter(self)
        self._model = QStandardItemModel(self)
        self._list = QListView()
        self._list.setModel(self._model)
        self._list.setItemDelegate(_Row(self._list))
        self._list.setUniformItemSizes(True)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self._list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setAccessibleName(tr("Commands that fit"))
        self._list.clicked.connect(self._run)
        self._list.selectionModel().currentChanged.connect(self._tell)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(8)
        column.addWidget(self._line)
        column.addWidget(self._list, 1)

    def open_over(self, window: QWidget) -> None:
        """Show at the top of a window, empty."""
        self._actions.refresh()
        self._line.clear()
        self._find("")
        width = min(WIDTH, window.width() - 32)
        height = min(MOST * ROW + 28 + 3 * 8 + 8, window.height() - 64)
        self.resize(width, height)
        self.move(window.mapToGlobal(window.rect().center()).x() - width // 2,
                  window.mapToGlobal(window.rect().topLeft()).y() + 56)  # fmt: skip
        self.show()
        self._line.setFocus()

    def _find(self, query: str) -> None:
        self._model.clear()
        for entry in entries(self._actions, query, self._recent()):
            item = QStandardItem(entry.title)
            item.setData(entry, _ENTRY)
            words = filter(None, (entry.title, entry.key, entry.below))
            item.setData(". ".join(words), Qt.ItemDataRole.AccessibleTextRole)
            self._model.appendRow(item)
        if self._model.rowCount():
            self._list.setCurrentIndex(self._model.index(0, 0))
        else:
            self._say(tr("No command fits."))

    def _tell(self, index: QModelIndex) -> None:
        """The focus stays in the line, so that what the arrows choose has to be said."""
        if index.isValid() and self.isVisible():
            self._say(str(index.data(Qt.ItemDataRole.AccessibleTextRole)))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            rows = self._model.rowCount()
            steps = {
                Qt.Key.Key_Up: -1,
                Qt.Key.Key_Down: 1,
                Qt.Key.Key_PageUp: 1 - MOST,
                Qt.Key.Key_PageDown: MOST - 1,
            }
            if event.key() in steps and rows:
                at = self._list.currentIndex().row() + steps[Qt.Key(event.key())]
                self._list.setCurrentIndex(self._model.index(min(max(at, 0), rows - 1), 0))
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._run(self._list.currentIndex())
                return True
        return super().eventFilter(watched, event)

    def _run(self, index: QModelIndex) -> None:
        entry = index.data(_ENTRY)
        if not isinstance(entry, Entry):
            return
        if not entry.enabled:
            self._say(entry.below)
            return
        self.close()
        self._actions[entry.id].trigger()


class _Row(QStyledItemDelegate):
    """Name and key in one line, what it is for below."""

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(WIDTH // 2, ROW)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        entry: Entry = index.data(_ENTRY)
        tokens = theme.of(option.widget)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area: QRect = option.rect
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.hover))
            painter.drawRoundedRect(area, 6, 6)
        inside = area.adjusted(12, 5, -12, -5)
        painter.setFont(theme.tabular(option.font, theme.BASE_FONT))
        key = painter.fontMetrics().horizontalAdvance(entry.key)
        painter.setPen(QColor(tokens.dim))
        painter.drawText(inside, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight, entry.key)
        painter.setPen(QColor(tokens.text if entry.enabled else tokens.dim))
        room = inside.width() - key - 16
        title = painter.fontMetrics().elidedText(entry.title, Qt.TextElideMode.ElideRight, room)
        painter.drawText(inside, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft, title)
        painter.setFont(theme.tabular(option.font, 12))
        painter.setPen(QColor(tokens.dim))
        below = painter.fontMetrics().elidedText(
            entry.below, Qt.TextElideMode.ElideRight, inside.width()
        )
        painter.drawText(inside, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft, below)
        painter.restore()
