"""Notes out of MusicXML, plain or packed: the part that is sung, with its first verse."""

from __future__ import annotations

import io
import math
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from xml.etree import ElementTree as ET
from xml.parsers import expat

from engine.keys import NATURAL
from engine.melody import HELD, Beat, Note
from engine.scores.common import Imported, NotNotes, grid_of, imported, key_named, number, vocal
from engine.scores.musicxml import STARTS

MOST_BYTES = 48 * 2**20  # of text
MOST_ELEMENTS = 2_000_000
DEEPEST = 60
MOST_FILES = 2_000  # in a packed score
CONTAINER = "META-INF/container.xml"


@dataclass
class _Sung:
    start: Fraction  # quarters
    stop: Fraction
    pitch: float
    lyric: str = ""
    tied: bool = False


@dataclass
class _Voice:
    part: str
    notes: list[_Sung] = field(default_factory=list)
    chords: int = 0
    slurs: int = 0  # how many are open
    word: bool = False  # whether one is begun
    extend: bool = False

    @property
    def words(self) -> int:
        """How many syllables it sings."""
        return sum(1 for note in self.notes if note.lyric not in ("", HELD))


@dataclass
class _Time:
    tempi: dict[Fraction, float] = field(default_factory=dict)  # quarters a minute
    first: Fraction = Fraction(0)  # of the first whole bar
    beats: tuple[int, int] = (4, 4)
    key: str = ""
    repeats: bool = False


def read(data: bytes) -> Imported:
    """Read a score, partwise or timewise, packed or not. Raises `NotNotes`, `expat.ExpatError`."""
    root = _tree(_unpacked(data) if data[:2] == b"PK" else data)
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    if root.tag not in ("score-partwise", "score-timewise"):
        raise NotNotes("is XML, but not MusicXML.")
    names = {
        part.get("id", ""): part.findtext("part-name") or "" for part in root.iter("score-part")
    }
    time, voices = _Time(), []
    for place, (id, measures) in enumerate(_parts(root).items()):
        voices += _voices(names.get(id, ""), measures, time, place == 0)
    voices = [voice for voice in voices if voice.notes]
    title = root.findtext("work/work-title") or root.findtext("movement-title") or ""
    creators = {e.get("type", ""): e.text or "" for e in root.iterfind("identification/creator")}
    artist = creators.get("artist") or creators.get("composer") or ""
    if not voices:
        return imported([], Beat(_tempo(time)), time.key, title, artist)
    chosen = max(voices, key=lambda voice: (voice.words >= 3, voice.words, _likely(voice)))
    told = []
    if len(voices) > 1:
        why = "the one with words" if chosen.words else "the one most like a melody"
        part = f"of “{chosen.part}” " if chosen.part.strip() else ""
        told.append(f"Of {len(voices)} voices one {part}was taken, {why}.")
    if chosen.chords:
        told.append("Of chords the highest tone was taken.")
    if time.repeats:
        told.append("Repeats are not played out.")
    clock = _Clock(time.tempi, _starts(root))
    notes = [
        Note(max(clock(n.start), 0.0), clock(n.stop) - clock(n.start), n.pitch, lyric=n.lyric)
        for n in chosen.notes
    ]
    return imported(notes, _beat(time, clock, chosen), time.key, title, artist, told)


# -- files --------------------------------------------------------------------------------------


