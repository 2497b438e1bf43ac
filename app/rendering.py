"""The sound of voice lanes, kept in step with their notes and texts: made anew when they change."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import platformdirs
from PySide6.QtCore import QObject, QTimer, Signal

from app.phrasing import Laid, Phrasing
from app.studio import Trouble, trouble_of
from app.sung_blip import SungBlip
from app.words import tr
from engine import tasks
from engine.events import Ended, Event, Filled, Opened, State, Work
from engine.melody import Drawn, Melody, Note
from engine.project import Project
from engine.types import Track, Voicing

if TYPE_CHECKING:
    from app.session import Session, Span
    from app.studio import Studio
    from engine.cards import ModelCard
    from engine.jobs import Job
    from engine.phrases import Phrases
    from engine.types import AudioClip

REST_MS = 200  # after the last change before a lane is sung again
SHOWN_MS = 250  # into a job, after which the lane shows what there is so far
AHEAD_MS = 30  # between two looks whether a voice can be loaded ahead
LEAST = 60.0  # seconds of a lane that stands alone
SPARE = 15.0  # seconds after the last note of such a lane
AFTER = 1.0  # seconds after the last note of any lane
OF = "of"  # in a clip's `Origin.settings`: what it was made of, see `digest`
SAID = "words"  # there as well: what is spoken when
MOST_WORDS = 4000  # that are kept with a clip


@dataclass(slots=True)
class _Making:
    """A job that makes a lane's sound; `of` is the digest of `needs`, what it makes it of."""

    job: Job
    of: str
    needs: tuple[object, ...]
    clip: AudioClip | None = None
    filled: tuple[Span, ...] = ()
    shown: bool = False


def needs(track: Track) -> tuple[object, ...]:
    """All that the sound of a voice lane is made of; nothing for other lanes."""
    voicing, melody = track.voicing, track.melody
    if voicing is None:
        return ()
    if voicing.text or melody is None:
        return (voicing,)
    view = (melody.beat, melody.key) if melody.quantised else ()
    return (voicing, melody.notes, melody.drawn, view)


def digest(track: Track) -> str:
    """A short name for what a lane `needs`, to be kept with its sound; "" for nothing."""
    what = needs(track)
    return hashlib.sha256(repr(what).encode()).hexdigest()[:24] if what else ""


def lane_seconds(project: Project, track: Track) -> float:
    """How long a lane is to be: as its song, or as long as there is room to write on."""
    notes = track.melody.notes if track.melody is not None else ()
    last = max((note.stop for note in notes), default=0.0)
    mates = [t for t in project.tracks if t.group == track.group and t.role != "voice"]
    song = max((mate.clip.seconds for mate in mates), default=0.0)
    if track.voicing is not None and track.voicing.text:
        return 1.0
    if song:
        return max(song, last + AFTER)
    rest = max((t.clip.seconds for t in project.tracks if t.role != "voice"), default=0.0)
    return max(LEAST, rest, SPARE * math.ceil((last + SPARE) / SPARE))


