"""A melody as tables and as JSON: for spreadsheets, for scripts, and for this program again.

The JSON is one object: `format` ("melic notes") and `version` (1); `title` and `artist`; `seconds`,
the length of what was sung; `beat` with `tempo` (beats a minute), `first` (s), `per_bar`, `grid`;
`key`; `quantised`; `notes`, as sung, each with `start_s`, `end_s`, `midi_pitch` (with its fraction;
60 is C4), `velocity` and `confidence` (0 … 1), `lyric` ("-" alone holds the syllable before, "-" at
the end: the word goes on) and `own` (made or changed by hand). Where `quantised` is true each note
also has `shown`: `start_s`, `end_s` and `midi_pitch` on the grid. `drawn` is pitch drawn by hand,
each with `start_s` and `midi_pitches`, 100 a second, 0 for silence.
"""

from __future__ import annotations

import csv
import io
import json
import math
from dataclasses import asdict, replace
from typing import Any

import numpy as np

from engine import quantise
from engine.melody import CURVE_RATE, Beat, Melody, Note
from engine.notes import contour
from engine.scores.common import Imported, NotNotes, decoded, imported, plain

HEADER = ("start_s", "end_s", "midi_pitch", "velocity", "lyric")
NAME, VERSION = "melic notes", 1


def csv_written(melody: Melody) -> bytes:
    """Return UTF-8 with the columns `HEADER`; velocity from 1 to 127.

    The pitch has its fraction, and rounds to the tone that is meant (`quantise.named`).
    """
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(HEADER)
    for note in quantise.named(melody):
        pitch = f"{note.pitch:.3f}".rstrip("0").rstrip(".")
        velocity = min(max(round(note.velocity * 127), 1), 127)
        line = (f"{note.start:.6f}", f"{note.stop:.6f}", pitch, velocity, plain(note.lyric))
        rows.writerow(line)
    return out.getvalue().encode()


def csv_read(data: bytes) -> Imported:
    """Read a table with the columns `HEADER`, in any order. Raises `NotNotes`, `csv.Error`."""
    rows = csv.DictReader(io.StringIO(decoded(data), newline=""))
    if not {"start_s", "end_s", "midi_pitch"} <= set(rows.fieldnames or ()):
        raise NotNotes(f"is no table of notes: its first line should be {','.join(HEADER)}.")
    notes = []
    for row in rows:
        try:
            start, stop = float(row["start_s"]), float(row["end_s"])
            pitch, velocity = float(row["midi_pitch"]), float(row.get("velocity") or 102)
        except (TypeError, ValueError) as error:
            raise NotNotes(f"is damaged in line {rows.line_num}.") from error
        loud = min(max(velocity / 127, 0.0), 1.0) if math.isfinite(velocity) else 0.8
        notes.append(Note(start, stop - start, pitch, loud, row.get("lyric") or ""))
    return imported(notes)


def json_written(melody: Melody, title: str, artist: str, seconds: float) -> bytes:
    """Return the JSON that the module describes."""
    notes = []
    for note, on_grid in zip(melody.notes, quantise.shown(melody), strict=True):
        entry = {
            **_place(note),
            "velocity": note.velocity,
            "lyric": plain(note.lyric),
            "confidence": note.confidence,
            "own": note.own,
        }
        notes.append({**entry, "shown": _place(on_grid)} if melody.quantised else entry)
    drawn = [{"start_s": d.start, "midi_pitches": list(d.pitches)} for d in melody.drawn]
    value = {
        "format": NAME,
        "version": VERSION,
        "title": plain(title),
        "artist": plain(artist),
        "seconds": seconds,
        "beat": asdict(melody.beat),
        "key": melody.key,
        "quantised": melody.quantised,
        "notes": notes,
        "drawn": drawn,
    }
    return json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False).encode() + b"\n"


def _place(note: Note) -> dict[str, float]:
    return {"start_s": note.start, "end_s": note.stop, "midi_pitch": note.pitch}


def json_read(value: dict[str, Any]) -> Imported:
    """Read what `json` made of such a file; what makes no sense is left out. Raises `NotNotes`."""
    from engine import melody_json
    from engine.document import Reading

    if value.get("format") != NAME:
        raise NotNotes("is JSON, but not a melody.")
    if value.get("version") != VERSION:
        raise NotNotes("was written by a newer version of this program.")
    listed = value.get("notes")
    notes = [_entry(note) for note in listed] if isinstance(listed, list) else None
    drawn = value.get("drawn", [])
    inside = {
        "notes": notes,
        "drawn": [_stroke(stroke) for stroke in drawn] if isinstance(drawn, list) else drawn,
        "beat": value.get("beat", {}),
        "key": value.get("key", ""),
        "quantised": value.get("quantised", False),
    }
    reading = Reading()
    melody = melody_json.read(inside, {}, reading) or Melody()
    told = ["Parts of it made no sense and were left out."] if reading.wrong else []
    title, artist = (str(value.get(name, "")) for name in ("title", "artist"))
    found = imported([], Beat(), "", title, artist, told)
    return replace(found, melody=melody)


def _entry(note: object) -> object:
    if not isinstance(note, dict):
        return None
    start, stop = note.get("start_s"), note.get("end_s")
    length = None
    if isinstance(start, int | float) and isinstance(stop, int | float):
        length = stop - start
    return [
        start,
        length,
        note.get("midi_pitch"),
        note.get("velocity", 0.8),
        note.get("lyric", ""),
        note.get("confidence", 1.0),
        note.get("own", False),
    ]


def _stroke(stroke: object) -> object:
    pitches = stroke.get("midi_pitches") if isinstance(stroke, dict) else None
    return [stroke["start_s"], *pitches] if isinstance(pitches, list) else None  # type: ignore[index]


def f0_written(melody: Melody, seconds: float) -> bytes:
    """Return the pitch curve every 10 ms as `time_s,hz,confidence`; 0 Hz where nobody sings."""
    count = round(max(seconds, 0.0) * CURVE_RATE)
    pitch, sure = np.zeros(count), np.zeros(count)
    _, pitches, voiced = contour(melody, 0.0, seconds)
    known = min(count, len(pitches))
    pitch[:known], sure[:known] = pitches[:known], np.clip(voiced[:known], 0.0, 1.0)
    sung = (pitch > 0) & (sure >= melody.settings.voiced)
    hz = np.where(sung, 440.0 * 2.0 ** ((pitch - 69.0) / 12.0), 0.0)
    rows = zip(hz.tolist(), sure.tolist(), strict=True)
    lines = [f"{k / CURVE_RATE:.2f},{f:.3f},{c:.3f}" for k, (f, c) in enumerate(rows)]
    return "\n".join(["time_s,hz,confidence", *lines, ""]).encode()
