"""Notes with lyrics as phrases: which phone sounds when, and at which pitch.

What is sung in one breath is a `Breath`; laid out in time with the lengths that a voice gives its
consonants it is a `Phrase`. A vowel begins where its note begins: the consonants before it take
their time from what goes before, as singers do it, and those after it end with the note.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine import phonemes, quantise
from engine.melody import CURVE_RATE, Drawn, Melody, Note
from engine.phonemes import HOLDS, PAUSE, VOWELS

FRAME = 512 / 44_100  # seconds from one frame of the bundled networks to the next
BREATH = 0.35  # seconds of rest from which on a new phrase begins
LONGEST = 12.0  # seconds of a phrase; one without a rest is cut before a syllable
LONGEST_NOTE = 60.0  # seconds
SHORTEST = 0.03  # seconds of a note that can be heard as one
LEGATO = 0.06  # seconds: a shorter gap between two notes is sung through
LOWEST_HZ, HIGHEST_HZ = 40.0, 1500.0
SYLLABLE = ("L", "AA1")  # what a note sings that no lyric says anything of
TAKEN = 0.5  # of a note: the most that consonants take of it
SPED = 0.6  # of their length: what consonants before the first note shrink to at most
LATE = 0.05  # seconds that its vowel is late at most where even so there is no time for them
SOFT = 0.5  # of the velocity: how loud a nasal, liquid or glide is before its vowel
PAUSED = 0.025  # seconds of silence that are worth a pause of their own
LEAD, TAIL = 0.06, 0.2  # seconds of silence at the ends of a phrase, where there is room
ROOM = 0.5  # seconds before a phrase that its first consonants may use
USUAL_VELOCITY = 0.8

_USUAL = {  # seconds of consonants in speech, for a layout without a voice
    **dict.fromkeys(("S", "SH", "CH", "JH"), 0.11),
    **dict.fromkeys(("F", "TH", "Z", "ZH", "K", "P", "T"), 0.09),
    **dict.fromkeys(("M", "N", "NG", "B", "D", "G", "V", "L", "R", "W", "Y", "HH"), 0.065),
    **{"DH": 0.045, PAUSE: 0.1},
}
# Seconds after the beat at which a vowel is laid that follows a phone, so that it is heard on the
# beat. In recordings loudness rises fastest so long before the edge that aligners find between the
# two: a glide opens into its vowel; what is sung `SOFT` does so 10 ms less, and after silence a
# vowel swells.
_OPENS = {
    **{"R": 0.024, "Y": 0.024, "W": 0.018, "JH": 0.018, "G": 0.016, "L": 0.012},
    **dict.fromkeys(("D", "DH", "B", "ZH"), 0.01),
    **{"M": 0.006, "N": 0.006, "NG": 0.006, "Z": 0.006, "HH": 0.003, "SH": 0.003},
    **{"K": -0.004, "P": -0.004, PAUSE: -0.025},
}
_OPEN = ("L", "R", "W", "Y", "M", "N", "NG")  # nearly as loud as a vowel, if they are not held back
_SOUNDING = ("M", "N", "NG", "L", "R", "Z", "V", "ZH", "W", "Y", "DH", "S", "SH", "F", "TH")

Lengths = Callable[[Sequence[str]], np.ndarray]  # phones to seconds, as `Voice.lengths`


@dataclass(frozen=True, slots=True)
class Tone:
    """A note as it is sung: `index` in the melody, times in seconds, `pitch` a MIDI number.

    `phones` are those of the syllable that begins here; () goes on with the one before.
    """

    index: int
    start: float
    stop: float
    pitch: float
    velocity: float
    phones: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Breath:
    """What is sung between two rests.

    `room` is how many seconds before its first note are free for consonants, `tail` how many after
    its last one are free; a `tail` below 0 belongs to the next breath's consonants.
    """

    tones: tuple[Tone, ...]
    room: float
    tail: float
    drawn: tuple[Drawn, ...] = ()

    def moved(self, start: float) -> Breath:
        """The same breath with its first note at another second."""
        by = start - self.tones[0].start
        tones = (replace(t, start=t.start + by, stop=t.stop + by) for t in self.tones)
        drawn = (replace(stroke, start=stroke.start + by) for stroke in self.drawn)
        return replace(self, tones=tuple(tones), drawn=tuple(drawn))

    @property
    def key(self) -> str:
        """Text that is the same for what sounds the same, wherever it stands in the song."""
        zero = self.tones[0].start
        tones = [
            tuple(
                round(float(x), 5) for x in (t.start - zero, t.stop - t.start, t.pitch, t.velocity)
            )
            for t in self.tones
        ]
        phones = [t.phones for t in self.tones]
        drawn = [(round(stroke.start - zero, 5), stroke.pitches) for stroke in self.drawn]
        return repr((tones, phones, round(self.room, 3), round(self.tail, 3), drawn))


@dataclass(frozen=True, slots=True)
class Phrase:
    """A breath laid out: `start` and `stop` in seconds, `notes` as indices in the melody.

    `phones` are `(phone, start, length)` in seconds, without gaps from start to stop; `energies`
    are factors for each of them.
    """

    start: float
    stop: float
    notes: tuple[int, ...]
    phones: tuple[tuple[str, float, float], ...]
    energies: tuple[float, ...]
    tones: tuple[Tone, ...]
    drawn: tuple[Drawn, ...] = ()


def phrases(
    melody: Melody, transpose: float = 0.0, lengths: Lengths | None = None, frame: float = FRAME
) -> tuple[Phrase, ...]:
    """The phrases of a melody in order; without `lengths` with those that are usual in English.

    Raises `EngineError` if espeak cannot be used.
    """
    return tuple(laid(each, lengths, frame) for each in breaths(melody, transpose)[0])


def breaths(
    melody: Melody, transpose: float = 0.0
) -> tuple[tuple[Breath, ...], tuple[tuple[int, str], ...]]:
    """What is sung in one breath each, and the notes not sung as written: index and reason.

    One voice sings one note at a time: of notes that begin together the highest is sung, and a note
    ends where the next begins. The view of the melody that is chosen is sung. Where no note between
    two rests has a lyric, each sings `SYLLABLE`; else one without lyric goes on with the vowel
    before. A lyric that cannot be said is sung as `SYLLABLE`; the other notes with a reason are
    silent. `transpose` is in semitones.
    """
    notes = [
        replace(note, pitch=note.pitch + transpose) if transpose else note
        for note in quantise.shown(melody)
    ]
    mute = {k: why for k, note in enumerate(notes) if (why := _problem(note))}
    line, hidden = _line(notes, mute)
    mute |= hidden
    words = [k for k in range(len(notes)) if k not in hidden]
    words.sort(key=lambda k: notes[k].start)
    sung = phonemes.sung([notes[k].lyric for k in words])
    syllables = dict(zip(words, sung, strict=True))
    for k in line:
        if notes[k].phones.strip():
            (syllables[k],) = phonemes.sung([_by_hand(notes[k])])
        if why := phonemes.problem(_by_hand(notes[k]) or notes[k].lyric):
            mute[k], syllables[k] = f"{why} “la” is sung instead.", SYLLABLE
    tones = [_tone(k, notes, line, place) for place, k in enumerate(line)]
    runs = list(_voiced(_runs(tones), notes, syllables))
    drawn = () if melody.quantised else _moved(melody.drawn, transpose)
    return tuple(_with_room(runs, drawn)), tuple(sorted(mute.items()))


def _problem(note: Note) -> str:
    """Why a note cannot be sung whatever is around it, "" if it can."""
    if not note.length >= SHORTEST:
        return "The note is too short to be sung."
    hz = hertz(note.pitch)
    if hz < LOWEST_HZ:
        return f"The note is at {hz:.0f} Hz; no voice sings below {LOWEST_HZ:.0f} Hz."
    if hz > HIGHEST_HZ:
        return f"The note is at {hz:.0f} Hz; no voice sings above {HIGHEST_HZ:.0f} Hz."
    return ""


def _by_hand(note: Note) -> str:
    """The phones given for a note as a lyric; "" if there are none."""
    return f"[{note.phones}]" if note.phones.strip() else ""


def hertz(pitch: float) -> float:
    """The frequency of a MIDI number."""
    return float(440.0 * 2.0 ** ((pitch - 69.0) / 12.0))


def _line(notes: Sequence[Note], mute: dict[int, str]) -> tuple[list[int], dict[int, str]]:
    """The notes that one voice sings, in order, and those that are hidden by them, with why."""
    hidden: dict[int, str] = {}
    line: list[int] = []
    for k in sorted(set(range(len(notes))) - mute.keys(), key=lambda k: (notes[k].start, k)):
        if line and notes[k].start - notes[line[-1]].start < SHORTEST:
            lower = min(k, line[-1], key=lambda each: notes[each].pitch)
            line[-1] = line[-1] + k - lower
            hidden[lower] = "Another note begins here: one voice sings one note at a time."
        else:
            line.append(k)
    return line, hidden


def _tone(k: int, notes: Sequence[Note], line: Sequence[int], place: int) -> Tone:
    note = notes[k]
    stop = note.start + min(note.length, LONGEST_NOTE)
    if place + 1 < len(line):
        stop = min(stop, notes[line[place + 1]].start)
    return Tone(k, note.start, stop, note.pitch, note.velocity, ())


def _runs(tones: Sequence[Tone]) -> list[list[Tone]]:
    """Tones between rests."""
    runs: list[list[Tone]] = []
    for tone in tones:
        if runs and tone.start - runs[-1][-1].stop <= BREATH:
            runs[-1].append(tone)
        else:
            runs.append([tone])
    return runs


def _voiced(
    runs: Sequence[Sequence[Tone]], notes: Sequence[Note], syllables: dict[int, tuple[str, ...]]
) -> Iterator[tuple[Tone, ...]]:
    """The runs with their syllables, none longer than `LONGEST` where that can be."""
    last: tuple[str, ...] = ()
    for run in runs:
        wordless = not any(syllables[tone.index] for tone in run)
        sung: list[Tone] = []
        for tone in run:
            phones = syllables[tone.index]
            if not phones:
                held = notes[tone.index].lyric.strip() in HOLDS
                if not sung:
                    phones = _vowel(last) if held and last else SYLLABLE
                elif wordless and not held:
                    phones = SYLLABLE
            last = phones or last
            sung.append(replace(tone, phones=phones))
        yield from _cut(tuple(sung))


def _vowel(phones: Sequence[str]) -> tuple[str, ...]:
    """What goes on of a syllable."""
    return (phones[_nuclei(phones)[-1]],)


def _nuclei(phones: Sequence[str]) -> list[int]:
    """Where the vowels of a syllable are; without any, what can be held best of its consonants."""
    vowels = [k for k, phone in enumerate(phones) if phone in VOWELS]
    if vowels:
        return vowels
    return [min(range(len(phones)), key=lambda k: (*_SOUNDING, phones[k]).index(phones[k]))]


def _cut(run: tuple[Tone, ...]) -> Iterator[tuple[Tone, ...]]:
    """Cut what is too long: at a gap, or before a syllable, about its middle."""
    if len(run) < 2 or run[-1].stop - run[0].start <= LONGEST:
        yield run
        return
    middle = (run[0].start + run[-1].stop) / 2
    half = max(middle - run[0].start, 1e-3)

    def worth(k: int) -> float:
        gap = run[k].start - run[k - 1].stop
        begins = 0.0 if not run[k].phones else 0.5 if run[k].phones[0] in VOWELS else 1.0
        return 4 * gap + begins - 1.5 * abs(run[k].start - middle) / half

    at = max(range(1, len(run)), key=worth)
    head, tail = run[:at], run[at:]
    if not tail[0].phones:  # the cut goes through a held vowel, for want of a better place
        before = next(tone.phones for tone in reversed(head) if tone.phones)
        tail = (replace(tail[0], phones=_vowel(before)), *tail[1:])
    yield from _cut(head)
    yield from _cut(tail)


def _moved(drawn: Sequence[Drawn], transpose: float) -> tuple[Drawn, ...]:
    return tuple(
        replace(stroke, pitches=tuple(p + transpose if p > 0 else 0.0 for p in stroke.pitches))
        for stroke in drawn
    )


def _with_room(runs: Sequence[tuple[Tone, ...]], drawn: Sequence[Drawn]) -> Iterator[Breath]:
    """Share the rests between the end of one breath and the consonants of the next."""
    rooms: list[float] = []
    gaps: list[float] = []
    for place, run in enumerate(runs):
        before = runs[place - 1][-1] if place else None
        gap = run[0].start - (before.stop if before else 0.0)
        room = min(0.6 * gap if before else gap, ROOM)
        if before and gap <= BREATH:  # a cut, not a rest
            phones = run[0].phones
            needed = float(usual(phones[: _nuclei(phones)[0]]).sum())
            room = max(room, min(needed, gap + 0.4 * (before.stop - before.start)))
        rooms.append(max(room, 0.0))
        gaps.append(gap)
    for place, run in enumerate(runs):
        after = place + 1 < len(runs)
        tail = min(gaps[place + 1] - rooms[place + 1], TAIL) if after else TAIL
        yield Breath(run, rooms[place], tail, _strokes(drawn, run[0].start, run[-1].stop))


def _strokes(drawn: Sequence[Drawn], start: float, stop: float) -> tuple[Drawn, ...]:
    """What is drawn over a span of seconds."""
    found = []
    for stroke in drawn:
        first = max(math.ceil((start - ROOM - stroke.start) * CURVE_RATE), 0)
        last = min(math.floor((stop + TAIL - stroke.start) * CURVE_RATE), len(stroke.pitches) - 1)
        if first <= last:
            pitches = stroke.pitches[first : last + 1]
            found.append(Drawn(stroke.start + first / CURVE_RATE, pitches))
    return tuple(found)


def usual(phones: Sequence[str]) -> np.ndarray:
    """Seconds `(n,)` that phones last in English speech, for a layout without a voice."""
    vowels = {"0": 0.08, "1": 0.13}
    return np.array([_USUAL.get(phone, vowels.get(phone[-1], 0.1)) for phone in phones])


def laid(breath: Breath, lengths: Lengths | None = None, frame: float = FRAME) -> Phrase:
    """Lay a breath out in time; edges of phones lie on frames, counted from the phrase's start.

    The first vowel begins on a frame exactly, the others within half a frame of their notes.
    """
    tones = breath.tones
    firsts = [k for k, tone in enumerate(tones) if tone.phones]
    ends = [*(k - 1 for k in firsts[1:]), len(tones) - 1]
    flat = [PAUSE]
    for first in firsts:
        flat += tones[first].phones
    seconds = np.asarray((lengths or usual)([*flat, PAUSE]), float)
    syllables = []
    at = 1
    for first, end in zip(firsts, ends, strict=True):
        phones = tones[first].phones
        rests = first == 0 or tones[first].start - tones[first - 1].stop >= LEGATO
        spoken = seconds[at : at + len(phones)]
        ahead = PAUSE if rests else flat[at - 1]
        syllables.append(_Syllable(tones[first : end + 1], phones, spoken, ahead))
        at += len(phones)
    edges = _edges(breath, syllables)
    beat = syllables[0].beat
    before = min(round((beat - edges[0][1]) / frame), math.floor(beat / frame + 1e-9))
    start = beat - before * frame
    marks = np.rint((np.array([t for _, t, _ in edges]) - start) / frame)
    steps = np.arange(len(marks))
    marks = np.maximum.accumulate(marks - steps) + steps  # each phone has a frame at least
    marks = start + (marks - marks[0]) * frame
    placed = zip(edges[:-1], marks[:-1].tolist(), np.diff(marks).tolist(), strict=True)
    strengths = _strengths([phone for phone, _, _ in edges[:-1]])
    return Phrase(
        float(marks[0]),
        float(marks[-1]),
        tuple(tone.index for tone in tones),
        tuple((phone, at, length) for (phone, _, _), at, length in placed),
        tuple(
            velocity / USUAL_VELOCITY * strength
            for (_, _, velocity), strength in zip(edges[:-1], strengths, strict=True)
        ),
        tones,
        breath.drawn,
    )


def _strengths(phones: Sequence[str]) -> list[float]:
    """Factors of the velocity: what is nearly a vowel is held back before one."""
    out, opens = [1.0] * len(phones), False
    for k in reversed(range(len(phones))):
        opens = phones[k] in VOWELS or (opens and phones[k] in _OPEN)
        if opens and phones[k] in _OPEN:
            out[k] = SOFT
    return out


@dataclass(slots=True)
class _Syllable:
    """A syllable on its notes: phones, the seconds of each in speech, and the phone before."""

    tones: Sequence[Tone]
    phones: Sequence[str]
    seconds: np.ndarray
    ahead: str
    beat: float = 0.0  # when its first vowel begins
    coda_at: float = 0.0
    stop: float = 0.0

    def __post_init__(self) -> None:
        first = self.tones[0]
        opens = _OPENS.get((self.ahead, *self.phones)[self.nuclei[0]], 0.0)
        self.beat = first.start + min(opens, (first.stop - first.start) / 5)
        self.stop = self.tones[-1].stop

    @property
    def nuclei(self) -> list[int]:
        return _nuclei(self.phones)

    @property
    def onset(self) -> float:
        """Seconds of the consonants before the first vowel, as in speech."""
        return float(self.seconds[: self.nuclei[0]].sum())

    @property
    def coda(self) -> float:
        """Seconds of the consonants after the last vowel, as in speech."""
        return float(self.seconds[self.nuclei[-1] + 1 :].sum())

    def scale(self, part: slice, seconds: float) -> None:
        """Give some of its phones this time together."""
        total = float(self.seconds[part].sum())
        if total > 0:
            self.seconds[part] *= seconds / total

    @property
    def spare(self) -> float:
        """Seconds of its last note that consonants may take."""
        last = self.tones[-1]
        return TAKEN * (last.stop - max(last.start, self.beat))

    def edges(self) -> Iterator[tuple[str, float, float]]:
        """Each phone with the time at which it begins and the velocity of its note."""
        nuclei, velocity = self.nuclei, self.tones[0].velocity
        first, last = nuclei[0], nuclei[-1]
        at = self.beat - float(self.seconds[:first].sum())
        # All vowels but the last have their share of the first note; the last goes on to the end.
        span = min(self.tones[0].stop, self.coda_at) - self.beat
        inner = [k for k in range(first, last) if k not in nuclei]
        consonants = float(self.seconds[inner].sum())
        squeeze = min(1.0, TAKEN * span / consonants) if consonants > 0 else 1.0
        vowels = float(self.seconds[nuclei].sum())
        stretch = (span - squeeze * consonants) / vowels if vowels > 0 else 1.0
        for k, phone in enumerate(self.phones):
            if k == last + 1:
                at = self.coda_at
            yield phone, at, velocity
            within = first <= k < last
            at += self.seconds[k] * ((stretch if k in nuclei else squeeze) if within else 1.0)


def _edges(breath: Breath, syllables: Sequence[_Syllable]) -> list[tuple[str, float, float]]:
    """Where each phone of a breath begins, pauses included, and at last where all of it ends."""
    first = syllables[0]
    room = breath.room + first.beat - first.tones[0].start
    if first.onset > room:  # spoken faster; where the song begins with the note, also a little late
        late = min(
            max(SPED * first.onset - room, 0.0), LATE, 0.3 * (first.tones[0].stop - first.beat)
        )
        first.beat += late
        first.scale(slice(first.nuclei[0]), max(room + late, 0.0))
    for place, syllable in enumerate(syllables):
        if place + 1 < len(syllables):
            after = syllables[place + 1]
            _meet(syllable, after, after.beat - syllable.stop)
        else:
            syllable.stop += min(breath.tail, 0.0)
            syllable.scale(slice(syllable.nuclei[-1] + 1, None), min(syllable.coda, syllable.spare))
            syllable.coda_at = syllable.stop - syllable.coda
    begins = first.beat - first.onset
    lead = min(LEAD, max(breath.room - first.onset, 0.0))
    out = []
    if lead >= PAUSED:
        out.append((PAUSE, begins - lead, first.tones[0].velocity))
    for place, syllable in enumerate(syllables):
        out += syllable.edges()
        if place + 1 < len(syllables):
            after = syllables[place + 1]
            if after.beat - after.onset - syllable.stop > 1e-6:
                out.append((PAUSE, syllable.stop, syllable.tones[-1].velocity))
    last = syllables[-1]
    if breath.tail >= PAUSED:
        out.append((PAUSE, last.stop, last.tones[-1].velocity))
    return [*out, ("", last.stop + max(breath.tail, 0.0), 0.0)]


def _meet(syllable: _Syllable, after: _Syllable, gap: float) -> None:
    """Find time for the consonants between two vowels: of the gap first, then of the note."""
    need = syllable.coda + after.onset
    scale = min(1.0, (max(gap, 0.0) + syllable.spare) / need) if need > 0 else 1.0
    onset = scale * after.onset
    coda = min(scale * syllable.coda, max(syllable.spare - max(onset - gap, 0.0), 0.0))
    after.scale(slice(after.nuclei[0]), onset)
    syllable.scale(slice(syllable.nuclei[-1] + 1, None), coda)
    if gap - onset < LEGATO:  # no rest that is heard as one
        syllable.stop = after.beat - onset
    syllable.coda_at = syllable.stop - coda
