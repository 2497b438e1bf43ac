"""A transcription without a network: curves with a note in every second, as the real one yields."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from engine import cards, notes, tasks
from engine.cards import ModelCard, WeightFile
from engine.errors import EngineError
from engine.events import Filled, Opened, Progress, Work
from engine.melody import CURVE_RATE, CURVES, OFFSET, ONSET, PITCH, VOICED, Melody
from engine.types import AudioClip, Origin, Scratch, Transcription


def card(id: str, family: str) -> ModelCard:
    """A card of a model that transcribes; its weights are never looked for."""
    weights = WeightFile(f"{id}.safetensors", "", 0)
    return ModelCard(
        id, id.title(), "transcribe", family, 44_100, 1, ("curves",), 1.0, 0.25, "CC0", "nowhere",
        "none", "none", weights, {}, {},
    )  # fmt: skip


VOICE, CHORDS = card("voice", "melody_roformer"), card("chords", "basic_pitch")


def sung(seconds: float, pitch: float = 60.0) -> np.ndarray:
    """Curves `(CURVES, frames)` of half a second of singing in every second, ever more certain."""
    frames = round(seconds * CURVE_RATE)
    rows = np.zeros((CURVES, frames), np.float32)
    at = np.arange(frames)
    on = at % CURVE_RATE < CURVE_RATE // 2
    rows[PITCH] = pitch + at // CURVE_RATE % 5
    rows[VOICED] = np.where(on, np.clip(0.6 + 0.05 * (at // CURVE_RATE), 0.0, 0.95), 0.02)
    rows[ONSET, on & (at % CURVE_RATE < 3)] = 0.9
    rows[OFFSET, :: CURVE_RATE // 2] = 0.5
    return rows


class Singer:
    """Stands in for the networks; `hold` keeps it in the middle until it is let go."""

    def __init__(self) -> None:
        self.cards: list[ModelCard] = []  # those it was asked to use, one for each time
        self.clips: list[AudioClip] = []
        self.bands: list[AudioClip | None] = []  # what was left of the song beside each
        self.fault: Exception | None = None
        self.silent = False
        self.go_on = threading.Event()
        self.go_on.set()

    def hold(self) -> None:
        """Stop in the middle from now on."""
        self.go_on.clear()

    def transcribe(
        self,
        clip: AudioClip,
        card: ModelCard,
        scratch: Scratch,
        device: str = "auto",
        focus: Callable[[], float] = lambda: 0.0,
        band: AudioClip | None = None,
    ) -> Work:
        """As `tasks.transcribe`."""
        self.cards.append(card)
        self.clips.append(clip)
        self.bands.append(band)
        yield Progress(float("nan"), f"Loading {card.title}")
        rows = sung(clip.seconds)
        if self.silent:
            rows[VOICED] = 0.0
        origin = Origin(clip.origin.path, "transcribe", card.id)
        curves = scratch.clip(CURVES, rows.shape[1], CURVE_RATE, origin)
        yield Opened({"curves": curves})
        half = rows.shape[1] // 2
        for start, stop in ((0, half), (half, rows.shape[1])):
            curves.write(start, rows[:, start:stop])
            yield Filled("curves", start, stop)
            yield Progress(stop / rows.shape[1], card.title)
            while not self.go_on.wait(0.01):
                yield Progress(stop / rows.shape[1], card.title)
            if self.fault is not None:
                raise self.fault
        melody = Melody(curves=curves)
        melody = melody.with_notes(notes.read(melody))
        return Transcription(melody, "cpu", "", 0.1)

    def chain(
        self, clip: AudioClip, separator: ModelCard, card: ModelCard, scratch: Scratch, **more: Any
    ) -> Work:
        """As `tasks.separate_and_transcribe`."""
        separation = yield from tasks.separate(clip, separator, scratch, **more)
        made = yield from self.transcribe(separation.clips["vocals"], card, scratch)
        return separation, made


@pytest.fixture
def singer(monkeypatch: pytest.MonkeyPatch) -> Singer:
    """The networks of this test, with a card for one voice and one for chords."""
    made, real = Singer(), cards.cards
    monkeypatch.setattr(tasks, "transcribe", made.transcribe, raising=False)
    monkeypatch.setattr(tasks, "separate_and_transcribe", made.chain, raising=False)

    def known(task: str | None = None) -> list[ModelCard]:
        return [VOICE, CHORDS] if task == "transcribe" else real(task)

    monkeypatch.setattr(cards, "cards", known)
    return made


BROKEN = EngineError("The weights of Voice are not here.", "Install Melic again.")
