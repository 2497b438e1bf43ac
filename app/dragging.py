"""Taking lanes out as files: dragged to another program, or copied for it to paste.

The file is made before the drag starts, in a kept folder of the user's, because the program it is
dropped on reads it when it likes: perhaps after this one has ended. It holds what the lane holds,
its silences included; gain, pan, mute and solo belong to listening and stay behind, so that stems
that are dragged one by one are still the song together.
"""

from __future__ import annotations

import os
import secrets
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from weakref import WeakKeyDictionary

import platformdirs
from PySide6.QtCore import QMimeData, QObject, QPoint, Qt, QUrl, Signal
from PySide6.QtGui import QDrag, QGuiApplication, QPixmap
from PySide6.QtWidgets import QWidget

from app.jobs import JobCenter
from app.selecting import Selection
from app.session import Session
from app.studio import Studio, trouble_of
from app.views.time_axis import TimeAxis
from app.words import tr
from engine import tasks
from engine.events import Ended, Event, Progress, State, Work
from engine.melody import Melody
from engine.types import AudioClip, Track

KEPT_DAYS = 7.0  # that a file lives after it was last taken
Span = tuple[float, float] | None  # seconds; None is the whole lane
# What a file holds: name, part, silences, notes.
Want = tuple[str, Span, tuple[tuple[float, float], ...], Melody | None]


def kept_folder() -> Path:
    """Where files that were taken out lie."""
    return Path(platformdirs.user_data_path("Melic", appauthor=False)) / "taken out"


def sweep(folder: Path, days: float = KEPT_DAYS) -> Work:
    """Delete what was last taken longer ago than `days`; returns how many files that were."""
    gone, oldest = 0, time.time() - days * 86_400
    for place in sorted(folder.glob("*")):
        yield Progress(float("nan"))
        with suppress(OSError):
            if place.is_dir() and place.stat().st_mtime < oldest:
                shutil.rmtree(place)
                gone += 1
    return gone


def file_name(track: Track, span: Span) -> str:
    """`Song_(Vocals).wav`, `Song.wav` for a song itself; a part says from when to when.

    A lane of notes without a recording is a MIDI file.
    """
    from engine.audio import stem_name

    if track.role == "notes":
        return stem_name("{song}", track.name, "", "mid")
    whole = track.group == track.id
    source = track.clip.origin.path
    song = source.stem if source is not None else track.name
    part = "" if span is None else f" {span[0]:.2f}-{span[1]:.2f} s"
    return stem_name("{song}{stem}", song, part if whole else f"_({track.name}{part})", "wav")


@dataclass(slots=True)
class _Made:
    """A file that is being made, or is there; `then` is called once it is."""

    path: Path | None
    then: list[Callable[[Path], object]]


