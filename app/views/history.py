"""Every change by name, in order; a click goes there."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QUndoStack
from PySide6.QtWidgets import QDialog, QUndoView, QVBoxLayout, QWidget

from app.words import tr


class HistoryDialog(QDialog):
    """Stays open beside the window; arrow keys and clicks go to any step, back and forth."""

    def __init__(self, stack: QUndoStack, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("History"))
        self.setModal(False)
        self.resize(320, 420)
        self.steps = QUndoView(stack)
        self.steps.setEmptyLabel(tr("As it was opened"))
        self.steps.setAccessibleName(tr("Every change by name"))
        self.steps.setToolTip(tr("Click a step, or go to it with the arrow keys"))
        self.steps.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.steps.setTextElideMode(Qt.TextElideMode.ElideRight)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.addWidget(self.steps)
