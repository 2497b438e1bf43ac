"""Sound in and out: which files to open, what they are, and reading them to scratch.

Writing is in `engine.encode`; its names are here too, so that there is one place to ask. The
codecs themselves are imported when they are first used.
"""

from __future__ import annotations

import errno
import math
import os
import re
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from engine.encode import (
    Encoding,
    common_gain,
    export_clip,
    export_mix,
    free_name,
    stem_name,
)
from engine.errors import EngineError, UnwritableTarget
from engine.events import Filled, Opened, Progress, Work
from engine.preview import Preview
from engine.readers import open_source
from engine.source import Source, unreadable
from engine.types import AudioClip, Origin, Scratch

__all__ = [
    "SUFFIXES",
    "Encoding",
    "Probe",
    "common_gain",
    "decode",
    "export_clip",
    "export_mix",
    "find_audio",
    "free_name",
    "probe",
    "stem_name",
]

SOUND = ".wav .wave .bwf .rf64 .w64 .aif .aiff .aifc .flac .ogg .oga .opus .mp3 .mp2 .m4a .m4b .aac"
MORE_SOUND = ".alac .caf .wma .au .snd .ac3 .amr .ape .dsf .mka .tta .wv"
VIDEO = ".mp4 .m4v .mkv .webm .mov .avi .mpg .mpeg .ts .flv .wmv .3gp"
SUFFIXES = frozenset(f"{SOUND} {MORE_SOUND} {VIDEO}".split())

TELL = 0.1  # seconds between two reports of progress
PREVIEW_FROM = 60.0  # seconds of sound; less is read before anybody could look
HEAD_START = 0.4  # seconds that the first picture of a long file has to itself
SPARE = 64 * 2**20  # bytes of the scratch disk that are left free


@dataclass(frozen=True, slots=True)
class Probe:
    """What a file's header says. `seconds` is 0 when it does not tell; `kind` is for a person."""

    seconds: float
    rate: int
    channels: int
    kind: str


def probe(path: Path) -> Probe:
    """Look at a file without reading it all. Raises `UnreadableAudio`."""
    source = open_source(path)
    try:
        return Probe(source.frames / source.rate, source.rate, source.channels, source.kind)
    finally:
        source.close()


def find_audio(paths: Iterable[Path]) -> list[Path]:
    """Return the files to open: those named, and those in folders with a known suffix.

    Folders are read at any depth, in natural order ("2" before "10"), without hidden files.
    A file named outright is kept whatever it is called, so that opening it can say what is wrong.
    """
    found: dict[Path, None] = {}
    for path in paths:
        for file in _walk(path) if path.is_dir() else [path]:
            found.setdefault(file)
    return list(found)


def _walk(folder: Path) -> Iterator[Path]:
    for root, folders, files in os.walk(folder):
        folders[:] = sorted((name for name in folders if name[0] != "."), key=_natural)
        for name in sorted(files, key=_natural):
            if name[0] != "." and os.path.splitext(name)[1].lower() in SUFFIXES:
                yield Path(root, name)


def _natural(name: str) -> list[tuple[int, str]]:
    parts = re.split(r"([0-9]+)", name.casefold())
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in parts]


def decode(path: Path, scratch: Scratch, watched: bool = False) -> Work:
    """Read a file's sound into a clip, at its own rate; returns the `AudioClip`.

    See `tasks.decode`. At any moment one block of at most 4 s is in memory.
    """
    source = open_source(path)
    try:
        return (yield from _fill(path, source, scratch, watched))
    except MemoryError:
        hint = "Its head is probably damaged. Fetch the file again, or close other programs."
        raise unreadable(path, "asks for more memory than there is.", hint) from None
    finally:
        source.close()


def _preview(source: Source, clip: AudioClip) -> Preview | None:
    """A way to picture a long file before it is read, where its kind can be sought in."""
    if not source.frames or clip.seconds < PREVIEW_FROM:
        return None
    with suppress(EngineError, OSError):
        seeker = source.seeker()
        return Preview(clip, seeker) if seeker is not None else None
    return None


