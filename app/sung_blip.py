"""A note of a voice lane that is heard as it is sung, as soon as it is touched."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from engine import tasks
from engine.events import Ended, Event, State, Work
from engine.melody import HELD, Drawn, Melody, Note

if TYPE_CHECKING:
    from app.phrasing import Laid
    from app.studio import Studio
    from engine.cards import ModelCard
    from engine.jobs import Job
    from engine.phrases import Phrases
    from engine.types import Track

HEARD_MS = 300  # after a click by which its note must sound: else a tone does
BLIP = (0.35, 0.8)  # seconds of a note that is heard when it is touched
BENT = 3.0  # seconds of one that is bent: what was done to it is to be heard


class SungBlip(QObject):
    """Sings one note at a time, the newest; `phrases` are made on the thread that needs them."""

    def __init__(self, studio: Studio, phrases: Callable[[], Phrases]) -> None:
        super().__init__(studio)
        self._studio, self._phrases = studio, phrases
        self._job: Job | None = None
        self._tone = 60.0
        self._late = QTimer(self, interval=HEARD_MS, singleShot=True)
        self._late.timeout.connect(self._too_late)

    def sing(
        self,
        track: Track,
        note: Note,
        drawn: tuple[Drawn, ...],
        card: ModelCard,
        laid: Laid | None,
    ) -> None:
        """Let a note of a lane be heard, as a tone if the voice takes too long.

        It is bent as `drawn`, whose times count from where it begins.
        """
        voicing = track.voicing
        assert voicing is not None
        if self._job is not None:
            self._studio.jobs.cancel(self._job)
        self._tone = note.pitch + voicing.pitch
        most = BENT if drawn else BLIP[1]
        alone = Melody((_alone(track, note, laid, most),), drawn=drawn)
        studio = self._studio

        def work() -> Work:
            return tasks.sing(alone, voicing, card, studio.scratch, self._phrases())

        def on_event(event: Event) -> None:
            if not isinstance(event, Ended) or job is not self._job:
                return
            self._job = None
            if event.state is State.DONE and self._late.isActive():
                self._late.stop()
                clip = event.result.clip
                studio.player.let_hear(clip.read(0, clip.frames), clip.rate)

        job = studio.jobs.submit("Hear a note", work, "ears", on_event, listed=False)
        self._job = job
        self._late.start()

    def _too_late(self) -> None:
        self._studio.player.blip(self._tone, BLIP[0], "tone")


def _alone(track: Track, note: Note, laid: Laid | None, most: float) -> Note:
    """A note as it is sung when nothing comes before it, `most` seconds of it."""
    phones = note.phones
    if not phones and laid is not None and laid.melody is track.melody:
        notes = zip(laid.melody.notes, laid.phones, strict=True)
        at = (note.start, note.lyric)
        phones = next((said for n, said in notes if (n.start, n.lyric) == at), "")
    length = min(max(note.length, BLIP[0]), most)
    lyric = note.lyric.strip().removesuffix(HELD)
    return replace(note, start=0.0, length=length, lyric=lyric, phones=phones)
