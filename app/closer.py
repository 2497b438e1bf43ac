"""What can be done with a selection: hear it, measure it, zoom to it, take it out, write it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from app.audition import Audition
from app.studio import trouble_of
from app.views.tools import nudge, upright
from app.words import tr
from engine import tasks
from engine.errors import EngineError
from engine.events import Ended, Event, Filled, Opened, Progress, State, Work
from engine.regions import Box, Harmonic, Region, Shape
from engine.selection import Level, whole
from engine.spectrogram import to_hz
from engine.types import AudioClip, Track

if TYPE_CHECKING:
    from app.selecting import Selection
    from app.studio import Studio
    from app.views.display import Display
    from engine.audio import Encoding
    from engine.jobs import Job

QUIET_MS = 120  # without a change of the selection before it is measured
AIR = 0.05  # of a span, left free on both sides when zoomed to
FORMATS = {".wav": "wav", ".flac": "flac", ".mp3": "mp3"}


class Closer(QObject):
    """The verbs of a selection. `level` is what was measured in it, None until it is known."""

    measured = Signal()

    def __init__(self, selection: Selection, studio: Studio, display: Display) -> None:
        super().__init__(studio)
        self._selection, self._studio, self._display = selection, studio, display
        self.audition = Audition(studio, selection)
        self.level: Level | None = None
        self._measuring: Job | None = None
        self._following: Job | None = None
        self._removing: set[int] = set()  # lanes whose new version is being made
        self._clip: AudioClip | None = None  # the sound that was marked
        self._quiet = QTimer(self, interval=QUIET_MS, singleShot=True)
        self._quiet.timeout.connect(self._measure)
        selection.changed.connect(self._changed)
        selection.stroke_drawn.connect(self._follow)
        studio.session.lanes_changed.connect(self._lanes_changed)

    @property
    def track(self) -> Track | None:
        """The lane the selection lies on, once it is whole."""
        lane = self._studio.session.lane(self._selection.track)
        return lane.track if lane is not None and lane.filled is None else None

    @property
    def can_remove(self) -> bool:
        """Whether the selection can be taken out of its lane now."""
        track = self.track
        return track is not None and track.id not in self._removing

    # Marking without a mouse

    def select_all(self) -> None:
        """Mark all of the selected lane."""
        lane = self._studio.session.lane(self._studio.session.selected)
        if lane is not None:
            self._selection.set(lane.track.id, whole(lane.track.clip))

    def add_box(self, minus: bool = False) -> None:
        """Add a box in the middle of the view to what is marked, or take it away from that.

        Its edges can then be typed, or moved with the arrow keys.
        """
        selection, session = self._selection, self._studio.session
        lane = session.lane(selection.track) or session.lane(session.selected)
        box = self.suggestion(lane.track.clip.seconds) if lane is not None else None
        if lane is None or box is None:
            return
        region = selection.region
        if region is None:
            region = Region.of(box)
        else:
            region = region.minus(box) if minus else region.plus(box)
        selection.use("box")
        selection.set(lane.track.id, region)

    def suggestion(self, limit: float) -> Box | None:
        """A box in the middle of what is in view of a lane `limit` seconds long."""
        axis, shown = self._studio.axis, self._display
        stop = min(axis.stop, limit)
        if stop <= axis.start:
            return None
        quarter, units = (stop - axis.start) / 4, (shown.high - shown.low) / 4
        edges = (shown.low + units, shown.high - units)
        low, high = (round(to_hz(unit, shown.settings), 1) for unit in edges)
        return Box(round(axis.start + quarter, 3), round(stop - quarter, 3), low, high)

    def set_box(self, box: Box) -> None:
        """Give the box marked last other edges; mark one on the selected lane if there is none."""
        selection, session = self._selection, self._studio.session
        lane = session.lane(selection.track) or session.lane(session.selected)
        if lane is None:
            return
        box = upright(box, lane.track.clip.seconds)
        region = selection.region
        movable = region is not None and region.last_box is not None
        new = region.with_last(box) if region is not None and movable else Region.of(box)
        selection.set(lane.track.id, new)

    def move(self, seconds: float, semitones: float, resize: bool = False) -> None:
        """Move the selection, or with `resize` the later and upper edge of a box."""
        lane = self._studio.session.lane(self._selection.track)
        if lane is not None:
            nudge(self._selection, seconds, semitones, lane.track.clip.seconds, resize)

    def follow_box(self) -> None:
        """Mark the loudest tone that runs through the selection, with its partials."""
        region = self._selection.region
        if region is None:
            return
        start, stop = region.span
        low, high = region.band
        middle = max(low, 20.0) ** 0.5 * max(high, 20.0) ** 0.5
        stroke = ((start, middle), (stop, middle))
        self._follow(self._selection.track, stroke, Region.of, (low, high))

    def _follow(
        self,
        id: int,
        stroke: Sequence[tuple[float, float]],
        combine: Callable[[Shape], Region],
        band: tuple[float, float] | None = None,
    ) -> None:
        lane = self._studio.session.lane(id)
        if lane is None:
            return
        clip, before = lane.track.clip, self._selection.region

        def on_event(event: Event) -> None:
            match event:
                case Ended(State.DONE, result=ridge) if self._selection.region is before:
                    shape = Harmonic(ridge, self._selection.partial_semitones)
                    self._selection.set(id, combine(shape))
                case Ended(State.FAILED, error=error):
                    self._studio.trouble.emit(trouble_of(error, id))

        if self._following is not None:
            self._studio.jobs.cancel(self._following)
        self._following = self._studio.jobs.submit(
            "Follow the tone", lambda: tasks.ridge(clip, stroke, band), "ears", on_event,
            listed=False,
        )  # fmt: skip

    # Looking and listening

    def play(self) -> None:
        """Hear the selection and nothing else."""
        self.audition.play()

    def zoom(self) -> None:
        """Let the selection fill the view, in time and in frequency."""
        region = self._selection.region
        if region is None:
            return
        start, stop = region.span
        air = AIR * (stop - start)
        self._studio.axis.set_range(start - air, stop + air)
        self._display.show_band(*region.band)

    def _changed(self) -> None:
        self.level = None
        lane = self._studio.session.lane(self._selection.track)
        self._clip = lane.track.clip if lane is not None else None
        if self._measuring is not None:
            self._studio.jobs.cancel(self._measuring)
            self._measuring = None
        self._quiet.start()
        self.measured.emit()

    def _measure(self) -> None:
        lane, region = self._studio.session.lane(self._selection.track), self._selection.region
        if lane is None or region is None:
            return
        clip = lane.track.clip

        def on_event(event: Event) -> None:
            if job is not self._measuring or not isinstance(event, Ended):
                return
            self._measuring = None
            if event.state is State.DONE:
                self.level = event.result
                self.measured.emit()
            elif event.state is State.FAILED and not isinstance(event.error, EngineError):
                self._studio.trouble.emit(trouble_of(event.error, lane.track.id))

        job = self._studio.jobs.submit(
            "Measure the selection",
            lambda: tasks.level(clip, region),
            "light",
            on_event,
            listed=False,
        )
        self._measuring = job

    def _lanes_changed(self) -> None:
        session, marked = self._studio.session, self._selection.track
        lane = session.lane(marked) if marked else None
        if marked and lane is None:
            self._selection.clear()
        elif lane is not None and lane.track.clip is not self._clip:
            self._changed()  # the same region, of another sound
        self.audition.forget({track.clip for track in session.tracks})

    # Taking it out

    def extract(self) -> Job | None:
        """Make a lane of the selection, in its place in the song.

        It is muted at first: what it holds sounds already, in the lane it was taken from.
        """
        track, region = self.track, self._selection.region
        if track is None or region is None:
            return None
        studio, id = self._studio, self._studio.session.new_id()
        name = tr("Selection of {name}", name=track.name)

        def on_event(event: Event) -> None:
            match event:
                case Opened(clips) if not job.cancelled:
                    lane = Track(id, name, "selection", clips["selection"], muted=True, group=id)
                    studio.open_making(job, [lane])
                case Filled(_, start, stop):
                    studio.session.fill_live(id, start, stop)
                case Ended(State.DONE, result=clip) if not job.cancelled:
                    studio.keep(tr("Extract selection of {name}", name=track.name), [(id, clip)])
                    studio.session.select(id)
                case Ended():
                    studio.drop(event, [id], track.id)

        job = studio.jobs.submit(
            tr("Extract selection of {name}", name=track.name),
            lambda: tasks.extract(track.clip, region, studio.scratch, in_place=True),
            "light",
            on_event,
        )
        return job

    def remove(self) -> Job | None:
        """Take the selection out of its lane; what is left takes the lane's place."""
        track, region = self.track, self._selection.region
        if track is None or region is None or not self.can_remove:
            return None
        studio, name = self._studio, tr("Remove selection from {name}", name=track.name)

        def on_event(event: Event) -> None:
            if not isinstance(event, Ended):
                return
            self._removing.discard(track.id)
            now = studio.session.project.track(track.id)
            if event.state is State.FAILED:
                studio.trouble.emit(trouble_of(event.error, track.id))
            elif event.state is State.DONE and now is not None and now.clip is track.clip:
                studio.session.edit(
                    name, studio.session.project.replaced(track.id, clip=event.result)
                )
                if self._selection.region is region:
                    self._selection.clear()

        job = studio.jobs.submit(
            name,
            lambda: tasks.extract(track.clip, region, studio.scratch, keep="outside"),
            "light",
            on_event,
        )
        self._removing.add(track.id)
        return job

    def ask_export(self, parent: QWidget) -> None:
        """Let a person name the file for the selection, and write it."""
        track = self.track
        if track is None:
            return
        source = track.clip.origin.path
        folder = source.parent if source else Path.home()
        name = f"{source.stem if source else track.name}_({tr('Selection')}).wav"
        chosen, _ = QFileDialog.getSaveFileName(
            parent,
            tr("Export the selection"),
            str(folder / name),
            "WAV (*.wav);;FLAC (*.flac);;MP3 (*.mp3)",
        )
        if chosen:
            self.export(Path(chosen))

    def export(self, path: Path) -> Job | None:
        """Write the selection to a file of the kind its name ends with; replaces a file there."""
        track, region = self.track, self._selection.region
        if track is None or region is None:
            return None
        if path.suffix.lower() not in FORMATS:
            path = path.with_name(f"{path.name}.wav")
        studio = self._studio

        def work() -> Work:
            from engine.audio import Encoding

            encoding = Encoding(FORMATS[path.suffix.lower()], "24")
            return _export(track, region, studio, path, encoding)

        def on_event(event: Event) -> None:
            if isinstance(event, Ended) and event.state is State.DONE:
                studio.jobs.status(job).note = path.name

        job = studio.jobs.submit(
            tr("Export {name}", name=path.name), work, "light", on_event, folder=path.parent,
            retry=lambda: self.export(path),
        )  # fmt: skip
        return job


def _export(track: Track, region: Region, studio: Studio, path: Path, encoding: Encoding) -> Work:
    clip = yield from _half(tasks.extract(track.clip, region, studio.scratch), 0.0)
    stem = tr("Selection")
    work = tasks.export_clip(clip, path, encoding, overwrite=True, stem=stem)
    return (yield from _half(work, 0.5))


def _half(work: Work, first: float) -> Work:
    """Run one of two works of equal size, its progress as half of the whole."""
    try:
        while True:
            event = next(work)
            if isinstance(event, Progress):
                yield replace(event, done=first + event.done / 2)
    except StopIteration as stop:
        return stop.value
    finally:
        work.close()
