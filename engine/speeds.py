"""How fast each model is on this machine: measured once, on real windows, and remembered."""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from platformdirs import user_data_path

from engine.events import Opened, Progress, Work
from engine.types import AudioClip, Origin, Scratch, Separation

if TYPE_CHECKING:
    from engine.cards import ModelCard

SECONDS = 10.0  # that are measured at least
LOOK = 0.02  # seconds between two looks at the memory
MEASURED = ("separate", "transcribe")  # tasks


@dataclass(frozen=True, slots=True)
class Speed:
    """What was measured of a model here.

    `rate` is seconds of windows heard in a second, `at_once` of how many windows side by side;
    `song` is seconds of a song in a second. `loading` is in seconds, `bytes` is the memory it
    needed besides the program's own (0 where the system does not tell). `quick` says whether a
    graphics card calculated in 16-bit floats.
    """

    device: str
    rate: float
    song: float
    at_once: int
    loading: float
    bytes: int
    quick: bool = False


def remembered(card: ModelCard) -> Speed | None:
    """What was measured of a card's network before; None if nothing was.

    Before it was measured in reduced precision, what it needs in full precision is the best guess.
    """
    known = _read()
    stored = known.get(_key(card)) or known.get(_key(replace(card, precision="full")), {})
    try:
        speed = Speed(**stored)
        return speed if speed.rate > 0 and speed.song > 0 and speed.at_once > 0 else None
    except TypeError:  # of another version
        return None


def measure(card: ModelCard, scratch: Scratch, device: str) -> Work:
    """Run a card's network on real windows and remember how fast; see `tasks.measure_model`."""
    from engine import loader, tasks

    yield Progress(float("nan"), f"Loading {card.title}")
    loader.unload()
    chosen, _ = loader.choose(device)
    if chosen == "cuda":
        import torch

        torch.cuda.reset_peak_memory_stats()
    with memory_needed() as memory:
        began = time.monotonic()
        yield from tasks.warm_up(card, chosen)
        loading = time.monotonic() - began
        at_once = loader.cores() if chosen == "cpu" and card.task == "separate" else 1
        step = max(card.window - card.overlap, 1e-3)
        windows = -(-max(round(SECONDS / step), 1) // at_once) * at_once
        clip = _song(card, windows * step + card.overlap, scratch)
        work = (
            tasks.separate(clip, card, scratch, chosen)
            if card.task == "separate"
            else tasks.transcribe(clip, card, scratch, chosen)
        )
        made, took = yield from _timed(work, card.title)
    used = memory[0]
    if made.device == "cuda":
        used = int(torch.cuda.max_memory_allocated())
    quick = isinstance(made, Separation) and made.quick
    heard = windows * card.window * card.hearings(quick)
    song = clip.seconds / took
    speed = Speed(made.device, heard / took, song, at_once, loading, used, quick)
    _remember(card, speed)
    return speed


def _timed(work: Work, title: str) -> Any:
    began = time.monotonic()
    try:
        while True:
            event = next(work)
            if isinstance(event, Opened):
                began = time.monotonic()
            elif isinstance(event, Progress):
                yield Progress(event.done, f"Measuring {title}", event.rate, event.seconds_left)
    except StopIteration as stop:
        return stop.value, max(time.monotonic() - began, 1e-3)
    finally:
        work.close()


def _song(card: ModelCard, seconds: float, scratch: Scratch) -> AudioClip:
    """Sound that no network takes for silence; what it is makes no difference to its speed."""
    frames = round(seconds * card.rate)
    clip = scratch.clip(card.channels, frames, card.rate, Origin(task="measure"))
    noise = np.random.default_rng(0).standard_normal((card.channels, frames)).astype(np.float32)
    clip.write(0, noise / 10)
    return clip


def _key(card: ModelCard) -> str:
    """What a measurement is of: these weights, run like this, by as many processors."""
    members = ",".join(f"{id}:{weight}" for id, weight in card.members.items())
    how = "" if card.precision == "full" else f" {card.precision}"
    return f"{card.weights.sha256 or members} {card.window} {os.cpu_count()}{how}"


def _file() -> Path:
    return user_data_path("Melic") / "speeds.json"


def _read() -> dict[str, Any]:
    try:
        stored = json.loads(_file().read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return stored if isinstance(stored, dict) else {}


def _remember(card: ModelCard, speed: Speed) -> None:
    """Keep it; a disk that does not take it costs another measurement only."""
    with suppress(OSError):
        path = _file()
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        part.write_text(json.dumps(_read() | {_key(card): asdict(speed)}, indent=1), "utf-8")
        part.replace(path)


@contextmanager
def memory_needed() -> Iterator[list[int]]:
    """How much more memory the program has than before, at the most: the first of the list."""
    before, most, over = resident(), [0], threading.Event()

    def watch() -> None:
        while not over.wait(LOOK):
            most[0] = max(most[0], resident() - before)

    watcher = threading.Thread(target=watch, name="memory", daemon=True)
    watcher.start()
    try:
        yield most
    finally:
        over.set()
        watcher.join()


if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    class _Counters(ctypes.Structure):
        _fields_ = [
            ("cb", wintypes.DWORD),
            ("faults", wintypes.DWORD),
            ("peak", ctypes.c_size_t),
            ("now", ctypes.c_size_t),
            *((f"other{n}", ctypes.c_size_t) for n in range(6)),
        ]

    def resident() -> int:
        """Bytes of memory that this program has now; 0 where the system does not tell."""
        counters = _Counters()
        counters.cb = ctypes.sizeof(counters)
        kernel = ctypes.WinDLL("kernel32")
        kernel.GetCurrentProcess.restype = wintypes.HANDLE
        ask = kernel.K32GetProcessMemoryInfo
        ask.argtypes = [wintypes.HANDLE, ctypes.c_void_p, wintypes.DWORD]
        told = ask(kernel.GetCurrentProcess(), ctypes.byref(counters), counters.cb)
        return int(counters.now) if told else 0

elif sys.platform == "linux":

    def resident() -> int:
        """Bytes of memory that this program has now; 0 where the system does not tell."""
        try:
            pages = int(Path("/proc/self/statm").read_text().split()[1])
        except (OSError, ValueError, IndexError):
            return 0
        return pages * os.sysconf("SC_PAGE_SIZE")

else:
    import resource

    def resident() -> int:
        """Bytes of memory that this program had at the most so far."""
        return int(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)  # bytes on macOS
