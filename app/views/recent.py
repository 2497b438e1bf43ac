"""Recent projects: as a menu, and as buttons while nothing is open."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from app.projects import Projects
from app.views.controls import TextButton
from app.words import tr

SHOWN = 4  # on the empty page
WIDEST = 160  # px of a name there


class RecentMenu(QMenu):
    """The list in the File menu."""

    def __init__(self, projects: Projects, parent: QWidget) -> None:
        super().__init__(tr("Open recent"), parent)
        self.setToolTipsVisible(True)
        self._projects = projects
        self.aboutToShow.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """List the projects as they are now."""
        self.clear()
        for number, folder in enumerate(self._projects.recent, 1):
            mark = f"&{number}  " if number < 10 else ""
            action = self.addAction(mark + folder.stem.replace("&", "&&"))
            action.setToolTip(str(folder))
            action.triggered.connect(lambda _=False, f=folder: self._projects.open_recent(f))
        if not self.actions():
            self.addAction(tr("No project was saved yet")).setEnabled(False)

    def drop(self) -> None:
        """Open in the middle of the window, for keys."""
        window = self.parentWidget()
        self.refresh()
        middle = window.rect().center() - QPoint(self.sizeHint().width() // 2, 0)
        self.popup(window.mapToGlobal(middle))
        if self.actions():
            self.setActiveAction(self.actions()[0])


class RecentList(QWidget):
    """The last few projects, one button each."""

    def __init__(self, projects: Projects) -> None:
        super().__init__()
        self._projects = projects
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 16, 0, 0)
        self._row.setSpacing(8)
        projects.recent_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """List the projects as they are now."""
        while (item := self._row.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._row.addStretch(1)
        for folder in self._projects.recent[:SHOWN]:
            shown = self.fontMetrics().elidedText(folder.stem, Qt.TextElideMode.ElideRight, WIDEST)
            button = TextButton(shown.replace("&", "&&"), "folder", "quiet")
            name = tr("Open the project {name}", name=folder.stem)
            button.setToolTip(f"{name}\n{folder}")
            button.setAccessibleName(name)
            button.clicked.connect(lambda _=False, f=folder: self._projects.open_recent(f))
            self._row.addWidget(button)
        self._row.addStretch(1)
        self.setVisible(bool(self._projects.recent))
