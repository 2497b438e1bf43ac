"""The sound between the mixing thread and the device's callback."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

# The mixer runs AHEAD seconds before the device, enough to sit out two busy cores. A change of the
# mix or a seek does not wait for that: what lies more than MARGIN ahead is taken back and mixed
# again, so it is heard after MARGIN plus the device's own latency.
AHEAD = 0.25
MARGIN = 0.03
HISTORY = 1.5  # seconds kept after they were played, for meters and the live spectrum
FADE = 0.005  # seconds of crossfade wherever the sound is cut
BLOCK = 1024  # frames mixed at once
LATE = 0.1  # seconds after its last frame from which a ring counts as silent


class Segment(NamedTuple):
    """From ring frame `start` on, the ring holds the project from frame `project`.

    `speed` project frames go by per frame; 0 while it counts in, `left` frames more.
    """

    start: int
    project: float
    serial: int
    speed: float = 1.0
    left: int = 0

    def at(self, frame: float) -> float:
        """The project frame at a ring frame."""
        return self.project + (frame - self.start) * self.speed

    def to_come(self, frame: float) -> int:
        """Frames of the count-in from a ring frame on."""
        return max(self.left - (int(frame) - self.start), 0)


class Ring:
    """Sound on its way out and just heard. One thread writes, one callback reads, nobody waits.

    Frames are counted from the first one ever written and never go back, whatever the project's
    time does; `segments` says which project time they hold. `peaks` holds what each track gave,
    `(frame, {track id: (left, right)})` per block.
    """

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self.read = 0  # frames given to the device; only the callback moves it
        self.written = 0
        self.feeding = False  # more is coming, so running dry is a drop-out
        self.dropouts = 0
        self.segments: tuple[Segment, ...] = ()
        self.peaks: tuple[tuple[int, dict[int, tuple[float, float]]], ...] = ()
        self._size = round(rate * (AHEAD + HISTORY)) + 16384
        self._data = np.zeros((self._size, 2), np.float32)
        self._largest = 0  # frames the device took at once
        self._clock = (0, 0.0)
        self._heard = 0.0
        self._polled: dict[str, int] = {}
        self._fade = round(FADE * rate)
        self._rise = (np.arange(1, self._fade + 1, dtype=np.float32) / (self._fade + 1))[:, None]
        self._tail = np.zeros((self._fade, 2), np.float32)  # what the next block fades in over
        self._risen = self._fade  # frames of that already used
        self._aside: tuple[np.ndarray, int] = (np.zeros((0, 2), np.float32), 0)  # and when begun
        self._pulled = 0  # frames the device took, silence included

    # The device's side.

    def pull(self, out: np.ndarray, when: float) -> None:
        """Fill float32 `(frames, 2)`, heard at `when`: the device's callback."""
        wanted, start, data = len(out), self.read, self._data
        count = min(wanted, max(self.written - start, 0))
        at = start % self._size
        first = min(count, self._size - at)
        out[:first] = data[at : at + first]
        if count > first:
            out[first:count] = data[: count - first]
        if count:
            self._clock = (start, when)
            self.read = start + count
        if count < wanted:
            out[count:] = 0.0
            if self.feeding:
                self.dropouts += 1
        sound, begun = self._aside
        passed = self._pulled - begun
        if passed < len(sound):
            some = sound[passed : passed + wanted]
            out[: len(some)] += some
        self._pulled += wanted
        if wanted > self._largest:
            self._largest = wanted

    # The mixing thread's side.

    @property
    def hungry(self) -> bool:
        """Whether it is time to write more."""
        lead = max(round(AHEAD * self.rate), self._margin + 2 * BLOCK)
        return self.written - self.read < lead

    @property
    def _margin(self) -> int:
        return min(max(round(MARGIN * self.rate), 2 * self._largest), self._size // 4)

    def append(self, block: np.ndarray, peaks: dict[int, tuple[float, float]]) -> None:
        """Write float32 `(2, n)`, faded in over what was taken back before."""
        frames = block.T
        blend = min(self._fade - self._risen, len(frames))
        if blend:
            part = slice(self._risen, self._risen + blend)
            head = frames[:blend] * self._rise[part] + self._tail[part] * (1 - self._rise[part])
            frames = np.concatenate([head, frames[blend:]])
            self._risen += blend
        at = self.written % self._size
        first = min(len(frames), self._size - at)
        self._data[at : at + first] = frames[:first]
        self._data[: len(frames) - first] = frames[first:]
        kept, oldest = self.peaks, self.written - round(HISTORY * self.rate)
        while kept and kept[0][0] < oldest:
            kept = kept[1:]
        self.peaks = (*kept, (self.written, peaks))
        self.written += len(frames)

    def take_back(self) -> None:
        """Unwrite what the device does not need at once; the next block fades in over it."""
        end = self.written
        start = max(min(end, self.read + self._margin), self.read)
        if start >= end:
            return
        old = self.copy(start, start + self._fade)
        self.written = start
        self._tail, self._risen = old, 0
        self.segments = tuple(s for s in self.segments if s.start <= start)
        self.peaks = tuple(p for p in self.peaks if p[0] < start)

    def fade_in(self) -> None:
        """Let the next block rise from silence, unless it fades in over something already."""
        if self._risen == self._fade:
            self._tail, self._risen = np.zeros((self._fade, 2), np.float32), 0

    def fade_out(self) -> None:
        """Let the sound sink to silence, if it was cut."""
        if self._risen < self._fade:
            self.append(np.zeros((2, self._fade - self._risen), np.float32), {})

    def mark(self, project: float, serial: int, speed: float = 1.0, left: int = 0) -> None:
        """Say that the next block is the project from frame `project`; see `Segment`."""
        kept, oldest = self.segments, self.written - self._size
        while len(kept) > 1 and kept[1].start <= oldest:
            kept = kept[1:]
        self.segments = (*kept, Segment(self.written, project, serial, speed, left))

    def sound(self, samples: np.ndarray) -> None:
        """Let float32 `(2, n)` be heard at once beside the rest; the one before fades out."""
        old, begun = self._aside
        rest = old[self._pulled - begun :][: self._fade]
        new = samples.T.copy()
        count = min(len(rest), len(new))
        new[:count] += rest[:count] * self._rise[:count][::-1]
        self._aside = (new, self._pulled)

    @property
    def sounding(self) -> bool:
        """Whether what `sound` was given is still to be heard."""
        return self._pulled - self._aside[1] < len(self._aside[0])

    # Everybody's side.

    def segment(self, frame: float) -> Segment | None:
        """Return what the ring holds at a frame."""
        return next((s for s in reversed(self.segments) if s.start <= frame), None)

    def heard(self, now: float) -> float:
        """Return the frame that is heard at this time."""
        start, when = self._clock
        frame = min(start + (now - when) * self.rate, float(self.read))
        self._heard = max(frame, self._heard)  # clocks tremble; sound never goes back
        return self._heard

    def frame_at(self, when: float) -> float:
        """Return the frame that was, is or will be heard at a time, as the device last said."""
        start, moment = self._clock
        return start + (when - moment) * self.rate

    def drained(self, now: float) -> bool:
        """Whether all that was written has been heard."""
        start, when = self._clock
        return self.read >= self.written and start + (now - when) * self.rate >= self.read

    def fresh(self, who: str, now: float) -> tuple[int, int]:
        """Return the frames `(start, stop)` heard since `who` asked last."""
        stop = int(self.heard(now))
        start = max(self._polled.get(who, 0), stop - round(HISTORY * self.rate))
        self._polled[who] = stop
        return start, stop

    def recent(self, frames: int, now: float) -> np.ndarray:
        """Return the float32 `(2, frames)` that were heard up to now; silence after the last."""
        start, when = self._clock
        stop = start + int((now - when) * self.rate)
        if stop < self.read + LATE * self.rate:
            stop = min(stop, self.read)
        return self.copy(stop - frames, stop).T

    def copy(self, start: int, stop: int) -> np.ndarray:
        """Return float32 `(stop - start, 2)`; what is gone or not yet written is silence."""
        out = np.zeros((max(stop - start, 0), 2), np.float32)
        first, last = max(start, self.written - self._size, 0), min(stop, self.written)
        if last > first:
            rows = np.arange(first, last) % self._size
            out[first - start : last - start] = self._data[rows]
        return out
