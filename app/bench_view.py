"""Drive the real window over hours of sound and print how long each frame took.

`python main.py bench view [--hours 3]`: zooms from everything to single samples and back, scrolls
at several zooms, plays while scrolling; frame times are those of the GUI thread while tiles are
being made. `--open FILE...` prints instead how long it takes from the drop of each file to its
first whole picture, rough and sharp.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import platformdirs
from PySide6.QtWidgets import QApplication

from app import settings, theme
from app.playback import Player
from app.sinks import NullSink
from app.start import Program, build
from app.views.time_axis import SHORTEST, TimeAxis
from engine.bench import peak_memory
from engine.project import Project
from engine.types import AudioClip, Origin, Scratch, Track
from engine.workspace import Workspace

FRAME = 1 / 60
RATE = 44100
TIMES = 5  # each file is opened; the median counts
PICTURED = 0.98  # of the columns in view show something
PATIENCE = 60.0  # seconds for a picture


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


def lanes(scratch: Scratch, seconds: float, count: int) -> list[AudioClip]:
    """Clips of `seconds`: one minute of sound, over and over. They share one file, not tiles."""
    minute = sung(60.0)
    clip = scratch.clip(2, int(seconds * RATE), RATE, Origin())
    for start in range(0, clip.frames, minute.shape[1]):
        clip.write(start, minute[:, : clip.frames - start])
    clips = [clip]
    for _ in range(count - 1):
        other = AudioClip(clip.path, 2, clip.frames, RATE, Origin(), clip.offset)
        other.peaks = clip.peaks
        clips.append(other)
    return clips


def journeys(axis: TimeAxis) -> Iterator[tuple[str, int, Callable[[int], None]]]:
    """Name, frames and step of each thing a person does."""
    spot = axis.total * 0.41
    nearer = (axis.total / SHORTEST) ** (1 / 240)

    def at(span: float) -> None:
        axis.set_range(spot - span / 2, spot + span / 2)

    yield "zoom in, all to samples", 240, lambda k: axis.zoom_at(spot, nearer)
    yield "zoom out to all", 240, lambda k: axis.zoom_at(spot, 1 / nearer)
    spans = (("1 h", 3600.0), ("10 min", 600.0), ("1 min", 60.0), ("10 s", 10.0), ("0.5 s", 0.5))
    for name, span in (*spans, ("5 ms", 0.005)):
        if span > axis.total / 2:
            continue
        at(span)
        yield f"scroll, {name} in view", 120, lambda k: axis.scroll_by(axis.span / 90)


def main(argv: list[str] | None = None) -> int:
    """Print median, 95th percentile and worst frame of each journey, in ms of time and of CPU."""
    parser = argparse.ArgumentParser(prog="bench view", description=__doc__)
    parser.add_argument("--lanes", type=int, default=3)
    parser.add_argument("--hours", type=float, default=1.0, help="length of the sound")
    parser.add_argument("--size", default="1280x800")
    parser.add_argument("--play", type=float, default=30.0, help="seconds to play while scrolling")
    parser.add_argument("--open", type=Path, nargs="+", metavar="FILE", help="time first pictures")
    given = parser.parse_args(argv)
    width, height = (int(part) for part in given.size.split("x"))

    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    theme.apply(app, "dark")
    cache = Path(platformdirs.user_cache_path("Melic"))  # a disk: some keep /tmp in memory
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as folder:
        store, workspace = settings.store(Path(folder)), Workspace(Path(folder, "open"))
        program = build(store, Player(NullSink()), workspace=workspace)
        try:
            program.window.resize(width, height)
            program.window.show()
            if given.open:
                _open(app, program, given.open)
            else:
                _travel(app, program, given.hours, given.lanes, given.play)
        finally:
            program.session.undo_stack.clear()
            program.window.hide()
            program.player.close()
            program.jobs.close()
            workspace.close()
    return 0


def _travel(app: QApplication, program: Program, hours: float, count: int, play: float) -> None:
    session, axis, window = program.session, program.axis, program.window
    clips = lanes(program.scratch, hours * 3600, count)
    held = current_memory()
    tracks = [Track(k + 1, f"Lane {k + 1}", "mix", clip) for k, clip in enumerate(clips)]
    session.edit("Open", Project(tuple(tracks)))
    axis.fit()
    write = sys.stdout.write
    size, scale = window.size(), window.devicePixelRatioF()
    write(f"{hours:g} h of stereo, {count} lanes, {size.width()}x{size.height()} at {scale:g}x\n")
    write(f"{'':26}{'median':>8}{'95 %':>8}{'worst':>8}  |{'median':>8}{'95 %':>8}{'worst':>8}")
    write(" ms of CPU\n")
    everything: list[np.ndarray] = []
    for name, frames, step in journeys(axis):
        _run(app, 30, lambda k: None)
        took = _run(app, frames, step)
        everything += took
        write(f"{name:26}{_figures(took)}\n")
    write(f"{'all':26}{_figures(everything)}\n")
    if play > 0:
        axis.set_range(0.3 * axis.total, 0.3 * axis.total + 20)
        axis.seek(axis.start)
        program.studio.transport.play_pause()
        began = program.player.position
        took = _run(app, round(play * 60), lambda k: axis.scroll_by(axis.span / 90))
        heard = program.player.position - began
        program.studio.transport.play_pause()
        write(f"{'play and scroll':26}{_figures(took)}\n")
        write(f"{heard:.1f} s played, {program.player.dropouts} drop-outs\n")
    write(f"memory: {held:.0f} MB with the sound written, at most {peak_memory():.0f} MB\n")


def _open(app: QApplication, program: Program, paths: list[Path]) -> None:
    """Print the seconds from the drop to the lane, to its first picture and to the sharp one."""
    sys.stdout.write(f"{'median of ' + str(TIMES):26}{'lane':>8}{'picture':>8}{'sharp':>8} s\n")
    _run(app, 30, lambda k: None)
    for path in (paths[0], *paths):  # once more to begin with: a warm program is measured
        times = np.array([_opening(app, program, path) for _ in range(TIMES)])
        lane, picture, sharp = np.median(times, 0)
        sys.stdout.write(f"{path.name[:24]:26}{lane:8.2f}{picture:8.2f}{sharp:8.2f}\n")


def _opening(app: QApplication, program: Program, path: Path) -> tuple[float, float, float]:
    began = time.perf_counter()
    lane = picture = sharp = 0.0
    program.studio.import_files([path])
    while not sharp and time.perf_counter() - began < PATIENCE:
        app.processEvents()
        time.sleep(0.002)
        now = time.perf_counter() - began
        open_ = program.session.lanes
        canvas = program.window.timeline.canvas(open_[-1].track.id) if open_ else None
        mosaic = canvas.mosaic if canvas is not None else None
        if mosaic is None:
            continue
        lane = lane or now
        columns = -(-open_[-1].track.clip.frames // mosaic.hop)
        if mosaic.image[:, :columns].any(0).mean() >= PICTURED:
            picture = picture or now
            sharp = now if mosaic.complete else 0.0
    for job in program.jobs.unfinished:
        program.studio.cancel(job)
    for open_lane in program.session.lanes:
        program.studio.remove(open_lane.track.id)
    _run(app, 60, lambda k: None)
    return lane, picture, sharp


def current_memory() -> float:
    """Resident memory of this process now, in MB (its peak where the system does not say)."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return peak_memory()
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


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
    columns = (
        f"{np.median(each):8.1f}{np.percentile(each, 95):8.1f}{each.max():8.1f}"
        for each in 1000 * np.array(took).T
    )
    return "  |".join(columns)


if __name__ == "__main__":
    sys.exit(main())
