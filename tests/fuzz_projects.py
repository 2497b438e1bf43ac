"""Damage projects in many ways and open them: no crash, no hang, and what opens can be used.

python -m tests.fuzz_projects --count 500
"""

from __future__ import annotations

import argparse
import copy
import json
import math
import os
import random
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from engine import store, tasks
from engine.document import Document, View
from engine.errors import EngineError
from engine.project import Project
from engine.store import Loaded, Saved
from engine.types import Origin, Scratch, Track

SLOWEST = 5.0  # seconds that opening a project and looking at it may take
ODD: tuple[object, ...] = (
    None, True, -1, 0, 1, 2**31, 2**63, -(2**70), 10**300, 1e308, -0.0, math.nan, math.inf,
    -math.inf, "", " ", "\0", "../..", "/dev/zero", "/dev/stdin", "C:\\con", "a" * 100_000,
    "\ud800", "\u202e\u200f", "e\u0301" * 500, [], {}, [[]], [None], {"": None}, [1] * 1000,
    [[0, 1]] * 100, [[1, 0]], [math.nan, 1], "NaN", "true",
)  # fmt: skip


@dataclass(slots=True)
class Report:
    """How many opened whole, opened in part, and were refused; and what must not happen."""

    whole: int = 0
    partly: int = 0
    refused: int = 0
    slowest: float = 0.0
    grown_mb: float = 0.0  # of memory, over all of them
    crashed: list[str] = field(default_factory=list)


def fuzz(count: int, folder: Path, seed: int = 0) -> Report:
    """Open `count` damaged projects made inside `folder`."""
    report = Report()
    good = folder / "Good.melic"
    _make(good, folder / "source")
    began = _memory_mb()
    for number in range(count):
        dice = random.Random(seed * 1_000_003 + number)
        bad = folder / "Bad.melic"
        shutil.copytree(good, bad)
        damage = dice.choice(DAMAGES)
        damage(bad, dice)
        try:
            took = _use(bad, folder, report)
        except Exception as error:  # noqa: BLE001 - that there is none is what is tested
            report.crashed.append(f"{seed}/{number} {damage.__name__}: {error!r}")
            took = 0.0
        report.slowest = max(report.slowest, took)
        if took > SLOWEST:
            report.crashed.append(f"{seed}/{number} {damage.__name__}: took {took:.1f} s")
        for place in (bad, folder / "Again.melic"):
            shutil.rmtree(place, ignore_errors=True)
    report.grown_mb = _memory_mb() - began
    return report


def _make(folder: Path, source: Path) -> None:
    scratch = Scratch(source)
    tracks = []
    for id, (name, role) in enumerate((("Lied ♪", "mix"), ("Vocals", "vocals"), ("Band", "x")), 1):
        clip = scratch.clip(2, 5000, 44_100, Origin(source / "Lied.mp3", settings={"n": [1]}))
        clip.write(0, np.random.default_rng(id).normal(0, 0.3, (2, 5000)).astype(np.float32))
        tracks.append(Track(id, name, role, clip, -1.5, 0.5, group=1, silences=((0.0, 0.1),)))
    saved = _done(tasks.save_project(Document(Project(tuple(tracks)), View(0.05)), folder))
    assert isinstance(saved, Saved)
    if saved.lock is not None:
        saved.lock.release()
    scratch.close()


def _use(bad: Path, folder: Path, report: Report) -> float:
    """Open, look at everything, save elsewhere; how long it took until all was seen."""
    scratch = Scratch(folder / "scratch")
    began = time.monotonic()
    try:
        loaded = _done(tasks.open_project(bad, scratch))
    except EngineError:
        report.refused += 1
        return time.monotonic() - began
    else:
        assert isinstance(loaded, Loaded)
        document = loaded.document
        if document.notes or len(document.project.tracks) < 3:
            report.partly += 1
        else:
            report.whole += 1
        _look(document)
        clips = {str(t.id): t.clip for t in document.project.tracks}
        for _ in tasks.draw(clips):
            pass
        took = time.monotonic() - began
        saved = _done(tasks.save_project(document, folder / "Again.melic"))
        assert isinstance(saved, Saved)
        for lock in (loaded.lock, saved.lock):
            if lock is not None:
                lock.release()
        again = _done(tasks.open_project(folder / "Again.melic", scratch))
        assert isinstance(again, Loaded)
        assert not again.document.notes, again.document.notes
        assert len(again.document.project.tracks) == len(document.project.tracks)
        if again.lock is not None:
            again.lock.release()
        return took
    finally:
        scratch.close()


def _look(document: Document) -> None:
    """What the window takes for granted."""
    ids = [track.id for track in document.project.tracks]
    free = document.project.next_id
    assert len(set(ids)) == len(ids)
    for track in document.project.tracks:
        assert free > max(track.id, track.group)
        assert math.isfinite(10 ** (track.gain_db / 20) + track.pan + track.clip.seconds)
        assert track.name.strip()
        track.name.encode()
        sound = track.clip.read(0, min(track.clip.frames, 5000))
        assert sound.shape[0] == track.clip.channels
        for (_, a), (b, _) in zip(track.silences, track.silences[1:], strict=False):
            assert a < b
    assert math.isfinite(document.view.playhead + document.project.tempo)


# Ways to damage a project


def _cut(bad: Path, dice: random.Random) -> None:
    path = dice.choice(_files(bad))
    data = path.read_bytes()
    _replace(path, data[: dice.randrange(len(data) + 1)])


