"""The values that pass between engine and screen: numpy and the standard library only."""

from __future__ import annotations

import os
import shutil
import tempfile
import weakref
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from engine.peaks import Peaks


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a clip came from, kept with it for ever.

    `path` is the file a person gave (also for a stem: the song it was taken from), `task` and
    `model` say what made it, `notes` what was changed on the way in, in words for a person.
    """

    path: Path | None = None
    task: str = "import"
    model: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


class Scratch:
    """A folder of raw sound that lives as long as the program.

    Clips stay on disk so that an hour of sound costs no memory; the folder goes when the program
    ends, and each file as soon as nobody holds its clip.
    """

    def __init__(self, parent: Path | None = None) -> None:
        if parent is not None:
            parent.mkdir(parents=True, exist_ok=True)
        self.folder = Path(tempfile.mkdtemp(prefix="melic-", dir=parent))
        self._close = weakref.finalize(self, shutil.rmtree, self.folder, ignore_errors=True)

    def clip(self, channels: int, frames: int, rate: int, origin: Origin) -> AudioClip:
        """Make a silent clip of `(channels, frames)`; the disk fills as it is written.

        Raises `OSError` when the disk cannot take the file's name; a full disk shows on `write`.
        """
        handle, name = tempfile.mkstemp(suffix=".f32", dir=self.folder)
        os.truncate(handle, frames * channels * 4)
        os.close(handle)
        return AudioClip(Path(name), channels, frames, rate, origin)

    def close(self) -> None:
        """Delete everything now."""
        self._close()


def _forget(path: Path) -> None:
    with suppress(OSError):  # gone already, or Windows has it open: the folder goes at the end
        path.unlink(missing_ok=True)


class AudioClip:
    """Sound on disk: float32, interleaved; equal only to itself.

    One job writes a clip while everybody may read it; what is not written yet reads as silence.
    Once its job has ended a clip never changes. `peaks` is its picture at every zoom.
    """

    def __init__(self, path: Path, channels: int, frames: int, rate: int, origin: Origin) -> None:
        self.path = path
        self.channels = channels
        self.frames = frames
        self.rate = rate
        self.origin = origin
        self.peaks = Peaks(frames)
        weakref.finalize(self, _forget, path)

    @property
    def seconds(self) -> float:
        """Length in seconds."""
        return self.frames / self.rate

    def read(self, start: int, stop: int) -> np.ndarray:
        """Return float32 `(channels, stop - start)`; frames outside the clip are silence."""
        first, last = max(start, 0), min(stop, self.frames)
        out = np.zeros((self.channels, max(stop - start, 0)), np.float32)
        if last > first:
            flat = np.fromfile(
                self.path,
                np.float32,
                count=(last - first) * self.channels,
                offset=first * self.channels * 4,
            )
            got = flat.reshape(-1, self.channels).T  # less, if the clip is trimmed right now
            out[:, first - start : first - start + got.shape[1]] = got
        return out

    def write(self, start: int, samples: np.ndarray) -> None:
        """Put float32 `(channels, n)` at frame `start`; only the job that makes the clip may.

        Raises `OSError` when the disk is full.
        """
        with open(self.path, "r+b") as file:
            file.seek(start * self.channels * 4)
            file.write(np.ascontiguousarray(samples.T, np.float32).tobytes())
        self.peaks.update(start, samples)

    def trim(self, frames: int) -> None:
        """Set the true length once it is known (a header may have promised another)."""
        self.frames = min(self.frames, frames)  # never promise more than the file holds
        os.truncate(self.path, frames * self.channels * 4)
        self.peaks.resize(frames)
        self.frames = frames


@dataclass(frozen=True, slots=True)
class Track:
    """One lane of the timeline. `role` is "mix", "vocals" or "instrumental"."""

    id: int
    name: str
    role: str
    clip: AudioClip
    gain_db: float = 0.0
    pan: float = 0.0  # -1 left … 1 right
    muted: bool = False
    solo: bool = False
    group: int = 0  # the id of the mix this stem belongs to; a mix belongs to itself


@dataclass(frozen=True, slots=True)
class Separation:
    """What `tasks.separate` returns.

    `null_db` is the level of `mix - vocals - instrumental` against the mix, in dB.
    """

    clips: Mapping[str, AudioClip]
    device: str
    device_note: str  # why this device, if another was hoped for
    null_db: float
    seconds_taken: float
