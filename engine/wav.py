"""The WAV files that clips are kept in: float32, interleaved, RF64 where 4 GB do not suffice."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import BinaryIO

OFFSET = 128  # bytes before the first sample in every file written here
LARGEST = 0xFFFFFFFF  # what a size field of 32 bits holds
FLOAT, EXTENSIBLE = 3, 0xFFFE  # format tags
MOST_CHANNELS = 512  # curves of a melody have many more than sound
_FILLER = OFFSET - 94  # bytes after the other chunks and before "data"


class NotOurs(Exception):
    """A file is not a WAV file of float32 samples; the text says what it is instead."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the samples of a WAV file lie. `frames` is how many are really there."""

    channels: int
    rate: int
    frames: int
    offset: int  # bytes before the first sample


def header(channels: int, frames: int, rate: int) -> bytes:
    """Return the `OFFSET` bytes that stand before the samples.

    The chunk called JUNK keeps the room that the 64-bit sizes of RF64 need (EBU Tech 3306), so a
    file may grow past 4 GB without being moved.
    """
    data = frames * channels * 4
    whole = OFFSET - 8 + data
    large = whole > LARGEST
    sizes = struct.pack("<QQQL", whole, data, frames, 0) if large else bytes(28)
    parts = (
        struct.pack("<4sL4s", b"RF64" if large else b"RIFF", min(whole, LARGEST), b"WAVE"),
        struct.pack("<4sL", b"ds64" if large else b"JUNK", 28) + sizes,
        struct.pack("<4sLHHLLHHH", b"fmt ", 18, FLOAT, channels, rate, rate * channels * 4,
                    channels * 4, 32, 0),
        struct.pack("<4sLL", b"fact", 4, min(frames, LARGEST)),
        struct.pack("<4sL", b"JUNK", _FILLER - 8) + bytes(_FILLER - 8),
        struct.pack("<4sL", b"data", min(data, LARGEST)),
    )  # fmt: skip
    return b"".join(parts)


def layout(file: BinaryIO) -> Layout:
    """Find the samples of an open WAV file, ours or another's.

    A file that ends early has as many frames as are there. Raises `NotOurs`, `OSError`.
    """
    file.seek(0, 2)
    size = file.tell()
    file.seek(0)
    kind, _, form = _unpacked(file, "<4sL4s")
    if kind not in (b"RIFF", b"RF64") or form != b"WAVE":
        raise NotOurs("it is no WAV file")
    channels = rate = 0
    promised = None
    at = 12
    while at + 8 <= size:
        file.seek(at)
        name, length = _unpacked(file, "<4sL")
        at += 8
        if name == b"ds64":
            _, promised, _ = _unpacked(file, "<QQQ")
        elif name == b"fmt ":
            channels, rate = _format(file)
        elif name == b"data":
            if not channels:
                raise NotOurs("its format is not stated")
            if length == LARGEST and promised is not None:
                length = promised
            return Layout(channels, rate, min(length, size - at) // (channels * 4), at)
        at += length + length % 2
    raise NotOurs("it holds no sound")


def _format(file: BinaryIO) -> tuple[int, int]:
    tag, channels, rate, _, _, bits = _unpacked(file, "<HHLLHH")
    if tag == EXTENSIBLE:
        _, _, _, tag = _unpacked(file, "<HHLH")
    if tag != FLOAT or bits != 32:
        raise NotOurs("its samples are not float32")
    if not 1 <= channels <= MOST_CHANNELS or rate < 1:
        raise NotOurs("its format makes no sense")
    return channels, rate


def _unpacked(file: BinaryIO, form: str) -> tuple:  # type: ignore[type-arg]
    size = struct.calcsize(form)
    got = file.read(size)
    if len(got) < size:
        raise NotOurs("it ends too early")
    return struct.unpack(form, got)