def _fill(path: Path, source: Source, scratch: Scratch, watched: bool) -> Work:
    started = time.monotonic()
    block: np.ndarray | None = next(source.blocks)
    assert block is not None
    frames = max(source.frames or _guess(source, block.shape[1]), block.shape[1])
    _check_room(path, source, frames, scratch)
    try:
        clip = scratch.clip(source.channels, frames, source.rate, Origin(path))
    except OSError as error:
        raise _no_room(path, source, frames, scratch, error) from error
    clip.preview = preview = _preview(source, clip) if watched else None
    try:
        return (yield from _write(path, source, scratch, clip, block, started))
    finally:
        if preview is not None:
            clip.preview = None
            preview.close()


def _write(
    path: Path,
    source: Source,
    scratch: Scratch,
    clip: AudioClip,
    block: np.ndarray | None,
    started: float,
) -> Work:
    yield Opened({"audio": clip})
    told, frames = started, clip.frames
    done, broken, peak = 0, 0, 0.0
    while block is not None:
        block, bad = _finite(block)
        broken += bad
        peak = max(peak, float(np.abs(block).max(initial=0.0)))
        stop = done + block.shape[1]
        try:
            if stop > clip.frames:  # the header promised too little
                clip.trim(max(stop, min(_guess(source, stop), 2 * stop)))
            clip.write(done, block)
        except OSError as error:
            with suppress(OSError):
                clip.trim(0)  # gives the disk back even while somebody holds the clip
            raise _no_room(path, source, max(frames, stop), scratch, error) from error
        yield Filled("audio", done, stop)
        done = stop
        now = time.monotonic()
        if clip.preview is not None:
            clip.preview.settled = done
            if now - started < HEAD_START:  # let the first picture have processor and disk
                time.sleep(HEAD_START - (now - started))
        if now - told >= TELL:
            told = now
            yield _progress(path, done / source.rate, clip.seconds, now - started)
        block = next(source.blocks, None)
    if clip.frames != done:
        clip.trim(done)
    notes = [*source.notes, *_remarks(broken, peak)]
    clip.origin = replace(clip.origin, notes=tuple(notes))
    yield Progress(1.0, f"Reading {path.name}", clip.seconds / (time.monotonic() - started), 0.0)
    return clip


def _guess(source: Source, done: int) -> int:
    """Return the length in frames that the share of the file read so far suggests."""
    return round(done / source.share) if source.share > 0 else 2 * done


def _finite(block: np.ndarray) -> tuple[np.ndarray, int]:
    """Return the block with silence for what is no number, and how many samples that were."""
    good = np.isfinite(block)
    if good.all():
        return block, 0
    return np.where(good, block, np.float32(0.0)), int(good.size - np.count_nonzero(good))


def _remarks(broken: int, peak: float) -> Iterator[str]:
    if broken:
        yield f"{broken} samples were no numbers (NaN or infinite) and were replaced by silence."
    if peak > 1.0:
        level = 20 * math.log10(peak)
        yield f"Peaks reach {level:+.1f} dBFS; nothing was cut or made quieter."


def _progress(path: Path, heard: float, seconds: float, taken: float) -> Progress:
    rate = heard / max(taken, 1e-6)
    left = max(seconds - heard, 0.0) / rate
    return Progress(min(heard / seconds, 1.0), f"Reading {path.name}", rate, left)


def _check_room(path: Path, source: Source, frames: int, scratch: Scratch) -> None:
    need = frames * source.channels * 4 + SPARE
    if shutil.disk_usage(scratch.folder).free < need:
        raise _no_room(path, source, frames, scratch)


def _no_room(
    path: Path, source: Source, frames: int, scratch: Scratch, error: OSError | None = None
) -> UnwritableTarget:
    need = frames * source.channels * 4 / 1e6
    free = shutil.disk_usage(scratch.folder).free / 1e6
    where = scratch.folder.parent
    if error is not None and error.errno not in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
        what = f"“{path.name}” cannot be kept in {where}: {error.strerror or error}."
        return UnwritableTarget(what, "Choose another folder for working files.")
    return UnwritableTarget(
        f"There is too little room on the disk for “{path.name}”: it needs {need:,.0f} MB "
        f"in {where}, where {free:,.0f} MB are free.",
        "Free some space, or choose another folder for working files.",
    )