class TakeOut(QObject):
    """Makes the files and hands them to the system's drag or clipboard."""

    changed = Signal(int)  # track id: its file is being made, is there, or was copied
    marked = Signal()  # another part may be marked now

    def __init__(
        self,
        session: Session,
        studio: Studio,
        jobs: JobCenter,
        axis: TimeAxis,
        selection: Selection,
        folder: Path | None = None,
    ) -> None:
        super().__init__()
        self._session, self._studio, self._jobs = session, studio, jobs
        self._axis, self._selection = axis, selection
        self._folder = folder or kept_folder()
        self._made: WeakKeyDictionary[AudioClip, dict[Want, _Made]] = WeakKeyDictionary()
        self._taken: set[Path] = set()
        self.said: dict[int, str] = {}  # track id: what to tell at its lane
        selection.changed.connect(self.marked)
        axis.loop_changed.connect(self.marked)
        jobs.submit("Sweep", lambda: sweep(self._folder), listed=False, background=True)

    # What can be taken

    def can_take(self, id: int = 0) -> bool:
        """Whether the lane is finished."""
        return self._track(id) is not None

    def span_of(self, id: int = 0) -> Span:
        """The part of a lane that is marked: what is selected on it, or the loop."""
        id = id or self._session.selected
        if self._selection.region is not None and self._selection.track == id:
            span = self._selection.span
        else:
            span = self._axis.loop
        track = self._track(id)
        if span is None or track is None or track.role == "notes":
            return None
        span = (max(span[0], 0.0), min(span[1], track.clip.seconds))
        return span if span[1] > span[0] else None

    # Making the file

    def prepare(self, id: int, span: Span = None) -> None:
        """Begin to make the file, if it is not there: a drag is likely."""
        track = self._track(id)
        if track is not None:
            self._make(track, span, None)

    def ready(self, id: int, span: Span = None) -> Path | None:
        """The finished file, if it is there and still holds what the lane holds."""
        track = self._track(id)
        made = self._known(track, span) if track is not None else None
        return made.path if made is not None else None

    def copy(self, id: int = 0, span: Span = None) -> None:
        """Put the file on the clipboard, to be pasted in a file manager or another program."""
        track = self._track(id)
        if track is None:
            return

        def put(path: Path) -> None:
            self._keep(path)
            QGuiApplication.clipboard().setMimeData(_mime(path))
            self._tell(track.id, tr("Copied as {name}", name=path.name))

        self._tell(track.id, tr("Making the file…"))
        self._make(track, span, put)

    def copy_span(self) -> None:
        """Put what is marked of the selected lane on the clipboard as a file."""
        span = self.span_of()
        if span is not None:
            self.copy(0, span)

    def when_ready(self, id: int, span: Span, then: Callable[[Path], object]) -> None:
        """Call back once the file is there; at once if it is."""
        track = self._track(id)
        if track is not None:
            if self.ready(id, span) is None:
                self._tell(id, tr("Making the file…"))
            self._make(track, span, then)

    def drag(self, source: QWidget, path: Path, picture: QPixmap) -> None:
        """Hand the file to the system; returns when it was dropped or let go."""
        self._keep(path)
        drag = QDrag(source)
        drag.setMimeData(_mime(path))
        drag.setPixmap(picture)
        drag.setHotSpot(QPoint(-12, -12))
        drag.exec(Qt.DropAction.CopyAction)

    def close(self) -> None:
        """Delete what was made but never taken; the rest outlives the program."""
        for files in self._made.values():
            for made in files.values():
                if made.path is not None and made.path not in self._taken:
                    shutil.rmtree(made.path.parent, ignore_errors=True)

    def _keep(self, path: Path) -> None:
        self._taken.add(path)
        with suppress(OSError):
            os.utime(path.parent)  # it lives some days from now on

    def _make(self, track: Track, span: Span, then: Callable[[Path], object] | None) -> None:
        made = self._known(track, span)
        if made is not None:
            if made.path is not None and then is not None:
                then(made.path)
            elif then is not None:
                made.then.append(then)
            return
        want = _want(track, span)
        made = _Made(None, [then] if then is not None else [])
        self._made.setdefault(track.clip, {})[want] = made
        folder = self._folder / secrets.token_hex(6)

        def on_event(event: Event) -> None:
            match event:
                case Ended(State.DONE, result=path):
                    made.path = path
                    self._tell(track.id, "")
                    waiting, made.then = made.then, []
                    for each in waiting:
                        each(path)
                case Ended(error=error):
                    self._made.get(track.clip, {}).pop(want, None)
                    self._tell(track.id, "")
                    if error is not None and made.then:
                        self._studio.trouble.emit(trouble_of(error, track.id))

        self._jobs.submit(
            f"Take out {track.name}",
            lambda: render(track, span, folder),
            on_event=on_event,
            listed=False,
        )

    def _known(self, track: Track, span: Span) -> _Made | None:
        made = self._made.get(track.clip, {}).get(_want(track, span))
        if made is not None and made.path is not None and not made.path.exists():
            self._made[track.clip].pop(_want(track, span))  # somebody tidied up
            return None
        return made

    def _track(self, id: int) -> Track | None:
        lane = self._session.lane(id or self._session.selected)
        return lane.track if lane is not None and lane.filled is None else None

    def _tell(self, id: int, text: str) -> None:
        self.said[id] = text
        self.changed.emit(id)


def render(track: Track, span: Span, folder: Path) -> Work:
    """Write a lane, or a part of it, into a folder of its own; returns the path.

    24-bit WAV at the lane's rate with the song's tags, or MIDI. Raises `UnwritableTarget`.
    """
    from engine.audio import Encoding

    folder.mkdir(parents=True, exist_ok=True)
    stem = "" if track.group == track.id else track.name
    try:
        if track.role == "notes" and track.melody is not None:
            from engine import note_files

            target = folder / file_name(track, span)
            notes = note_files.export(target, "mid", track.melody, title=track.name)
            return (yield from notes)
        path = yield from tasks.export_clip(
            track.clip,
            folder / file_name(track, span),
            Encoding("wav", "24"),
            overwrite=True,
            stem=stem,
            silences=track.silences,
            span=span,
        )
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return path


def _want(track: Track, span: Span) -> Want:
    return track.name, span, track.silences, track.melody if track.role == "notes" else None


def _mime(path: Path) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    return mime
