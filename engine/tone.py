"""Notes as sound: a soft tone, or a struck string, from any frame on and the same at every read.

A note is a sum of partials that ring and decay, which is a product of two complex exponentials: one
for the chunk of `CHUNK` frames, one for the frame inside it. So a chunk is one small product of
matrices, and a frame does not depend on where reading began.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.melody import Note

LEVEL_DB = -18.0  # dBFS: root mean square of a note of velocity `USUAL`, about that of a sung voice
USUAL = 0.8
CHUNK = 256  # frames
KEPT = 64  # notes whose partials are kept ready
CEILING = 0.45  # of the rate: partials above would fold back
LEGATO = 0.02  # seconds: a shorter gap to the next note is none to the ear


@dataclass(frozen=True, slots=True)
class _Sound:
    """`attack` and `release` in seconds; after a legato note the next one fades it out."""

    attack: float
    release: float
    handover: float


SOUNDS = {"tone": _Sound(0.015, 0.06, 0.02), "piano": _Sound(0.006, 0.14, 0.05)}
FIRST = 0.5  # seconds of a note that its level is measured over

TONE = (1.0, 0.40, 0.18, 0.09, 0.05, 0.03)  # of the harmonics
STRINGS = 14  # partials of the string
STRUCK = 0.12  # of the string's length, where the hammer meets it
STIFF = 3.8e-4  # how far partials of C4 are stretched; twice that an octave higher
SPREAD = 2.4  # radians that each partial begins after the one below, so that no peak piles up
DAMPING = 0.9  # a second, of C4's first partial
KNOCK = ((187.0, 0.10), (413.0, 0.07), (729.0, 0.04))  # Hz and level: the wood, gone in 50 ms
KNOCK_DAMPING = 45.0


class Tone:
    """Notes as a stream at `rate`, played as `sound` ("tone" or "piano"); stereo, both sides alike.

    A note begins on the frame nearest to its start and rings on a little after its end.
    """

    def __init__(self, notes: Sequence[Note], rate: int, sound: str) -> None:
        self._rate = rate
        self._kind = sound if sound in SOUNDS else "piano"
        edges = SOUNDS[self._kind]
        self._rise = _fade(edges.attack, rate)
        self._falls = tuple(_fade(s, rate)[::-1] for s in (edges.release, edges.handover))
        rows = sorted((n.start, n.length, n.pitch, n.velocity) for n in notes if n.length > 0)
        starts, lengths, pitches, velocities = np.array(rows, float).reshape(-1, 4).T
        self._starts = np.rint(starts * rate).astype(np.int64)
        self._stops = np.rint((starts + lengths) * rate).astype(np.int64)
        self._pitches, self._velocities = pitches, velocities
        gaps = (self._starts[1:] - self._stops[:-1]) / rate
        self._legato = np.append(np.abs(gaps) < LEGATO, False)[: len(rows)]
        falls = np.where(self._legato, len(self._falls[1]), len(self._falls[0]))
        self._ends = self._stops + falls
        self._reach = np.maximum.accumulate(self._ends)  # by when all notes so far are silent
        self._ready: dict[int, tuple[np.ndarray, np.ndarray]] = {}

    def read(self, start: int, frames: int) -> np.ndarray:
        """Return float32 `(2, frames)` from frame `start`; silence where no note sounds."""
        out = np.zeros((2, frames), np.float32)
        stop = start + frames
        first = int(np.searchsorted(self._reach, start, "right"))
        last = int(np.searchsorted(self._starts, stop, "left"))
        for number in first + np.flatnonzero(self._ends[first:last] > start):
            self._add(int(number), start, out[0])
        out[1] = out[0]
        return out

    def _add(self, number: int, start: int, out: np.ndarray) -> None:
        begins, ends = int(self._starts[number]), int(self._ends[number])
        first, last = max(start, begins) - begins, min(start + len(out), ends) - begins
        poles, inside = self._partials(number)
        chunks = range(first // CHUNK, -(-last // CHUNK))
        sound = np.empty(len(chunks) * CHUNK, np.float32)
        for place, chunk in enumerate(chunks):
            at = np.exp(poles * (chunk * CHUNK / self._rate))
            weights = np.concatenate([at.real, -at.imag]).astype(np.float32)
            np.dot(weights, inside, out=sound[place * CHUNK : (place + 1) * CHUNK])
        sound = sound[first - chunks.start * CHUNK :][: last - first]
        rise = self._rise[first:last]
        sound[: len(rise)] *= rise
        fall, ended = self._falls[int(self._legato[number])], int(self._stops[number]) - begins
        if last > ended:
            low = max(first, ended)
            sound[low - first :] *= fall[low - ended : last - ended]
        out[begins + first - start : begins + last - start] += sound

    def _partials(self, number: int) -> tuple[np.ndarray, np.ndarray]:
        """A note's `(n,)` poles in 1/s, and `(2 n, CHUNK)`: their courses inside of a chunk."""
        ready = self._ready.get(number)
        if ready is None:
            pitch, velocity = float(self._pitches[number]), float(self._velocities[number])
            poles, levels = _POLES[self._kind](440.0 * 2.0 ** ((pitch - 69.0) / 12.0), velocity)
            levels = levels * _gain(poles, levels, velocity)
            heard = np.abs(poles.imag) < 2 * math.pi * CEILING * self._rate
            poles, levels = poles[heard], levels[heard]
            courses = np.exp(np.outer(poles, np.arange(CHUNK) / self._rate))
            courses *= -1j * levels[:, None]  # minus i, so that a tone begins at 0
            ready = poles, np.concatenate([courses.real, courses.imag]).astype(np.float32)
            while len(self._ready) >= KEPT:
                self._ready.pop(next(iter(self._ready)))
            self._ready[number] = ready
        return ready


