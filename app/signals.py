"""Ctrl-C and SIGTERM end a verb wherever it is.

What a signal raises within a callback of Rust or C++, as when weights are read, comes out as
another error or not at all. So it is kept, and raised again at the next step.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

_raised: BaseException | None = None


@contextmanager
def stoppable() -> Iterator[None]:
    """Within it Ctrl-C raises `KeyboardInterrupt`, and SIGTERM `SystemExit` with its exit code."""
    global _raised
    _raised = None
    before = {number: signal.signal(number, _stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def check_stopped() -> None:
    """Raise once more what a signal raised, if there was one."""
    if _raised is not None:
        raise _raised


def _stop(number: int, _frame: object) -> NoReturn:
    global _raised
    _raised = KeyboardInterrupt() if number == signal.SIGINT else SystemExit(128 + number)
    raise _raised
