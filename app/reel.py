"""What is played next: the tracks, looped, at another speed or pitch, after a count-in."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from engine.mixer import Mixdown
from engine.stretch import FASTEST, SLOWEST, WIDEST_CENTS, Stretcher

Peaks = dict[int, tuple[float, float]]  # {track id: (left, right)}


class Pace(NamedTuple):
    """How the tracks are played: at `speed` times their own, `cents` higher or lower."""

    speed: float = 1.0
    cents: float = 0.0

    def bounded(self) -> Pace:
        """The nearest that can be played."""
        return Pace(
            min(max(self.speed, SLOWEST), FASTEST),
            min(max(self.cents, -WIDEST_CENTS), WIDEST_CENTS),
        )


class Reel:
    """The sound from a project frame onwards, block by block, until the end or for ever in a loop.

    `start` is the project frame that the block read last begins with (before the first: the
    place where playing begins), `speed` how many project frames go by per frame (0 while it counts
    in), `left` how many frames of the count-in were to come when it began. `turned`: the block is
    not simply what follows the one before. `peaks` is what each track gave to it.

    At speed 1 and pitch 0 it hands on what `mix` gives, bit for bit.
    """

    def __init__(
        self,
        mix: Mixdown,
        position: float,
        loop: tuple[float, float] | None = None,
        pace: Pace = Pace(),  # noqa: B008 - a value
        intro: np.ndarray | None = None,
    ) -> None:
        """Begin at project frame `position`, after `intro`, float32 `(2, frames)`.

        `loop` is in seconds; it is left alone when playing begins behind it.
        """
        mix.position = max(round(position), 0)
        self._intro = intro if intro is not None else np.zeros((2, 0), np.float32)
        self._counted = False  # the count-in has just ended
        self.left = self._intro.shape[1]
        self.speed = 0.0 if self.left else pace.speed
        self.start: float = mix.position
        self.turned = False
        self.peaks: Peaks = {}
        bounds = None
        if loop is not None:
            back, wrap = (round(edge * mix.rate) for edge in loop)
            if back < min(wrap, mix.frames) and mix.position <= min(wrap, mix.frames):
                bounds = back, wrap
        plain = pace == Pace()
        self._sound = _Plain(mix, bounds) if plain else _Paced(mix, bounds, pace)

    def read(self, frames: int) -> np.ndarray:
        """Return the next float32 `(2, n)`, at most `frames`; none at the end."""
        if self._intro.shape[1]:
            block, self._intro = np.split(self._intro, [min(frames, self._intro.shape[1])], axis=1)
            self.left = block.shape[1] + self._intro.shape[1]
            self._counted = not self._intro.shape[1]
            return block
        sound = self._sound
        block = sound.read(frames)
        self.start, self.speed, self.left = sound.start, sound.speed, 0
        self.turned, self.peaks = sound.turned or self._counted, sound.peaks
        self._counted = False
        return block


class _Plain:
    """The mix as it is, round and round in its loop."""

    speed = 1.0

    def __init__(self, mix: Mixdown, loop: tuple[int, int] | None) -> None:
        self._mix, self._loop = mix, loop
        self.start: float = mix.position
        self.turned = False
        self.peaks: Peaks = {}

    def read(self, frames: int) -> np.ndarray:
        mix, wrap = self._mix, self._mix.frames
        self.turned = False
        if self._loop is not None:
            back, stop = self._loop
            wrap = min(stop, wrap)
            if mix.position >= wrap > back:
                mix.position, self.turned = back, True
        self.start = mix.position
        block = mix.read(max(min(frames, wrap - mix.position), 0))
        self.peaks = mix.peaks
        return block


class _Paced:
    """The mix at another speed or pitch.

    The stretcher hears one endless line: the loop unrolled. `_anchor` says which project frame a
    frame of that line is, for the round being heard; the stretcher itself is already ahead.
    """

    def __init__(self, mix: Mixdown, loop: tuple[int, int] | None, pace: Pace) -> None:
        self.speed = pace.speed
        self.start: float = mix.position
        self.turned = False
        self.peaks: Peaks = {}
        self._mix = mix
        self._loop = (loop[0], min(loop[1], mix.frames)) if loop is not None else None
        self._anchor = (0, mix.position)  # frame of the line, frame of the project
        self._given = 0  # frames put out so far
        self._stretcher = Stretcher(self._hear, mix.rate, pace.speed, pace.cents)
        self._line = -self._stretcher.lead  # the frame of the line that is heard next
        self._ahead = mix.position - self._stretcher.lead  # and which of the project that is
        self._marks: list[tuple[int, Peaks]] = []  # end on the line, peaks up to there

    def read(self, frames: int) -> np.ndarray:
        line, project = self._anchor
        stop = self._loop[1] if self._loop is not None else self._mix.frames
        last = self._frame_of(line + stop - project)
        self.turned = self._loop is not None and self._given >= last
        if self._loop is not None and self.turned:
            line, project = self._anchor = line + stop - project, self._loop[0]
            last = self._frame_of(line + stop - project)
        self.start = project + self._given * self.speed - line
        count = max(min(frames, last - self._given), 0)
        block = self._stretcher.read(count)
        self._given += count
        self.peaks = self._peaks_until(math.ceil(self._given * self.speed))
        return block

    def _frame_of(self, line: int) -> int:
        """The first frame put out that holds a frame of the line."""
        return math.ceil(line / self.speed - 1e-9)

    def _hear(self, frames: int) -> np.ndarray:
        """Return the next frames of the line; before the project's start there is silence."""
        parts = []
        while frames > 0:
            if self._loop is not None and self._ahead >= self._loop[1]:
                self._ahead = self._loop[0]
            stop = self._loop[1] if self._loop is not None else self._ahead + frames
            count = min(frames, stop - self._ahead)
            if self._ahead < 0:
                count = min(count, -self._ahead)
                parts.append(np.zeros((2, count), np.float32))
            else:
                self._mix.position = self._ahead
                parts.append(self._mix.read(count))
                self._marks.append((self._line + count, self._mix.peaks))
            self._ahead += count
            self._line += count
            frames -= count
        return np.concatenate(parts, 1)

    def _peaks_until(self, line: int) -> Peaks:
        """Each track's peak in what was heard since last asked."""
        found: Peaks = {}
        while self._marks and self._marks[0][0] <= line:
            for id, (left, right) in self._marks.pop(0)[1].items():
                before = found.get(id, (0.0, 0.0))
                found[id] = max(left, before[0]), max(right, before[1])
        return found
