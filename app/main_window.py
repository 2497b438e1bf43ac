"""The window: where the parts sit, what is dropped on it, and what its commands reach."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
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
    QFileDialog,
    QHBoxLayout,
    QMainWindow,
    QMessageBox,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app import settings as remembered
from app import theme
from app.batching import Batching
from app.blind import Blind
from app.closer import Closer
from app.commands import COMMANDS, SCOPES, Actions
from app.dragging import TakeOut
from app.helping import Helping
from app.jobs import JobCenter
from app.microphone import Microphone
from app.modelling import MODEL_FILES, Modelling
from app.notation import Notation
from app.notices import Notices
from app.practice import Practice
from app.projects import Projects
from app.recording import Recording
from app.scores import NOTE_FILES, Scores
from app.selecting import Selection
from app.session import Session
from app.settings import Settings
from app.shortcuts import Shortcuts
from app.singing import Singing
from app.studio import Studio
from app.transcribing import Transcribing
from app.tuning import Tuning
from app.turns import Turns
from app.views.batch import BatchDialog
from app.views.blind import BlindDialog
from app.views.budget import BudgetPanel
from app.views.controls import Hairline
from app.views.display import Display
from app.views.empty import DropVeil, EmptyView
from app.views.export_dialog import ExportDialog
from app.views.forms import present
from app.views.inspector import Inspector
from app.views.jobs import JobsView
from app.views.listening import ListeningPanel
from app.views.melody_panel import MelodyStrip
from app.views.menus import fill
from app.views.model_menu import ModelMenu, SeparatorMenu
from app.views.models import ModelsDialog
from app.views.notes_dialog import NotesDialog
from app.views.offers import OfferStrip
from app.views.practice import PracticeBadge, PracticeStrip
from app.views.recent import RecentList, RecentMenu
from app.views.selection import SelectionPanel
from app.views.speak import SpeakDialog
from app.views.time_axis import TimeAxis
from app.views.timeline import Timeline
from app.views.transport import TransportBar
from app.views.voice_panel import VoicePanel
from app.warming import warmed_up
from app.words import tr
from engine.jobs import Job
from engine.workspace import Workspace

ROOMY = 1160  # px; narrower than this the inspector folds away
SMALLEST = (1024, 640)
SOUND_FILES = (
    "(*.wav *.flac *.aif *.aiff *.ogg *.oga *.opus *.mp3 *.m4a *.aac *.mp4 *.m4v *.mkv"
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
        workspace: Workspace,
        microphone: Microphone | None = None,
    ) -> None:
        super().__init__()
        self.session, self.studio, self.jobs = session, studio, jobs
        self.axis, self.settings = axis, settings
        self.display = Display(self)
        self.selection = Selection(self)
        self.closer = Closer(self.selection, studio, self.display)
        self.notation = Notation(session, studio.player, settings)
        self._store, self._demo = store, demo
        self._painted = False
        self._export: ExportDialog | None = None
        self._batch: BatchDialog | None = None
        self._models: ModelsDialog | None = None
        self._blind: BlindDialog | None = None
        self._restore_display()
        self.setAcceptDrops(True)
        self.setMinimumSize(*SMALLEST)
        self.setWindowIcon(QIcon(str(theme.RESOURCES / "icons" / "melic.svg")))
        self._inspector_wanted = settings.inspector

        self._turns = Turns(self)
        # Actions ask the parts how things are, so the parts come first where they need no action.
        self.takeout = TakeOut(session, studio, jobs, axis, self.selection)
        self.recording = Recording(session, studio, jobs, settings, microphone)
        self.projects = Projects(self, workspace, store)
        self.practice = Practice(studio, self.selection, settings)
        self.transcribing = Transcribing(studio, settings)
        self.modelling = Modelling(studio, settings, self.transcribing)
        self.blind = Blind(studio, self.modelling)
        self.singing = Singing(studio, self.notation, settings, self.transcribing)
        self.tuning = Tuning(studio, settings)
        self.scores = Scores(studio, settings)
        self.batching = Batching(jobs, settings, studio.cancel, parent=self)
        self.notices = Notices(self, jobs, settings)
        self.jobs_view = JobsView(jobs, studio)
        keys = Shortcuts({c.id: c.keys for c in COMMANDS}, settings.shortcuts, SCOPES)
        self.actions_ = Actions(self, keys)
        self.timeline = Timeline(
            session,
            studio,
            jobs,
            axis,
            self.display,
            self.actions_,
            self.selection,
            self.takeout,
            self.transcribing,
            self.notation,
            self._turns,
        )
        self.transport = TransportBar(self.actions_, studio, axis, settings)
        self.strip = PracticeStrip(self.practice, session, self.actions_)
        self.melody_strip = MelodyStrip(self.tuning, self.transcribing, session, self.actions_)
        self.badge = PracticeBadge(self.practice, session, self.actions_)
        self.transport.add_badge(self.badge)
        self.inspector = Inspector(session, studio, axis, self.actions_)
        panel = SelectionPanel(self.selection, self.closer, session, self.actions_)
        self.inspector.add_panel(panel)
        self.inspector.add_panel(BudgetPanel(self.modelling, studio, session, self.actions_))
        self.inspector.add_panel(VoicePanel(self.singing, session, self.actions_))
        self.listening = ListeningPanel(self.recording, self.display, self.actions_)
        self.pages = QStackedWidget()
        self.pages.addWidget(EmptyView(self.actions_, demo is not None, RecentList(self.projects)))
        self.actions_["recent"].setMenu(RecentMenu(self.projects, self))
        self.actions_["transcribe_with"].setMenu(ModelMenu(self.transcribing, session, self))
        separators = SeparatorMenu(self.modelling, studio, self)
        self.actions_["separate_with"].setMenu(separators)
        self.pages.addWidget(self.timeline)
        self._build()
        self.helping = Helping(self, lambda: remembered.save(settings, store))
        self.badge.told.connect(self.helping.voice.say)
        self.notation.told.connect(self.helping.voice.say)
        self.modelling.told.connect(self.helping.voice.say)
        self._veil = DropVeil(self)

        session.lanes_changed.connect(self._lanes_changed)
        session.selection_changed.connect(self._name_window)
        self.projects.changed.connect(self._name_window)
        self.projects.recovery.changed.connect(self._soon)
        session.selection_changed.connect(self._soon)
        session.undo_stack.indexChanged.connect(self._soon)
        studio.transport.playing_changed.connect(self._soon)
        studio.trouble.connect(self._tell)
        axis.loop_changed.connect(self._soon)
        self.selection.changed.connect(self._soon)
        self.selection.tool_changed.connect(self._soon)
        self.notation.changed.connect(self._soon)
        jobs.changed.connect(self._soon)
        self.recording.changed.connect(self._soon)
        self.practice.changed.connect(self._soon)
        self.tuning.shown_changed.connect(self._soon)
        self.transcribing.changed.connect(self._soon)
        self.singing.rendering.changed.connect(self._soon)
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.timeout.connect(self.actions_.refresh)
        self.painted.connect(lambda _at: self._turns.add(warmed_up(self)))
        self._lanes_changed()
        self.actions_.refresh()
        self.resize(1280, 800)
        if settings.geometry:
            self.restoreGeometry(settings.geometry_bytes)
        if settings.jobs_open:
            self.jobs_view.toggle()
        self.timeline.set_heights(settings.lane_heights)

    def _build(self) -> None:
        fill(self.menuBar(), self.actions_)
        self._side = QWidget()
        side = QHBoxLayout(self._side)
        side.setContentsMargins(0, 0, 0, 0)
        side.setSpacing(0)
        side.addWidget(Hairline(vertical=True))
        side.addWidget(self.inspector)
        self._side.hide()
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.pages, 1)
        middle.addWidget(self._side)
        centre = QWidget()
        centre.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.transport)
        column.addWidget(self.strip)
        column.addWidget(self.melody_strip)
        column.addWidget(Hairline())
        column.addWidget(OfferStrip(self.projects.recovery))
        column.addLayout(middle, 1)
        column.addWidget(Hairline())
        column.addWidget(self.listening)
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
            self.projects.open_any(paths)

    def open_demo(self) -> None:
        """Open the song that comes with the program."""
        if self._demo is not None:
            self.studio.import_files([self._demo])

    def ask_open(self) -> None:
        """Let a person choose files."""
        start = self.settings.open_folder or str(Path.home())
        names, _ = QFileDialog.getOpenFileNames(
            self,
            tr("Open songs"),
            start,
            f"{tr('Sound and notes')} {SOUND_FILES[:-1]} {NOTE_FILES[1:]};;"
            f"{tr('Sound')} {SOUND_FILES};;{tr('Notes')} {NOTE_FILES};;"
            f"{tr('Models')} {MODEL_FILES};;{tr('All files')} (*)",
        )
        self.open_paths([Path(name) for name in names])

    def ask_open_folder(self) -> None:
        """Let a person choose a folder of songs."""
        start = self.settings.open_folder or str(Path.home())
        name = QFileDialog.getExistingDirectory(self, tr("Open every song in a folder"), start)
        if name:
            self.open_paths([Path(name)])

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.source() is not None:
            return  # a lane of ours on its way out
        urls = [url for url in event.mimeData().urls() if url.isLocalFile()]
        if not urls:
            return
        event.acceptProposedAction()
        first = Path(urls[0].toLocalFile()).name
        self._veil.show_over(
            tr("Drop to open {name}", name=first)
            if len(urls) == 1
            else tr("Drop to open {count} files and folders", count=len(urls))
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
        if not self.studio.transport.playing:
            self.studio.transport.play_pause()

    def escape(self) -> None:
        """End the loop and fold the list of jobs away."""
        if self.notation.drop():  # what is being dragged
            return
        if self.jobs_view.is_open:
            self.jobs_view.toggle()
        elif self.isFullScreen():
            self.toggle_full_screen()
        elif self.notation.chosen:
            self.notation.clear()
        elif self.selection.region is not None:
            self.selection.clear()
        elif self.practice.comparison is not None:
            self.practice.end_comparison()
        else:
            self.axis.set_loop(None)

    def ask_export(self) -> None:
        """Offer the stems of the selected song."""
        if self._export is None:
            self._export = ExportDialog(self.session, self.studio, self.settings, self)
        self._export.offer()

    def ask_export_notes(self) -> None:
        """Offer the notes of the melody at hand."""
        NotesDialog(self).offer()

    def ask_speak(self) -> None:
        """Let a text be typed for a lane that is spoken."""
        SpeakDialog(self).show()

    def edit_spoken(self) -> None:
        """Let what the selected lane says be changed."""
        if (track := self.singing.track) is not None:
            SpeakDialog(self, track).show()

    def show_models(self) -> None:
        """Every model there is, and what can be done with it."""
        if self._models is None:
            self._models = ModelsDialog(self)
        self._models.offer()

    def show_blind(self) -> None:
        """Two lanes, without knowing which one sounds."""
        if self._blind is None:
            self._blind = BlindDialog(self)
        self._blind.offer()

    def show_batch(self) -> None:
        """A folder of songs through a chain."""
        if self._batch is None and self.batching.ready:
            self._batch = BatchDialog(self.batching, self.settings, self)
        if self._batch is not None:
            present(self._batch)

    # Keeping in step

    def _soon(self, *_: object) -> None:
        """Refresh the actions once things have calmed down."""
        if not self._late.isActive():
            self._late.start(0)

    def _lanes_changed(self) -> None:
        if self.pages.currentIndex() != bool(self.session.lanes):
            self._turns.add(self._page_turned())
        self._name_window()
        self._soon()

    def _page_turned(self) -> Iterator[None]:
        """Show the lanes while there are any, a part of the window at each step."""
        self.pages.setCurrentIndex(1 if self.session.lanes else 0)
        yield
        self._side.setVisible(self._inspector_fits() and bool(self.session.lanes))

    def _name_window(self, *_: object) -> None:
        name = self.projects.title
        self.setWindowTitle(f"{name}[*] – Melic" if name else "Melic[*]")
        self.setWindowModified(self.projects.modified)

    def _inspector_fits(self) -> bool:
        return self._inspector_wanted and self.width() >= ROOMY

    def _tell(self, trouble: object) -> None:
        self.pages.setCurrentIndex(1)
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
            QTimer.singleShot(0, self, lambda: self.painted.emit(time.perf_counter()))

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.recording.finish(self.close):
            event.ignore()  # it closes once the recording is kept
            return
        if not self.projects.may_close():
            event.ignore()
            return
        lost = [job for job in self.jobs.unfinished if self._would_be_lost(job)]
        if lost and not self._sure(lost[0].title, len(lost)):
            event.ignore()
            return
        self.studio.player.pause()
        kept, display = self.settings, self.display
        kept.geometry = bytes(self.saveGeometry().toBase64().data()).decode()
        kept.scale, kept.n_fft, kept.colour_map = display.scale, display.n_fft, display.colour_map
        kept.floor_db, kept.top_db = display.floor_db, display.top_db
        kept.jobs_open = self.jobs_view.is_open
        kept.lane_heights = self.timeline.heights()
        kept.first_start = False
        remembered.reread(kept, self._store, "recent_projects")  # another window may have added
        remembered.save(kept, self._store)
        for job in self.jobs.unfinished:
            self.studio.cancel(job)
        self.singing.rendering.close()
        super().closeEvent(event)

    def _would_be_lost(self, job: Job) -> bool:
        return job.lane == "heavy" or self.jobs.status(job).folder is not None

    def _sure(self, title: str, count: int) -> bool:
        box = QMessageBox(self)
        box.setWindowTitle("Melic")
        if count > 1:
            more = tr("“{title}” and {count} more are not done yet.", title=title, count=count - 1)
            box.setText(more)
        else:
            box.setText(tr("“{title}” is not done yet.", title=title))
        box.setInformativeText(tr("Closing ends it; nothing half-written is left behind."))
        stay = box.addButton(tr("Keep working"), QMessageBox.ButtonRole.RejectRole)
        leave = box.addButton(tr("Close anyway"), QMessageBox.ButtonRole.DestructiveRole)
        box.setDefaultButton(stay)
        box.exec()
        return box.clickedButton() is leave
