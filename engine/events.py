"""What work says while it runs: one closed union."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from engine.types import AudioClip


class State(Enum):
    """Where a job is; only the runner moves it."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Progress:
    """`done` runs from 0 to 1; NaN means nobody knows.

    `rate` is seconds of sound per second (0: no rate), `seconds_left` the time to the end.
    """

    done: float
    note: str = ""
    rate: float = 0.0
    seconds_left: float = float("nan")


@dataclass(frozen=True, slots=True)
class Opened:
    """The clips that this job is about to fill, by name; readable (as silence) from now on."""

    clips: Mapping[str, AudioClip]


@dataclass(frozen=True, slots=True)
class Filled:
    """Frames `start` to `stop` of the clip opened as `name` are final and will not be revised."""

    name: str
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Started:
    """The job left the queue."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The last event of every job: `result` when done, `error` when failed."""

    state: State
    result: Any = None
    error: BaseException | None = None


Event = Progress | Opened | Filled | Started | Ended
Work = Generator[Event, None, Any]
