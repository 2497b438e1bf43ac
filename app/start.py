"""Builds the program from its parts and runs it."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import platformdirs
from PySide6.QtCore import QSettings, QTimer, qInstallMessageHandler
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from app import settings as remembered
from app import theme, words
from app.collecting import Collector
from app.jobs import JobCenter
from app.main_window import MainWindow
from app.microphone import Microphone
from app.modelling import separator
from app.playback import Player
from app.session import Session
from app.studio import Studio
from app.views.time_axis import TimeAxis
from engine import cards
from engine.cards import ModelCard
from engine.jobs import Runner
from engine.types import Scratch
from engine.workspace import Workspace

DEMO = theme.RESOURCES / "demo"
IDLE_MS = 500  # between two looks whether the model may be loaded
LOOK_MS = 10  # between two looks whether the first picture is there
GIVE_UP_SECONDS = 60.0
CLOSE_SECONDS = 1.5
SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")  # what Qt goes by on Linux
NO_SCREEN = """There is no screen to open a window on (DISPLAY is not set).
    Start Melic on a desktop, or without a window: python3 main.py --help"""


@dataclass(slots=True)
class Program:
    """Everything that one window needs, wired."""

    window: MainWindow
    session: Session
    studio: Studio
    jobs: JobCenter
    player: Player
    axis: TimeAxis
    scratch: Scratch
    collector: Collector

    def close(self) -> bool:
        """End all work and delete the workspace; False when a thread would not end in time."""
        self.window.close()
        self.window.recording.close()
        self.window.takeout.close()
        self.player.close()
        clean = self.jobs.close(CLOSE_SECONDS)
        self.window.projects.close()
        self.collector.close()
        return clean


def demo_song() -> Path | None:
    """The song that comes with the program."""
    found = sorted(p for p in DEMO.glob("*") if p.suffix in {".flac", ".ogg", ".opus", ".mp3"})
    return found[0] if found else None


def build(
    store: QSettings,
    player: Player | None = None,
    choose: Callable[[], ModelCard] = lambda: cards.cards("separate")[0],
    microphone: Microphone | None = None,
    workspace: Workspace | None = None,
) -> Program:
    """Wire the parts; the window is not shown yet. `choose` names the model until a person does."""
    kept = remembered.load(store)
    session, runner = Session(), Runner()
    workspace = workspace or Workspace(platformdirs.user_data_path("Melic", "Melic") / "open")
    jobs, axis = JobCenter(runner), TimeAxis()
    player = player or Player()
    if kept.sound_device:
        player.use_device(kept.sound_device)
    studio = Studio(session, jobs, player, axis, workspace.scratch, lambda: separator(kept, choose))
    window = MainWindow(
        session, studio, jobs, axis, kept, store, demo_song(), workspace, microphone
    )
    collector = Collector(window, lambda: player.playing or bool(jobs.unfinished))
    return Program(window, session, studio, jobs, player, axis, workspace.scratch, collector)


def start(argv: Sequence[str]) -> int:
    """Open the window; returns the exit code."""
    if sys.platform.startswith("linux") and not any(map(os.environ.get, SCREENS)):
        print(NO_SCREEN, file=sys.stderr)  # noqa: T201
        return 1
    began = time.perf_counter() - _age()
    quit_when_ready = "--quit-when-ready" in argv
    recover = Path(argv[argv.index("--recover") + 1]) if "--recover" in argv[:-1] else None
    paths = [Path(name) for name in argv if not name.startswith("--") and Path(name) != recover]
    empty = "--empty" in argv or recover is not None
    qInstallMessageHandler(None)
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(
        QGuiApplication.highDpiScaleFactorRoundingPolicy().PassThrough
    )
    store = remembered.store()
    kept = remembered.load(store)
    if kept.scale_percent != 100:  # Qt reads it once, when the application is made
        os.environ.setdefault("QT_SCALE_FACTOR", f"{kept.scale_percent / 100:g}")
    app = QApplication.instance() or QApplication([sys.argv[0]])
    assert isinstance(app, QApplication)
    app.setApplicationName("Melic")
    app.setApplicationDisplayName("")
    app.setDesktopFileName("melic")
    words.install(app, kept.language)
    theme.apply(app, kept.theme)
    app.styleHints().colorSchemeChanged.connect(
        lambda _scheme: theme.apply(app, program.window.settings.theme)
    )
    program = build(store)
    window = program.window
    demo = demo_song()
    if not paths and demo is not None and (kept.first_start or quit_when_ready) and not empty:
        paths = [demo]
    window.projects.begin(paths, recover, not quit_when_ready)
    if not quit_when_ready:
        window.painted.connect(lambda _at: _warm_up_when_idle(program))
    code = [0]
    if quit_when_ready:

        def leave(result: int) -> None:
            code.append(result)
            app.quit()

        _quit_when_ready(program, began, bool(paths), leave)
    window.show()
    app.exec()
    clean = program.close()
    if not clean:  # a thread deep inside a network would hold up the end of the program
        sys.stdout.flush()
        os._exit(code[-1])
    return code[-1]


def _warm_up_when_idle(program: Program) -> None:
    """Load the model once the first song is shown, so that the first click need not wait."""
    timer = QTimer(program.window)

    def look() -> None:
        if not program.jobs.unfinished and not program.jobs.drawing:
            timer.stop()
            program.studio.warm_up()

    timer.timeout.connect(look)
    timer.start(IDLE_MS)


def _quit_when_ready(
    program: Program, began: float, with_song: bool, leave: Callable[[int], object]
) -> None:
    """End once the window has painted and the first lane has its picture."""
    first_paint: list[float] = []
    program.window.painted.connect(first_paint.append)
    failed: list[object] = []
    program.studio.trouble.connect(failed.append)
    timer = QTimer(program.window)

    def look() -> None:
        ready = bool(first_paint) and (not with_song or _pictured(program))
        late = time.perf_counter() - began > GIVE_UP_SECONDS
        if not (ready or late or failed):
            return
        timer.stop()
        shown = first_paint[0] - began if first_paint else float("nan")
        all_there = time.perf_counter() - began
        word = "ready" if ready else "not ready"
        print(f"{word}: first paint {shown:.2f} s, first song {all_there:.2f} s")  # noqa: T201
        leave(0 if ready else 1)

    timer.timeout.connect(look)
    timer.start(LOOK_MS)


def _pictured(program: Program) -> bool:
    lanes, jobs = program.session.lanes, program.jobs
    return bool(lanes) and lanes[0].filled is None and jobs.pictures > 0 and not jobs.drawing


def _age() -> float:
    """Seconds since this process began, where the system tells."""
    try:
        ticks = int(Path("/proc/self/stat").read_text().rpartition(")")[2].split()[19])
        uptime = float(Path("/proc/uptime").read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return 0.0
    return max(uptime - ticks / os.sysconf("SC_CLK_TCK"), 0.0)
