"""How times and progress are said on a terminal."""

from __future__ import annotations

import contextlib
import math
import sys
from typing import TYPE_CHECKING, Any

from app.signals import check_stopped

if TYPE_CHECKING:
    from engine.events import Work


def clock(seconds: float) -> str:
    """A length of time as `3:05` or `1:02:03`."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def pace(stage: str, rate: float, left: float) -> str:
    """What goes on, how many times real time, and the time left, as far as they are known."""
    words = [stage]
    if rate > 0:
        words.append(f"{rate:.1f}x")
    if math.isfinite(left):
        words.append(f"{clock(left)} left")
    return " · ".join(words)


class Bar:
    """One line of progress for one thing, on a terminal only."""

    def __init__(self, title: str) -> None:
        from tqdm import tqdm

        tqdm.monitor_interval = 0  # no thread of its own
        self.note = ""  # the last thing a task said
        self._bar = tqdm(
            total=1.0,
            desc=title,
            bar_format="{desc} {percentage:3.0f} %|{bar}|{postfix}",
            leave=False,
            disable=not sys.stderr.isatty(),
            file=sys.stderr,
            dynamic_ncols=True,
        )

    def __enter__(self) -> Bar:
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.close()

    def drain(self, stage: str, work: Work, start: float, stop: float) -> Any:
        """Run a task to its end and return its result; its 0…1 is `start`…`stop` of the line."""
        from engine.events import Progress

        self._bar.set_postfix_str(stage, refresh=True)
        with contextlib.closing(work):
            while True:
                try:
                    event = next(work)
                except StopIteration as end:
                    return end.value
                check_stopped()
                if isinstance(event, Progress):
                    self.note = event.note
                if isinstance(event, Progress) and math.isfinite(event.done):
                    self._bar.n = start + (stop - start) * event.done
                    self._bar.set_postfix_str(pace(stage, event.rate, event.seconds_left))
