"""UltraStar's text format, as karaoke games read it: a note a line, times in quarters of a beat."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import replace

from engine import quantise
from engine.melody import HELD, Beat, Melody, Note
from engine.scores.common import (
    Imported,
    NotNotes,
    bare,
    decoded,
    imported,
    in_word,
    lyrics_of,
    one_line,
    plain,
)

UNIT = 15.0  # seconds of a unit, times the file's BPM
MIDDLE = 60  # the MIDI number of pitch 0
MOST_BYTES = 8 * 2**20
FINEST = 600.0  # BPM from which on units are fine enough for notes as sung: 25 ms
FASTEST = 160.0  # beats a minute; a file's BPM is halved until it is below
BREATH, PAUSE = 0.2, 0.6  # seconds of silence that may, and that must, end a line
LONG, LONGEST = 3.0, 12.0  # seconds of a line from which on it may, and must, end
UNSURE = 0.3  # confidence of a note whose pitch the file calls free
NOTE = re.compile(r"([:*FRG])[ \t]*(-?\d{1,9})[ \t]+(\d{1,9})[ \t]+(-?\d{1,4})(?:[ \t](.*))?")
BREAK = re.compile(r"-[ \t]*(-?\d{1,9})(?:[ \t]+(-?\d{1,9}))?\s*")
CHANGE = re.compile(r"B[ \t]*(-?\d{1,9})[ \t]+([\d.,]{1,12})\s*")
HEADER = re.compile(r"#([\w ]+):(.*)")


def written(melody: Melody, title: str, artist: str, sound: str) -> bytes:
    """Return the text, UTF-8; `sound` is the name of the sound file that the game plays to it.

    Notes that no word belongs to are written as " ~", held ones as "~".
    """
    notes = one_line(quantise.named(melody))
    bpm = melody.beat.tempo * melody.beat.grid / 4  # a unit is a step of the grid
    if not melody.quantised:
        while bpm < FINEST:
            bpm *= 2
    unit = UNIT / bpm
    gap = round(notes[0].start * 1000) if notes else 0
    lines = [
        f"#TITLE:{plain(title) or 'Untitled'}",
        f"#ARTIST:{plain(artist) or 'Unknown'}",
        "#ENCODING:UTF8",
        f"#MP3:{plain(sound)}",
        f"#BPM:{bpm:.6f}".rstrip("0").rstrip("."),
        f"#GAP:{gap}",
    ]
    places = [round((note.start - gap / 1000) / unit) for note in notes]
    for k in range(1, len(places)):
        places[k] = max(places[k], places[k - 1] + 1)
    goes_on = in_word([note.lyric for note in notes])
    began = notes[0].start if notes else 0.0
    stop = 0
    for k, note in enumerate(notes):
        word = _word(note.lyric, goes_on[k])
        if k and _ends(notes[k - 1], note, began, word.startswith(" ")):
            lines.append(f"- {stop}")
            began = note.start
        length = max(round((note.stop - gap / 1000) / unit) - places[k], 1)
        if k + 1 < len(places):
            length = min(length, places[k + 1] - places[k])
        stop = places[k] + length
        pitch = math.floor(note.pitch + 0.5) - MIDDLE
        lines.append(f": {places[k]} {length} {pitch} {word}")
    return "\n".join([*lines, "E", ""]).encode()


def _word(lyric: str, goes_on: bool) -> str:
    if lyric == HELD:
        return "~"
    return f"{'' if goes_on else ' '}{plain(bare(lyric)) or '~'}"


def _ends(before: Note, note: Note, began: float, new: bool) -> bool:
    """Whether a line ends between two notes."""
    gap, long = note.start - before.stop, before.stop - began
    return new and (gap >= PAUSE or (gap >= BREATH and long >= LONG) or long >= LONGEST)


def read(data: bytes) -> Imported:
    """Read a song; of a duet the first voice. Raises `NotNotes`."""
    if len(data) > MOST_BYTES:
        raise NotNotes("is too large for a song text.")
    if b"\0" in data[:4096] and data[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        raise NotNotes("is no text.")
    said: dict[str, str] = {}
    body: list[str] = []
    for line in decoded(data).splitlines():
        found = HEADER.match(line.strip()) if line.lstrip().startswith("#") else None
        if found is not None:
            said.setdefault(found[1].strip().upper(), found[2].strip())
        elif line.strip():
            body.append(line.lstrip())
    if "BPM" not in said:
        raise NotNotes("is no UltraStar song: it does not say #BPM.")
    bpm, gap = _number(said["BPM"]), _number(said.get("GAP", "0") or "0") / 1000
    if not 1.0 <= bpm <= 100_000.0:
        raise NotNotes(f"is counted at an impossible speed, {bpm:g} BPM.")
    relative = said.get("RELATIVE", "").upper() in ("YES", "TRUE", "1")
    notes, told = _notes(body, bpm, gap, relative)
    tempo = bpm
    while tempo > FASTEST:
        tempo /= 2
    bar = 4 * 60 / tempo
    beat = Beat(tempo, gap % bar)
    title, artist = said.get("TITLE", ""), said.get("ARTIST", "")
    return imported(notes, beat, "", title, artist, told)


def _number(text: str) -> float:
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise NotNotes(f"is damaged: “{plain(text)[:20]}” should be a number.")
    return value


def _notes(
    body: Sequence[str], bpm: float, gap: float, relative: bool
) -> tuple[list[Note], list[str]]:
    """Notes of the first voice, and what to tell a person."""
    tempi = [(0, 0.0, bpm)]  # place, seconds after the gap, and speed from there on
    notes: list[Note] = []
    syllables: list[tuple[str, bool]] = []
    voice, voices, free, wrong, shift, new = 1, {1}, 0, 0, 0, True

    def time(place: int) -> float:
        at, seconds, speed = next((t for t in reversed(tempi) if t[0] <= place), tempi[0])
        return gap + seconds + (place - at) * UNIT / speed

    for line in body:
        if line.strip() == "E":
            break
        if (part := re.match(r"P[ \t]*([123])\s*$", line)) is not None:
            voice, new, shift = int(part[1]), True, 0
            voices.add(voice)
        elif voice == 2:
            continue
        elif (found := NOTE.match(line)) is not None:
            kind, at, length, pitch, text = found.groups()
            start = shift + int(at)
            begin, end = time(start), time(start + int(length))
            spoken = kind in "FRG"
            free += spoken
            if end <= 0 or end <= begin:  # before the song, or of no length
                wrong += 1
                continue
            number = float(min(max(int(pitch) + MIDDLE, 0), 127))
            note = Note(max(begin, 0.0), end - max(begin, 0.0), number)
            notes.append(replace(note, confidence=UNSURE) if spoken else note)
            syllables.append((text or "", new))
            new = False
        elif (found := BREAK.match(line)) is not None:
            new = True
            if relative:
                shift += int(found[2] or found[1])
        elif (found := CHANGE.match(line)) is not None:
            speed = _number(found[2])
            at = shift + int(found[1])
            if speed >= 1.0 and at > tempi[-1][0]:
                tempi.append((at, time(at) - gap, speed))
        else:
            wrong += 1
    if wrong > max(len(notes), 20):
        raise NotNotes("is no UltraStar song: most of its lines are no notes.")
    told = []
    if len(voices) > 1:
        told.append("It is a duet; the first voice was taken.")
    if free:
        told.append(f"{free} of its notes are spoken or free: their pitch means little.")
    if wrong:
        told.append(f"{wrong} lines made no sense and were left out.")
    lyrics = lyrics_of(syllables)
    return [replace(n, lyric=word) for n, word in zip(notes, lyrics, strict=True)], told
