"""Every command and its keys: to search, and to change."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.commands import COMMANDS, MENUS, Actions, Command
from app.shortcuts import plain, shown_key
from app.views.controls import TextButton
from app.words import tr

ROW = 28  # px
_ID = Qt.ItemDataRole.UserRole


class _Press(QKeySequenceEdit):
    """Waits for one key; Escape ends waiting."""

    ended = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setMaximumSequenceLength(1)
        name = tr("New key")
        self.setAccessibleName(name)
        line = self.findChild(QLineEdit)
        if line is not None:
            line.setAccessibleName(name)
            line.setPlaceholderText(tr("Press the new key"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.ended.emit()
        else:
            super().keyPressEvent(event)


class KeysDialog(QDialog):
    """The list of all shortcuts; changes are in force, and kept, at once."""

    def __init__(self, actions: Actions, keep: Callable[[str], object], parent: QWidget) -> None:
        super().__init__(parent)
        self._actions, self._shortcuts, self._keep = actions, actions.shortcuts, keep
        self._adding = False
        self.setWindowTitle(tr("Keyboard shortcuts"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(620, 680)
        self.search = QLineEdit()
        self.search.setClearButtonEnabled(True)
        self.search.setPlaceholderText(tr("Search by name or key"))
        self.search.setAccessibleName(tr("Search by name or key"))
        self.search.setToolTip(tr("Part of a name, or of a key such as Ctrl+E"))
        self.search.textChanged.connect(self._fill)
        self.table = self._make_table()
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        column.addWidget(self.search)
        column.addWidget(self.table, 1)
        column.addWidget(self._make_verbs())
        column.addWidget(self._make_change())
        self._wait(None)
        self._fill()

    def _make_table(self) -> QTableWidget:
        table = QTableWidget(0, 2)
        table.setObjectName("keys")
        table.setAccessibleName(tr("Keyboard shortcuts"))
        table.setToolTip(tr("Double-click or press Return to change a key"))
        table.horizontalHeader().hide()
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(ROW)
        table.setShowGrid(False)
        table.setTabKeyNavigation(False)  # Tab leaves the table
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        table.setColumnWidth(1, 220)
        table.itemSelectionChanged.connect(self._show_verbs)
        table.itemActivated.connect(lambda _item: self._start(adding=False))
        return table

    def _make_verbs(self) -> QWidget:
        self._verbs = QWidget()
        row = QHBoxLayout(self._verbs)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self._change = TextButton(tr("Change…"))
        self._change.setToolTip(tr("Give the chosen command another key"))
        self._change.clicked.connect(lambda: self._start(adding=False))
        self._add = TextButton(tr("Add…"))
        self._add.setToolTip(tr("Give the chosen command one more key"))
        self._add.clicked.connect(lambda: self._start(adding=True))
        self._remove = TextButton(tr("Remove"))
        self._remove.setToolTip(tr("Leave the chosen command without a key"))
        self._remove.clicked.connect(lambda: self._give(()))
        self._reset = TextButton(tr("Reset"))
        self._reset.setToolTip(tr("Give the chosen command the keys it came with"))
        self._reset.clicked.connect(self._reset_one)
        self._reset_all = TextButton(tr("Reset all"))
        self._reset_all.setToolTip(tr("Give every command the keys it came with"))
        self._reset_all.clicked.connect(self._reset_every)
        for button in (self._change, self._add, self._remove, self._reset):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self._reset_all)
        return self._verbs

    def _make_change(self) -> QWidget:
        self._asking = QWidget()
        self._question = QLabel()
        self._question.setWordWrap(True)
        self.press = _Press()
        self.press.setToolTip(tr("Press the key, or keys held together; Escape leaves it"))
        self.press.keySequenceChanged.connect(self._pressed)
        self.press.ended.connect(lambda: self._wait(None))
        self.take = TextButton(tr("Use this key"), kind="primary")
        self.take.setToolTip(tr("From now on this key runs the chosen command"))
        self.take.clicked.connect(self._take)
        leave = TextButton(tr("Cancel"))
        leave.setToolTip(tr("Leave the keys as they are"))
        leave.clicked.connect(lambda: self._wait(None))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.press, 1)
        row.addWidget(leave)
        row.addWidget(self.take)
        column = QVBoxLayout(self._asking)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._question)
        column.addLayout(row)
        return self._asking

    # The list

    def _fill(self, *_: object) -> None:
        chosen, query = self._chosen(), self.search.text()
        table = self.table
        with QSignalBlocker(table):
            table.clearContents()
            table.setRowCount(0)
            for menu in MENUS:
                rows = [c for c in COMMANDS if c.heading == menu and self._fits(c, query)]
                if rows:
                    self._add_heading(tr(menu).upper())
                for command in rows:
                    self._add_row(command)
                    if command.id == chosen:
                        table.selectRow(table.rowCount() - 1)
        self._show_verbs()

    def _fits(self, command: Command, query: str) -> bool:
        names = [tr(command.text), command.text, tr(command.heading)]
        keys = self._shortcuts.keys(command.id)
        names += [*keys, *(shown_key(key) for key in keys)]
        parts = query.casefold().split()
        return all(any(part in name.casefold() for name in names) for part in parts)

    def _add_heading(self, text: str) -> None:
        row = self.table.rowCount()
        self.table.insertRow(row)
        self.table.setRowHeight(row, 36)
        title = QTableWidgetItem(text)
        title.setFlags(Qt.ItemFlag.NoItemFlags)
        title.setForeground(self.palette().placeholderText())
        self.table.setItem(row, 0, title)
        blank = QTableWidgetItem()
        blank.setFlags(Qt.ItemFlag.NoItemFlags)
        self.table.setItem(row, 1, blank)

    def _add_row(self, command: Command) -> None:
        row = self.table.rowCount()
        self.table.insertRow(row)
        keys = "   ".join(shown_key(key) for key in self._shortcuts.keys(command.id))
        if command.scope:
            keys = tr("{keys}  (on notes)", keys=keys or "–")
        if self._shortcuts.is_changed(command.id):
            keys = tr("{keys}  (changed)", keys=keys or "–")
        name = tr(command.text).rstrip("…")
        for place, text in enumerate((name, keys)):
            item = QTableWidgetItem(text)
            item.setData(_ID, command.id)
            item.setToolTip(tr(command.why) if command.why else name)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, text or tr("no key"))
            self.table.setItem(row, place, item)

    def _chosen(self) -> str:
        rows = self.table.selectionModel().selectedRows()
        return str(rows[0].data(_ID) or "") if rows else ""

    def choose(self, id: str) -> None:
        """Select the row of a command."""
        for row in range(self.table.rowCount()):
            if self.table.item(row, 0).data(_ID) == id:
                self.table.selectRow(row)
                return

    # Changing

    def _show_verbs(self) -> None:
        id = self._chosen()
        for button in (self._change, self._add):
            button.setEnabled(bool(id))
        self._remove.setEnabled(bool(id) and bool(self._shortcuts.keys(id)))
        self._reset.setEnabled(bool(id) and self._shortcuts.is_changed(id))
        self._reset_all.setEnabled(bool(self._shortcuts.kept()))

    def _start(self, adding: bool) -> None:
        if self._chosen():
            self._adding = adding
            self._wait(self._chosen())

    def _wait(self, id: str | None) -> None:
        """Wait for a key for a command; `None` ends that."""
        self._asking.setVisible(id is not None)
        self._verbs.setVisible(id is None)
        self.table.setEnabled(id is None)
        self.search.setEnabled(id is None)
        self.press.clear()
        self.take.setEnabled(False)
        if id is None:
            self.table.setFocus()
        else:
            text = tr("Press the new key for “{name}”.", name=self._name(id))
            self._question.setText(text)
            self.press.setAccessibleDescription(text)
            self.press.setFocus()

    def _name(self, id: str) -> str:
        return next(tr(c.text).rstrip("…") for c in COMMANDS if c.id == id)

    def _pressed(self, sequence: QKeySequence) -> None:
        key, id = plain(sequence.toString()), self._chosen()
        self.take.setEnabled(bool(key))
        self.take.setText(tr("Use this key"))
        if not key or not id:
            return
        owner = self._shortcuts.owner(key, but=id)
        if owner:
            text = tr("{key} runs “{name}” now.", key=shown_key(key), name=self._name(owner))
            self.take.setText(tr("Take it over"))
        else:
            text = tr("{key} is free.", key=shown_key(key))
        self._question.setText(text)
        self.press.setAccessibleDescription(text)

    def _take(self) -> None:
        id, key = self._chosen(), plain(self.press.keySequence().toString())
        self._wait(None)
        if id and key:
            self._give((*self._shortcuts.keys(id), key) if self._adding else (key,))

    def _give(self, keys: tuple[str, ...]) -> None:
        if self._chosen():
            self._shortcuts.give(self._chosen(), keys)
            self._changed()

    def _reset_one(self) -> None:
        self._shortcuts.reset(self._chosen())
        self._changed()

    def _reset_every(self) -> None:
        self._shortcuts.reset()
        self._changed()

    def _changed(self) -> None:
        self._actions.rekey()
        self._keep(self._shortcuts.kept())
        self._fill()
