"""What voices have sung and said, kept on disk under the hash of all that it was made from."""

from __future__ import annotations

import os
import threading
import zipfile
import zlib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np

MOST_BYTES = 512 * 2**20  # about 50 minutes
DAMAGED = (
    OSError, ValueError, LookupError, TypeError, RuntimeError, EOFError, MemoryError,
    zipfile.BadZipFile, zlib.error,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Made:
    """Mono float32 sound `(samples,)`, and places in it that whoever made it needs to know."""

    sound: np.ndarray
    marks: np.ndarray


class Phrases:
    """Sounds in a folder, by key; those not used for the longest time go when there are too many.

    Several programs may use one folder. A sound that cannot be kept or read is made again.
    """

    def __init__(self, folder: Path, most: int = MOST_BYTES) -> None:
        self._folder, self._most = folder, most
        self._lock = threading.Lock()
        self._size: int | None = None  # bytes in the folder, as far as this program knows

    def get(self, key: str) -> Made | None:
        """What is kept under a key; None if it has to be made."""
        path = self._path(key)
        try:
            with open(path, "rb") as file, np.load(file) as kept:
                made = Made(kept["sound"], kept["marks"])
            os.utime(path)
        except DAMAGED:
            return None
        return made if made.sound.ndim == made.marks.ndim == 1 else None

    def marks(self, key: str) -> np.ndarray | None:
        """The marks of what is kept under a key, without its sound."""
        try:
            with open(self._path(key), "rb") as file, np.load(file) as kept:
                return np.asarray(kept["marks"])
        except DAMAGED:
            return None

    def keep(self, key: str, made: Made) -> None:
        """Keep a sound; what was not used for longest makes room."""
        path = self._path(key)
        part = path.with_name(f"{path.stem}.{os.getpid()}-{threading.get_ident()}.part")
        with self._lock, suppress(OSError):  # a full disk costs time, not the song
            self._folder.mkdir(parents=True, exist_ok=True)
            try:
                with open(part, "wb") as file:
                    np.savez(file, sound=made.sound, marks=made.marks)
                if self._size is not None:
                    self._size += part.stat().st_size
                part.replace(path)
            finally:
                part.unlink(missing_ok=True)
            if self._size is None or self._size > self._most:
                self._size = self._make_room()

    def _make_room(self) -> int:
        """Let the oldest go; returns the bytes that remain."""
        found = []
        for path in self._folder.glob("*.npz"):
            with suppress(OSError):  # another program was faster
                state = path.stat()
                found.append((state.st_mtime_ns, state.st_size, path))
        size = sum(each[1] for each in found)
        if size <= self._most:
            return size
        for _, bytes, path in sorted(found)[:-1]:
            if size <= 0.9 * self._most:  # so that there is room for some more
                break
            with suppress(OSError):
                path.unlink()
                size -= bytes
        return size

    def _path(self, key: str) -> Path:
        return self._folder / f"{key}.npz"