def _flip(bad: Path, dice: random.Random) -> None:
    path = dice.choice([bad / store.TEXT, bad / store.TEXT, *_files(bad)])
    data = bytearray(path.read_bytes())
    reach = len(data) if path.suffix == ".json" else 160  # the head of a file of sound
    for _ in range(dice.choice((1, 1, 5, 50))):
        data[dice.randrange(reach)] ^= 1 << dice.randrange(8)
    _replace(path, bytes(data))


def _garbage(bad: Path, dice: random.Random) -> None:
    _replace(dice.choice(_files(bad)), dice.randbytes(dice.choice((0, 1, 100, 10_000))))


def _values(bad: Path, dice: random.Random) -> None:
    value = _value(bad)
    for _ in range(dice.choice((1, 1, 2, 10))):
        holder, key = dice.choice(list(_places(value)))
        if dice.random() < 0.15 and isinstance(holder, dict):
            holder.pop(key, None)
        else:
            holder[key] = copy.deepcopy(dice.choice(ODD))
    _write(bad, value)


def _double(bad: Path, dice: random.Random) -> None:
    value = _value(bad)
    lanes = value["tracks"] * dice.choice((2, 10, 2000))
    dice.shuffle(lanes)
    _write(bad, value | {"tracks": lanes, "clips": value["clips"] * dice.choice((1, 3, 700))})


def _nest(bad: Path, dice: random.Random) -> None:
    deep = dice.choice((10, 900, 100_000))
    opening, closing = dice.choice((("[", "]"), ('{"a":', "}")))
    nested = opening * deep + ("1" if closing == "}" else "") + closing * deep
    text = (bad / store.TEXT).read_text("utf-8")
    _replace(bad / store.TEXT, text.replace('"tracks": [', f'"x": {nested}, "tracks": [').encode())


def _numbers(bad: Path, dice: random.Random) -> None:
    text = (bad / store.TEXT).read_text("utf-8")
    number = dice.choice(("9" * 5000, "1e999", "-1e999", "NaN", "Infinity", "0x10", "1_0", "01"))
    _replace(bad / store.TEXT, text.replace(dice.choice(("-1.5", "0.5", ": 1,")), number).encode())


def _media(bad: Path, dice: random.Random) -> None:
    path = dice.choice(sorted((bad / "media").iterdir()))
    path.unlink()
    kind = dice.choice(("gone", "folder", "link", "loop", "pipe", "away"))
    if kind == "folder":
        path.mkdir()
    elif kind in ("link", "loop"):
        path.symlink_to("/dev/zero" if kind == "link" else path)
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "away":
        shutil.rmtree(bad / "media")


def _text(bad: Path, dice: random.Random) -> None:
    path = bad / store.TEXT
    path.unlink()
    kind = dice.choice(("gone", "folder", "pipe", "loop", "bom", "utf-16"))
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "loop":
        path.symlink_to(path)
    elif kind != "gone":
        text = '{"format": "melic project", "version": 1}'
        path.write_bytes(text.encode("utf-8-sig" if kind == "bom" else "utf-16"))


def _names(bad: Path, dice: random.Random) -> None:
    value = _value(bad)
    names = (
        "../Good.melic/media/Vocals.wav",
        "/etc/passwd",
        "..\\x.wav",
        "CON",
        "a\nb.wav",
        "vocals.WAV",
        "Vocals.wav\0",
        "Vocals.wav/",
        "./Vocals.wav",
        "é.wav",
    )
    dice.choice(value["clips"])["file"] = dice.choice(names)
    _write(bad, value)


def _version(bad: Path, dice: random.Random) -> None:
    value = _value(bad)
    value["version"] = dice.choice((2, 99, 10**30, 0, -1, 1.0, "1", None, True, [1]))
    if dice.random() < 0.5:
        value["tracks"][0] = {"id": 1, "kind": "notes", "notes": [[60, 0.0, 1.0]]}
    _write(bad, value)


DAMAGES: tuple[Callable[[Path, random.Random], None], ...] = (
    _cut, _flip, _flip, _garbage, _values, _values, _values, _double, _nest, _numbers, _media,
    _text, _names, _version,
)  # fmt: skip


def _files(bad: Path) -> list[Path]:
    return sorted(path for path in bad.rglob("*") if path.is_file())


def _replace(path: Path, data: bytes) -> None:
    path.unlink()  # sound may be a link to that of the good project
    path.write_bytes(data)


def _value(bad: Path) -> dict[str, Any]:
    value: dict[str, Any] = json.loads((bad / store.TEXT).read_text("utf-8"))
    return value


def _write(bad: Path, value: dict[str, Any]) -> None:
    _replace(bad / store.TEXT, json.dumps(value).encode())


def _places(value: object) -> list[tuple[Any, Any]]:
    """Everything inside a value that can be replaced."""
    pairs = (
        value.items() if isinstance(value, dict)
        else enumerate(value) if isinstance(value, list) else ()
    )  # fmt: skip
    return [place for key, inner in pairs for place in ((value, key), *_places(inner))]


def _done(work: Any) -> object:
    while True:
        try:
            next(work)
        except StopIteration as stop:
            return stop.value


def _memory_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(arguments: list[str]) -> int:
    """Print the figures; 1 when something crashed or took too long."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz_projects")
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="melic-fuzz-") as folder:
        report = fuzz(given.count, Path(folder), given.seed)
    print(
        f"{given.count} damaged projects: {report.refused} refused, {report.partly} opened in "
        f"part, {report.whole} whole; {len(report.crashed)} crashed or hung; slowest "
        f"{report.slowest:.2f} s, {report.grown_mb:.0f} MB"
    )
    for each in report.crashed:
        print("  " + each)
    return 1 if report.crashed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
