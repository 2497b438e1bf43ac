"""What only a person can decide about projects: where, which, and whether to lose something."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from app.words import tr
from engine.store import SUFFIX
from engine.workspace import Left


class Questions:
    """Asks in dialogues over one window."""

    def __init__(self, window: QWidget) -> None:
        self._window = window

    def where_to_save(self, suggestion: Path) -> Path | None:
        """A folder ending in `.melic`, or None."""
        kind = f"{tr('Melic project')} (*{SUFFIX})"
        name, _ = QFileDialog.getSaveFileName(
            self._window, tr("Save the project as"), str(suggestion), kind
        )
        if not name:
            return None
        path = Path(name)
        return path if path.suffix.lower() == SUFFIX else path.with_name(path.name + SUFFIX)

    def which_project(self, start: str) -> Path | None:
        """The folder of a project, or None."""
        name = QFileDialog.getExistingDirectory(
            self._window, tr("Open a project: choose its folder"), start or str(Path.home())
        )
        return Path(name) if name else None

    def before_closing(self, title: str, lanes: Sequence[str]) -> str:
        """ "save", "discard" or "stay"."""
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle("Melic")
        box.setText(tr("Save “{title}” before closing?", title=title))
        names = ", ".join(f"“{name}”" for name in lanes[:3])
        more = len(lanes) - 3
        if more > 0:
            names = tr("{names} and {count} more", names=names, count=more)
        box.setInformativeText(tr("Otherwise this would be lost: {names}.", names=names))
        save = box.addButton(tr("Save"), QMessageBox.ButtonRole.AcceptRole)
        discard = box.addButton(tr("Don’t save"), QMessageBox.ButtonRole.DestructiveRole)
        stay = box.addButton(tr("Keep working"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(save)
        box.setEscapeButton(stay)
        box.exec()
        chosen = box.clickedButton()
        return "save" if chosen is save else "discard" if chosen is discard else "stay"

    def really_discard(self, offer: Left) -> bool:
        """Whether what was left is to be deleted."""
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setWindowTitle("Melic")
        box.setText(tr("Delete what was open of “{title}”?", title=offer.title))
        box.setInformativeText(tr("It was never saved; this cannot be taken back."))
        discard = box.addButton(tr("Delete"), QMessageBox.ButtonRole.DestructiveRole)
        stay = box.addButton(tr("Keep it"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(stay)
        box.exec()
        return box.clickedButton() is discard

    def really_remove(self, title: str) -> bool:
        """Whether a model that was added is to be deleted from this computer."""
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle("Melic")
        box.setText(tr("Remove the model “{title}”?", title=title))
        box.setInformativeText(
            tr("Its weights are deleted from this computer; this cannot be taken back.")
        )
        remove = box.addButton(tr("Remove"), QMessageBox.ButtonRole.DestructiveRole)
        keep = box.addButton(tr("Keep it"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(keep)
        box.setEscapeButton(keep)
        box.exec()
        return box.clickedButton() is remove
