"""A melody as MusicXML 4.0 for notation programs: one voice on its grid, in full bars."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction
from xml.etree import ElementTree as ET

from engine import quantise
from engine.errors import EngineError
from engine.melody import HELD, Melody, Note
from engine.scores.common import bare, in_word, one_line, plain, signature, spelled

TYPES = {
    Fraction(4): "whole",
    Fraction(2): "half",
    Fraction(1): "quarter",
    Fraction(1, 2): "eighth",
    Fraction(1, 4): "16th",
    Fraction(1, 8): "32nd",
    Fraction(1, 16): "64th",
    Fraction(1, 32): "128th",
}
VALUES = sorted({(v * d, v, d > 1) for v in TYPES for d in (1, Fraction(3, 2))}, reverse=True)
STARTS = "start-seconds"  # the field that says at which second of the recording bar 1 begins
MOST_BARS = 20_000
DOCTYPE = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 4.0 Partwise//EN"'
    ' "http://www.musicxml.org/dtds/partwise.dtd">\n'
)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A note or a rest (`note` -1) from step `start` to `stop` of the grid."""

    start: int
    stop: int
    note: int


@dataclass(frozen=True, slots=True)
class _Sign:
    """One written note: how long in steps, what it looks like, and its part in a tuplet."""

    steps: int
    type: str
    dotted: bool
    parts: int = 0  # of the tuplet; 0 outside
    instead: int = 0  # of so many
    edge: str = ""  # "start" | "stop" of the tuplet


def written(melody: Melody, title: str, artist: str) -> bytes:
    """Return the text of a score, UTF-8; its notes are those of the quantised view.

    A beat is a quarter. Bars are counted from `Beat.first`; what is sung before the first bar line
    stands in a pick-up. Raises `EngineError` for a melody too long to be written down.
    """
    beat = melody.beat
    step, bar = beat.seconds / beat.grid, beat.per_bar * beat.grid
    origin = beat.first % (beat.seconds * beat.per_bar)  # a bar line, less than a bar after 0 s
    if beat.seconds * beat.per_bar - origin < 1e-6:
        origin = 0.0
    notes = one_line(quantise.shown(replace(melody, quantised=True)))
    places = [round((n.start - origin) / step) for n in notes]
    stops = [
        max(round((n.stop - origin) / step), p + 1) for n, p in zip(notes, places, strict=True)
    ]
    # A pick-up holds whole beats.
    start = min(math.floor(min(places, default=0) / beat.grid) * beat.grid, 0)
    end = max(math.ceil(max(stops, default=0) / bar), 1) * bar
    if end > MOST_BARS * bar:
        raise EngineError(
            f"The melody is too long to be written down: {end // bar:,} bars.",
            "Set another tempo, or export it as MIDI or CSV.",
        )
    pieces, at = [], start
    for k, (first, last) in enumerate(zip(places, stops, strict=True)):
        last = min(last, places[k + 1]) if k + 1 < len(places) else last
        pieces += [_Piece(at, first, -1)] if first > at else []
        pieces.append(_Piece(first, last, k))
        at = last
    pieces += [_Piece(at, end, -1)] if end > at else []

    fifths, mode = signature(melody.key)
    score, part = _head(title, artist, origin + start * step)
    words = _Words(notes)
    lines = [start] if start < 0 else []
    lines += range(0, end, bar)
    cursor = 0
    for count, line in enumerate(lines):
        stop = 0 if line < 0 else line + bar
        number = count if start < 0 else count + 1
        measure = ET.SubElement(part, "measure", number=str(number))
        if line < 0:
            measure.set("implicit", "yes")
        if count == 0:
            _attributes(measure, melody, fifths, mode, notes)
        inside = []
        while cursor < len(pieces) and pieces[cursor].start < stop:
            piece = pieces[cursor]
            inside.append(_Piece(max(piece.start, line), min(piece.stop, stop), piece.note))
            if piece.stop > stop:
                break
            cursor += 1
        whole = len(inside) == 1 and inside[0].note < 0 and line >= 0
        if whole:
            rest = ET.SubElement(measure, "note")
            ET.SubElement(rest, "rest", measure="yes")
            _texts(rest, duration=bar, voice=1)
            continue
        for piece, sign in _signs(inside, line, beat.grid):
            first = piece.note >= 0 and piece.start == places[piece.note]
            last = piece.note >= 0 and piece.stop >= min(
                [stops[piece.note], *places[piece.note + 1 : piece.note + 2]]
            )
            pitch = None
            if piece.note >= 0:
                pitch = spelled(math.floor(notes[piece.note].pitch + 0.5), fifths)
            element = _note(measure, sign, pitch, first, last)
            if piece.note >= 0 and (first or last):
                words.lay(element, piece.note, first, last)
    barline = ET.SubElement(part[-1], "barline", location="right")
    _texts(barline, **{"bar-style": "light-heavy"})
    ET.indent(score)
    return DOCTYPE.encode() + ET.tostring(score, "utf-8") + b"\n"


