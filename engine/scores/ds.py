"""DiffSinger's `.ds`: phrases in JSON, each with the notes and the words that are sung."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from engine.keys import NATURAL
from engine.melody import HELD, Note
from engine.scores.common import MOST_NOTES, Imported, NotNotes, imported, number

NAME = re.compile(r"([A-Ga-g])([#♯b♭]*)(-?\d{1,2})(?:([+-]\d{1,3})(?:\.\d+)?)?")
SILENT = frozenset({"AP", "SP", "rest", "R"})
MOST_PHRASES = 20_000


def read(value: object) -> Imported:
    """Read what `json` made of a file. Raises `NotNotes`."""
    phrases = value if isinstance(value, list) else [value]
    if not phrases or len(phrases) > MOST_PHRASES:
        raise NotNotes("holds no phrases." if not phrases else "holds too many phrases.")
    notes: list[Note] = []
    bare, silent = 0, 0
    for phrase in phrases:
        if not isinstance(phrase, dict):
            raise NotNotes("is no DiffSinger file: its phrases are not described.")
        if "note_seq" not in phrase:
            bare += 1
            continue
        found, worded = _notes(phrase)
        silent += not worded
        notes += found
        if len(notes) > MOST_NOTES:
            raise NotNotes(f"holds more than {MOST_NOTES:,} notes.")
    if bare == len(phrases):
        raise NotNotes("holds no notes: it has no “note_seq”, only what can be sung without.")
    told = [f"{bare} of its phrases have no notes."] if bare else []
    if silent:
        told.append(f"In {silent} of its phrases words and notes do not go together.")
    return imported(notes, told=told)


def _notes(phrase: Mapping[str, Any]) -> tuple[list[Note], bool]:
    """Notes of a phrase, and whether its words could be laid under them."""
    names, lengths = _words(phrase.get("note_seq")), _numbers(phrase.get("note_dur"))
    if len(names) != len(lengths):
        raise NotNotes(f"is damaged: it has {len(names)} notes but {len(lengths)} lengths.")
    slurs = _numbers(phrase.get("note_slur", ""))
    slurs = slurs if len(slurs) == len(names) else [0.0] * len(names)
    (at,) = _numbers([phrase.get("offset", 0.0)])
    heads = [k for k, slur in enumerate(slurs) if not slur]
    sung = [k for k in heads if names[k] not in SILENT]
    words = _words(phrase.get("text"))
    lyrics: dict[int, str] = {}
    spoken = [word for word in words if word not in SILENT]
    if len(words) == len(heads):
        lyrics = dict(zip(heads, words, strict=True))
    elif len(spoken) == len(sung):
        lyrics = dict(zip(sung, spoken, strict=True))
    notes = []
    for k, (name, length) in enumerate(zip(names, lengths, strict=True)):
        if name not in SILENT:
            word = HELD if slurs[k] else lyrics.get(k, "")
            notes.append(Note(at, length, _pitch(name), lyric="" if word in SILENT else word))
        at += length
    return notes, bool(lyrics) or not words


def _words(value: object) -> list[str]:
    if value is None:
        return []
    items = value.split() if isinstance(value, str) else value
    if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
        raise NotNotes("is damaged: names of notes or words are not written as text.")
    return list(items)


def _numbers(value: object) -> list[float]:
    items = value.split() if isinstance(value, str) else value
    if not isinstance(items, list):
        raise NotNotes("is damaged: lengths of notes are not written as numbers.")
    try:
        numbers = [float(item) for item in items]
    except (TypeError, ValueError, OverflowError) as error:
        raise NotNotes("is damaged: lengths of notes are not written as numbers.") from error
    if not all(math.isfinite(n) and n >= 0 for n in numbers):
        raise NotNotes("is damaged: notes begin or end at impossible times.")
    return numbers


def _pitch(name: str) -> float:
    found = NAME.fullmatch(name)
    if found is None or found[1].upper() not in NATURAL:
        raise NotNotes(f"is damaged: “{name[:20]}” is no note.")
    signs = sum(1 if sign in "#♯" else -1 for sign in found[2])
    return number(found[1].upper(), signs, int(found[3])) + int(found[4] or 0) / 100
