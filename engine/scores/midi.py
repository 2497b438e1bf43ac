"""A melody as a Standard MIDI File: as sung at the melody's tempo, or on its grid."""

from __future__ import annotations

import io
import math
from collections.abc import Callable

import mido
import numpy as np

from engine import quantise
from engine.melody import Melody, Note
from engine.notes import contour
from engine.scores.common import LETTERS, plain, signature

PPQ = 480
BEND_RANGE = 2.0  # semitones either way
FINE = 8  # steps of a bend that make no difference: 0.2 cents
LONGEST_BEAT = 0xFFFFFF  # microseconds that a file can say
STARTS = "Recording starts"  # the marker at 0 s of the recording, where that is not tick 0
VOICE = 52  # General MIDI: choir aahs


def written(melody: Melody, title: str = "", bends: bool = False) -> bytes:
    """Return a file of type 1 with a conductor's track and one of notes, PPQ 480, UTF-8.

    `Beat.first` falls on a bar line: where it does not lie whole bars after 0 s, the file begins up
    to a bar earlier than the recording, and the marker `STARTS` stands where that begins. `bends`
    follow the pitch curve of one voice, with their range stated as ±2 semitones.
    """
    beat = melody.beat
    micros = min(max(round(60e6 / beat.tempo), 1), LONGEST_BEAT)
    tick = micros / 1e6 / PPQ
    bar = beat.per_bar * PPQ
    zero = math.ceil(beat.first / (bar * tick) - 1e-6) * bar  # the tick of `Beat.first`

    def at(seconds: float) -> int:
        beats = (seconds - beat.first) / (tick * PPQ)
        if melody.quantised:
            beats = beat.at(seconds)
        return max(zero + round(beats * PPQ), 0)

    tempo = mido.MetaMessage("set_tempo", tempo=micros)
    time = mido.MetaMessage("time_signature", numerator=beat.per_bar, denominator=4)
    conductor = [(0, 0, tempo), (0, 0, time)]
    fifths, mode = signature(melody.key)
    if mode:
        conductor.append((0, 0, mido.MetaMessage("key_signature", key=_key(fifths, mode))))
    if (starts := at(0.0)) > 0:
        conductor.append((starts, 0, mido.MetaMessage("marker", text=STARTS)))
    file = mido.MidiFile(type=1, ticks_per_beat=PPQ, charset="utf-8")
    name = plain(title) or "Melody"
    file.tracks.append(_track(name, conductor))
    file.tracks.append(_track(name, _events(melody, at, bends)))
    out = io.BytesIO()
    file.save(file=out)
    return out.getvalue()


def _key(fifths: int, mode: str) -> str:
    place = fifths + 1 + (3 if mode == "minor" else 0)
    signs, letter = divmod(place, 7)
    return LETTERS[letter] + ("#" * signs if signs > 0 else "b" * -signs) + "m" * (mode == "minor")


def _track(name: str, events: list[tuple[int, int, object]]) -> mido.MidiTrack:
    track = mido.MidiTrack([mido.MetaMessage("track_name", name=name)])
    before = 0
    for tick, _, message in sorted(events, key=lambda event: event[:2]):
        track.append(message.copy(time=tick - before))  # type: ignore[attr-defined]
        before = tick
    return track


def _events(
    melody: Melody, at: Callable[[float], int], bends: bool
) -> list[tuple[int, int, object]]:
    """Messages with their ticks and their order where ticks are the same."""
    shown = quantise.named(melody)
    bends = bends and quantise.one_voice(melody)
    out: list[tuple[int, int, object]] = [(0, 0, mido.Message("program_change", program=VOICE))]
    if bends:
        says = ((101, 0), (100, 0), (6, round(BEND_RANGE)), (38, 0), (101, 127), (100, 127))
        out += [(0, 1, mido.Message("control_change", control=c, value=v)) for c, v in says]
    free: dict[int, int] = {}  # where the next note of a pitch ends this one
    bent = 0
    for place in sorted(range(len(shown)), key=lambda k: (shown[k].start, k), reverse=True):
        note = shown[place]
        pitch = min(max(math.floor(note.pitch + 0.5), 0), 127)
        start, stop = at(note.start), at(note.stop)
        if bends and place + 1 < len(shown):
            stop = min(stop, max(at(shown[place + 1].start), start + 1))
        stop = max(min(stop, free.get(pitch, stop)), start + 1)
        free[pitch] = start
        velocity = min(max(round(note.velocity * 127), 1), 127)
        if note.lyric:
            out.append((start, 3, mido.MetaMessage("lyrics", text=plain(note.lyric))))
        out.append((start, 4, mido.Message("note_on", note=pitch, velocity=velocity)))
        out.append((stop, 1, mido.Message("note_off", note=pitch, velocity=0)))
    if bends:
        for place, note in enumerate(shown):
            for seconds, bend in _bends(melody, place, note):
                if seconds == note.start or abs(bend - bent) > FINE:
                    out.append((at(seconds), 2, mido.Message("pitchwheel", pitch=bend)))
                    bent = bend
    return out


def _bends(melody: Melody, place: int, note: Note) -> list[tuple[float, int]]:
    """Bends of a note at moments in seconds.

    The curve of a note on the grid moves along with it; else it is heard where it was sung.
    """
    sung = melody.notes[place]
    times, pitches, voiced = contour(melody, sung.start, sung.stop)
    inside = (times >= sung.start) & (times < sung.stop) & (pitches > 0)
    inside &= (voiced >= melody.settings.voiced) & (np.abs(pitches - sung.pitch) <= BEND_RANGE)
    heard = note.pitch if melody.quantised else sung.pitch
    base = heard - math.floor(note.pitch + 0.5)
    moments = note.start + (times[inside] - sung.start) * (note.length / sung.length)
    off = pitches[inside] - sung.pitch + base
    if not len(off):
        moments, off = np.array([note.start]), np.array([base])
    moments[0] = note.start
    units = np.clip(np.rint(off / BEND_RANGE * 8192), -8192, 8191).astype(int)
    return list(zip(moments.tolist(), units.tolist(), strict=True))