def _unpacked(data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        if len(names) > MOST_FILES:
            raise NotNotes("is no score: it is an archive of too many files.")
        wanted = None
        if CONTAINER in names:
            for file in _tree(_member(archive, CONTAINER)).iter():
                if file.tag.endswith("rootfile") and file.get("full-path") in names:
                    wanted = file.get("full-path")
                    break
        if wanted is None:
            scores = [n for n in names if n.lower().endswith((".xml", ".musicxml"))]
            wanted = next((n for n in scores if not n.startswith("META-INF")), None)
        if wanted is None:
            raise NotNotes("is an archive with no score in it.")
        return _member(archive, wanted)


def _member(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise NotNotes("is too large for a score.")
    return data


def _tree(data: bytes) -> ET.Element:
    """Parse XML of bounded size and depth that defines no entities of its own."""
    if len(data) > MOST_BYTES:
        raise NotNotes("is too large for a score.")
    builder = ET.TreeBuilder()
    parser = expat.ParserCreate(namespace_separator="}")
    depth = count = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth, count
        depth, count = depth + 1, count + 1
        if depth > DEEPEST or count > MOST_ELEMENTS:
            raise NotNotes("is no score: its XML is too large or too deep.")
        builder.start(tag, attributes)

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(tag)

    def refuse(*_: object) -> None:
        raise NotNotes("is no score: it defines entities, as files that do harm do.")

    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = builder.data
    parser.EntityDeclHandler = refuse
    parser.Parse(data, True)
    return builder.close()


def _parts(root: ET.Element) -> dict[str, list[ET.Element]]:
    """The bars of each part."""
    parts: dict[str, list[ET.Element]] = {}
    if root.tag == "score-partwise":
        for part in root.iterfind("part"):
            parts.setdefault(part.get("id", ""), []).extend(part.iterfind("measure"))
    else:
        for measure in root.iterfind("measure"):
            for part in measure.iterfind("part"):
                parts.setdefault(part.get("id", ""), []).append(part)
    return parts


# -- notes --------------------------------------------------------------------------------------


def _number(element: ET.Element, path: str, first: float = 0.0) -> float:
    try:
        value = float(element.findtext(path) or first)
    except ValueError as error:
        raise NotNotes(f"is damaged: a “{path}” is no number.") from error
    if not math.isfinite(value) or abs(value) > 1e9:
        raise NotNotes(f"is damaged: a “{path}” makes no sense.")
    return value


def _voices(name: str, measures: list[ET.Element], time: _Time, leads: bool) -> list[_Voice]:
    """The voices of a part; what it says about time goes into `time`."""
    voices: dict[str, _Voice] = {}
    divisions, shift, begins = 1.0, 0.0, Fraction(0)
    for count, measure in enumerate(measures):
        at = end = begins
        before = begins
        for element in measure:
            length = Fraction(0)
            if element.tag in ("note", "backup", "forward"):
                length = Fraction(_number(element, "duration") / divisions).limit_denominator(5040)
                length = max(length, Fraction(0))
            if element.tag == "attributes":
                divisions = max(_number(element, "divisions", divisions), 1e-3)
                shift = _attributes(element, time, shift, leads and count == 0)
            elif element.tag == "backup":
                at = max(at - length, begins)
            elif element.tag == "forward":
                at += length
            elif element.tag == "note":
                if element.find("grace") is not None or element.find("cue") is not None:
                    continue
                if element.find("chord") is None:
                    before = at
                    at += length
                voice = voices.setdefault(element.findtext("voice") or "1", _Voice(name))
                _note(voice, element, before, before + length, shift)
            for sound in element.iter("sound") if element.tag in ("direction", "sound") else ():
                _tempo_at(time, at, sound.get("tempo"))
            for mark in element.iterfind("direction-type/metronome"):
                unit = {"half": 2.0, "eighth": 0.5, "whole": 4.0}.get(
                    mark.findtext("beat-unit") or "", 1.0
                ) * (1.5 if mark.find("beat-unit-dot") is not None else 1.0)
                if at not in time.tempi:
                    _tempo_at(time, at, mark.findtext("per-minute"), unit)
            time.repeats |= element.tag == "barline" and element.find("repeat") is not None
            end = max(end, at)
        full = Fraction(4 * time.beats[0], time.beats[1])
        if count == 0 and leads and end - begins < full:
            time.first = end
        begins = end
    return list(voices.values())


def _attributes(element: ET.Element, time: _Time, shift: float, first: bool) -> float:
    """Take in time and key of the first bar; returns by how much the part sounds higher."""
    if first:
        meter = element.find("time")
        if meter is not None:
            above = sum(int(n) for n in (meter.findtext("beats") or "4").split("+") if n.isdigit())
            below = int(_number(meter, "beat-type", 4.0))
            time.beats = (min(max(above, 1), 64), min(max(below, 1), 64))
        key = element.find("key")
        if key is not None and key.find("fifths") is not None:
            minor = key.findtext("mode") == "minor"
            modes = (None, "major", "minor", "none")
            known = key.findtext("mode") in modes[:3]
            time.key = key_named(int(_number(key, "fifths")), minor) if known else ""
            if key.findtext("mode") is None and not int(_number(key, "fifths")):
                time.key = ""  # nothing is said, and nothing is meant
    transpose = element.find("transpose")
    if transpose is not None:
        octaves = _number(transpose, "octave-change")
        return _number(transpose, "chromatic") + 12 * octaves
    return shift


def _tempo_at(time: _Time, at: Fraction, text: str | None, unit: float = 1.0) -> None:
    try:
        tempo = float(text or "") * unit
    except ValueError:
        return
    if 1.0 <= tempo <= 1000.0:
        time.tempi[at] = tempo


def _note(
    voice: _Voice, element: ET.Element, start: Fraction, stop: Fraction, shift: float
) -> None:
    pitch = element.find("pitch")
    if pitch is None or stop <= start:
        if element.find("rest") is not None:
            voice.extend = False
        return
    letter = (pitch.findtext("step") or "").strip()
    if letter not in NATURAL:
        raise NotNotes("is damaged: a note has no name.")
    height = number(letter, _number(pitch, "alter"), int(_number(pitch, "octave", 4.0))) + shift
    ties = {tie.get("type") for tie in element.iterfind("tie")}
    last = voice.notes[-1] if voice.notes else None
    if element.find("chord") is not None and last is not None and last.stop == stop:
        voice.chords += 1
        last.pitch = max(last.pitch, height)
        return
    slurs = [slur.get("type") for slur in element.iterfind("notations/slur")]
    held = voice.slurs > 0
    voice.slurs = max(voice.slurs + slurs.count("start") - slurs.count("stop"), 0)
    tied = "stop" in ties and last is not None and last.tied
    if tied and last is not None and last.stop == start and last.pitch == height:
        last.stop, last.tied = stop, "start" in ties
        return
    lyric = _lyric(voice, element)
    if not lyric and (held or voice.word or voice.extend) and voice.words:
        touches = last is not None and last.lyric != "" and (held or last.stop == start)
        lyric = HELD if touches or voice.word else ""
    voice.notes.append(_Sung(start, stop, height, lyric, "start" in ties))


def _lyric(voice: _Voice, element: ET.Element) -> str:
    """The syllable of the first verse under a note."""
    verses = element.findall("lyric")
    if not verses:
        return ""
    verse = min(verses, key=lambda lyric: lyric.get("number") or "1")
    extend = verse.find("extend")
    text = " ".join("".join(part.text or "" for part in verse.iterfind("text")).split())
    if not text:
        voice.extend = extend is not None and extend.get("type") != "stop"
        return HELD if extend is not None and voice.words else ""
    voice.extend = extend is not None
    kinds = [kind.text for kind in verse.iterfind("syllabic")]
    voice.word = bool(kinds) and kinds[-1] in ("begin", "middle")
    return f"{text.rstrip('-') or text}-" if voice.word else text


def _likely(voice: _Voice) -> float:
    alone = 1 - voice.chords / (len(voice.notes) + voice.chords)
    return vocal([note.pitch for note in voice.notes], alone, voice.part)


# -- time ---------------------------------------------------------------------------------------


class _Clock:
    """From quarters to seconds by the tempi of a score."""

    def __init__(self, tempi: dict[Fraction, float], starts: float) -> None:
        self.spans: list[tuple[Fraction, float, float]] = []  # from where, its time, its tempo
        at, seconds, tempo = Fraction(0), starts, tempi.get(Fraction(0), 0.0)
        tempo = tempo or next((tempi[place] for place in sorted(tempi)), 120.0)
        self.spans.append((at, seconds, tempo))
        for place in sorted(tempi):
            seconds += float(place - at) * 60 / tempo
            at, tempo = place, tempi[place]
            self.spans.append((at, seconds, tempo))
        self._last = 0

    def __call__(self, place: Fraction) -> float:
        if self.spans[self._last][0] > place:
            self._last = 0
        while self._last + 1 < len(self.spans) and self.spans[self._last + 1][0] <= place:
            self._last += 1
        at, seconds, tempo = self.spans[self._last]
        return seconds + float(place - at) * 60 / tempo


def _starts(root: ET.Element) -> float:
    for said in root.iterfind("identification/miscellaneous/miscellaneous-field"):
        if said.get("name") == STARTS:
            try:
                starts = float(said.text or "")
            except ValueError:
                return 0.0
            return starts if abs(starts) < 1e4 else 0.0
    return 0.0


def _tempo(time: _Time) -> float:
    return next((time.tempi[place] for place in sorted(time.tempi)), 120.0)


def _beat(time: _Time, clock: _Clock, voice: _Voice) -> Beat:
    """The beat of the tempo that lasts longest, from a bar line within it."""
    last = voice.notes[-1].stop
    lasts: defaultdict[float, float] = defaultdict(float)
    begins: dict[float, Fraction] = {}
    for (at, _, tempo), end in zip(clock.spans, _ends(clock, last), strict=True):
        lasts[tempo] += max(float(min(end, last) - at), 0.0)
        begins.setdefault(tempo, at)
    tempo = max(lasts, key=lambda each: lasts[each])
    above, below = time.beats
    unit, beats = Fraction(1), Fraction(4 * above, below)
    if beats.denominator != 1:  # 3/8 has no whole quarters: its beats are eighths
        unit, beats = Fraction(4, below), Fraction(above)
    bar = beats * unit
    first = time.first + max(math.ceil((begins[tempo] - time.first) / bar), 0) * bar
    grid = grid_of([float((note.start - first) / unit) for note in voice.notes])
    return Beat(tempo / float(unit), clock(first), int(beats), grid)


def _ends(clock: _Clock, last: Fraction) -> Iterator[Fraction]:
    yield from (at for at, _, _ in clock.spans[1:])
    yield last
