"""Drive the real lanes over an hour of sound and print how long each frame took.

`python -m app.bench_view`: zooms from everything to single samples and back, scrolls at several
zooms, moves the playhead; frame times are those of the GUI thread while tiles are being made.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator

import numpy as np
from PySide6.QtWidgets import QApplication, QGridLayout, QWidget

from app import theme
from app.jobs import JobCenter
from app.session import Session
from app.views.canvas import LaneCanvas
from app.views.display import Display
from app.views.ruler import Ruler
from app.views.time_axis import SHORTEST, TimeAxis
from engine.jobs import Runner
from engine.project import Project
from engine.types import AudioClip, Origin, Scratch, Track

FRAME = 1 / 60
RATE = 44100


def sung(seconds: float) -> np.ndarray:
    """A stereo phrase of gliding partials over clicks and hiss, float32 `(2, frames)`."""
    rng = np.random.default_rng(1)
    t = np.arange(int(seconds * RATE)) / RATE
    glide = 220 * 2 ** (0.4 * np.sin(2 * np.pi * t / 7) + 0.02 * np.sin(2 * np.pi * 5.5 * t))
    phase = 2 * np.pi * np.cumsum(glide) / RATE
    voice = sum(np.sin(k * phase) / k for k in range(1, 24)) * (np.sin(np.pi * t / 2) ** 2)
    beat = rng.standard_normal(t.size) * np.exp(-12 * (t % 0.5))
    hiss = 0.003 * rng.standard_normal((2, t.size))
    return (0.2 * voice + 0.1 * beat + hiss).astype(np.float32)


def hour(scratch: Scratch, seconds: float) -> AudioClip:
    """A clip of `seconds`: one minute of sound, over and over."""
    minute = sung(60.0)
    clip = scratch.clip(2, int(seconds * RATE), RATE, Origin())
    for start in range(0, clip.frames, minute.shape[1]):
        clip.write(start, minute[:, : clip.frames - start])
    return clip


def journeys(axis: TimeAxis) -> Iterator[tuple[str, int, Callable[[int], None]]]:
    """Name, frames and step of each thing a person does."""
    spot = axis.total * 0.41
    nearer = (axis.total / SHORTEST) ** (1 / 240)

    def at(span: float) -> None:
        axis.set_range(spot - span / 2, spot + span / 2)

    yield "zoom in, all to samples", 240, lambda k: axis.zoom_at(spot, nearer)
    yield "zoom out to all", 240, lambda k: axis.zoom_at(spot, 1 / nearer)
    for name, span in (("10 min", 600.0), ("1 min", 60.0), ("10 s", 10.0), ("0.5 s", 0.5)):
        at(span)
        yield f"scroll, {name} in view", 120, lambda k: axis.scroll_by(axis.span / 90)
    at(20.0)
    axis.set_playhead(axis.start)
    yield "play, 20 s in view", 120, lambda k: axis.follow(axis.playhead + FRAME)


def main(argv: list[str] | None = None) -> int:
    """Print median, 95th percentile and worst frame of each journey, in ms of time and of CPU."""
    parser = argparse.ArgumentParser(prog="bench view", description=__doc__)
    parser.add_argument("--lanes", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=3600.0, help="length of the sound")
    parser.add_argument("--size", default="1280x800")
    given = parser.parse_args(argv)
    width, height = (int(part) for part in given.size.split("x"))

    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    theme.apply(app, "dark")
    scratch = Scratch()
    clip = hour(scratch, given.seconds)
    session, axis = Session(), TimeAxis()
    jobs = JobCenter(Runner())
    tracks = [Track(k + 1, f"Lane {k + 1}", "mix", clip) for k in range(given.lanes)]
    session.edit("Open", Project(tuple(tracks)))
    axis.set_total(clip.seconds)
    axis.fit()

    window = QWidget()
    window.resize(width, height)
    column = QGridLayout(window)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    views: list[QWidget] = [Ruler(axis)]
    # Each lane has its own cache, as if it pictured another sound.
    views += [LaneCanvas(session, axis, jobs, track.id, Display()) for track in tracks]
    for view in views:
        column.addWidget(view)
    window.show()

    everything: list[np.ndarray] = []
    write = sys.stdout.write
    scale = window.devicePixelRatioF()
    write(f"{given.seconds:g} s of stereo, {given.lanes} lanes, {given.size} at {scale:g}x\n")
    write(f"{'':26}{'median':>8}{'95 %':>8}{'worst':>8}  |{'median':>8}{'95 %':>8} ms of CPU\n")
    for name, frames, step in journeys(axis):
        _run(app, 30, lambda k: None)
        took = _run(app, frames, step)
        everything += took
        write(f"{name:26}{_figures(took)}\n")
    write(f"{'all':26}{_figures(everything)}\n")
    window.close()
    jobs.close()
    scratch.close()
    return 0


def _run(app: QApplication, frames: int, step: Callable[[int], None]) -> list[np.ndarray]:
    """Take one step per frame; returns seconds the GUI thread was at it, and of processor time."""
    took = []
    for k in range(frames):
        due = time.perf_counter() + FRAME
        clocks = _clocks()
        step(k)
        app.processEvents()
        worked = _clocks() - clocks
        while (left := due - time.perf_counter()) > 0:
            time.sleep(min(left, 0.004))
            clocks = _clocks()
            app.processEvents()
            worked += _clocks() - clocks
        took.append(worked)
    return took


def _clocks() -> np.ndarray:
    return np.array([time.perf_counter(), time.thread_time()])


def _figures(took: list[np.ndarray]) -> str:
    wall, processor = 1000 * np.array(took).T
    text = f"{np.median(wall):8.1f}{np.percentile(wall, 95):8.1f}{wall.max():8.1f}  |"
    return f"{text}{np.median(processor):8.1f}{np.percentile(processor, 95):8.1f}"


if __name__ == "__main__":
    sys.exit(main())