def _texts(parent: ET.Element, **values: object) -> None:
    for name, value in values.items():
        ET.SubElement(parent, name).text = str(value)


def _head(title: str, artist: str, starts: float) -> tuple[ET.Element, ET.Element]:
    score = ET.Element("score-partwise", version="4.0")
    title = plain(title) or "Melody"
    _texts(ET.SubElement(score, "work"), **{"work-title": title})
    said = ET.SubElement(score, "identification")
    if plain(artist):
        ET.SubElement(said, "creator", type="artist").text = plain(artist)
    _texts(ET.SubElement(said, "encoding"), software="Melic")
    field = ET.SubElement(ET.SubElement(said, "miscellaneous"), "miscellaneous-field", name=STARTS)
    field.text = f"{starts:.9f}"
    parts = ET.SubElement(score, "part-list")
    voice = ET.SubElement(parts, "score-part", id="P1")
    _texts(voice, **{"part-name": "Voice"})
    instrument = ET.SubElement(voice, "score-instrument", id="P1-I1")
    _texts(instrument, **{"instrument-name": "Voice", "instrument-sound": "voice.vocals"})
    played = ET.SubElement(voice, "midi-instrument", id="P1-I1")
    _texts(played, **{"midi-channel": 1, "midi-program": 53})  # choir aahs, counted from 1
    return score, ET.SubElement(score, "part", id="P1")


