"""What every test starts from: no screen, no one's own settings, clips to work on, no leftovers."""

from __future__ import annotations

import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from engine.jobs import LANES
from engine.types import AudioClip, Origin, Scratch

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"

_home = tempfile.TemporaryDirectory(prefix="melic-tests-")
os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["MELIC_SETUP"] = "off"  # programs that tests start use the tests' own Python
for _name in ("CONFIG", "CACHE", "DATA", "STATE"):
    os.environ[f"XDG_{_name}_HOME"] = str(Path(_home.name, _name.lower()))
for _name in ("HOME", "APPDATA", "LOCALAPPDATA"):  # what macOS and Windows go by
    os.environ[_name] = _home.name


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what this machine cannot run, saying why."""
    for item in items:
        if item.get_closest_marker("data") and not SHARED.is_dir():
            item.add_marker(pytest.mark.skip(reason=f"needs recordings in {SHARED}"))
        if item.get_closest_marker("gpu") and not _has_gpu():
            item.add_marker(pytest.mark.skip(reason="needs a graphics card that torch can use"))


def _has_gpu() -> bool:
    import torch

    return torch.cuda.is_available()


@pytest.fixture(autouse=True)
def _no_leftovers() -> Iterator[None]:
    """Fail a test that leaves a lane or any other lasting thread behind."""
    before = set(threading.enumerate())
    yield
    lanes = tuple(f"{lane}-" for lane in LANES)
    deadline = time.monotonic() + 3
    while left := [
        thread.name
        for thread in threading.enumerate()
        if thread not in before and (not thread.daemon or thread.name.startswith(lanes))
    ]:
        if time.monotonic() > deadline:
            pytest.fail(
                f"threads still run: {', '.join(left)}; is a Runner or a window not closed?"
            )
        time.sleep(0.01)


@pytest.fixture
def shared() -> Path:
    """The folder of recordings that are not in this repository; for tests marked `data`."""
    return SHARED


@pytest.fixture
def scratch(tmp_path: Path) -> Iterator[Scratch]:
    """A place for clips that goes with the test."""
    place = Scratch(tmp_path / "scratch")
    yield place
    place.close()


@pytest.fixture
def make_clip(scratch: Scratch) -> Callable[..., AudioClip]:
    """A function from samples `(channels, frames)` and a rate to a finished clip."""

    def make(samples: np.ndarray, rate: int = 44_100, origin: Origin | None = None) -> AudioClip:
        clip = scratch.clip(samples.shape[0], samples.shape[1], rate, origin or Origin())
        clip.write(0, np.asarray(samples, np.float32))
        return clip

    return make


def tone(
    seconds: float = 1.0, rate: int = 44_100, channels: int = 2, hz: float = 440.0
) -> np.ndarray:
    """A sine at -12 dB, a little apart in phase per channel; float32 `(channels, frames)`."""
    time_axis = np.arange(round(seconds * rate)) / rate
    phases = np.arange(channels)[:, None] * 0.3
    return (0.25 * np.sin(2 * np.pi * hz * time_axis + phases)).astype(np.float32)


def clicks(
    seconds: float = 1.0, rate: int = 44_100, channels: int = 2, every: float = 0.25
) -> np.ndarray:
    """Silence with single samples of 0.5 each `every` seconds; float32 `(channels, frames)`."""
    samples = np.zeros((channels, round(seconds * rate)), np.float32)
    samples[:, :: round(every * rate)] = 0.5
    return samples


@pytest.fixture
def tone_clip(make_clip: Callable[..., AudioClip]) -> AudioClip:
    """One second of stereo sine at 44.1 kHz."""
    return make_clip(tone())


@pytest.fixture
def click_clip(make_clip: Callable[..., AudioClip]) -> AudioClip:
    """One second of stereo clicks, four of them."""
    return make_clip(clicks())


@pytest.fixture
def tone_file(tmp_path: Path) -> Path:
    """A wav file of two seconds of stereo sine at 44.1 kHz, 16 bits."""
    import soundfile

    path = tmp_path / "Tone.wav"
    soundfile.write(path, tone(2.0).T, 44_100)
    return path
