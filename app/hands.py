"""What hands on a mouse do by dragging, as commands for keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.views.display import USUAL_DB

if TYPE_CHECKING:
    from app.main_window import MainWindow

QUIETEST_DB, LOUDEST_DB = -60.0, 12.0  # as far as the fader goes; below it is silence
SILENCE_DB = -144.0


def change_gain(window: MainWindow, by_db: float) -> None:
    """Raise or lower the selected lane; presses that follow each other are one undo step."""
    session = window.session
    lane = session.lane(session.selected)
    if lane is None:
        return
    gain = min(max(lane.track.gain_db, QUIETEST_DB) + by_db, LOUDEST_DB)
    gain = SILENCE_DB if gain <= QUIETEST_DB else gain
    session.set_track(lane.track.id, ("gain by keys", lane.track.id), gain_db=gain)


def change_pan(window: MainWindow, by: float) -> None:
    """Move the selected lane to the left (negative) or right; 1 is all the way."""
    session = window.session
    lane = session.lane(session.selected)
    if lane is not None:
        pan = round(min(max(lane.track.pan + by, -1.0), 1.0), 2)
        session.set_track(lane.track.id, ("pan by keys", lane.track.id), pan=pan)


def reset_level(window: MainWindow) -> None:
    """Give the selected lane 0 dB in the middle."""
    session = window.session
    if session.selected:
        session.set_track(session.selected, gain_db=0.0, pan=0.0)


def loop_from_here(window: MainWindow) -> None:
    """Start the loop at the playhead; it keeps its end, or ends with what is in view."""
    axis = window.axis
    here = axis.playhead
    ends = [axis.loop[1]] if axis.loop else []
    ends += [axis.stop, axis.total]
    axis.set_loop(here, next((end for end in ends if end > here), here))


def loop_to_here(window: MainWindow) -> None:
    """End the loop at the playhead; it keeps its start, or starts with what is in view."""
    axis = window.axis
    here = axis.playhead
    starts = [axis.loop[0]] if axis.loop else []
    starts += [axis.start, 0.0]
    axis.set_loop(next((start for start in starts if start < here), here), here)


def shift_levels(window: MainWindow, floor_db: float, top_db: float) -> None:
    """Move the ends of the colour range."""
    display = window.display
    display.set_levels(display.floor_db + floor_db, display.top_db + top_db)


def reset_levels(window: MainWindow) -> None:
    """Go back to the usual colour range."""
    window.display.set_levels(*USUAL_DB)
