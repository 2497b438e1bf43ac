"""The project of a window: saved and opened, kept safe while it is not, offered back after a crash.

Every window is a process of its own with a workspace of its own (`engine/workspace.py`), so one
that dies takes no other with it.
"""

from __future__ import annotations

import sys
import weakref
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs
from PySide6.QtCore import QObject, QProcess, QSettings, QTimer, Signal

from app import asking
from app import settings as remembered
from app.modelling import is_model
from app.recovery import Recovery
from app.scores import is_score
from app.studio import Trouble, trouble_of
from app.words import said, tr
from engine import store, tasks
from engine.document import Document, View
from engine.events import Ended, Event, Filled, State, Work
from engine.jobs import Job
from engine.locks import Lock
from engine.project import Project
from engine.types import AudioClip, Track
from engine.workspace import Workspace

if TYPE_CHECKING:
    from app.main_window import MainWindow

MINUTE_MS = 60_000
MOST_RECENT = 10
MAIN = Path(__file__).resolve().parent.parent / "main.py"


@dataclass(slots=True)
class _Home:
    """Where the document is saved; `closed` says why not there, as in `store.Loaded`."""

    folder: Path | None = None
    names: dict[AudioClip, str] | None = None
    lock: Lock | None = None
    closed: str = ""


class Projects(QObject):
    """Belongs to one window. What asks a person is `questions`, to be replaced where nobody is."""

    changed = Signal()  # another name, or another answer to `modified`
    recent_changed = Signal()

    def __init__(self, window: MainWindow, workspace: Workspace, kept: QSettings) -> None:
        super().__init__(window)
        self.questions: asking.Questions = asking.Questions(window)
        self.workspace = workspace
        self.recovery = Recovery(self, window.jobs)
        self._window, self._kept = window, kept
        self._session, self._jobs, self._axis = window.session, window.jobs, window.axis
        self._home = _Home()
        self._saved: Project | None = Project()  # as it is in the folder
        self._job: Job | None = None  # that saves or opens now
        self._again: Callable[[], object] | None = None  # to be done once that has ended
        self._in_place: weakref.WeakSet[AudioClip] = weakref.WeakSet()
        self._exported: weakref.WeakSet[AudioClip] = weakref.WeakSet()
        self._told_trouble = False
        self._clock = QTimer(self)
        self._clock.setInterval(MINUTE_MS)
        self._clock.timeout.connect(self._note)
        self._clock.start()
        self._session.project_changed.connect(self._note)
        self._session.project_changed.connect(self.changed)
        window.studio.exported.connect(self._note_exported)
        window.recording.lane_changed.connect(self._note)

    # How things are

    @property
    def folder(self) -> Path | None:
        """The folder of the project; None while it was never saved."""
        return self._home.folder

    @property
    def read_only(self) -> bool:
        """Whether it can only be saved under another name."""
        return self._home.closed != ""

    @property
    def modified(self) -> bool:
        """Whether the document differs from what is saved."""
        return self._session.project != self._saved

    @property
    def busy(self) -> bool:
        """Whether the project is being saved or opened."""
        return self._job is not None

    @property
    def free(self) -> bool:
        """Whether another project may be opened in this window: there is nothing in it."""
        nothing = not self._session.lanes and self.folder is None
        return nothing and not self.busy and not self._jobs.unfinished

    @property
    def at_risk(self) -> list[str]:
        """Names of the lanes that opening files again would not bring back as they are."""
        if self.folder is not None:
            return [t.name for t in self._session.project.tracks] if self.modified else []
        return [t.name for t in self._session.project.tracks if not self._remade(t)]

    def _remade(self, track: Track) -> bool:
        """Whether a lane can be had again; mute and solo are listening, no work."""
        if track.clip in self._exported:
            return True
        origin = track.clip.origin
        if track.role != "mix" or origin.task != "import" or origin.path is None:
            return False
        set_by_hand = (track.gain_db, track.pan, track.silences) != (0.0, 0.0, ())
        return track.name == origin.path.stem and not set_by_hand

    def document(self) -> Document:
        """The document as it is now, with where a person is in it."""
        axis = self._axis
        everything = axis.start <= 0 and axis.stop >= axis.extent
        view = View(
            axis.playhead,
            0.0 if everything else axis.start,
            0.0 if everything else axis.stop,
            axis.loop,
            self._session.selected,
        )
        return Document(self._session.project, view, self.folder, self.modified)

    # Saving

    def save(self, then: Callable[[], object] | None = None) -> None:
        """Save where the project is, or ask where; `then` is called once that went well."""
        if self.folder is None or self.read_only:
            self.save_as(then)
        else:
            self._save_to(self.folder, then)

    def save_as(self, then: Callable[[], object] | None = None) -> None:
        """Ask for a folder and save there from now on."""
        folder = self.questions.where_to_save(self._suggestion())
        if folder is not None:
            self._save_to(folder, then)

    def _suggestion(self) -> Path:
        if self.folder is not None:
            return self.folder
        tracks = self._session.project.tracks
        song = next((t.clip.origin.path for t in tracks if t.clip.origin.path is not None), None)
        name = (tracks[0].name if tracks else tr("Untitled")).replace("/", "_")
        home = self._window.settings.project_folder
        place = Path(home) if home else (song.parent if song is not None else Path.home())
        return place / f"{name}{store.SUFFIX}"

    def _save_to(self, folder: Path, then: Callable[[], object] | None = None) -> None:
        if self.busy:
            self._again = lambda: self._save_to(folder, then)
            return
        document, here = self.document(), folder == self.folder
        names = dict(self._home.names or {}) if here else {}
        lock, keep = (self._home.lock if here else None), tuple(self._in_place)

        def on_event(event: Event) -> None:
            match event:
                case Ended(State.DONE, result=saved):
                    self._job = None
                    self._settle(saved, document.project)
                    if then is not None and not self.modified:
                        then()
                    self._go_on()
                case Ended(state, error=error):
                    self._job = self._again = None
                    if state is State.FAILED:
                        self._window.studio.trouble.emit(trouble_of(error))
                    self.changed.emit()

        self._job = self._jobs.submit(
            tr("Save {name}", name=folder.stem),
            lambda: tasks.save_project(document, folder, names, lock, keep),
            "light",
            on_event,
            folder=folder.parent,
            retry=lambda: self._save_to(folder, then),
        )

    def _settle(self, saved: store.Saved, project: Project) -> None:
        old = self._home.lock
        if old is not None and old is not saved.lock:
            old.release()
        self._home = _Home(saved.folder, dict(saved.names), saved.lock)
        self._saved = project
        self._window.settings.project_folder = str(saved.folder.parent)
        self._tend()
        self.remember(saved.folder)
        self._note()
        self.changed.emit()

    def _go_on(self) -> None:
        again, self._again = self._again, None
        if again is not None:
            again()

    # Opening

    def begin(self, paths: Sequence[Path], recover: Path | None, offer: bool) -> None:
        """Open what the program was started with, and offer what is left of killed ones."""
        inside = self.workspace.folder.parent

        def look() -> None:
            if offer:
                self.recovery.look(platformdirs.user_cache_path("Melic"))

        if recover is not None and recover.absolute().parent == inside.absolute():
            self.recovery.bring_back(recover, then=look)
            return
        if paths:
            self.open_any(paths)
        look()

    def open_any(self, paths: Sequence[Path]) -> None:
        """Open songs, notes and models here, and projects here or in windows of their own."""
        projects = [path for path in paths if store.is_project(path)]
        models = [path for path in paths if path not in projects and is_model(path)]
        notes = [path for path in paths if path not in (*projects, *models) and is_score(path)]
        songs = [path for path in paths if path not in (*projects, *models, *notes)]
        here = self.free and not songs and not notes
        if models:
            self._window.modelling.import_files(models)
        if notes:
            self._window.scores.import_files(notes)
        if songs:
            self._window.studio.import_files(songs)
        for number, path in enumerate(projects):
            if here and number == 0:
                self.open(path)
            else:
                self.new_window([str(path)])

    def ask_open(self) -> None:
        """Let a person choose a project."""
        path = self.questions.which_project(self._window.settings.project_folder)
        if path is not None:
            self.open_any([path if store.is_project(path) else path / store.TEXT])

    def open(self, path: Path) -> None:
        """Open a project in this window, which is free."""
        folder = store.folder_of(path)
        scratch = self.workspace.scratch
        title = tr("Open {name}", name=folder.stem)
        self.take_over(title, lambda: tasks.open_project(path, scratch), saved=True)

    def take_over(
        self,
        title: str,
        work: Callable[[], Work],
        then: Callable[[bool], object] = lambda _opened: None,
        saved: bool = False,
    ) -> None:
        """Show the `store.Loaded` that work gives; `saved` means it is what its folder holds.

        `then` is told whether that went well.
        """

        def on_event(event: Event) -> None:
            match event:
                case Ended(state, result=loaded, error=error):
                    self._job = None
                    if state is State.DONE:
                        self._take(loaded, loaded.document.project if saved else None)
                    elif state is State.FAILED:
                        self._window.studio.trouble.emit(trouble_of(error))
                    then(state is State.DONE)
                    self._go_on()

        self._job = self._jobs.submit(title, work, "light", on_event)

    def _take(self, loaded: store.Loaded, saved: Project | None) -> None:
        """Show what was opened; `saved` is what its folder holds."""
        names = dict(loaded.names)
        self._home = _Home(loaded.folder, names, loaded.lock, loaded.closed)
        self._saved = saved
        self._in_place.update(names)
        self._tend()
        self._session.restore(loaded.document.project)
        self._look_at(loaded.document.view)
        if loaded.folder is not None:
            self.remember(loaded.folder)
        self._draw()
        self._say(loaded)
        self.changed.emit()

    def _look_at(self, view: View) -> None:
        if view.stop > view.start:
            self._axis.set_range(view.start, view.stop)
        else:
            self._axis.fit()
        self._axis.set_loop(*(view.loop or (None,)))
        self._axis.seek(view.playhead)
        if view.stop > view.start:  # the playhead need not be in view
            self._axis.set_range(view.start, view.stop)
        tracks = self._session.project.tracks
        known = {track.id for track in tracks}
        self._session.select(view.selected if view.selected in known else 0)
        if not self._session.selected and tracks:
            self._session.select(tracks[0].id)

    def _draw(self) -> None:
        """Let the pictures of what was opened come, lane by lane."""
        lanes: dict[AudioClip, list[int]] = {}
        for track in self._session.project.tracks:
            lanes.setdefault(track.clip, []).append(track.id)
        clips = {str(ids[0]): clip for clip, ids in lanes.items()}

        def on_event(event: Event) -> None:
            match event:
                case Filled(name, start, stop):
                    for id in lanes[clips[name]]:
                        self._session.filled.emit(id, start, stop)
                case Ended(State.FAILED, error=error):
                    self._window.studio.trouble.emit(trouble_of(error))

        if clips:
            self._jobs.submit("Draw", lambda: tasks.draw(clips), "light", on_event, listed=False)

    def _say(self, loaded: store.Loaded) -> None:
        """Tell why it may not be saved, and what is not as it was."""
        name = loaded.folder.stem if loaded.folder is not None else ""
        owner = loaded.owner
        words = {
            "newer": tr(
                "“{name}” was made by a newer Melic; what this one knows is shown.", name=name
            ),
            "held": tr(
                "“{name}” is open in another window ({host}, process {pid}).",
                name=name,
                host=owner.host if owner else "?",
                pid=owner.pid if owner else 0,
            ),
            "read-only": tr("“{name}” lies where nothing can be written.", name=name),
        }
        if loaded.closed:
            hint = tr("It is open for reading; save it under another name to keep changes.")
            self._window.studio.trouble.emit(Trouble(words[loaded.closed], hint, ""))
        if loaded.document.notes:
            what = tr("Not everything could be opened.")
            notes = [said(note) for note in loaded.document.notes]
            self._window.studio.trouble.emit(Trouble(what, " ".join(notes), "\n".join(notes)))

    # Windows

    def new_window(self, arguments: Sequence[str] = ()) -> None:
        """Start another window, a program of its own."""
        self._window.settings.first_start = False
        remembered.save(self._window.settings, self._kept)
        QProcess.startDetached(sys.executable, [str(MAIN), *(arguments or ["--empty"])])

    def may_close(self) -> bool:
        """Ask what to do about work that would be lost; False when the window has to stay."""
        if self.busy:
            self._again = self._window.close
            return False
        lost = self.at_risk
        if not lost:
            return True
        answer = self.questions.before_closing(self.title, lost)
        if answer == "save":
            self.save(then=self._window.close)
        return answer == "discard"

    def close(self) -> None:
        """Let go of the project and of what was offered, and delete the workspace.

        May be called twice.
        """
        if not self._clock.isActive():
            return
        self._clock.stop()
        self._session.project_changed.disconnect(self._note)
        self.recovery.postpone()
        if self._home.lock is not None:
            self._home.lock.release()
        self.workspace.close()

    @property
    def title(self) -> str:
        """The project's name; until it has one, that of the song that is selected."""
        if self.folder is not None:
            return self.folder.stem
        lanes = self._session.lanes
        selected = self._session.lane(self._session.selected)
        song = self._session.lane(selected.track.group) if selected is not None else None
        songs = [lane.track.name for lane in lanes if lane.track.group == lane.track.id]
        return song.track.name if song is not None else next(iter(songs), "")

    # Recent projects

    @property
    def recent(self) -> list[Path]:
        """Projects opened or saved of late in any window, the last one first."""
        return [Path(line) for line in self._window.settings.recent_projects.split("\n") if line]

    def remember(self, folder: Path, forget: bool = False) -> None:
        """Put a project first in the list, or take it off."""
        remembered.reread(self._window.settings, self._kept, "recent_projects")
        rest = [path for path in self.recent if path != folder]
        paths = rest if forget else [folder.absolute(), *rest]
        self._window.settings.recent_projects = "\n".join(str(p) for p in paths[:MOST_RECENT])
        remembered.save(self._window.settings, self._kept)
        self.recent_changed.emit()

    def open_recent(self, folder: Path) -> None:
        """Open a project of the list; one that is gone is taken off."""
        if folder.is_dir():
            self.open_any([folder / store.TEXT])
            return
        self.remember(folder, forget=True)
        what = tr("“{name}” is not there any more.", name=folder.stem)
        where = tr("It was in {folder}.", folder=folder.parent)
        self._window.studio.trouble.emit(Trouble(what, where, ""))

    # Keeping safe

    def _note(self) -> None:
        document, take = self.document(), self._window.recording.track
        if take is not None:  # what is being recorded comes back too, as far as it got
            project = document.project.with_tracks([take])
            document = replace(document, project=project, modified=True)
        self.workspace.note(document)
        trouble = self.workspace.trouble
        if trouble is not None and not self._told_trouble:
            self._told_trouble = True
            what = tr("What is not saved cannot be kept safe: {why}.", why=trouble.strerror)
            hint = tr("Save the project on another disk, or free some space.")
            self._window.studio.trouble.emit(Trouble(what, hint, str(trouble)))

    def _tend(self) -> None:
        self.workspace.tend([self._home.lock] if self._home.lock is not None else [])

    def _note_exported(self, tracks: Sequence[Track]) -> None:
        self._exported.update(track.clip for track in tracks)
