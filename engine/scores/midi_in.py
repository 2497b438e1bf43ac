"""Notes out of a Standard MIDI File: the track that is sung, with its words and its tempo map."""

from __future__ import annotations

import bisect
import io
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import mido
from mido.midifiles.meta import KeySignatureError

from engine.melody import HELD, Beat, Note
from engine.scores.common import (
    FIFTHS,
    MOST_NOTES,
    Imported,
    NotNotes,
    decoded,
    grid_of,
    imported,
    key_named,
    lyrics_of,
    vocal,
)
from engine.scores.midi import STARTS

MOST_BYTES = 8 * 2**20
DRUMS = 9
NEAR = 8  # parts of a beat that a word may lie beside its note
HOLDS = frozenset({"-", "+", "~", "_", "–", "—"})
# A number that never ends would keep the reader busy for ever.
ENDLESS = re.compile(rb"[\x80-\xff]{4096}")


@dataclass
class _Tone:
    tick: int
    stop: int
    pitch: float
    velocity: float


@dataclass
class _Line:
    """What one channel of one track plays."""

    track: int
    name: str
    tones: list[_Tone] = field(default_factory=list)
    words: int = 0  # how many fall on its notes


@dataclass
class _Song:
    """What a whole file says about time, and its words by track."""

    tempi: dict[int, int] = field(default_factory=dict)
    bars: dict[int, tuple[int, int]] = field(default_factory=dict)
    lyrics: dict[int, list[tuple[int, str]]] = field(default_factory=lambda: defaultdict(list))
    texts: dict[int, list[tuple[int, str]]] = field(default_factory=lambda: defaultdict(list))
    key: str = ""
    title: str = ""
    starts: int = 0  # the tick at which a recording begins


def read(data: bytes) -> Imported:
    """Read a file of any type. Raises `NotNotes`, or what `mido` raises on damaged ones."""
    if data[:4] == b"RIFF" and data[8:12] == b"RMID":
        data = data[20:]
    if len(data) > MOST_BYTES:
        raise NotNotes("is too large for a MIDI file.")
    if ENDLESS.search(data):
        raise NotNotes("is damaged: it holds a number without end.")
    try:
        file = mido.MidiFile(file=io.BytesIO(data), clip=True)
    except KeySignatureError as error:
        raise NotNotes("is damaged: it names a key that there is none of.") from error
    song, lines = _Song(), []
    for number, track in enumerate(file.tracks):
        lines += _lines(number, track, song)
    lines = [line for line in lines if line.tones]
    clock = _Clock(file.ticks_per_beat, song.tempi)
    if not lines:
        return imported([], Beat(60e6 / clock.main(0, 0)[1]), song.key, song.title)
    line, words = _chosen(lines, song, abs(clock.ppq))
    told = []
    if len(lines) > 1:
        named = f"“{line.name}”" if line.name else f"track {line.track + 1}"
        why = "the one with words" if line.words else "the one most like a melody"
        told.append(f"Of {len(lines)} parts {named} was taken, {why}.")
    zero = clock.seconds(song.starts)
    lyrics = _laid(line.tones, words, abs(clock.ppq))
    notes = []
    for tone, lyric in zip(line.tones, lyrics, strict=True):
        start, stop = clock.seconds(tone.tick) - zero, clock.seconds(tone.stop) - zero
        notes.append(Note(max(start, 0.0), stop - start, tone.pitch, tone.velocity, lyric))
    if len(set(song.tempi.values())) > 1:
        told.append("Its tempo changes; times are kept, and beats are counted at the main tempo.")
    return imported(notes, _beat(clock, song, line, zero), song.key, song.title, told=told)


