"""Open whatever people have as blocks of float32: with soundfile, else with FFmpeg (PyAV)."""

from __future__ import annotations

import stat
from pathlib import Path

from engine.ffmpeg import open_ffmpeg, stereo_matrix
from engine.plain import open_plain
from engine.source import Source, unreadable

__all__ = ["Source", "open_source", "stereo_matrix"]


HIGHEST_RATE = 1_536_000  # a second of twice that is not sound, but a lie in a header
DENSEST = 8192  # frames a byte of a file can stand for: coded silence


def open_source(path: Path) -> Source:
    """Open a file for reading from its start. Raises `UnreadableAudio` in words for a person."""
    size = _look(path)
    source = open_plain(path, size) or open_ffmpeg(path, size)
    if not 1 <= source.rate <= HIGHEST_RATE:
        source.close()
        hint = "Its head is damaged. Fetch the file again."
        raise unreadable(path, f"claims {source.rate:,} samples a second.", hint)
    if source.frames > size * DENSEST:
        source.frames = 0  # whatever comes is measured while it is read
    return source


def _look(path: Path) -> int:
    """Return the size of a file that can be opened at all."""
    try:
        info = path.stat()
        if stat.S_ISDIR(info.st_mode):
            raise unreadable(path, "is a folder.", "Open the songs inside it instead.")
        if not stat.S_ISREG(info.st_mode):
            raise unreadable(path, "is not a file.", "Choose a sound file.")
        with open(path, "rb") as file:
            file.read(1)
    except FileNotFoundError:
        hint = "It was moved, renamed or deleted, or its drive is not connected."
        raise unreadable(path, "is not there.", hint) from None
    except PermissionError:
        hint = "Give yourself the right to read it, or copy it to a folder of your own."
        raise unreadable(path, "may not be read.", hint) from None
    except (OSError, ValueError) as error:
        hint = f"The system says: {getattr(error, 'strerror', None) or error}."
        raise unreadable(path, "cannot be opened.", hint) from error
    if info.st_size == 0:
        hint = "A copy or download probably did not finish; fetch the file again."
        raise unreadable(path, "is empty.", hint)
    return info.st_size