class Rendering(QObject):
    """Makes the sound of one window's voice lanes; `voices` are the cards there are."""

    changed = Signal()  # a job began or ended
    made = Signal(int)  # track id: its sound is whole

    def __init__(self, studio: Studio, voices: Callable[[], list[ModelCard]]) -> None:
        super().__init__(studio)
        self._studio, self._voices = studio, voices
        self._session: Session = studio.session
        self._phrases: Phrases | None = None
        self._making: dict[int, _Making] = {}
        self._given_up: dict[int, str] = {}  # what could not be made, or was cancelled
        self._digests: dict[int, tuple[object, object, str]] = {}
        self._closed = False
        self._sung: dict[int, tuple[Voicing, Laid]] = {}  # what a lane's sound was last made of
        self._loaded: set[str] = set()  # voices that are loaded, or will be in a moment
        self._wanted: list[str] = []  # voices to be loaded
        self._quiet: set[int] = set()  # lanes whose jobs are not listed
        self._rest = QTimer(self, interval=REST_MS, singleShot=True)
        self._rest.timeout.connect(self._make_all)
        self._ahead = QTimer(self, interval=AHEAD_MS)
        self._ahead.timeout.connect(self._load)
        self.phrasing = Phrasing(studio)
        self._blip = SungBlip(studio, self.phrases)
        studio.session.lanes_changed.connect(self._look)
        studio.cancelled.connect(self._cancelled)

    # Loading voices ahead

    def load_ahead(self, voice: str) -> None:
        """Load a voice before it is waited for, once nothing is being drawn."""
        if voice and voice not in self._loaded:
            self._loaded.add(voice)
            self._wanted.append(voice)
            self._ahead.start()

    def _load(self) -> None:
        if self._studio.jobs.drawing and not self._closed:
            return
        self._ahead.stop()
        wanted, self._wanted = self._wanted, []
        for card in [] if self._closed else self._voices():
            if card.id in wanted:
                self._studio.jobs.submit(
                    "Warm up",
                    lambda card=card: tasks.warm_up(card),
                    "ears",
                    listed=False,
                    background=True,
                )

    def quietly(self, id: int) -> None:
        """List no job for a lane's sound: what makes it was listed and has made its phrases."""
        self._quiet.add(id)

    def try_again(self, id: int) -> None:
        """Make a lane's sound also if it could not be made before, or was not to be."""
        self._given_up.pop(id, None)

    def _card(self, voicing: Voicing, track: int) -> ModelCard | None:
        found = next((card for card in self._voices() if card.id == voicing.voice), None)
        if found is None:
            what = tr("The voice “{name}” is not on this computer.", name=voicing.voice)
            hint = tr("Choose another voice in the inspector.")
            if not voicing.voice:
                what, hint = tr("There is no voice that sings."), tr("Install Melic again.")
            self._studio.trouble.emit(Trouble(what, hint, "", track))
        return found

    # Keeping the sound in step

    def job(self, id: int) -> Job | None:
        """The job that makes a lane's sound now, or waits to."""
        making = self._making.get(id)
        return making.job if making is not None else None

    def of(self, id: int) -> Laid | None:
        """The phones and phrases of a lane's notes, as far as they are known."""
        return self.phrasing.of(id)

    def unsung(self, id: int) -> Sequence[tuple[float, float]]:
        """The phrases of a lane, in seconds, that are not sung yet."""
        lane, laid, track = (
            self._session.lane(id),
            self.of(id),
            self._session.project.track(id),
        )
        if lane is None or laid is None or track is None or self.in_step(id):
            return ()
        if lane.filled is not None:  # its sound is being made
            rate, filled = lane.track.clip.rate, lane.filled
            return [
                (start, stop)
                for start, stop in laid.spans
                if not any(a <= rate * (start + stop) / 2 < b for a, b in filled)
            ]
        sung = self._sung.get(id)
        if not _made_of(track) or (sung is not None and sung[0] != track.voicing):
            return laid.spans
        same = sung[1].keys if sung is not None else ()
        spans = zip(laid.spans, laid.keys, strict=True)
        return [span for span, key in spans if key not in same]

    def words(self, id: int) -> Sequence[tuple[float, float, str]]:
        """What a lane says: start and stop in seconds, and text; none while it is made anew."""
        track = self._session.project.track(id)
        if track is None or track.voicing is None or id in self._making:
            return ()
        return track.clip.origin.settings.get(SAID, ())

    def in_step(self, id: int) -> bool:
        """Whether a lane's sound is that of its notes or its text."""
        track = self._session.project.track(id)
        return track is None or not self._digest(track) or _made_of(track) == self._digest(track)

    def _digest(self, track: Track) -> str:
        known = self._digests.get(track.id)
        if known is None or known[0] is not track.melody or known[1] is not track.voicing:
            known = self._digests[track.id] = (track.melody, track.voicing, digest(track))
        return known[2]

    def _look(self) -> None:
        """See which lanes have to be laid out, and made anew in a moment."""
        tracks = [t for t in self._session.project.tracks if t.voicing is not None]
        ids = {track.id for track in tracks}
        for id in [id for id in self._making if id not in ids]:
            self._end(id)
        self.phrasing.keep(ids)
        for known in (self._digests, self._given_up, self._sung):
            for id in [id for id in known if id not in ids]:
                del known[id]
        for track in tracks:
            self.phrasing.lay(track)
            if track.voicing is not None:
                self.load_ahead(track.voicing.voice)
            wanted, making = self._digest(track), self._making.get(track.id)
            if _made_of(track) == wanted:
                if making is not None:
                    self._end(track.id)
            elif (making is None or making.of != wanted) and (
                self._given_up.get(track.id) != wanted
            ):
                self._rest.start()

    def close(self) -> None:
        """Make nothing any more."""
        self._closed = True
        self._rest.stop()

    def _make_all(self) -> None:
        for track in self._session.project.tracks:
            if track.voicing is None:
                continue
            wanted, making = self._digest(track), self._making.get(track.id)
            done = _made_of(track) == wanted or self._given_up.get(track.id) == wanted
            if done or (making is not None and making.of == wanted):
                continue
            self._end(track.id)
            self._make(track, wanted)

    def _make(self, track: Track, wanted: str) -> None:
        voicing, id = track.voicing, track.id
        assert voicing is not None
        card = self._card(voicing, id)
        if card is None:
            self._given_up[id] = wanted
            return
        studio = self._studio
        seconds = lane_seconds(self._session.project, track)

        def work() -> Work:
            phrases = self.phrases()
            if voicing.text:
                return tasks.speak(voicing, card, studio.scratch, phrases)
            return tasks.sing(
                track.melody or Melody(), voicing, card, studio.scratch, phrases,
                focus=lambda: studio.transport.focus, seconds=seconds,
            )  # fmt: skip

        first = not _made_of(track) and id not in self._quiet
        name = tr("Speak {name}") if voicing.text else tr("Sing {name}")
        job = studio.jobs.submit(
            name.format(name=track.name), work, "ears", lambda event: self._heard(id, job, event),
            listed=first, background=True,
        )  # fmt: skip
        self._making[id] = _Making(job, wanted, needs(track), shown=not _made_of(track))
        self.changed.emit()

    def phrases(self) -> Phrases:
        """The phrases of this window; made on the thread that needs them."""
        if self._phrases is None:
            from engine.phrases import Phrases

            self._phrases = Phrases(platformdirs.user_cache_path("Melic", "Melic") / "phrases")
        return self._phrases

    def _heard(self, id: int, job: Job, event: Event) -> None:
        making = self._making.get(id)
        if making is None or making.job is not job:
            return
        match event:
            case Opened(clips):
                making.clip = clips["voice"]
                if making.shown:
                    self._session.show_live_clip(id, making.clip)
                else:  # a phrase or two are there before anything would have to be shown
                    QTimer.singleShot(SHOWN_MS, self, lambda: self._show(id, making))
            case Filled(_, start, stop):
                making.filled = (*making.filled, (start, stop))
                if making.shown:
                    self._session.fill_live(id, start, stop)
            case Ended(State.DONE, result=made):
                self._keep(id, making, made.clip, getattr(made, "words", ()))
            case Ended(state, error=error):
                del self._making[id]
                self._session.clear_live_clip(id)
                if state is State.FAILED:
                    self._given_up[id] = making.of
                    self._studio.trouble.emit(trouble_of(error, id))
                self.changed.emit()

    def _show(self, id: int, making: _Making) -> None:
        if self._making.get(id) is making and making.clip is not None and not self._closed:
            making.shown = True
            self._session.show_live_clip(id, making.clip, making.filled)

    def _keep(
        self,
        id: int,
        making: _Making,
        clip: AudioClip,
        words: Sequence[tuple[float, float, str]],
    ) -> None:
        """Give the sound to every version of the document in which the lane is made of the same."""
        del self._making[id]
        settings = {**clip.origin.settings, OF: making.of}
        if 0 < len(words) <= MOST_WORDS:
            settings[SAID] = [(round(a, 3), round(b, 3), text) for a, b, text in words]
        clip.origin = replace(clip.origin, settings=settings)
        now = self._session.project.track(id)
        assert now is not None
        alike = (now.voicing, now.melody)
        laid = self.of(id)
        if now.voicing is not None and laid is not None and laid.melody == now.melody:
            self._sung[id] = (now.voicing, laid)

        def change(project: Project) -> Project:
            track = project.track(id)
            if track is None or track.clip is clip:
                return project
            same = (track.voicing, track.melody) == alike or needs(track) == making.needs
            return project.replaced(id, clip=clip) if same else project

        self._session.clear_live_clip(id)
        self._session.amend(change)
        self.changed.emit()
        self.made.emit(id)

    def _end(self, id: int) -> None:
        """Stop making a lane's sound."""
        making = self._making.pop(id, None)
        if making is not None:
            self._studio.jobs.cancel(making.job)
            self._session.clear_live_clip(id)
            self.changed.emit()

    def _cancelled(self, job: Job) -> None:
        """Leave a lane as it is when a person does not want it made; a change makes it again."""
        for id, making in tuple(self._making.items()):
            if making.job is job:
                self._given_up[id] = making.of
                self._end(id)

    # Hearing a note that is touched

    def audition(self, id: int, note: Note, drawn: tuple[Drawn, ...] = ()) -> bool:
        """Let a note of a lane be heard as it is sung, bent as `drawn` (from 0 s on, as it).

        False where that is no voice's doing.
        """
        track = self._session.project.track(id)
        if track is None or track.voicing is None or track.voicing.text:
            return False
        card = next((c for c in self._voices() if c.id == track.voicing.voice), None)
        if card is None:
            return False
        self._blip.sing(track, note, drawn, card, self.phrasing.of(id))
        return True


def _made_of(track: Track) -> str:
    return str(track.clip.origin.settings.get(OF, ""))
