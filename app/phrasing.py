"""What the notes of voice lanes are to a voice: their phonemes, and what is sung in one breath."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.studio import trouble_of
from engine.events import Ended, Event, Progress, State, Work
from engine.melody import Melody

if TYPE_CHECKING:
    from collections.abc import Collection

    from app.studio import Studio
    from engine.jobs import Job
    from engine.types import Track


@dataclass(frozen=True, slots=True)
class Laid:
    """What a lane's notes are to a voice: `phones` of each and why it is `mute`, "" if it is not.

    A note without phones goes on with the one before. `spans` are the phrases in seconds. It holds
    for this `melody`, sung `pitch` semitones higher. `mute` also tells of notes that are sung
    otherwise than they are written.
    """

    melody: Melody
    pitch: float
    phones: tuple[str, ...]
    mute: tuple[str, ...]
    spans: tuple[tuple[float, float], ...]
    keys: tuple[object, ...] = ()  # of each phrase: equal where the same sounds at the same time


class Phrasing(QObject):
    """Lays lanes out as their notes change, on a thread: espeak takes a moment the first time."""

    laid = Signal(int)  # track id: phonemes or phrases of a lane are known, or others

    def __init__(self, studio: Studio) -> None:
        super().__init__(studio)
        self._studio = studio
        self._laid: dict[int, Laid] = {}
        self._laying: dict[int, tuple[Job, Melody, float]] = {}

    def of(self, id: int) -> Laid | None:
        """The phonemes and phrases of a lane, as far as they are known; they may be of before."""
        return self._laid.get(id)

    def keep(self, ids: Collection[int]) -> None:
        """Forget all lanes but these."""
        self._laid = {id: laid for id, laid in self._laid.items() if id in ids}

    def lay(self, track: Track) -> None:
        """Lay a lane out unless that is done, or being done."""
        id, melody, voicing = track.id, track.melody, track.voicing
        if melody is None or voicing is None or voicing.text:
            return
        known, busy, wanted = self._laid.get(id), self._laying.get(id), (melody, voicing.pitch)
        if known is not None and (known.melody, known.pitch) == wanted:
            return
        if busy is not None and busy[1:] == wanted:
            return

        def work() -> Work:
            yield Progress(math.nan)
            return laid_out(*wanted)

        def on_event(event: Event) -> None:
            if not isinstance(event, Ended) or self._laying.get(id, (None,))[0] is not job:
                return
            del self._laying[id]
            if event.state is State.DONE:
                self._laid[id] = event.result
                self.laid.emit(id)
            elif event.state is State.FAILED:
                self._studio.trouble.emit(trouble_of(event.error, id))

        job = self._studio.jobs.submit("Lay out phrases", work, "light", on_event, listed=False)
        self._laying[id] = (job, *wanted)


def laid_out(melody: Melody, pitch: float = 0.0) -> Laid:
    """The phones of each note as a voice sings it, and the phrases; takes a moment the first time.

    Raises `EngineError` if espeak cannot be used.
    """
    from engine import singing

    breaths, silent = singing.breaths(melody, pitch)
    phones, mute = [""] * len(melody.notes), [""] * len(melody.notes)
    for breath in breaths:
        for tone in breath.tones:
            phones[tone.index] = " ".join(tone.phones)
    for index, why in silent:
        mute[index] = why
    spans = tuple((phrase.start, phrase.stop) for phrase in map(singing.laid, breaths))
    keys = tuple((breath.tones[0].start, breath.key) for breath in breaths)
    return Laid(melody, pitch, tuple(phones), tuple(mute), spans, keys)
