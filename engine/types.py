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
from typing import TYPE_CHECKING, Any

import numpy as np

from engine import locks, wav
from engine.melody import Melody
from engine.peaks import Peaks

if TYPE_CHECKING:
    from engine.preview import Preview


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
    """A folder of sound that lives as long as the program, or as long as its owner wants.

    Clips stay on disk so that an hour of sound costs no memory; each file goes as soon as nobody
    holds its clip, and the folder with `close`. Without `folder` it is a new one inside `parent`,
    which also goes when the program ends; one that a killed program left is deleted by
    `workspace.sweep`.
    """

    def __init__(self, parent: Path | None = None, folder: Path | None = None) -> None:
        self._ending: weakref.finalize[..., Scratch] | None = None
        if folder is not None:
            self.folder = folder
            return
        if parent is not None:
            parent.mkdir(parents=True, exist_ok=True)
        self.folder = Path(tempfile.mkdtemp(prefix="melic-", dir=parent))
        lock: locks.Lock | None = None
        with suppress(OSError, locks.Held):  # so that it can be told from a dead program's
            lock = locks.take(self.folder.with_name(f".{self.folder.name}.lock"))
        self._ending = weakref.finalize(self, _clear, self.folder, lock)

    def clip(self, channels: int, frames: int, rate: int, origin: Origin) -> AudioClip:
        """Make a silent clip of `(channels, frames)`; the disk fills as it is written.

        Raises `OSError` when the disk cannot take the file's name; a full disk shows on `write`.
        """
        path = self.fresh()
        with open(path, "xb") as file:  # with the usual rights: it may become part of a project
            file.write(wav.header(channels, frames, rate))
            file.truncate(wav.OFFSET + frames * channels * 4)
        return self.adopt(AudioClip(path, channels, frames, rate, origin, wav.OFFSET))

    def fresh(self) -> Path:
        """A path in the folder that no file has."""
        return self.folder / f"{os.urandom(8).hex()}.wav"

    def adopt(self, clip: AudioClip) -> AudioClip:
        """Let the clip's file, which lies in this folder, go when nobody holds the clip."""
        going = weakref.finalize(clip, _forget, clip.path)
        going.atexit = False  # the folder goes as a whole, or is kept as a whole
        return clip

    def close(self) -> None:
        """Delete everything now."""
        if self._ending is not None:
            self._ending()
        else:
            _clear(self.folder, None)


def _clear(folder: Path, lock: locks.Lock | None) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    if lock is not None:
        lock.release()


def _forget(path: Path) -> None:
    with suppress(OSError):  # gone already, or Windows has it open: the folder goes at the end
        path.unlink(missing_ok=True)


class AudioClip:
    """Sound on disk: a WAV file of float32; equal only to itself.

    `offset` is how many bytes stand before the first sample. One job writes a clip while
    everybody may read it; what is not written yet reads as silence. Once its job has ended a clip
    never changes. `peaks` is its picture at every zoom. The file is not the clip's to delete:
    see `Scratch.adopt`.
    """

    def __init__(
        self,
        path: Path,
        channels: int,
        frames: int,
        rate: int,
        origin: Origin,
        offset: int = 0,
    ) -> None:
        self.path = path
        self.channels = channels
        self.frames = frames
        self.rate = rate
        self.origin = origin
        self.offset = offset
        self.peaks = Peaks(frames)
        self.preview: Preview | None = None  # while a long file is read: what else can be seen

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
                offset=self.offset + first * self.channels * 4,
            )
            whole = len(flat) // self.channels  # less, if the clip is trimmed right now
            got = flat[: whole * self.channels].reshape(-1, self.channels).T
            out[:, first - start : first - start + whole] = got
        return out

    def write(self, start: int, samples: np.ndarray) -> None:
        """Put float32 `(channels, n)` at frame `start`; only the job that makes the clip may.

        Raises `OSError` when the disk is full.
        """
        with open(self.path, "r+b") as file:
            file.seek(self.offset + start * self.channels * 4)
            file.write(np.ascontiguousarray(samples.T, np.float32).tobytes())
        self.peaks.update(start, samples)

    def trim(self, frames: int) -> None:
        """Set the true length once it is known (a header may have promised another)."""
        self.frames = min(self.frames, frames)  # never promise more than the file holds
        with open(self.path, "r+b") as file:
            file.truncate(self.offset + frames * self.channels * 4)
            if self.offset == wav.OFFSET:
                file.write(wav.header(self.channels, frames, self.rate))
        self.peaks.resize(frames)
        self.frames = frames


@dataclass(frozen=True, slots=True)
class Voicing:
    """Who makes a lane's sound, and how: a voice sings the lane's notes, or speaks `text`.

    `speed` and `energy` are factors, `pitch` is in semitones; `words` are speed, pitch and energy
    of each word of `text` on top of those of the whole, none where all words are alike. The same
    values and notes make the same sound again.
    """

    voice: str
    text: str = ""
    speed: float = 1.0
    pitch: float = 0.0
    energy: float = 1.0
    seed: int = 0
    words: tuple[tuple[float, float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Track:
    """One lane of the timeline.

    `role` is "mix" (a song that was opened), "recording", "selection", "residual", "notes" (notes
    without a recording: its clip is silent), "voice" (its clip is what `voicing` makes of the notes
    or of a text), or the name of a stem ("vocals", "instrumental"). A lane with `group == id` is a
    song of its own. `melody` is what was transcribed from it, or what is to be sung.
    """

    id: int
    name: str
    role: str
    clip: AudioClip
    gain_db: float = 0.0
    pan: float = 0.0  # -1 left … 1 right
    muted: bool = False
    solo: bool = False
    group: int = 0  # the id of the song this stem belongs to; a song belongs to itself
    silences: tuple[tuple[float, float], ...] = ()  # muted ranges in seconds, sorted and apart
    melody: Melody | None = None
    voicing: Voicing | None = None


@dataclass(frozen=True, slots=True)
class Separation:
    """What `tasks.separate` returns.

    `null_db` is the level of `mix - vocals - instrumental` against the mix, in dB; `quick` says
    whether a graphics card calculated in 16-bit floats.
    """

    clips: Mapping[str, AudioClip]
    device: str
    device_note: str  # why this device, if another was hoped for; " · " between several
    null_db: float
    seconds_taken: float
    quick: bool = False


@dataclass(frozen=True, slots=True)
class Sung:
    """What `tasks.sing` returns: `mute` are indices of notes that are not sung as written, and why.

    They are silent, or sung as "la" where only their lyric cannot be said.
    """

    clip: AudioClip
    mute: tuple[tuple[int, str], ...]
    device: str  # "" where everything was kept from before
    device_note: str
    seconds_taken: float


@dataclass(frozen=True, slots=True)
class Spoken:
    """What `tasks.speak` returns: `words` are `(start, stop, text)` in seconds."""

    clip: AudioClip
    words: tuple[tuple[float, float, str], ...]
    device: str  # "" where everything was kept from before
    device_note: str
    seconds_taken: float


@dataclass(frozen=True, slots=True)
class Transcription:
    """What `tasks.transcribe` returns; `device_note` as in `Separation`."""

    melody: Melody
    device: str
    device_note: str
    seconds_taken: float
