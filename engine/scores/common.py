"""What the formats of notes share: one line of notes, words and syllables, keys and spelling."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from engine.keys import MAJOR, MINOR, NATURAL
from engine.melody import HELD, HIGHEST, LOWEST, Beat, Melody, Note

MOST_NOTES = 100_000
FARTHEST = 1e6  # seconds
SHORTEST = 1e-3  # seconds
FIFTHS = {"F": -1, "C": 0, "G": 1, "D": 2, "A": 3, "E": 4, "B": 5}
LETTERS = "FCGDAEB"  # along the line of fifths
MOST_SIGNS = 7  # sharps or flats of a key
GRIDS = (4, 6, 8, 12)  # parts of a beat that are looked for in what was read
FITS = 0.02  # of a beat that a note may be off a grid


class NotNotes(ValueError):
    """A file is not what it seems; its text ends a sentence that begins with the file's name."""


@dataclass(frozen=True, slots=True)
class Imported:
    """Notes of a file; `note` tells a person what was chosen or changed on the way in."""

    melody: Melody
    title: str = ""
    artist: str = ""
    note: str = ""


def imported(
    notes: Iterable[Note],
    beat: Beat | None = None,
    key: str = "",
    title: str = "",
    artist: str = "",
    told: Sequence[str] = (),
) -> Imported:
    """Put together what was read; notes that no melody can hold are left out."""
    whole = []
    for note in notes:
        numbers = (note.start, note.length, note.pitch)
        if not all(map(math.isfinite, numbers)) or not 0 <= note.start <= FARTHEST:
            continue
        if SHORTEST <= note.length <= FARTHEST and LOWEST <= note.pitch <= HIGHEST:
            whole.append(replace(note, lyric=plain(note.lyric)))
        if len(whole) > MOST_NOTES:
            raise NotNotes(f"holds more than {MOST_NOTES:,} notes.")
    melody = Melody(beat=sound(beat or Beat()), key=key).with_notes(whole)
    return Imported(melody, plain(title), plain(artist), " ".join(told))


def sound(beat: Beat) -> Beat:
    """A beat within what a melody takes; else the usual one."""
    fine = math.isfinite(beat.tempo) and 1.0 <= beat.tempo <= 1000.0
    fine = fine and math.isfinite(beat.first) and abs(beat.first) <= FARTHEST
    return beat if fine and 1 <= beat.per_bar <= 32 and 1 <= beat.grid <= 32 else Beat()


def grid_of(starts: Sequence[float]) -> int:
    """The coarsest of `GRIDS` on which nearly all of some places in beats lie; else the first."""
    for grid in GRIDS if starts else ():
        off = sum(abs(at * grid - round(at * grid)) / grid > FITS for at in starts)
        if off <= 0.05 * len(starts):
            return grid
    return GRIDS[0]


def plain(text: str) -> str:
    """Text of one line that can be shown, encoded and put into XML."""
    shown = "".join(c if c.isprintable() else " " for c in text[:1000])
    return " ".join(shown.encode("utf-8", "replace").decode().split())


def decoded(data: bytes) -> str:
    """Text of bytes: by its mark, else UTF-8, else what Windows wrote in the west."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


# -- lines --------------------------------------------------------------------------------------


def one_line(notes: Sequence[Note]) -> list[Note]:
    """Notes of which no two sound together: one that starts ends the one before, the highest stays.

    The lyric of a note that goes is given to the one that stays, if that has none.
    """
    out: list[Note] = []
    for note in sorted(notes, key=lambda n: (n.start, -n.pitch)):
        if out and note.start - out[-1].start < SHORTEST:
            if note.lyric and not out[-1].lyric:
                out[-1] = replace(out[-1], lyric=note.lyric)
            continue
        if out and out[-1].stop > note.start:
            out[-1] = replace(out[-1], length=note.start - out[-1].start)
        out.append(note)
    return out


def vocal(pitches: Sequence[float], alone: float, name: str) -> float:
    """How much like a melody that is sung some notes are; `alone` is the share of single ones."""
    if not pitches:
        return 0.0
    middle = sorted(pitches)[len(pitches) // 2]
    range_ = 1.0 if 48 <= middle <= 79 else 0.3
    called = re.search(r"voc|voice|voix|voz|melod|lead|sing|gesang|stimme|sopran", name.lower())
    return alone**2 * range_ * (3.0 if called else 1.0) * math.log1p(len(pitches))


# -- words --------------------------------------------------------------------------------------


def lyrics_of(syllables: Sequence[tuple[str, bool]]) -> list[str]:
    """Lyrics of notes from syllables, in which a space parts words; True begins a new line.

    "~" (with what follows it) holds the syllable before; an empty one stays empty.
    """
    out: list[str] = []
    last = -1  # the syllable that goes on if no space comes
    apart = True
    for text, line in syllables:
        word = text.strip()
        apart = apart or line or text[:1].isspace()
        held = word.startswith("~") and last >= 0 and not text[:1].isspace()
        if held or word.startswith("~") or not word:
            out.append(HELD if held else "")
        else:
            if last >= 0 and not apart and not out[last].endswith("-"):
                out[last] += "-"
            out.append(word)
            last, apart = len(out) - 1, False
        apart = apart or text[-1:].isspace()
    return out


def in_word(lyrics: Sequence[str]) -> list[bool]:
    """Whether each note's syllable goes on a word that began before."""
    out, inside = [], False
    for lyric in lyrics:
        sung = bool(lyric) and lyric != HELD
        out.append(inside and sung)
        inside = lyric.endswith("-") if sung else inside
    return out


def bare(lyric: str) -> str:
    """The syllable alone, without the sign that its word goes on."""
    return lyric if lyric == HELD else lyric.removesuffix("-")


# -- keys ---------------------------------------------------------------------------------------


def signature(key: str) -> tuple[int, str]:
    """Sharps (flats below 0) and mode of a key: (0, "") where it is none."""
    found = re.fullmatch(r"([A-G])([#♯b♭]*)(?: (major|minor))?", key.strip())
    if found is None:
        return 0, ""
    letter, signs, mode = found.groups()
    mode = mode or "major"
    fifths = FIFTHS[letter] + sum(7 if s in "#♯" else -7 for s in signs)
    fifths -= 3 if mode == "minor" else 0
    while abs(fifths) > MOST_SIGNS:
        fifths -= math.copysign(12, fifths).__int__()
    return fifths, mode


def key_named(fifths: int, minor: bool) -> str:
    """The key with some sharps, or flats below 0, as this program calls it."""
    if abs(fifths) > MOST_SIGNS:
        return ""
    return f"{MINOR[(fifths * 7 + 9) % 12]} minor" if minor else MAJOR[fifths * 7 % 12]


def spelled(pitch: int, fifths: int) -> tuple[str, int, int]:
    """Letter, alteration and octave of a MIDI number in a key: 60 is C4."""
    place = next(q for q in range(fifths - 3, fifths + 9) if (q * 7 - pitch) % 12 == 0)
    alter, letter = divmod(place + 1, 7)
    return LETTERS[letter], alter, (pitch - alter) // 12 - 1


def number(letter: str, alter: float, octave: int) -> float:
    """The MIDI number of a spelled tone."""
    return NATURAL[letter] + alter + 12 * (octave + 1)
