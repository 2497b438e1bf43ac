"""The verbs of a person at the window, and what becomes of what the work says."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app import export
from app.jobs import JobCenter
from app.session import Lane, Session
from app.transport import Transport
from app.words import marked, said, tr
from engine import cards, tasks
from engine.errors import EngineError
from engine.events import Ended, Event, Filled, Opened, Progress, State, Work
from engine.jobs import Job
from engine.residual import residual
from engine.types import AudioClip, Scratch, Separation, Track

if TYPE_CHECKING:
    from app.playback import Player
    from app.views.time_axis import TimeAxis
    from engine.cards import ModelCard
    from engine.loudness import Loudness

STEM_NAMES = {
    "vocals": marked("Vocals"),
    "instrumental": marked("Instrumental"),
    "residual": marked("Residual"),
}


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something to tell a person where it happened: at a lane (`track`), or at the top."""

    message: str
    hint: str
    details: str
    track: int = 0


class Studio(QObject):
    """Import, separate, export: each verb starts work and turns its events into edits."""

    trouble = Signal(object)  # Trouble
    exported = Signal(object)  # the tracks that were written to files
    cancelled = Signal(object)  # Job: a person ended it

    def __init__(
        self,
        session: Session,
        jobs: JobCenter,
        player: Player,
        axis: TimeAxis,
        scratch: Scratch,
        choose: Callable[[], ModelCard] = lambda: cards.cards("separate")[0],
    ) -> None:
        super().__init__()
        self.session, self.jobs, self.player, self.axis = session, jobs, player, axis
        self.separations: dict[int, Separation] = {}  # by the id of the mix
        self._scratch, self._choose = scratch, choose
        self._making: dict[int, Job] = {}  # live track id: the job that fills it
        self._separating: dict[int, Job] = {}  # mix id: the job that separates it
        self.transport = Transport(session, player, axis)

    # Bringing sound in

    def import_files(self, paths: Sequence[Path]) -> None:
        """Open files, and every song inside folders, each as a lane of its own."""
        wanted = list(paths)

        def find() -> Work:
            from engine import audio

            yield Progress(float("nan"))
            return audio.find_audio(wanted)

        def on_event(event: Event) -> None:
            match event:
                case Ended(State.DONE, result=found):
                    for path in found:
                        self._import(path)
                    if not found:
                        names = ", ".join(path.name for path in wanted[:3])
                        self.trouble.emit(
                            Trouble(
                                tr("There is no sound to open in {names}.", names=names),
                                tr(_WHAT_OPENS),
                                "",
                            )
                        )
                case Ended(State.FAILED, error=error):
                    self._fail(error)

        self.jobs.submit("Look for songs", find, "light", on_event, listed=False)

    def _import(self, path: Path) -> Job:
        id = self.session.new_id()

        def on_event(event: Event) -> None:
            match event:
                case Opened(clips):
                    clip = next(iter(clips.values()))
                    self._making[id] = job
                    self.session.open_live([Track(id, path.stem, "mix", clip, group=id)])
                    if len(self.session.lanes) == 1:
                        self.session.select(id)
                case Filled(_, start, stop):
                    self.session.fill_live(id, start, stop)
                case Ended(State.DONE, result=clip) if not job.cancelled:
                    self.keep(tr("Import {name}", name=path.name), [(id, clip)])
                case Ended():
                    self.drop(event, [id])

        job = self.jobs.submit(
            tr("Open {name}", name=path.name),
            lambda: tasks.decode(path, self._scratch, watched=True),
            "light",
            on_event,
            retry=lambda: self._import(path),
        )
        return job

    # Separating

    def mix_of(self, id: int = 0) -> Track | None:
        """The mix that a lane (0: the selected one) belongs to, once it is whole."""
        lane = self.session.lane(id or self.session.selected)
        mix = self.session.lane(lane.track.group) if lane is not None else None
        if mix is None or mix.filled is not None or mix.track.group != mix.track.id:
            return None
        return mix.track if mix.track.role not in ("notes", "voice") else None

    def stems_of(self, mix: int) -> list[Lane]:
        """The lanes made from a mix, unfinished ones included."""
        return [
            lane
            for lane in self.session.lanes
            if lane.track.group == mix != lane.track.id
            and lane.track.role not in ("residual", "voice")
        ]

    def can_separate(self, id: int = 0) -> bool:
        """Whether the lane's song is whole and has no stems yet, nor a job making them."""
        mix = self.mix_of(id)
        return mix is not None and mix.id not in self._separating and not self.stems_of(mix.id)

    def separation_job(self, mix: int) -> Job | None:
        """The job that separates this mix now, or waits to."""
        return self._separating.get(mix)

    def separate(self, id: int = 0) -> Job | None:
        """Take the singer out of the lane's song: two lanes that fill around the playhead."""
        mix = self.mix_of(id)
        if mix is None or not self.can_separate(mix.id):
            return None

        def work() -> Work:
            card = self._choose()
            return tasks.separate(mix.clip, card, self._scratch, focus=lambda: self.transport.focus)

        title = tr("Separate {name}", name=mix.name)
        return self.make_stems(
            mix, title, work, tr("Separate vocals"), retry=lambda: self.separate(mix.id)
        )

    def make_stems(
        self,
        mix: Track,
        title: str,
        work: Callable[[], Work],
        step: str,
        retry: Callable[[], object],
        also: Callable[[Event, Mapping[str, int]], object] = lambda _event, _ids: None,
        merge: bool = False,
    ) -> Job:
        """Start work that separates a mix; its stems fill as lanes and are kept as one undo step.

        The work may do more than that: it then returns a tuple with the `Separation` first, and
        opens its other clips after the stems. `also` hears every event that is not the stems' own,
        the last one once the stems are kept, with their track ids by name. With `merge`, edits
        that follow with the job for their `merge` are part of the undo step.
        """
        ids: dict[str, int] = {}

        def on_event(event: Event) -> None:
            match event:
                case Opened(clips) if not ids:
                    self._open_stems(job, mix, clips, ids)
                    return
                case Filled(name, start, stop) if name in ids:
                    self.session.fill_live(ids[name], start, stop)
                    return
                case Ended(State.DONE, result=result) if not job.cancelled:
                    self._separating.pop(mix.id, None)
                    separation = result[0] if isinstance(result, tuple) else result
                    self.separations[mix.id] = separation
                    self.jobs.status(job).note = _device(separation)
                    made = [(ids[name], clip) for name, clip in separation.clips.items()]
                    self.keep(step, made, mix.id, job if merge else None)
                case Ended():
                    self._separating.pop(mix.id, None)
                    self.drop(event, list(ids.values()), mix.id)
            also(event, ids)

        job = self.jobs.submit(title, work, "heavy", on_event, retry=retry)
        self._separating[mix.id] = job
        self.session.lanes_changed.emit()
        return job

    def separate_all(self) -> None:
        """Queue every song that has no stems."""
        for track in self.session.project.tracks:
            if track.group == track.id and self.can_separate(track.id):
                self.separate(track.id)

    def _open_stems(
        self, job: Job, mix: Track, clips: Mapping[str, AudioClip], ids: dict[str, int]
    ) -> None:
        tracks = []
        for name, clip in clips.items():
            ids[name] = self.session.new_id()
            self._making[ids[name]] = job
            title = tr(STEM_NAMES[name]) if name in STEM_NAMES else name.title()
            tracks.append(Track(ids[name], title, name, clip, group=mix.id))
        if not job.cancelled:
            self.session.open_live(tracks, after=mix.id, mute=[mix.id])

    def residual(self, id: int = 0) -> Job | None:
        """Add what the stems left out of the mix as a lane, heard alone."""
        mix = self.mix_of(id)
        stems = [lane.track for lane in self.stems_of(mix.id)] if mix is not None else []
        if mix is None or not self.can_hear_residual(mix.id):
            return None
        made = self.session.new_id()

        def on_event(event: Event) -> None:
            match event:
                case Opened(clips):
                    clip = clips["residual"]
                    track = Track(made, tr("Residual"), "residual", clip, solo=True, group=mix.id)
                    self._making[made] = job
                    self.session.open_live([track], after=stems[-1].id)
                    self.session.select(made)
                case Filled(_, start, stop):
                    self.session.fill_live(made, start, stop)
                case Ended(State.DONE, result=clip) if not job.cancelled:
                    self.keep(tr("Add residual"), [(made, clip)])
                case Ended():
                    self.drop(event, [made], mix.id)

        job = self.jobs.submit(
            tr("Residual of {name}", name=mix.name),
            lambda: residual(mix.clip, [stem.clip for stem in stems], self._scratch),
            "light",
            on_event,
        )
        return job

    def can_hear_residual(self, id: int = 0) -> bool:
        """Whether the lane's song has finished stems and no residual lane."""
        mix = self.mix_of(id)
        if mix is None:
            return False
        stems = self.stems_of(mix.id)
        here = {lane.track.role for lane in self.session.lanes if lane.track.group == mix.id}
        return bool(stems) and all(s.filled is None for s in stems) and "residual" not in here

    def warm_up(self) -> None:
        """Load the model while nobody waits for it."""

        def work() -> Work:
            return tasks.warm_up(self._choose())

        self.jobs.submit("Warm up", work, "heavy", listed=False)

    # Which one is heard

    def heard(self, mix: int) -> str:
        """ "mix", "stems", or "" when both or neither sound."""
        lane, stems = self.session.lane(mix), self.stems_of(mix)
        if lane is None or not stems:
            return ""
        sounding = [not stem.track.muted for stem in stems]
        if lane.track.muted:
            return "stems" if any(sounding) else ""
        return "" if any(sounding) else "mix"

    def hear(self, mix: int, what: str) -> None:
        """Let the "mix" or the "stems" of a song sound, not both."""
        changes = {mix: {"muted": what != "mix", "solo": False}}
        for stem in self.stems_of(mix):
            changes[stem.track.id] = {"muted": what == "mix", "solo": False}
        name = tr("Listen to the mix") if what == "mix" else tr("Listen to the stems")
        self.session.set_tracks(name, changes, merge=("hear", mix))

    def swap_heard(self, id: int = 0) -> None:
        """Go from the mix to its stems and back."""
        mix = self.mix_of(id)
        if mix is not None and self.stems_of(mix.id):
            self.hear(mix.id, "mix" if self.heard(mix.id) == "stems" else "stems")

    # Lanes

    def toggle(self, field: str, id: int = 0) -> None:
        """Flip "muted" or "solo" of a lane."""
        lane = self.session.lane(id or self.session.selected)
        if lane is not None:
            self.session.set_track(lane.track.id, **{field: not getattr(lane.track, field)})

    def remove(self, id: int = 0) -> None:
        """Take a lane away; one still being made ends the job that makes it."""
        lane = self.session.lane(id or self.session.selected)
        if lane is None:
            return
        job = self._making.get(lane.track.id)
        if job is not None:
            self.cancel(job)
        elif self.session.project.track(lane.track.id) is not None:  # a recording is stopped first
            name = tr("Remove {name}", name=lane.track.name)
            self.session.edit(name, self.session.project.without([lane.track.id]))

    def cancel(self, job: Job) -> None:
        """End a job; what it was making is gone from the screen at once."""
        self.jobs.cancel(job)
        self.session.close_live([id for id, maker in self._making.items() if maker is job])
        self.cancelled.emit(job)

    # What others ask for

    @property
    def scratch(self) -> Scratch:
        """Where the clips of this window lie."""
        return self._scratch

    def separator(self) -> ModelCard:
        """The model that separates now."""
        return self._choose()

    # Taking it away

    def export(
        self, wish: export.Export, known: Mapping[object, Loudness] | None = None
    ) -> Job | None:
        """Write files that `export.plan` names now; `known` is what was measured already."""
        items = export.plan(wish)
        if not items:
            return None
        count = len(items)
        what = items[0].path.name if count == 1 else tr("{count} files", count=count)

        def on_event(event: Event) -> None:
            match event:
                case Ended(State.DONE, result=paths):
                    self.exported.emit(wish.tracks)
                    status = self.jobs.status(job)
                    names = ", ".join(path.name for path in paths)
                    said = status.progress.note if status.progress else ""
                    status.note = "  ·  ".join(filter(None, (names, said)))

        job = self.jobs.submit(
            tr("Export {what}", what=what),
            lambda: export.write(wish, items, known),
            "light",
            on_event,
            folder=items[0].path.parent,
            retry=lambda: self.export(wish),
        )
        return job

    # What the work says

    def keep(
        self,
        name: str,
        made: Sequence[tuple[int, AudioClip]],
        mix: int | None = None,
        merge: object | None = None,
    ) -> None:
        """Make finished lanes part of the document, with what a person set on them meanwhile."""
        tracks = []
        for id, clip in made:
            self._making.pop(id, None)
            lane = self.session.lane(id)
            if lane is not None:
                tracks.append(replace(lane.track, clip=clip))
        project, after = self.session.project, None
        if mix is not None and (lane := self.session.lane(mix)) is not None:
            project, after = project.replaced(mix, muted=lane.track.muted), mix
        elif tracks and tracks[0].group != tracks[0].id:
            group = [t.id for t in project.tracks if t.group == tracks[0].group]
            after = group[-1] if group else None
        self.session.edit(name, project.with_tracks(tracks, after), merge)

    def open_making(self, job: Job, tracks: Sequence[Track], after: int | None = None) -> None:
        """Show lanes that a job begins to fill; removing one of them ends the job."""
        for track in tracks:
            self._making[track.id] = job
        self.session.open_live(tracks, after)

    def drop(self, event: Ended, ids: Sequence[int], track: int = 0) -> None:
        """Take lanes away whose job did not make them, and say why at the lane `track`."""
        for id in ids:
            self._making.pop(id, None)
        self.session.close_live(ids)
        if event.state is State.FAILED:
            self._fail(event.error, track)

    def _fail(self, error: BaseException | None, track: int = 0) -> None:
        self.trouble.emit(trouble_of(error, track))


_WHAT_OPENS = marked(
    "Melic opens WAV, FLAC, AIFF, OGG, Opus, MP3, M4A, the sound of MP4, MKV and WebM, and notes"
    " from MIDI, MusicXML, UltraStar and .ds files."
)


def trouble_of(error: BaseException | None, track: int = 0) -> Trouble:
    """Words for a person, and for a report the whole trace."""
    details = "".join(traceback.format_exception(error)) if error is not None else ""
    if isinstance(error, EngineError):
        return Trouble(said(error.message), said(error.hint), details, track)
    what = tr(
        "Something went wrong that Melic did not foresee ({kind}).", kind=type(error).__name__
    )
    hint = tr("Copy the details and report it; your songs are untouched.")
    return Trouble(what, hint, details, track)


def _device(result: Separation) -> str:
    notes = " · ".join(map(said, result.device_note.split(" · ")))
    return f"{result.device} ({notes})" if notes else result.device
