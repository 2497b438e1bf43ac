"""The window: where the parts sit, what is dropped on it, and what its commands reach."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSettings, Qt, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QIcon,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QMainWindow,
    QMessageBox,
    QStackedWidget,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app import settings as remembered
from app import theme
from app.commands import COMMANDS, MENUS, Actions, shown_key
from app.jobs import JobCenter
from app.session import Session
from app.settings import Settings
from app.studio import Studio
from app.views.controls import Hairline
from app.views.display import Display
from app.views.empty import DropVeil, EmptyView
from app.views.export_dialog import ExportDialog
from app.views.inspector import Inspector
from app.views.jobs import JobsView
from app.views.time_axis import TimeAxis
from app.views.timeline import Timeline
from app.views.transport import TransportBar

ROOMY = 1160  # px; narrower than this the inspector folds away
SMALLEST = (1024, 640)
SOUND_FILES = (
    "Sound (*.wav *.flac *.aif *.aiff *.ogg *.oga *.opus *.mp3 *.m4a *.aac *.mp4 *.m4v *.mkv"
    " *.webm *.mov)"
)


class MainWindow(QMainWindow):
    """Holds the parts together; verbs live in `Studio`."""

    painted = Signal(float)  # `time.perf_counter()` after the first paint

    def __init__(
        self,
        session: Session,
        studio: Studio,
        jobs: JobCenter,
        axis: TimeAxis,
        settings: Settings,
        store: QSettings,
        demo: Path | None,
    ) -> None:
        super().__init__()
        self.session, self.studio, self.jobs = session, studio, jobs
        self.axis, self.settings = axis, settings
        self.display = Display(self)
        self._store, self._demo = store, demo
        self._painted = False
        self._export: ExportDialog | None = None
        self._restore_display()
        self.setAcceptDrops(True)
        self.setMinimumSize(*SMALLEST)
        self.setWindowIcon(QIcon(str(theme.RESOURCES / "icons" / "melic.svg")))
        self._inspector_wanted = settings.inspector

        # Actions ask the parts how things are, so the parts come first where they need no action.
        self.jobs_view = JobsView(jobs, studio)
        self.actions_ = Actions(self)
        self.timeline = Timeline(session, studio, jobs, axis, self.display, self.actions_)
        self.transport = TransportBar(self.actions_, studio, axis, settings)
        self.inspector = Inspector(session, studio, axis, self.actions_)
        self._pages = QStackedWidget()
        self._pages.addWidget(EmptyView(self.actions_, demo is not None))
        self._pages.addWidget(self.timeline)
        self._build()
        self._veil = DropVeil(self)

        session.lanes_changed.connect(self._lanes_changed)
        session.selection_changed.connect(self._name_window)
        session.selection_changed.connect(self._soon)
        session.undo_stack.indexChanged.connect(self._soon)
        studio.playing_changed.connect(self._soon)
        studio.trouble.connect(self._tell)
        axis.loop_changed.connect(self._soon)
        jobs.changed.connect(self._soon)
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.timeout.connect(self.actions_.refresh)
        self._lanes_changed()
        self.actions_.refresh()
        self.resize(1280, 800)
        if settings.geometry:
            self.restoreGeometry(settings.geometry_bytes)

    def _build(self) -> None:
        for name in MENUS:
            menu = self.menuBar().addMenu(name)
            for command in COMMANDS:
                if command.menu.removeprefix("---") != name:
                    continue
                if command.menu.startswith("---"):
                    menu.addSeparator()
                menu.addAction(self.actions_[command.id])
            menu.aboutToShow.connect(self.actions_.refresh)
        self._side = QWidget()
        side = QHBoxLayout(self._side)
        side.setContentsMargins(0, 0, 0, 0)
        side.setSpacing(0)
        side.addWidget(Hairline(vertical=True))
        side.addWidget(self.inspector)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self._pages, 1)
        middle.addWidget(self._side)
        centre = QWidget()
        centre.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.transport)
        column.addWidget(Hairline())
        column.addLayout(middle, 1)
        column.addWidget(Hairline())
        column.addWidget(self.jobs_view)
        self.setCentralWidget(centre)
        centre.setFocus()

    def _restore_display(self) -> None:
        kept = self.settings
        self.display.set_analysis(kept.scale, kept.n_fft)
        self.display.set_colour_map(kept.colour_map)
        self.display.set_levels(kept.floor_db, kept.top_db)

    # Opening

    def open_paths(self, paths: Sequence[Path]) -> None:
        """Open files and folders, all at once."""
        if paths:
            self.settings.open_folder = str(paths[0].parent)
            self.studio.import_files(paths)

    def open_demo(self) -> None:
        """Open the song that comes with the program."""
        if self._demo is not None:
            self.studio.import_files([self._demo])

    def ask_open(self) -> None:
        """Let a person choose files."""
        start = self.settings.open_folder or str(Path.home())
        names, _ = QFileDialog.getOpenFileNames(
            self, "Open songs", start, f"{SOUND_FILES};;All files (*)"
        )
        self.open_paths([Path(name) for name in names])

    def ask_open_folder(self) -> None:
        """Let a person choose a folder of songs."""
        start = self.settings.open_folder or str(Path.home())
        name = QFileDialog.getExistingDirectory(self, "Open every song in a folder", start)
        if name:
            self.open_paths([Path(name)])

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        urls = [url for url in event.mimeData().urls() if url.isLocalFile()]
        if not urls:
            return
        event.acceptProposedAction()
        first = Path(urls[0].toLocalFile()).name
        self._veil.show_over(
            f"Drop to open {first}"
            if len(urls) == 1
            else (f"Drop to open {len(urls)} files and folders")
        )

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._veil.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        self._veil.hide()
        urls = event.mimeData().urls()
        paths = [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.open_paths(paths)

    # What commands reach

    @property
    def inspector_wanted(self) -> bool:
        """Whether the inspector is shown where there is room."""
        return self._side.isVisibleTo(self)

    def toggle_inspector(self) -> None:
        """Show or hide the inspector, whatever the room."""
        self._inspector_wanted = not self.inspector_wanted
        self.settings.inspector = self._inspector_wanted
        self._side.setVisible(self._inspector_wanted)

    def toggle_full_screen(self) -> None:
        """Use the whole screen, or not."""
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def set_theme(self, mode: str) -> None:
        """Change to "system", "dark" or "light" colours at once."""
        self.settings.theme = mode
        app = QApplication.instance()
        if isinstance(app, QApplication):
            theme.apply(app, mode)

    def move_selection(self, by: int) -> None:
        """Select the lane above or below."""
        ids = [lane.track.id for lane in self.session.lanes]
        here = ids.index(self.session.selected) if self.session.selected in ids else -by
        self.session.select(ids[min(max(here + by, 0), len(ids) - 1)])

    def zoom(self, factor: float) -> None:
        """Zoom in time around the playhead if it is in view, else around the middle."""
        axis = self.axis
        inside = axis.start <= axis.playhead <= axis.stop
        axis.zoom_at(axis.playhead if inside else (axis.start + axis.stop) / 2, factor)

    def scroll(self, share: float) -> None:
        """Scroll by a part of what is in view."""
        self.axis.scroll_by(share * self.axis.span)

    def zoom_pitch(self, factor: float) -> None:
        """Zoom in pitch around the middle of what is in view."""
        self.display.zoom_frequency((self.display.low + self.display.high) / 2, factor)

    def scroll_pitch(self, share: float) -> None:
        """Scroll in pitch by a part of what is in view."""
        self.display.scroll_frequency(share * (self.display.high - self.display.low))

    def play_from_start(self) -> None:
        """Play from the very start."""
        self.axis.seek(0.0)
        if not self.studio.playing:
            self.studio.play_pause()

    def escape(self) -> None:
        """End the loop and fold the list of jobs away."""
        if self.jobs_view.is_open:
            self.jobs_view.toggle()
        elif self.isFullScreen():
            self.toggle_full_screen()
        else:
            self.axis.set_loop(None)

    def ask_export(self) -> None:
        """Offer the stems of the selected song."""
        if self._export is None:
            self._export = ExportDialog(self.session, self.studio, self.settings, self)
        self._export.offer()

    def show_keys(self) -> None:
        """Every shortcut, from the command table."""
        KeysDialog(self).show()

    # Keeping in step

    def _soon(self, *_: object) -> None:
        """Refresh the actions once things have calmed down."""
        if not self._late.isActive():
            self._late.start(0)

    def _lanes_changed(self) -> None:
        lanes = self.session.lanes
        self._pages.setCurrentIndex(1 if lanes else 0)
        self._side.setVisible(self._inspector_fits() and bool(lanes))
        self._name_window()
        self._soon()

    def _name_window(self, *_: object) -> None:
        lanes = self.session.lanes
        mixes = [lane.track.name for lane in lanes if lane.track.role == "mix"]
        selected = self.session.lane(self.session.selected)
        mix = self.session.lane(selected.track.group) if selected is not None else None
        name = mix.track.name if mix is not None else next(iter(mixes), "")
        self.setWindowTitle(f"{name} – Melic" if name else "Melic")

    def _inspector_fits(self) -> bool:
        return self._inspector_wanted and self.width() >= ROOMY

    def _tell(self, trouble: object) -> None:
        self._pages.setCurrentIndex(1)
        self.timeline.tell(trouble)

    def resizeEvent(self, event: QResizeEvent) -> None:
        before = event.oldSize().width()
        super().resizeEvent(event)
        self._veil.resize(self.size())
        if (before < ROOMY) != (self.width() < ROOMY):
            self._side.setVisible(self._inspector_fits() and bool(self.session.lanes))
            self._soon()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            QTimer.singleShot(0, lambda: self.painted.emit(time.perf_counter()))

    def closeEvent(self, event: QCloseEvent) -> None:
        lost = [job for job in self.jobs.unfinished if self._would_be_lost(job.title)]
        if lost and not self._sure(lost[0].title, len(lost)):
            event.ignore()
            return
        self.studio.player.pause()
        kept, display = self.settings, self.display
        kept.geometry = bytes(self.saveGeometry().toBase64().data()).decode()
        kept.scale, kept.n_fft, kept.colour_map = display.scale, display.n_fft, display.colour_map
        kept.floor_db, kept.top_db = display.floor_db, display.top_db
        kept.first_start = False
        remembered.save(kept, self._store)
        for job in self.jobs.unfinished:
            self.studio.cancel(job)
        super().closeEvent(event)

    def _would_be_lost(self, title: str) -> bool:
        return title.startswith(("Separate", "Export"))

    def _sure(self, title: str, count: int) -> bool:
        box = QMessageBox(self)
        box.setWindowTitle("Melic")
        more = f" and {count - 1} more" if count > 1 else ""
        box.setText(f"{title}{more} is not done yet.")
        box.setInformativeText("Closing ends it; nothing half-written is left behind.")
        stay = box.addButton("Keep working", QMessageBox.ButtonRole.RejectRole)
        leave = box.addButton("Close anyway", QMessageBox.ButtonRole.DestructiveRole)
        box.setDefaultButton(stay)
        box.exec()
        return box.clickedButton() is leave


class KeysDialog(QDialog):
    """The shortcut window, made from the command table."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keyboard shortcuts")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(520, 680)
        shown = [command for command in COMMANDS if command.keys]
        table = QTableWidget(len(shown) + len(MENUS), 2, self)
        table.setObjectName("keys")
        table.setAccessibleName("Keyboard shortcuts")
        table.horizontalHeader().hide()
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(26)
        table.setShowGrid(False)
        table.setSelectionMode(QTableWidget.SelectionMode.NoSelection)
        table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        table.setColumnWidth(1, 180)
        row = 0
        for menu in MENUS:
            title = QTableWidgetItem(menu.upper())
            table.setRowHeight(row, 36)
            title.setForeground(self.palette().placeholderText())
            table.setItem(row, 0, title)
            row += 1
            for command in shown:
                if command.menu.removeprefix("---") == menu:
                    keys = "   ".join(shown_key(key) for key in command.keys)
                    table.setItem(row, 0, QTableWidgetItem(command.text.rstrip("…")))
                    table.setItem(row, 1, QTableWidgetItem(keys))
                    row += 1
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.addWidget(table)
