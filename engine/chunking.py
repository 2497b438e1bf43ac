"""Overlap-add: the only windowing code. Windows may be worked on in any order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Plan:
    """A fixed grid of windows over a clip, all lengths in frames.

    Window `i` covers `i * (window - overlap)` onwards; neighbours share `overlap` frames, over
    which one fades into the other in a straight line. The grid does not depend on the order of
    work, so neither does the result.
    """

    frames: int
    window: int
    overlap: int

    def __post_init__(self) -> None:
        if not 0 <= 2 * self.overlap <= self.window:
            raise ValueError("the overlap is at most half a window")

    @property
    def step(self) -> int:
        """Frames from one window to the next."""
        return self.window - self.overlap

    @property
    def count(self) -> int:
        """Number of windows."""
        return max(1, -(-(self.frames - self.overlap) // self.step))

    def start(self, index: int) -> int:
        """First frame of a window."""
        return index * self.step

    def at(self, frame: int) -> int:
        """The window in which a frame is heard first."""
        return min(max(frame // self.step, 0), self.count - 1)

    def nearest(self, frame: int, undone: set[int]) -> int:
        """The window to do next: the one at `frame`, else the next after it, else the first."""
        here = self.at(frame)
        return min(undone, key=lambda index: (index < here, index))


class OverlapAdd:
    """Joins processed windows; what comes out is final and never revised."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._fade = ((np.arange(plan.overlap) + 0.5) / max(plan.overlap, 1)).astype(np.float32)
        self._edges: dict[int, np.ndarray] = {}  # the first half of overlap i, between i and i + 1

    def add(self, index: int, samples: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
        """Take window `index`, `(channels, window)`; yield what is now final: start and samples."""
        plan = self.plan
        first, last = index == 0, index == plan.count - 1
        start, stop = plan.start(index), min(plan.start(index) + plan.window, plan.frames)
        samples = samples[:, : stop - start]
        head = 0 if first else plan.overlap
        tail = samples.shape[1] if last else plan.step
        if not first:
            yield from self._meet(index - 1, samples[:, :head] * self._fade)
        if tail > head:
            yield start + head, samples[:, head:tail]
        if not last:
            yield from self._meet(index, samples[:, tail:] * self._fade[::-1])

    def _meet(self, overlap: int, part: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
        other = self._edges.pop(overlap, None)
        if other is None:
            self._edges[overlap] = part.copy()
        elif self.plan.overlap:
            yield self.plan.start(overlap + 1), other + part