def blip(pitch: float, seconds: float, rate: int, sound: str) -> np.ndarray:
    """Return one note, a MIDI number, until it has rung out: float32 `(2, frames)`."""
    one = Tone([Note(0.0, seconds, pitch)], rate, sound)
    return one.read(0, int(one._ends[0]) if len(one._ends) else 0)


def _fade(seconds: float, rate: int) -> np.ndarray:
    """From silence to all of a sound, without a corner at either end."""
    frames = max(round(seconds * rate), 1)
    return (0.5 - 0.5 * np.cos(np.pi * (np.arange(frames) + 0.5) / frames)).astype(np.float32)


def _gain(poles: np.ndarray, levels: np.ndarray, velocity: float) -> float:
    """What makes the partials as loud as `velocity` (0 … 1) says: 12 dB for twice of it."""
    beats = np.add.outer(poles, poles.conj()) * FIRST  # of each two partials, while measured
    still = np.abs(beats) < 1e-9
    means = np.where(still, 1.0, np.expm1(beats) / np.where(still, 1.0, beats))
    power = float((np.multiply.outer(levels, levels.conj()) * means).sum().real) / 2
    loud = 10.0 ** (LEVEL_DB / 20.0) * (velocity / USUAL) ** 2
    return loud / math.sqrt(power) if power > 0 else 0.0


def _tone(hz: float, velocity: float) -> tuple[np.ndarray, np.ndarray]:
    """Poles and levels of a tone that stays."""
    numbers = np.arange(1, len(TONE) + 1)
    return 2j * np.pi * hz * numbers, np.array(TONE)


def _piano(hz: float, velocity: float) -> tuple[np.ndarray, np.ndarray]:
    """Poles and levels of a struck string: a quick first decay, and a slow one that remains."""
    octave = math.log2(hz / 261.63)
    stiff = STIFF * 2.0**octave
    numbers = np.arange(1, STRINGS + 1)
    stretch = numbers * np.sqrt((1 + stiff * numbers**2) / (1 + stiff))
    bright = 600.0 + 1500.0 * velocity  # a stronger blow, more of the high partials
    levels = (
        np.abs(np.sin(np.pi * STRUCK * numbers)) / numbers**1.3 * np.exp(-hz * numbers / bright)
    )
    damping = DAMPING * 2.0 ** (0.6 * octave) * (1 + 0.3 * (numbers - 1))
    turns = 2j * np.pi * hz * stretch
    thump = np.array(KNOCK)
    poles = np.concatenate(
        [
            turns - damping,
            turns * 2.0 ** (0.6 / 1200) - 0.2 * damping,  # a second string, a little out of tune
            2j * np.pi * thump[:, 0] - KNOCK_DAMPING,
        ]
    )
    peak = float(levels.max())
    levels = levels * np.exp(1j * SPREAD * numbers)
    return poles, np.concatenate([0.75 * levels, 0.25 * levels, peak * thump[:, 1]])


_POLES = {"tone": _tone, "piano": _piano}