def _lines(number: int, track: mido.MidiTrack, song: _Song) -> list[_Line]:
    """The channels of a track; what it says about the song goes into `song`."""
    channels: dict[int, _Line] = {}
    open_: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    bends: dict[int, list[tuple[int, float]]] = defaultdict(lambda: [(0, 0.0)])
    reach: dict[int, float] = defaultdict(lambda: 2.0)
    chosen: dict[int, list[int]] = defaultdict(lambda: [127, 127])  # the parameter that is set
    tick, name, count = 0, "", 0
    for message in track:
        tick += message.time
        if message.is_meta:
            name = _meta(number, tick, message, song) or name
            continue
        channel = getattr(message, "channel", DRUMS)
        if channel == DRUMS:
            continue
        if message.type == "pitchwheel":
            bends[channel].append((tick, message.pitch / 8192 * reach[channel]))
        elif message.type == "control_change":
            if message.control in (100, 101):
                chosen[channel][message.control - 100] = message.value
            elif message.control == 6 and chosen[channel] == [0, 0]:
                reach[channel] = float(message.value)
        elif message.type == "note_on" and message.velocity:
            open_[channel, message.note].append((tick, message.velocity))
        elif message.type in ("note_on", "note_off"):
            if not open_[channel, message.note]:
                continue
            start, velocity = open_[channel, message.note].pop(0)
            line = channels.setdefault(channel, _Line(number, ""))
            pitch = message.note + _bend(bends[channel], start, tick)
            line.tones.append(_Tone(start, max(tick, start + 1), pitch, velocity / 127))
            count += 1
            if count > MOST_NOTES:
                raise NotNotes(f"holds more than {MOST_NOTES:,} notes.")
    for line in channels.values():
        line.name = name
        line.tones.sort(key=lambda tone: (tone.tick, -tone.pitch))
    if not song.title and number == 0:
        song.title = name
    return list(channels.values())


def _bend(bends: Sequence[tuple[int, float]], start: int, stop: int) -> float:
    """The bend in semitones that is the middle one while a note sounds."""
    first = max(bisect.bisect_right(bends, (start, float("inf"))) - 1, 0)
    last = max(bisect.bisect_left(bends, (stop, float("-inf"))), first + 1)
    inside = list(bends[first:last])
    ends = [tick for tick, _ in inside[1:]] + [stop]
    spans = [(bend, end - max(tick, start)) for (tick, bend), end in zip(inside, ends, strict=True)]
    half = sum(span for _, span in spans) / 2
    for bend, span in sorted(spans):
        half -= span
        if half <= 0:
            return bend
    return spans[-1][0]


def _meta(number: int, tick: int, message: mido.MetaMessage, song: _Song) -> str:
    """Take in what is no sound; returns the track's name if this is it."""
    match message.type:
        case "set_tempo":
            song.tempi[tick] = max(message.tempo, 1)
        case "time_signature":
            song.bars[tick] = (max(message.numerator, 1), max(message.denominator, 1))
        case "key_signature" if not song.key:
            letter, minor = message.key.rstrip("m"), message.key.endswith("m")
            signs = letter.count("#") - letter.count("b")
            song.key = key_named(FIFTHS[letter[0]] + 7 * signs - 3 * minor, minor)
        case "lyrics":
            song.lyrics[number].append((tick, _text(message.text)))
        case "text":
            text = _text(message.text)
            if text.startswith("@T") and not song.title:
                song.title = text[2:]
            elif not text.startswith("@"):
                song.texts[number].append((tick, text))
        case "marker" if message.text == STARTS:
            song.starts = tick
        case "track_name":
            return _text(message.name).strip()
    return ""


def _text(text: str) -> str:
    """Text that `mido` took for Latin-1, as it was meant."""
    return decoded(text.encode("latin-1"))


