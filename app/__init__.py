"""The studio's screen: a thin Qt shell that shows values and starts generators."""

from __future__ import annotations

from collections.abc import Sequence


def run(argv: Sequence[str]) -> int:
    """Open the window with the files named in `argv`; returns the exit code once it is closed.

    With `--quit-when-ready` it ends by itself as soon as the first song is on the screen, and says
    on standard output how long that took.
    """
    from app.start import start

    return start(argv)
