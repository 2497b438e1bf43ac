"""Voice lanes: notes that a voice sings and texts that it speaks, and how they sound."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from app.rendering import OF, Rendering, digest, lane_seconds
from app.studio import trouble_of
from app.transcribing import More
from app.words import tr
from engine import cards, tasks
from engine.errors import EngineError
from engine.events import Ended, State, Work
from engine.melody import Melody
from engine.types import Origin, Track, Voicing

if TYPE_CHECKING:
    from app.notation import Notation
    from app.session import Session
    from app.settings import Settings
    from app.studio import Studio
    from app.transcribing import Transcribing
    from engine.cards import ModelCard
    from engine.jobs import Job
    from engine.types import AudioClip

RATE = 44_100  # Hz, of the silence before anything is sung


class Singing(QObject):
    """What a person does with voices; belongs to one window. `rendering` makes them sound."""

    def __init__(
        self,
        studio: Studio,
        notation: Notation,
        settings: Settings,
        transcribing: Transcribing,
        known: Callable[[], list[ModelCard]] = lambda: cards.cards("sing"),
    ) -> None:
        super().__init__(studio)
        self._studio, self._notation, self._settings = studio, notation, settings
        self._transcribing = transcribing
        self._awaited: dict[Job, int] = {}  # jobs that write notes down, for another singer
        self._known = known
        self._session: Session = studio.session
        self.rendering = Rendering(studio, self.voices)
        self.rendering.phrasing.laid.connect(notation.changed)
        notation.singer = self.rendering
        studio.jobs.ended.connect(self._written)

    # Which voice

    def voices(self) -> list[ModelCard]:
        """Every voice there is; none, with trouble told, when a card is damaged."""
        try:
            return self._known()
        except EngineError as error:
            self._studio.trouble.emit(trouble_of(error))
            return []

    def usual(self) -> str:
        """The id of the voice chosen last, else of the first; "" when there is none."""
        ids = [card.id for card in self.voices()]
        return self._settings.voice if self._settings.voice in ids else next(iter(ids), "")

    # Making lanes

    def new_lane(self) -> int:
        """Make a lane of no notes yet, below the selected song; returns its track's id."""
        here = self._session.project.track(self._session.selected)
        beat = here.melody.beat if here is not None and here.melody is not None else None
        melody = Melody() if beat is None else Melody(beat=beat)
        voicing = Voicing(self.usual())
        return self._add(tr("New voice lane"), tr("Voice"), voicing, melody, here)

    def speak(self, voicing: Voicing) -> int:
        """Make a lane that says a text; returns its track's id."""
        words = " ".join(voicing.text.split())
        name = words if len(words) <= 24 else f"{words[:23].rstrip()}…"
        return self._add(tr("Speak “{text}”", text=name), name, voicing, None, None)

    def can_sing(self, id: int = 0) -> bool:
        """Whether the lane has notes, and is not sung from notes already."""
        track = self._session.project.track(id or self._session.selected)
        here = track is not None and track.melody is not None and bool(track.melody.notes)
        return here and track.role != "voice" and self._notation.editable(track.id)

    def sing(self, id: int = 0, merge: object | None = None) -> int:
        """Let a voice sing the notes of a lane, which falls silent; returns the new track's id."""
        source = self._session.project.track(id or self._session.selected)
        if source is None or source.melody is None or not self.can_sing(source.id):
            return 0
        melody = replace(source.melody, curves=None, drawn=(), settled=(), blend=0.0)
        name = tr("Sing {name}", name=source.name)
        voicing = Voicing(self.usual())
        return self._add(name, tr("Voice"), voicing, melody, source, source.id, merge)

    def can_replace_singer(self, id: int = 0) -> bool:
        """Whether the lane's song can be sung by another voice now."""
        vocals = self._vocals(id)
        if vocals is not None and vocals.melody is not None:
            return self.can_sing(vocals.id)
        song = vocals or self._studio.mix_of(id)
        return song is not None and self._transcribing.can_transcribe(song.id)

    def replace_singer(self, id: int = 0) -> Job | None:
        """Take the singer of a song out, write down what is sung, and let a voice sing that.

        What of it is done already is not done again. It is all one undo step.
        """
        vocals, mix = self._vocals(id), self._studio.mix_of(id)
        if vocals is not None and vocals.melody is not None:
            self.sing(vocals.id)
            return None
        song = vocals or mix
        if song is None:
            return None
        voicing, studio, rendering = Voicing(self.usual()), self._studio, self.rendering
        card = next((card for card in self.voices() if card.id == voicing.voice), None)

        def work(first: Work) -> Work:
            if card is None:  # the lane will tell
                return first
            return tasks.and_sing(
                first, voicing, card, studio.scratch, rendering.phrases(),
                focus=lambda: studio.transport.focus,
            )  # fmt: skip

        name = tr("Other singer for {name}", name=song.name)
        more = More(name, work, lambda: self.replace_singer(song.id))
        job = self._transcribing.transcribe(song.id, more=more)
        if job is not None:
            self._awaited[job] = song.group
            rendering.load_ahead(voicing.voice)
        return job

    def _vocals(self, id: int) -> Track | None:
        """The singer of a lane's song, where it was taken out."""
        mix = self._studio.mix_of(id)
        stems = [lane.track for lane in self._studio.stems_of(mix.id)] if mix is not None else []
        kept = (self._session.project.track(t.id) for t in stems if t.role == "vocals")
        return next((track for track in kept if track is not None), None)

    def _written(self, job: Job, event: Ended) -> None:
        song = self._awaited.pop(job, None)
        vocals = self._vocals(song) if song is not None else None
        if event.state is State.DONE and vocals is not None:
            self.rendering.quietly(self.sing(vocals.id, merge=job))

    def _add(
        self,
        step: str,
        name: str,
        voicing: Voicing,
        melody: Melody | None,
        beside: Track | None,
        mute: int = 0,
        merge: object | None = None,
    ) -> int:
        project, id = self._session.project, self._session.new_id()
        group = beside.group if beside is not None else id
        taken = {track.name for track in project.tracks}
        names = (name, *(f"{name} {number}" for number in range(2, 1000)))
        name = next(each for each in names if each not in taken)
        track = Track(id, name, "voice", _silence(self._studio, 1.0), 0.0, group=group,
                      melody=melody, voicing=voicing)  # fmt: skip
        clip = _silence(self._studio, lane_seconds(project, track))
        if not voicing.text and (melody is None or not melody.notes):
            clip.origin = replace(clip.origin, settings={OF: digest(track)})
        mates = [t.id for t in project.tracks if t.group == group]
        if mute:
            project = project.replaced(mute, muted=True)
        project = project.with_tracks([replace(track, clip=clip)], mates[-1] if mates else None)
        self._session.edit(step, project, merge)
        self._session.select(id)
        return id

    # How a lane sounds

    @property
    def track(self) -> Track | None:
        """The selected lane, if a voice makes its sound."""
        track = self._session.project.track(self._session.selected)
        return track if track is not None and track.voicing is not None else None

    @property
    def speaks(self) -> bool:
        """Whether the selected lane says a text."""
        track = self.track
        return track is not None and track.voicing is not None and bool(track.voicing.text)

    def voice(self, step: str, gesture: object | None = None, **changes: Any) -> None:
        """Change fields of the selected lane's `Voicing`; changes of one gesture are one step."""
        track = self.track
        if track is None or track.voicing is None:
            return
        voicing = replace(track.voicing, **changes)
        merge = None if gesture is None else ("voice", track.id, step, gesture)
        if voicing != track.voicing:
            if "voice" in changes:
                self._settings.voice = voicing.voice
            self.rendering.try_again(track.id)
            self._session.set_tracks(
                step.format(name=track.name), {track.id: {"voicing": voicing}}, merge
            )

    def next_voice(self) -> None:
        """Let the next voice sing, and round again."""
        track, ids = self.track, [card.id for card in self.voices()]
        if track is not None and track.voicing is not None and ids:
            at = ids.index(track.voicing.voice) if track.voicing.voice in ids else -1
            self.voice(tr("Voice of {name}"), voice=ids[(at + 1) % len(ids)])

    def transpose(self, semitones: float) -> None:
        """Let the voice sing or speak higher or lower; presses in a row are one step."""
        track = self.track
        if track is not None and track.voicing is not None:
            pitch = min(max(track.voicing.pitch + semitones, -24.0), 24.0)
            self.voice(tr("Pitch of {name}"), "keys", pitch=pitch)

    def other_take(self) -> None:
        """Make it again with another seed: nothing else changes."""
        track = self.track
        if track is not None and track.voicing is not None:
            seed = (track.voicing.seed + 1) % 10_000
            self.voice(tr("Another take of {name}"), seed=seed)


def _silence(studio: Studio, seconds: float) -> AudioClip:
    return studio.scratch.clip(1, math.ceil(seconds * RATE), RATE, Origin(task="voice"))
