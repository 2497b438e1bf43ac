"""Recording: from sound that comes in to a clip on disk, as it comes."""

from __future__ import annotations

import errno
import shutil
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from engine.errors import EngineError, UnwritableTarget
from engine.events import Filled, Opened, Progress, Work
from engine.types import AudioClip, Origin, Scratch

NAME = "recording"  # of the clip in `Opened` and `Filled`
GROW = 10.0  # seconds by which the clip grows ahead of what is recorded
PAUSE = 0.03  # seconds between two looks for new sound
SETTLE = 0.4  # seconds of blocks whose times of capture are compared with what was heard
ENOUGH = 24  # blocks are


class Incoming(Protocol):
    """Sound that comes in and is kept for some seconds; see `app.microphone.Intake`."""

    rate: int
    channels: int
    written: int
    ended: bool

    @property
    def problem(self) -> EngineError | None:
        """Why no more will come, if that is a problem."""

    @property
    def oldest(self) -> int:
        """The first frame that is still kept."""

    def copy(self, start: int, stop: int) -> np.ndarray:
        """Float32 `(channels, stop - start)`."""

    def captured_at(self, frame: int) -> float | None:
        """When a frame reached the microphone, in seconds; None before anything did."""


@dataclass(frozen=True, slots=True)
class Take:
    """What was recorded: `clip` is silent up to `start` seconds, where the sound begins.

    `problem` says why it ended, if nobody asked for that; `lost` frames came too late for a disk
    that was busy and are silent.
    """

    clip: AudioClip | None  # None: it ended before anything came in
    start: float
    lost: int = 0
    problem: EngineError | None = None


def record(
    incoming: Incoming,
    scratch: Scratch,
    pressed: float,
    playhead: float,
    heard_at: Callable[[float], float | None] | None,
    stop: Callable[[], float | None],
    origin: Origin,
    pause: Callable[[float], None] = time.sleep,
) -> Work:
    """Write what comes in from the moment `pressed` until `stop()` names one; returns a `Take`.

    Opens one clip that grows and fills it from `playhead` seconds on, which its origin keeps as
    the setting "start"; what lies before is silent. While something plays,
    `heard_at` gives the project's time that sounded at a moment: then the recording is laid where
    the singer heard it, so all latencies are taken off. All moments are on one clock, in seconds.
    """
    while incoming.captured_at(0) is None and not incoming.ended and stop() is None:
        yield Progress(float("nan"))
        pause(PAUSE)
    first = _frame_at(incoming, pressed)
    start = playhead
    if heard_at is not None:
        for place in _placed(incoming, first, heard_at, stop):
            yield Progress(float("nan"))
            start = place if place is not None else start
            pause(PAUSE)
    skipped = max(-round(start * incoming.rate), 0)  # what came before the project's beginning
    ahead = max(round(start * incoming.rate), 0)
    return (yield from _write(incoming, scratch, first + skipped, ahead, stop, origin, pause))


def _frame_at(incoming: Incoming, moment: float) -> int:
    """The frame that was captured at a moment, if it is still there."""
    begin = incoming.captured_at(0)
    if begin is None:
        return 0
    return max(round((moment - begin) * incoming.rate), incoming.oldest)


def _placed(
    incoming: Incoming,
    first: int,
    heard_at: Callable[[float], float | None],
    stop: Callable[[], float | None],
) -> Iterator[float | None]:
    """Watch for a moment which project time frame `first` belongs to; the last answer counts.

    One block's time trembles by as much as the system is busy; the median of many does not.
    """
    rate, seen, guesses = incoming.rate, first, list[float]()
    until = first + round(SETTLE * rate)
    while seen < until and len(guesses) < ENOUGH and not incoming.ended and stop() is None:
        newest = incoming.written
        if newest > seen:
            seen = newest
            captured = incoming.captured_at(newest)
            heard = heard_at(captured) if captured is not None else None
            if heard is not None:
                guesses.append(heard - (newest - first) / rate)
        yield statistics.median(guesses) if guesses else None


def _write(
    incoming: Incoming,
    scratch: Scratch,
    first: int,
    ahead: int,
    stop: Callable[[], float | None],
    origin: Origin,
    pause: Callable[[float], None],
) -> Work:
    rate, grow = incoming.rate, round(GROW * incoming.rate)
    start, offset = ahead / rate, ahead - first  # clip frame = incoming frame + offset
    origin = replace(origin, settings={**origin.settings, "start": start})
    clip = _new_clip(scratch, incoming.channels, ahead + grow, rate, origin)
    yield Opened({NAME: clip})
    if ahead:
        yield Filled(NAME, 0, ahead)
    done, lost = first, 0
    problem: EngineError | None = None
    while True:
        ended = incoming.ended  # asked before the last frames are fetched
        moment = stop()
        last = None if moment is None else max(_frame_at(incoming, moment), done)
        until = incoming.written if last is None else min(incoming.written, last)
        if incoming.oldest > done and done < until:
            missed = min(incoming.oldest, until) - done
            done, lost = done + missed, lost + missed
        if until > done:
            fresh = incoming.copy(done, until)
            try:
                if until + offset > clip.frames:
                    clip.trim(until + offset + grow)
                clip.write(done + offset, fresh)
            except OSError as error:
                problem = _disk(error, scratch)
                break
            yield Filled(NAME, done + offset, until + offset)
            done = until
        if ended or (last is not None and done >= last):
            problem = incoming.problem if last is None or done < last else None
            break
        yield Progress(float("nan"), f"{(done - first) / rate:.0f} s")
        pause(PAUSE)
    if done <= first:
        return Take(None, start, lost, problem)
    with suppress(OSError):  # a disk that is full may still not let a file be cut
        clip.trim(done + offset)
    return Take(clip, start, lost, problem)


def _new_clip(scratch: Scratch, channels: int, frames: int, rate: int, origin: Origin) -> AudioClip:
    try:
        return scratch.clip(channels, frames, rate, origin)
    except OSError as error:
        raise _disk(error, scratch) from error


def _disk(error: OSError, scratch: Scratch) -> EngineError:
    if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
        free = shutil.disk_usage(scratch.folder).free / 1e6
        return UnwritableTarget(
            f"The recording ended because the disk is full ({free:,.0f} MB free). "
            "What was recorded until then is kept.",
            "Free some space, then record on.",
        )
    return UnwritableTarget(
        f"The recording ended because it could not be written: {error.strerror or error}. "
        "What was recorded until then is kept.",
        "Choose another folder for working files, then record on.",
    )
