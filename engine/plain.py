"""Read with soundfile what it reads to the sample: WAV, FLAC, AIFF, Ogg and their kin."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from engine.errors import UnreadableAudio
from engine.ffmpeg import open_ffmpeg
from engine.preview import Seeker
from engine.source import BLOCK_SECONDS, FIRST_SECONDS, Source, refusal

if TYPE_CHECKING:
    import soundfile

PLAIN = {b"RIFF", b"RIFX", b"RF64", b"riff", b"FORM", b"fLaC", b"OggS", b"caff", b".snd"}


LONGEST_PAGE = 65307  # bytes of an Ogg page
LARGEST_BLOCK = 1 << 20  # frames


def open_plain(path: Path, size: int) -> Source | None:
    """Open with soundfile what it reads exactly, else None.

    MP3 is left to FFmpeg (libsndfile only estimates the length of files without a Xing header, and
    ends there), more than two channels too (soundfile does not tell which is which).
    """
    import soundfile

    with open(path, "rb") as peek:
        if peek.read(4) not in PLAIN:
            return None
    try:
        file = soundfile.SoundFile(path)
    except (soundfile.LibsndfileError, OSError):
        return None
    rate, channels, frames = file.samplerate, file.channels, file.frames
    if file.subtype.startswith("MPEG") or channels > 2 or not 0 < frames < 2**48 or rate < 1:
        file.close()
        return None
    kind = {"WAVEX": "WAV", "RF64": "WAV", "OGG": "Ogg"}.get(file.format, file.format)
    detail = file.subtype.replace("PCM_", "").replace("U8", "8").replace("S8", "8")
    detail = f"{detail} bit" if detail.isdigit() else detail.capitalize()
    source = Source(f"{kind}, {detail}", rate, channels, frames, iter(()), file.close, True)
    if file.format in {"WAV", "WAVEX", "AIFF"} and (lost := _cut_off(path, size)):
        seconds = lost * frames / max(size - lost, size, 1) / rate
        source.notes.append(f"The file is cut off: about {seconds:.1f} s at its end are missing.")
    if file.format == "OGG" and not _ended(path, size):
        source.notes.append("The file is cut off: the page that ends such a stream is missing.")
    source.blocks = _plain_blocks(path, size, file, source)
    # libsndfile's second seek in an Ogg file lands up to 0.1 s off; FFmpeg's do not.
    ogg = file.format == "OGG"
    source.seeker = lambda: _ffmpegs(path, size) if ogg else _Seeker(path, channels)
    return source


def _ffmpegs(path: Path, size: int) -> Seeker | None:
    other = open_ffmpeg(path, size)
    other.close()
    return other.seeker()


class _Seeker:
    """Reads exactly what the blocks will hold, from anywhere."""

    exact = True

    def __init__(self, path: Path, channels: int) -> None:
        import soundfile

        self._file = soundfile.SoundFile(path)
        self._channels = channels

    def read(self, start: int, stop: int) -> np.ndarray:
        """See `preview.Seeker`."""
        import soundfile

        out = np.zeros((self._channels, stop - start), np.float32)
        try:
            self._file.seek(start)
            found = self._file.read(stop - start, dtype="float32", always_2d=True).T
        except soundfile.LibsndfileError:
            return out  # damage that reading from the start will get past, or tell of
        out[:, : found.shape[1]] = np.nan_to_num(found, posinf=0.0, neginf=0.0)
        return out

    def close(self) -> None:
        """See `preview.Seeker`."""
        self._file.close()


def _plain_blocks(
    path: Path, size: int, file: soundfile.SoundFile, source: Source
) -> Iterator[np.ndarray]:
    import soundfile

    done, seconds = 0, FIRST_SECONDS
    try:
        while True:
            count = min(max(round(seconds * source.rate), 1), LARGEST_BLOCK)
            block = file.read(count, dtype="float32", always_2d=True).T
            if block.shape[1] == 0:
                if done:
                    return
                break  # the header promised sound, and there is none
            done += block.shape[1]
            if source.frames:  # else the header lies
                source.share = done / source.frames
            yield block
            seconds = BLOCK_SECONDS
    except soundfile.LibsndfileError:
        pass  # libsndfile gives up on some Ogg pages that FFmpeg reads: go on from there
    finally:
        file.close()
    try:
        rest = open_ffmpeg(path, size, source.rate, source.channels)
    except UnreadableAudio:
        if not done:
            raise refusal(path) from None
        return
    try:
        skip = done
        for block in rest.blocks:
            if skip < block.shape[1]:
                yield block[:, skip:]
            skip = max(skip - block.shape[1], 0)
            source.share = rest.share
        source.notes.extend(rest.notes)
    finally:
        rest.close()


def _ended(path: Path, size: int) -> bool:
    """Whether the last page of an Ogg file is whole and says that it is the last (RFC 3533)."""
    with open(path, "rb") as file:
        file.seek(max(size - LONGEST_PAGE, 0))
        tail = file.read()
    at = tail.rfind(b"OggS")
    if at < 0 or len(tail) < at + 27:
        return False
    segments = tail[at + 27 : at + 27 + tail[at + 26]]
    whole = len(segments) == tail[at + 26] and len(tail) >= at + 27 + len(segments) + sum(segments)
    return whole and bool(tail[at + 5] & 4)


def _cut_off(path: Path, size: int) -> int:
    """Return how many bytes a WAV or AIFF file lacks of what its header promises."""
    with open(path, "rb") as file:
        head = file.read(8)
    promised = int.from_bytes(head[4:], "big" if head[:4] == b"FORM" else "little") + 8
    # Programs that write to a pipe promise the most a field can hold.
    return max(promised - size, 0) if promised < 0x7FFF0000 else 0
