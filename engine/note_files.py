"""Notes from files and to files: one door to the formats in `engine.scores`."""

from __future__ import annotations

import csv
import json
import math
import struct
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING
from xml.parsers.expat import ExpatError

from engine.errors import UnreadableNotes
from engine.events import Progress, Work
from engine.melody import Melody
from engine.scores.common import Imported, NotNotes, decoded

if TYPE_CHECKING:
    from collections.abc import Callable

EXPORTS: Mapping[str, tuple[str, str]] = {  # format: suffix, label
    "mid": (".mid", "MIDI"),
    "musicxml": (".musicxml", "MusicXML"),
    "ultrastar": (".txt", "UltraStar"),
    "csv": (".csv", "CSV"),
    "json": (".json", "JSON"),
}
IMPORTS = (
    ".mid", ".midi", ".kar", ".rmi", ".musicxml", ".xml", ".mxl", ".txt", ".ds", ".csv", ".json",
)  # fmt: skip
OTHERS = (".xml", ".txt", ".csv", ".json")  # suffixes that much else has, too
MOST_BYTES = 64 * 2**20
SNIFF = 16 * 2**10
HINT = "Melic reads MIDI, MusicXML, UltraStar texts, DiffSinger .ds, and its own CSV and JSON."
DAMAGED = (
    EOFError,
    OSError,
    ValueError,
    LookupError,
    TypeError,
    ArithmeticError,
    RuntimeError,  # an encrypted archive; JSON that is too deep
    MemoryError,
    struct.error,
    zlib.error,
    csv.Error,
    zipfile.BadZipFile,
    ExpatError,
)


def export(
    path: Path,
    format: str,
    melody: Melody,
    *,
    title: str = "",
    artist: str = "",
    seconds: float = 0.0,
    bends: bool = False,
    overwrite: bool = False,
) -> Work:
    """Write the view of a melody that is chosen (MusicXML: always the quantised one).

    `format` is one of `EXPORTS`; `seconds` is how long the recording is, `bends` adds pitch bends
    to MIDI. Returns the path; without `overwrite` it may be one that nothing had. Raises
    `UnwritableTarget`; the old file then stays whole.
    """
    from engine.scores import midi, musicxml, tables, ultrastar

    def text() -> bytes:
        match format:
            case "mid":
                return midi.written(melody, title, bends)
            case "musicxml":
                return musicxml.written(melody, title, artist)
            case "ultrastar":
                return ultrastar.written(melody, title, artist, f"{path.stem}.mp3")
            case "csv":
                return tables.csv_written(melody)
            case "json":
                return tables.json_written(melody, title, artist, seconds)
        raise ValueError(f"no such format: {format}")

    return (yield from _write(path, text, overwrite))


def f0_csv(path: Path, melody: Melody, seconds: float, overwrite: bool = False) -> Work:
    """Write the pitch curve as `time_s,hz,confidence`, a line each 10 ms; see `export`."""
    from engine.scores import tables

    return (yield from _write(path, lambda: tables.f0_written(melody, seconds), overwrite))


def _write(path: Path, text: Callable[[], bytes], overwrite: bool) -> Work:
    from engine.encode import write_bytes

    yield Progress(math.nan, f"Writing {path.name}")
    path = write_bytes(path, text(), overwrite)
    yield Progress(1.0, f"Written: {path.name}", seconds_left=0.0)
    return path


def is_note_file(path: Path) -> bool:
    """Whether to open a file as notes: told by its name, or its text if much else is so named."""
    suffix = path.suffix.lower()
    if suffix not in IMPORTS or path.is_dir():
        return False
    if suffix not in OTHERS:
        return True
    try:
        if not path.is_file():
            return False
        with open(path, "rb") as file:
            head = decoded(file.read(SNIFF)).lstrip()
    except OSError:
        return False
    match suffix:
        case ".xml":
            return "<score-partwise" in head or "<score-timewise" in head
        case ".csv":
            return head.startswith("start_s,")
        case ".json":
            return '"melic notes"' in head
    return head.startswith("#") and "#BPM:" in head.upper()


def read(path: Path) -> Imported:
    """Read the notes of a file, whatever its name says it is. Raises `UnreadableNotes`."""
    if not path.exists():
        raise UnreadableNotes(f"“{path.name}” is not there.", "Was it moved or renamed?")
    if not path.is_file():
        raise UnreadableNotes(f"“{path.name}” is no file.", HINT)
    try:
        with open(path, "rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        reason = error.strerror or "no reason given"
        raise UnreadableNotes(f"“{path.name}” cannot be read: {reason}.") from error
    if not data.strip():
        raise UnreadableNotes(f"“{path.name}” is empty.", HINT)
    if len(data) > MOST_BYTES:
        raise UnreadableNotes(f"“{path.name}” is too large for a file of notes.", HINT)
    try:
        return _read(data)
    except NotNotes as error:
        raise UnreadableNotes(f"“{path.name}” {error}", HINT) from error
    except DAMAGED as error:
        what = f"“{path.name}” is damaged, or no file of notes."
        raise UnreadableNotes(what, HINT) from error


def _read(data: bytes) -> Imported:
    """Tell a format by how the file begins, and read it."""
    from engine.scores import ds, midi_in, musicxml_in, tables, ultrastar

    if data[:4] in (b"MThd", b"RIFF"):
        return midi_in.read(data)
    if data[:2] == b"PK":
        return musicxml_in.read(data)
    head = decoded(data[:SNIFF]).lstrip()
    if head.startswith("<"):
        return musicxml_in.read(data)
    if head.startswith(("{", "[")):
        value = json.loads(decoded(data))
        if isinstance(value, dict) and "format" in value:
            return tables.json_read(value)
        return ds.read(value)
    if "start_s" in head.partition("\n")[0]:
        return tables.csv_read(data)
    return ultrastar.read(data)
