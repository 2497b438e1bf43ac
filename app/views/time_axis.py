"""The one stretch of time that every lane, the ruler and the playhead share."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

SHORTEST = 0.0005  # seconds in view at the nearest zoom: a few samples at any usual rate
EMPTY = 10.0  # seconds in view while there is nothing to show


@dataclass(frozen=True, slots=True)
class Cursor:
    """What lies under the pointer; `hz`, `note` and `db` are empty over a waveform or the ruler.

    `note` is the nearest note (C4 = 60, A4 = 440 Hz), `cents` how far `hz` is above it.
    """

    seconds: float
    hz: float | None = None
    note: str = ""
    cents: float = 0.0
    db: float | None = None


class TimeAxis(QObject):
    """What is in view (`start` to `stop`, seconds), the playhead and the loop region.

    The view never leaves `0 … total`, and never gets shorter than `SHORTEST`.
    """

    range_changed = Signal()
    playhead_changed = Signal()
    loop_changed = Signal()
    seek_requested = Signal(float)
    cursor_changed = Signal(object)  # Cursor, or None when the pointer has left

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.total = 0.0
        self.start = 0.0
        self.stop = EMPTY
        self.playhead = 0.0
        self.loop: tuple[float, float] | None = None

    @property
    def span(self) -> float:
        """Seconds in view."""
        return self.stop - self.start

    @property
    def extent(self) -> float:
        """The longest span that may be in view."""
        return max(self.total, SHORTEST) if self.total > 0 else EMPTY

    def set_total(self, seconds: float) -> None:
        """Set the length of the whole; a view that showed everything still does."""
        if seconds == self.total:
            return
        whole = self.start <= 0 and self.stop >= self.extent
        self.total = max(seconds, 0.0)
        if self.loop and self.loop[1] > self.extent:
            self.set_loop(None)
        if whole:
            self.fit()
        else:
            self.set_range(self.start, self.stop)
        if self.playhead > self.total:
            self.set_playhead(self.total)

    def set_range(self, start: float, stop: float) -> None:
        """Bring `start` to `stop` into view, moved and cut to what exists."""
        span = min(max(stop - start, SHORTEST), self.extent)
        start = min(max(start, 0.0), self.extent - span)
        if (start, start + span) != (self.start, self.stop):
            self.start, self.stop = start, start + span
            self.range_changed.emit()

    def zoom_at(self, seconds: float, factor: float) -> None:
        """Show `factor` times less time, with `seconds` staying where it is on the screen."""
        span = min(max(self.span / factor, SHORTEST), self.extent)
        start = seconds - (seconds - self.start) * span / self.span
        self.set_range(start, start + span)

    def scroll_by(self, seconds: float) -> None:
        """Move the view later (or earlier, if negative) without changing the zoom."""
        span = self.span
        start = min(max(self.start + seconds, 0.0), self.extent - span)
        self.set_range(start, start + span)

    def fit(self) -> None:
        """Show everything."""
        self.set_range(0.0, self.extent)

    def reveal(self, seconds: float) -> None:
        """Turn to the page that holds `seconds`, unless it is in view already."""
        if not self.start <= seconds <= self.stop:
            start = seconds - 0.05 * self.span
            self.set_range(start, start + self.span)

    def set_playhead(self, seconds: float) -> None:
        """Move the playhead without asking anybody to play from there."""
        seconds = max(seconds, 0.0)
        if seconds != self.playhead:
            self.playhead = seconds
            self.playhead_changed.emit()

    def follow(self, seconds: float) -> None:
        """Move the playhead as sound plays, and turn the page when it runs out of view.

        A person who scrolled away is left where they are until the playhead comes by again.
        """
        watched = self.start <= self.playhead <= self.stop
        self.set_playhead(seconds)
        if watched:
            self.reveal(self.playhead)

    def seek(self, seconds: float) -> None:
        """Put the playhead there, bring it into view and ask the player to go there too."""
        seconds = min(max(seconds, 0.0), self.total)
        self.set_playhead(seconds)
        self.reveal(seconds)
        self.seek_requested.emit(seconds)

    def set_loop(self, start: float | None, stop: float | None = None) -> None:
        """Loop from `start` to `stop` in either order; `None`, or no length, ends looping."""
        loop: tuple[float, float] | None = None
        if start is not None and stop is not None:
            low, high = sorted((max(start, 0.0), max(stop, 0.0)))
            high = min(high, self.extent)
            if high - low > 1e-3:
                loop = (low, high)
        if loop != self.loop:
            self.loop = loop
            self.loop_changed.emit()
