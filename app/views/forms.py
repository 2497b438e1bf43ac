"""What the dialogs share that ask something before they write."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import QDialog, QGridLayout, QLabel, QWidget

from app.views.controls import TextButton
from app.words import tr


def form(fields: Iterable[tuple[str, QWidget]]) -> QGridLayout:
    """Rows of a name and a field; more may be added below."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(8)
    grid.setColumnStretch(1, 1)
    for row, (name, field) in enumerate(fields):
        label = QLabel(name)
        label.setProperty("kind", "dim")
        label.setBuddy(field)
        grid.addWidget(label, row, 0)
        grid.addWidget(field, row, 1)
    return grid


def cancel_button(dialog: QDialog) -> TextButton:
    """Leaves a dialog without writing anything."""
    button = TextButton(tr("Cancel"))
    button.setToolTip(tr("Cancel\nWrite nothing"))
    button.clicked.connect(dialog.close)
    return button


def present(dialog: QWidget) -> None:
    """Show a dialog, or bring it to the front if it was open behind something."""
    dialog.show()
    dialog.raise_()
    dialog.activateWindow()
