"""Transcribing: from the sound of a lane to its melody, which is seen while it is found."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from app.studio import Trouble, trouble_of
from app.words import tr
from engine import cards, tasks
from engine.errors import EngineError
from engine.events import Ended, Event, Filled, Opened, Progress, State, Work
from engine.melody import Melody
from engine.project import Project

if TYPE_CHECKING:
    from app.session import Lane, Session
    from app.settings import Settings
    from app.studio import Studio
    from engine.cards import ModelCard
    from engine.jobs import Job
    from engine.types import AudioClip, Track, Transcription

READ_MS = 500  # between two looks at what of the curves has settled
MANY_VOICES = "basic_pitch"  # the family of models that hear chords
VOICES = ("vocals", "mix", "recording", "selection")  # roles of lanes with one voice to follow


@dataclass(slots=True)
class _Live:
    """A melody that is being found: `stale` once more of its curves has settled."""

    melody: Melody
    stale: bool = False
    reading: Job | None = None


@dataclass(frozen=True, slots=True)
class More:
    """Longer work that a transcription is the first part of."""

    title: str
    work: Callable[[Work], Work]  # the work that transcribes, and on
    retry: Callable[[], object]


class Transcribing(QObject):
    """Starts the work and turns its events into a melody on the lane; belongs to one window."""

    changed = Signal()  # a job began or ended, or another model was chosen

    def __init__(
        self,
        studio: Studio,
        settings: Settings,
        known: Callable[[], list[ModelCard]] = lambda: cards.cards("transcribe"),
    ) -> None:
        super().__init__(studio)
        self._studio, self._settings, self._known = studio, settings, known
        self._session: Session = studio.session
        self._jobs: dict[int, Job] = {}  # lane id: the job that transcribes it, or waits to
        self._live: dict[int, _Live] = {}
        self._clock = QTimer(self, interval=READ_MS)
        self._clock.timeout.connect(self._read)
        studio.cancelled.connect(self._cancelled)
        studio.session.lanes_changed.connect(self._lanes_changed)

    # Which model

    def models(self) -> list[ModelCard]:
        """Every model that transcribes; none, with trouble told, when a card is damaged."""
        try:
            return self._known()
        except EngineError as error:
            self._studio.trouble.emit(trouble_of(error))
            return []

    def model_for(self, track: Track) -> ModelCard | None:
        """The model chosen for lanes like this one, else the first made for them."""
        found = self.models()
        wanted = self._settings.voice_model if sings(track) else self._settings.instrument_model
        fitting = [card for card in found if (card.family != MANY_VOICES) == sings(track)]
        chosen = [card for card in found if card.id == wanted]
        return next(iter([*chosen, *fitting, *found]), None)

    def choose(self, track: Track, card: ModelCard) -> None:
        """Let lanes like this one be transcribed with `card` from now on."""
        if sings(track):
            self._settings.voice_model = card.id
        else:
            self._settings.instrument_model = card.id
        self.changed.emit()

    # Starting

    def job(self, id: int) -> Job | None:
        """The job that transcribes a lane now, or waits to."""
        return self._jobs.get(id)

    def can_transcribe(self, id: int = 0) -> bool:
        """Whether the lane is whole, is sound, and is not transcribed or separated already."""
        lane = self._lane(id)
        if lane is None or lane.filled is not None or lane.track.role in ("notes", "voice"):
            return False
        singer = self._singer(lane.track)
        busy = {lane.track.id, singer.track.id if singer is not None else 0} & self._jobs.keys()
        return not busy and self._studio.separation_job(lane.track.id) is None

    def separates_first(self, track: Track) -> bool:
        """Whether the singer of this song has to be taken out before its melody is found."""
        return (
            track.role == "mix"
            and self._singer(track) is None
            and self._studio.can_separate(track.id)
        )

    def transcribe(
        self,
        id: int = 0,
        card: ModelCard | None = None,
        as_it_is: bool = False,
        more: More | None = None,
    ) -> Job | None:
        """Find the melody of a lane; of a song, that of its singer, who is taken out first.

        A song is transcribed `as_it_is` when that is asked for, or when the model hears chords.
        With `more` it is a part of longer work.
        """
        lane = self._lane(id)
        if lane is None or not self.can_transcribe(id):
            return None
        track = lane.track
        card = card or self.model_for(track)
        if card is None:
            what = tr("There is no model that transcribes.")
            self._studio.trouble.emit(Trouble(what, tr("Install Melic again."), "", track.id))
            return None
        if track.role == "mix" and not as_it_is and card.family != MANY_VOICES:
            singer = self._singer(track)
            if singer is not None:
                track = singer.track
            elif self._studio.can_separate(track.id):
                return self._from_song(track, card, more)
        return self._from_lane(track, card, as_it_is, more)

    def _lane(self, id: int) -> Lane | None:
        return self._session.lane(id or self._session.selected)

    def _singer(self, song: Track) -> Lane | None:
        """The finished vocals of a song."""
        if song.role != "mix":
            return None
        stems = self._studio.stems_of(song.id)
        return next((s for s in stems if s.track.role == "vocals" and s.filled is None), None)

    def _band(self, track: Track) -> AudioClip | None:
        """What a separation left of the song beside this singer, when it is whole."""
        stems = self._studio.stems_of(track.group) if track.role == "vocals" else []
        left = [s for s in stems if s.track.role == "instrumental" and s.filled is None]
        same = [s.track.clip for s in left if s.track.clip.frames == track.clip.frames]
        return same[0] if len(same) == 1 else None

    def _from_lane(self, track: Track, card: ModelCard, as_it_is: bool, more: More | None) -> Job:
        studio = self._studio
        more = more or More(
            tr("Transcribe {name}", name=track.name),
            lambda work: work,
            lambda: self.transcribe(track.id, card, as_it_is),
        )

        band = None if as_it_is else self._band(track)

        def work() -> Work:
            made = yield from tasks.transcribe(
                track.clip,
                card,
                studio.scratch,
                focus=lambda: studio.transport.focus,
                band=band,
            )
            return _with_what_was_set(made, track.melody)

        def on_event(event: Event) -> None:
            self._heard(event, job, track.id)

        job = studio.jobs.submit(
            more.title, lambda: more.work(work()), "heavy", on_event, retry=more.retry
        )
        self._begin(job, track.id)
        return job

    def _from_song(self, song: Track, card: ModelCard, more: More | None) -> Job:
        studio = self._studio
        name = tr("Transcribe {name}", name=song.name)
        more = more or More(name, lambda work: work, lambda: self.transcribe(song.id, card))

        def work() -> Work:
            first = tasks.separate_and_transcribe(
                song.clip,
                studio.separator(),
                card,
                studio.scratch,
                focus=lambda: studio.transport.focus,
            )
            return more.work(first)

        def also(event: Event, ids: Mapping[str, int]) -> None:
            if "vocals" in ids:
                self._jobs.setdefault(ids["vocals"], job)
            match event:
                case Ended(State.DONE, result=(_, made)):
                    event = replace(event, result=made)
                case Ended():  # the song's own lane has told of it
                    event = replace(event, state=State.CANCELLED)
            self._heard(event, job, ids.get("vocals", 0))

        job = studio.make_stems(song, more.title, work, name, more.retry, also, merge=True)
        self._begin(job, song.id)
        return job

    def _begin(self, job: Job, id: int) -> None:
        self._jobs[id] = job
        self._session.lanes_changed.emit()
        self.changed.emit()

    # What the work says

    def _heard(self, event: Event, job: Job, id: int) -> None:
        match event:
            case Opened(clips) if not job.cancelled:
                self._open(id, clips["curves"])
            case Filled() if id in self._live:
                self._live[id].stale = True
                self._session.show_live_melody(id, self._live[id].melody)  # its curves grew
            case Ended(state, result=made, error=error):
                self._end(job)
                if state is State.DONE and not job.cancelled:
                    self._keep(id, made, job)
                elif state is State.FAILED:
                    self._studio.trouble.emit(trouble_of(error, id))
                self.changed.emit()

    def _open(self, id: int, curves: AudioClip) -> None:
        lane = self._session.lane(id)
        if lane is None:
            return
        before = lane.track.melody or Melody()
        own = (note for note in before.notes if note.own)
        self._live[id] = _Live(replace(before, curves=curves, drawn=()).with_notes(own))
        self._session.show_live_melody(id, self._live[id].melody)
        self._clock.start()

    def _read(self) -> None:
        """Read notes anew off what has settled, one look at a time."""
        for id, live in self._live.items():
            if live.stale and live.reading is None:
                live.stale = False
                self._read_one(id, live)

    def _read_one(self, id: int, live: _Live) -> None:
        melody = live.melody

        def work() -> Work:
            from engine import notes

            yield Progress(math.nan)
            return replace(melody, notes=notes.read(melody))

        def on_event(event: Event) -> None:
            if not isinstance(event, Ended) or self._live.get(id) is not live:
                return
            live.reading = None
            if event.state is State.DONE:
                live.melody = event.result
                self._session.show_live_melody(id, live.melody)

        live.reading = self._studio.jobs.submit("Read notes", work, "light", on_event, listed=False)

    def _end(self, job: Job) -> None:
        """Forget a job and what it has shown."""
        for id in [id for id, other in self._jobs.items() if other is job]:
            del self._jobs[id]
            if self._live.pop(id, None) is not None:
                self._session.clear_live_melody(id)
        if not self._live:
            self._clock.stop()

    def _cancelled(self, job: Job) -> None:
        """Take away at once what a cancelled job has shown; it ends a moment later."""
        for id in [id for id, other in self._jobs.items() if other is job]:
            if self._live.pop(id, None) is not None:
                self._session.clear_live_melody(id)

    def _lanes_changed(self) -> None:
        for id, job in tuple(self._jobs.items()):
            ended = job.cancelled or self._studio.jobs.status(job).ended is not None
            if not ended and self._session.lane(id) is None:
                self._studio.cancel(job)

    # Keeping it

    def _keep(self, id: int, made: Transcription, job: Job) -> None:
        track = self._session.project.track(id)
        if track is None:
            return
        count = len(made.melody.notes)
        status = self._studio.jobs.status(job)
        status.note = "  ·  ".join(
            filter(None, (tr("1 note") if count == 1 else tr("{count} notes", count=count),
                          status.note or made.device))
        )  # fmt: skip
        name = tr("Transcribe {name}", name=track.name)
        self._session.set_tracks(name, {id: {"melody": made.melody}}, merge=job)
        if not count:
            hint = tr("Lower “Voicing” in the melody strip, or transcribe with another model.")
            what = tr("No notes were found in {name}.", name=track.name)
            self._studio.trouble.emit(Trouble(what, hint, "", id))
        elif track.melody is None:
            self._estimate(id, made.melody, job)

    def _estimate(self, id: int, melody: Melody, step: object) -> None:
        """Find tempo, beat and key, as part of the same undo step if nothing came between.

        A song has one of each: a lane with a melody beside this one lends its own.
        """
        project = self._session.project
        track = project.track(id)
        assert track is not None
        mates = (t.melody for t in project.tracks if t.group == track.group and t.id != id)
        mate = next((each for each in mates if each is not None), None)
        name = tr("Tempo and key of {name}", name=track.name)
        if mate is not None:
            timed = replace(melody, beat=mate.beat, key=mate.key)
            self._session.edit(name, project.replaced(id, melody=timed), merge=step)
            return
        song = project.track(track.group) or track
        clip = song.clip

        def work() -> Work:
            from engine import meter

            return meter.estimate(clip, melody.notes)

        def on_event(event: Event) -> None:
            match event:
                case Ended(State.DONE, result=(beat, key)):
                    project = self._session.project
                    now = project.track(id)
                    found = now.melody if now is not None else None
                    if found is None or found.curves is not melody.curves:
                        return  # undone, or transcribed anew
                    if (found.beat, found.key) == (melody.beat, melody.key):  # not set by hand
                        for track in project.tracks:  # it may be sung by a voice already
                            sung = track.melody if track.group == now.group else None
                            if sung is not None and (sung.beat, sung.key) == (
                                found.beat,
                                found.key,
                            ):
                                timed = replace(sung, beat=beat, key=key)
                                project = project.replaced(track.id, melody=timed)
                        project = _counted(project, beat.tempo)
                        self._session.edit(name, project, merge=step)
                case Ended(State.FAILED, error=error):
                    self._studio.trouble.emit(trouble_of(error, id))

        self._studio.jobs.submit(name, work, "light", on_event)


def sings(track: Track) -> bool:
    """Whether a lane is expected to hold one voice; bands and single instruments are not."""
    return track.role in VOICES


def _with_what_was_set(made: Transcription, before: Melody | None) -> Transcription:
    """A new transcription with what a person had set and corrected on the one before."""
    if before is None:
        return made
    from engine import notes

    own = [note for note in before.notes if note.own]
    melody = replace(before, curves=made.melody.curves, drawn=()).with_notes(own)
    return replace(made, melody=replace(melody, notes=notes.read(melody)))


def _counted(project: Project, tempo: float) -> Project:
    """Let a document that has its first tempo still be counted in at that of its song."""
    first = project.tempo == Project().tempo
    return replace(project, tempo=round(tempo, 1)) if first else project