def _chosen(lines: list[_Line], song: _Song, ppq: int) -> tuple[_Line, Sequence[tuple[int, str]]]:
    """The line that is sung and its words."""
    karaoke = {n: texts for n, texts in song.texts.items() if len(texts) >= 5}
    words = song.lyrics or karaoke
    best: tuple[float, int, Sequence[tuple[int, str]]] = (0.0, 0, ())
    for place, line in enumerate(lines):
        starts = sorted({tone.tick for tone in line.tones})
        for number, said in words.items():
            hits = sum(_nearest(starts, tick, ppq // NEAR) is not None for tick, _ in said)
            share = hits / max(len(said), len(starts))
            score = hits * (share + (1.0 if number == line.track else 0.0))
            if hits >= 0.5 * len(said) and score > best[0]:
                best = (score, place, said)
                line.words = hits
    if best[0] > 0:
        return lines[best[1]], best[2]
    likely = [vocal([t.pitch for t in x.tones], _alone(x.tones), x.name) for x in lines]
    for line in lines:
        line.words = 0
    return lines[likely.index(max(likely))], ()


def _alone(tones: Sequence[_Tone]) -> float:
    """The share of notes that begin while no other sounds."""
    last, single = -1, 0
    for tone in tones:
        single += tone.tick >= last - (tone.stop - tone.tick) // 4
        last = max(last, tone.stop)
    return single / len(tones)


def _nearest(starts: Sequence[int], tick: int, reach: int) -> int | None:
    place = bisect.bisect_left(starts, tick)
    near = [s for s in starts[max(place - 1, 0) : place + 1] if abs(s - tick) <= reach]
    return min(near, key=lambda s: abs(s - tick)) if near else None


def _laid(tones: Sequence[_Tone], words: Sequence[tuple[int, str]], ppq: int) -> list[str]:
    """A lyric for each note: words that lie on it or close beside it."""
    starts = sorted({tone.tick for tone in tones})
    said: dict[int, str] = {}
    for tick, text in words:
        near = _nearest(starts, tick, ppq // NEAR)
        if near is not None:
            said[near] = said.get(near, "") + text
    syllables = dict(zip(said, _syllables(list(said.values())), strict=True))
    out, used = [], set()
    for tone in tones:
        out.append("" if tone.tick in used else syllables.get(tone.tick, ""))
        used.add(tone.tick)
    return out


def _syllables(texts: Sequence[str]) -> list[str]:
    """Lyrics of notes from words as files have them: parted by hyphens, or by spaces."""
    marks = Counter(_parted(text) for text in texts)
    if marks["spaces"] and marks["spaces"] >= marks["hyphen"]:
        # Karaoke: "\" and "/" begin a page and a line.
        lines = [(t.lstrip("\\/"), t[:1] in ("\\", "/") or "\n" in t or "\r" in t) for t in texts]
        return lyrics_of([("~" if t.strip() in HOLDS else t, line) for t, line in lines])
    out = []
    for text in texts:
        word = text.strip().lstrip("\\/")
        out.append(HELD if word in HOLDS else word)
    return out


def _parted(text: str) -> str:
    if text.strip().endswith("-"):
        return "hyphen"
    spaced = text[:1] in (" ", "\\", "/", "\r", "\n") or text[-1:] in (" ", "\r", "\n")
    return "spaces" if spaced else "none"


class _Clock:
    """From ticks to seconds by a map of tempi."""

    def __init__(self, division: int, tempi: dict[int, int]) -> None:
        self.ppq = division or 480
        if division < 0:  # a film's frames, and ticks in each
            frames, parts = -(division >> 8), division & 0xFF
            self.ppq, tempi = max(frames * parts, 1), {0: 1_000_000}
        places = {0: 500_000, **tempi}
        self.ticks = sorted(places)
        self.tempi = [places[tick] for tick in self.ticks]
        self.times = [0.0]
        for k in range(1, len(self.ticks)):
            span = (self.ticks[k] - self.ticks[k - 1]) * self.tempi[k - 1]
            self.times.append(self.times[-1] + span / 1e6 / self.ppq)

    def seconds(self, tick: int) -> float:
        """The time of a tick."""
        k = bisect.bisect_right(self.ticks, tick) - 1
        return self.times[k] + (tick - self.ticks[k]) * self.tempi[k] / 1e6 / self.ppq

    def main(self, first: int, last: int) -> tuple[int, int]:
        """Where the tempo that lasts longest between two ticks begins, and what it is."""
        spans: Counter[int] = Counter()
        for k, tempo in enumerate(self.tempi):
            stop = self.ticks[k + 1] if k + 1 < len(self.ticks) else last
            spans[tempo] += max(min(stop, last) - max(self.ticks[k], first), 0)
        tempo = spans.most_common(1)[0][0]
        if not spans[tempo]:
            tempo = self.tempi[bisect.bisect_right(self.ticks, first) - 1]
        return self.ticks[self.tempi.index(tempo)], tempo


def _beat(clock: _Clock, song: _Song, line: _Line, zero: float) -> Beat:
    """The beat of the tempo that lasts longest, from a bar line within it."""
    last = max(tone.stop for tone in line.tones)
    start, tempo = clock.main(line.tones[0].tick, last)
    begins = [tick for tick in song.bars if tick <= max(start, line.tones[0].tick)]
    origin = max(begins, default=0)
    above, below = song.bars.get(origin, (4, 4))
    beats = above * 4 / below  # in a bar, of quarters
    unit = 1.0
    if beats != int(beats):  # 3/8 has no whole quarters: its beats are eighths
        unit, beats = 4 / below, above
    bar = beats * unit * clock.ppq
    first = origin
    if start > origin:
        first = origin + round(-(-(start - origin) // bar) * bar)
    starts = [(tone.tick - first) / (unit * clock.ppq) for tone in line.tones]
    at = clock.seconds(first) - zero
    return Beat(60e6 / tempo / unit, at, int(beats), grid_of(starts))
