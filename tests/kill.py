"""Kill the program at random moments of its work and see what comes back.

    python -m tests.kill --kills 50

A child process is the real program without a screen. It does what a person does (opens songs,
separates, edits, undoes) and says after each action that it is done. What it does follows from a
number, so a first run that nobody kills tells how the document looks after each action. Of a
killed run everything must come back that was said to be done, to the bit of every lane: no
finished action may be lost. One action may have finished unsaid.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import soundfile

from engine import workspace
from engine.document import Document
from engine.project import Project
from engine.types import AudioClip, Scratch

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from app.start import Program

ROOT = Path(__file__).resolve().parent.parent
ACTIONS = 24
JOBS = ("open", "separate", "residual")
RATE = 16_000
PATIENCE = 300.0  # seconds for a child to say something; the machine may be busy
WHAT = (
    "open", "separate", "separate", "residual", "gain", "gain", "pan", "mute", "name", "silence",
    "undo", "undo", "redo", "remove",
)  # fmt: skip
State = list[object]


def state_of(project: Project, sums: dict[AudioClip, str]) -> State:
    """All of a document that a person could miss; `sums` remembers what was computed."""
    for track in project.tracks:
        if track.clip not in sums:
            sound = track.clip.read(0, track.clip.frames)
            sums[track.clip] = hashlib.sha256(sound.tobytes()).hexdigest()[:16]
    lanes = [
        [t.id, t.name, t.role, t.gain_db, t.pan, t.muted, t.solo, t.group, sums[t.clip]]
        + [list(span) for span in t.silences]
        for t in project.tracks
    ]
    return [project.tempo, *lanes]


# The child


def work(seed: int, songs: list[Path], settings: Path, stay: bool) -> None:
    """Be the program and do `ACTIONS` things, saying so before and after each.

    With `stay` it then waits to be killed.
    """
    from PySide6.QtWidgets import QApplication

    from tests.app.desk import open_desk

    app = QApplication([])
    dice = random.Random(seed)
    sums: dict[AudioClip, str] = {}
    with open_desk(settings) as program:
        program.window.show()
        print('"ready"', flush=True)
        for _ in range(ACTIONS):
            what = dice.choice(WHAT)
            print(json.dumps(what), flush=True)
            _act(program, what, dice, songs)
            print(json.dumps(state_of(program.session.project, sums)), flush=True)
            _live(app, 0.01)
        _live(app, PATIENCE if stay else 0.0)


def _live(app: QApplication, seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        app.processEvents()
        time.sleep(0.002)


def _act(program: Program, what: str, dice: random.Random, songs: list[Path]) -> None:
    from tests.app.desk import import_song, wait_for

    session, studio = program.session, program.studio
    ids = [track.id for track in session.project.tracks]
    id = dice.choice(ids) if ids else 0
    if not ids or (what == "open" and len(ids) < 9):
        import_song(program, dice.choice(songs))
    elif what == "separate" and studio.can_separate(id):
        job = studio.separate(id)
        wait_for(lambda: program.jobs.status(job).ended)
    elif what == "residual" and studio.can_hear_residual(id):
        job = studio.residual(id)
        wait_for(lambda: program.jobs.status(job).ended)
    elif what == "undo":
        session.undo_stack.undo()
    elif what == "redo":
        session.undo_stack.redo()
    elif what == "remove":
        studio.remove(id)
    elif what == "mute":
        studio.toggle("muted", id)
    elif what == "name":
        session.set_track(id, name=f"Spur {dice.randrange(1000)} ♪")
    elif what == "silence":
        start = dice.randrange(50) / 100
        session.set_track(id, silences=((start, start + 0.25),))
    elif what == "pan":
        session.set_track(id, pan=dice.randrange(-10, 11) / 10)
    else:
        session.set_track(id, gain_db=dice.randrange(-200, 60) / 10)


# The parent


@dataclass(slots=True)
class Report:
    """What `kills` found. `lost` holds, in words, every kill after which something was missing."""

    kills: int = 0
    during_jobs: int = 0  # kills while a song was opened, separated or compared
    ahead: int = 0  # kills after which an action was there that had not been said yet
    lost: list[str] = field(default_factory=list)


def kills(count: int, folder: Path, seed: int = 0, tell: Callable[[str], object] = print) -> Report:
    """Kill `count` programs, ten or fewer for each way of working."""
    songs = []
    for number in range(2):
        rng = np.random.default_rng(number)
        songs.append(folder / f"Lied {number}.wav")
        soundfile.write(songs[-1], rng.normal(0, 0.1, (RATE, 2)), RATE, "FLOAT")
    report, dice = Report(), random.Random(seed)
    states: list[State] = []
    for number in range(count):
        way = seed + number // 10
        home = folder / f"home-{number}"
        if number % 10 == 0:
            states, *_ = _run(way, songs, folder / f"reference-{way}", None)
            assert len(states) == ACTIONS + 1, "the program nobody killed did not end its work"
        stop = dice.randrange(ACTIONS), dice.random() ** 2 * 0.4
        said, doing, waited = _run(way, songs, home, stop)
        back = _recovered(home, folder / "scratch")
        report.kills += 1
        report.during_jobs += doing in JOBS
        if said != states[: len(said)]:
            report.lost.append(f"kill {number}: the run went another way than the first")
        elif back == states[len(said) - 1]:
            pass
        elif len(said) < len(states) and back == states[len(said)]:
            report.ahead += 1
        else:
            known = [each for each, state in enumerate(states) if state == back]
            what = f"is as after {known}" if known else f"is {back}"
            report.lost.append(f"kill {number}, {waited:.3f} s after {len(said) - 1}: {what}")
        tell(f"kill {number}: after action {len(said) - 1}, during {doing or 'none'}")
    return report


def _run(
    way: int, songs: list[Path], home: Path, stop: tuple[int, float] | None
) -> tuple[list[State], str, float]:
    """Run a child; kill it so many seconds after so many actions.

    What it said to be done, what it was doing then, and how long ago at most that was said.
    """
    home.mkdir()
    kept = {f"XDG_{name}_HOME": str(home / name.lower()) for name in
            ("CONFIG", "CACHE", "DATA", "STATE")}  # fmt: skip
    kept |= {name: str(home) for name in ("HOME", "APPDATA", "LOCALAPPDATA")}
    options = ["--child", str(way), *map(str, songs)] + ([] if stop is None else ["--stay"])
    with (home / "errors.txt").open("w") as errors:
        child = subprocess.Popen(
            [sys.executable, "-m", "tests.kill", *options],
            cwd=ROOT, stdout=subprocess.PIPE, stderr=errors, text=True,
            env=os.environ | kept | {"QT_QPA_PLATFORM": "offscreen", "OMP_NUM_THREADS": "1"},
        )  # fmt: skip
    assert child.stdout is not None
    lines: list[str] = []
    waited = 0.0 if stop is None else stop[1]
    try:
        for line in child.stdout:
            lines.append(line)
            if stop is not None and len(lines) == 1 + 2 * stop[0]:
                time.sleep(stop[1])
                break
        else:
            ended = child.wait(PATIENCE)
            why = f"it ended after {len(lines)} lines: {(home / 'errors.txt').read_text()}"
            assert stop is None, why
            assert ended == 0, why
        child.kill()
        lines += child.stdout
    finally:
        child.kill()
        child.wait()
        child.stdout.close()
    told = [json.loads(line) for line in lines[1:] if line.endswith("\n")]
    doing = told[-1] if told and isinstance(told[-1], str) else ""
    return [[120.0], *(each for each in told if not isinstance(each, str))], doing, waited


def _recovered(home: Path, scratch: Path) -> State:
    """What the next start would bring back."""
    parents = list(home.rglob("open"))
    place = Scratch(scratch)
    try:
        found = _done(workspace.left(parents[0])) if parents else ()
        assert isinstance(found, tuple)
        if not found:
            return [120.0]
        loaded = _done(workspace.recover(found[0].folder, place))
        document = loaded.document
        assert isinstance(document, Document)
        assert not document.notes, document.notes
        state = state_of(document.project, {})
        found[0].discard()
        return state
    finally:
        place.close()


def _done(work: Generator[object, None, object]) -> object:
    while True:
        try:
            next(work)
        except StopIteration as stop:
            return stop.value


def main(arguments: list[str]) -> int:
    """Print the figure; 1 when something was lost."""
    parser = argparse.ArgumentParser(prog="python -m tests.kill")
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--child", nargs="+", help=argparse.SUPPRESS)
    parser.add_argument("--stay", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.child:
        seed, *songs = given.child
        work(int(seed), [Path(song) for song in songs], Path(os.environ["HOME"]), given.stay)
        return 0
    with tempfile.TemporaryDirectory(prefix="melic-kill-") as folder:
        report = kills(given.kills, Path(folder), given.seed)
    print(
        f"{report.kills} kills, {report.during_jobs} of them while something ran: "
        f"{len(report.lost)} lost a finished action"
    )
    for each in report.lost:
        print("  " + each)
    return 1 if report.lost else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