def _attributes(
    measure: ET.Element, melody: Melody, fifths: int, mode: str, notes: list[Note]
) -> None:
    beat = melody.beat
    attributes = ET.SubElement(measure, "attributes")
    _texts(attributes, divisions=beat.grid)
    _texts(ET.SubElement(attributes, "key"), fifths=fifths, **({"mode": mode} if mode else {}))
    _texts(ET.SubElement(attributes, "time"), beats=beat.per_bar, **{"beat-type": 4})
    clef = ET.SubElement(attributes, "clef")
    _texts(clef, sign="G", line=2)
    pitches = sorted(note.pitch for note in notes)
    if pitches and pitches[len(pitches) // 2] < 58:  # a man's voice: read an octave lower
        _texts(clef, **{"clef-octave-change": -1})
    direction = ET.SubElement(measure, "direction", placement="above")
    metronome = ET.SubElement(ET.SubElement(direction, "direction-type"), "metronome")
    _texts(metronome, **{"beat-unit": "quarter", "per-minute": f"{beat.tempo:.6g}"})
    ET.SubElement(direction, "sound", tempo=f"{beat.tempo:.9g}")


# -- lengths ------------------------------------------------------------------------------------


def _signs(pieces: list[_Piece], line: int, grid: int) -> list[tuple[_Piece, _Sign]]:
    """Cut the pieces of a bar into what can be written; each cut of a note is tied to the next.

    A beat in which something begins at a place that halving does not reach is a tuplet.
    """
    edges = {edge for piece in pieces for edge in (piece.start, piece.stop)}
    start, stop = pieces[0].start, pieces[-1].stop
    odd: dict[int, int] = {}  # beats that are tuplets, and of how many parts
    for beat in range((stop - start + grid - 1) // grid):
        first = start + beat * grid
        apart = math.gcd(grid, *(edge - first for edge in edges if first < edge < first + grid))
        parts = grid // apart
        if parts & (parts - 1):
            odd[first] = parts
    out: list[tuple[_Piece, _Sign]] = []
    for piece in pieces:
        at = piece.start
        while at < piece.stop:
            beat = start + (at - start) // grid * grid
            if beat in odd:
                end = min(piece.stop, beat + grid)
                out += _tuplet(_Piece(at, end, piece.note), beat, grid, odd[beat])
            else:
                borders = [b for b in odd if b > at]
                end = min([piece.stop, *borders])
                out += _binary(_Piece(at, end, piece.note), beat, grid)
            at = end
    return out


def _tuplet(piece: _Piece, beat: int, grid: int, parts: int) -> list[tuple[_Piece, _Sign]]:
    instead = 2 ** (parts.bit_length() - 1)
    unit = grid // parts
    out, at = [], piece.start
    while at < piece.stop:
        left = Fraction((piece.stop - at) // unit, instead)
        value, base, dotted = next(v for v in VALUES if v[0] <= left)
        end = at + int(value * instead) * unit
        edge = "start" if at == beat else "stop" if end == beat + grid else ""
        sign = _Sign(end - at, TYPES[base], dotted, parts, instead, edge)
        out.append((_Piece(at, end, piece.note), sign))
        at = end
    return out


def _binary(piece: _Piece, beat: int, grid: int) -> list[tuple[_Piece, _Sign]]:
    """Long values begin on beats; what begins between two is first written to the next."""
    out, at = [], piece.start
    while at < piece.stop:
        into = (at - beat) % grid
        end = min(piece.stop, at - into + grid) if into else piece.stop
        value, base, dotted = next(
            v for v in VALUES if v[0] <= Fraction(end - at, grid) and (v[0] * grid).denominator == 1
        )
        end = at + int(value * grid)
        out.append((_Piece(at, end, piece.note), _Sign(end - at, TYPES[base], dotted)))
        at = end
    return out


def _note(
    measure: ET.Element, sign: _Sign, pitch: tuple[str, int, int] | None, first: bool, last: bool
) -> ET.Element:
    """Write one sign, in the order that the format wants."""
    note = ET.SubElement(measure, "note")
    ties = []
    if pitch is None:
        ET.SubElement(note, "rest")
    else:
        letter, alter, octave = pitch
        values = {"step": letter, **({"alter": alter} if alter else {}), "octave": octave}
        _texts(ET.SubElement(note, "pitch"), **values)
        ties = ([] if first else ["stop"]) + ([] if last else ["start"])
    _texts(note, duration=sign.steps)
    for tie in ties:
        ET.SubElement(note, "tie", type=tie)
    _texts(note, voice=1, type=sign.type)
    if sign.dotted:
        ET.SubElement(note, "dot")
    if sign.parts:
        ratio = {"actual-notes": sign.parts, "normal-notes": sign.instead}
        _texts(ET.SubElement(note, "time-modification"), **ratio)
    if ties or sign.edge:
        notations = ET.SubElement(note, "notations")
        for tie in ties:
            ET.SubElement(notations, "tied", type=tie)
        if sign.edge:
            ET.SubElement(notations, "tuplet", type=sign.edge, bracket="yes")
    return note


class _Words:
    """Lays syllables under notes; held ones get a slur, and a line after a word's last syllable."""

    def __init__(self, notes: list[Note]) -> None:
        self.lyrics = [note.lyric for note in notes]
        self.inside = in_word(self.lyrics)
        last = -1
        self.until: dict[int, int] = {}  # the note with a syllable: the last one that holds it
        self.of: dict[int, int] = {}
        for k, lyric in enumerate(self.lyrics):
            if lyric == HELD and last >= 0:
                self.until[last], self.of[k] = k, last
            else:
                last = k if lyric and lyric != HELD else -1

    def lay(self, element: ET.Element, k: int, first: bool, last: bool) -> None:
        """Write what belongs to the first, or the last, sign of note `k`."""
        lyric, home = self.lyrics[k], self.of.get(k)
        if first and k in self.until:
            self._slur(element, "start")
        if last and home is not None and self.until[home] == k:
            self._slur(element, "stop")
        if not first:
            return
        if home is not None:
            if not self.lyrics[home].endswith("-"):
                kind = "stop" if self.until[home] == k else "continue"
                ET.SubElement(ET.SubElement(element, "lyric", number="1"), "extend", type=kind)
        elif lyric and lyric != HELD:
            goes_on = lyric.endswith("-")
            words = ET.SubElement(element, "lyric", number="1")
            kinds = {(False, False): "single", (False, True): "begin", (True, True): "middle"}
            syllabic = kinds.get((self.inside[k], goes_on), "end")
            _texts(words, syllabic=syllabic, text=plain(bare(lyric)) or "-")
            if k in self.until and not goes_on:
                ET.SubElement(words, "extend", type="start")

    def _slur(self, element: ET.Element, kind: str) -> None:
        notations = element.find("notations")
        if notations is None:
            notations = ET.SubElement(element, "notations")
        ET.SubElement(notations, "slur", type=kind, number="1")
