"""An opened sound file, whatever reads it, and what is said about files that nothing reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from engine.errors import UnreadableAudio
from engine.preview import Seeker

FIRST_SECONDS, BLOCK_SECONDS = 1.0, 4.0  # a short first block, so that something shows at once


@dataclass
class Source:
    """An opened file. `blocks` gives float32 `(channels, n)` once, in order, and is never empty.

    `frames` is what the header promises (0: nothing), `share` how much of the file has been read.
    After the last block `notes` says, for a person, what had to be done to the sound.
    """

    kind: str
    rate: int
    channels: int
    frames: int
    blocks: Iterator[np.ndarray]
    close: Callable[[], None]
    exact: bool = False  # the promise is a count, not an estimate from the bit rate
    share: float = 0.0
    notes: list[str] = field(default_factory=list)
    seeker: Callable[[], Seeker | None] = lambda: None  # opens the file anew; None: it cannot seek


def unreadable(path: Path, what: str, hint: str) -> UnreadableAudio:
    """An error that names the file."""
    return UnreadableAudio(f"“{path.name}” {what}", hint)


UNKNOWN = (
    "cannot be read as sound.",
    "It is damaged, cut off, protected, or of an unknown kind. "
    "If a player opens it, convert it to WAV or FLAC.",
)


def refusal(path: Path, what: str = UNKNOWN[0], hint: str = UNKNOWN[1]) -> UnreadableAudio:
    """Say what a file is that no decoder takes; `what` if it does not look like anything."""
    with open(path, "rb") as file:
        head = file.read(4096)
    if head.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM")) or head[8:12] == b"WEBP":
        return unreadable(path, "is a picture, not sound.", "Choose a sound or video file.")
    if head.startswith((b"%PDF", b"PK\x03\x04", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")):
        return unreadable(path, "is a document or an archive.", "Unpack it, or choose a song.")
    printable = sum(byte >= 32 or byte in b"\t\r\n" for byte in head)
    if b"\0" not in head and printable > 0.98 * len(head):
        return unreadable(path, "is text, not sound.", "Look for the song under another name.")
    return unreadable(path, what, hint)
