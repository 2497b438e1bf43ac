"""From curves to notes, on curves made up for the purpose."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest

from engine import note_edits, notes
from engine.melody import (
    CURVE_RATE,
    CURVES,
    LEVEL,
    ONSET,
    PITCH,
    VOICED,
    Drawn,
    Melody,
    Note,
    NoteSettings,
)
from engine.types import AudioClip, Origin, Scratch

Sung = tuple[float, float, float]  # start, stop, pitch


def curves(scratch: Scratch, sung: list[Sung], seconds: float, onsets: bool = True) -> AudioClip:
    """Curves of notes that are sung exactly so."""
    values = np.zeros((CURVES, round(seconds * CURVE_RATE)), np.float32)
    values[PITCH] = 50.0
    values[VOICED] = 0.05
    for start, stop, pitch in sung:
        a, b = round(start * CURVE_RATE), round(stop * CURVE_RATE)
        values[PITCH, a:b], values[VOICED, a:b], values[LEVEL, a:b] = pitch, 0.95, 0.1
        if onsets:
            values[ONSET, a] = 0.9
    clip = scratch.clip(CURVES, values.shape[1], CURVE_RATE, Origin())
    clip.write(0, values)
    return clip


def told(found: tuple[Note, ...]) -> list[Sung]:
    return [(round(n.start, 2), round(n.stop, 2), round(n.pitch, 1)) for n in found]


SCALE: list[Sung] = [(0.2, 0.6, 60.0), (0.6, 1.0, 62.0), (1.3, 1.9, 64.2)]


def test_what_is_sung_becomes_notes_at_its_times_and_pitches(scratch: Scratch) -> None:
    found = notes.read(Melody(curves=curves(scratch, SCALE, 2.0, onsets=False)))
    assert told(found) == SCALE
    assert all(note.confidence > 0.9 and note.velocity == pytest.approx(0.8) for note in found)


def test_one_pitch_sung_twice_is_parted_by_its_onset_alone(scratch: Scratch) -> None:
    twice: list[Sung] = [(0.2, 0.6, 60.0), (0.6, 1.0, 60.0)]
    assert told(notes.read(Melody(curves=curves(scratch, twice, 1.2)))) == twice
    without = notes.read(Melody(curves=curves(scratch, twice, 1.2, onsets=False)))
    assert told(without) == [(0.2, 1.0, 60.0)]
    deaf = Melody(curves=curves(scratch, twice, 1.2), settings=NoteSettings(onset=0.95))
    assert told(notes.read(deaf)) == [(0.2, 1.0, 60.0)]


def test_vibrato_and_a_scoop_stay_one_note(scratch: Scratch) -> None:
    clip = curves(scratch, [(0.2, 1.2, 67.0)], 1.5, onsets=False)
    values = clip.read(0, clip.frames)
    at = np.arange(100)
    values[PITCH, 20:120] += 0.6 * np.sin(2 * np.pi * 5.5 * at / CURVE_RATE)
    values[PITCH, 20:26] -= np.linspace(2.0, 0.0, 6)
    clip.write(0, values)
    (note,) = notes.read(Melody(curves=clip))
    assert note.pitch == pytest.approx(67.0, abs=0.2)
    assert note.start == pytest.approx(0.2, abs=0.03)


def test_notes_shorter_than_asked_for_are_left_out(scratch: Scratch) -> None:
    clip = curves(scratch, [(0.2, 0.3, 60.0), (0.6, 1.0, 62.0)], 1.2)
    long = Melody(curves=clip, settings=NoteSettings(shortest=0.2))
    assert told(notes.read(long)) == [(0.6, 1.0, 62.0)]


def test_a_higher_threshold_of_voicing_leaves_doubtful_notes_out(scratch: Scratch) -> None:
    clip = curves(scratch, SCALE, 2.0)
    values = clip.read(0, clip.frames)
    values[VOICED, 120:] *= 0.6
    clip.write(0, values)
    assert len(notes.read(Melody(curves=clip))) == 3
    strict = Melody(curves=clip, settings=NoteSettings(voiced=0.9))
    assert len(notes.read(strict)) == 2


def test_own_notes_stay_and_push_others_aside_and_lyrics_go_on(scratch: Scratch) -> None:
    clip = curves(scratch, SCALE, 2.0)
    first = Melody(curves=clip)
    sung = notes.read(first)
    worded = first.with_notes(
        [
            replace(sung[0], lyric="fish-"),
            Note(0.5, 0.6, 70.0, lyric="own", own=True),
            replace(sung[2], lyric="ing"),
        ]
    )
    again = notes.read(worded)
    assert [(note.lyric, note.own) for note in again] == [("own", True), ("ing", False)]
    assert again[0] == worded.notes[1]


def test_what_was_taken_away_or_moved_by_hand_does_not_come_back(scratch: Scratch) -> None:
    first = Melody(curves=curves(scratch, SCALE, 2.0))
    first = first.with_notes(notes.read(first))
    edited = note_edits.moved(note_edits.without(first, [0]), [0], 2.0, 5.0)
    assert told(notes.read(edited)) == [SCALE[2], (2.6, 3.0, 67.0)]
    looser = replace(edited, settings=NoteSettings(voiced=0.4))
    assert told(notes.read(looser)) == [SCALE[2], (2.6, 3.0, 67.0)]


def test_drawn_pitch_lies_over_what_was_heard_and_is_read_as_notes(scratch: Scratch) -> None:
    clip = curves(scratch, SCALE, 2.0, onsets=False)
    silence, tone = Drawn(0.2, (0.0,) * 40), Drawn(1.95, (69.0,) * 40)
    melody = Melody(curves=clip, drawn=(silence, tone))
    times, pitches, voiced = notes.contour(melody, 0.0, 10.0)
    assert times[-1] == pytest.approx(2.34)
    assert (voiced[20:60] == 0).all()
    assert (pitches[195:235] == 69).all()
    assert (voiced[195:235] == 1).all()
    assert told(notes.read(melody))[0] == (0.6, 1.0, 62.0)


def test_without_curves_there_is_nothing_to_read_anew() -> None:
    melody = Melody((Note(0.0, 1.0, 60.0),))
    assert notes.read(melody) == melody.notes
    assert all(len(part) == 0 for part in notes.contour(melody, 0.0, 5.0))


def test_silence_and_noise_give_no_notes_and_no_error(scratch: Scratch) -> None:
    assert notes.read(Melody(curves=curves(scratch, [], 1.0))) == ()
    clip = scratch.clip(CURVES, 1, CURVE_RATE, Origin())
    assert notes.read(Melody(curves=clip)) == ()


def test_four_minutes_follow_a_slider(scratch: Scratch) -> None:
    rng = np.random.default_rng(0)
    sung = [(t, t + 0.4, float(rng.integers(50, 75))) for t in np.arange(0.0, 239.0, 0.5)]
    melody = Melody(curves=curves(scratch, sung, 240.0))
    began = time.thread_time()
    assert len(notes.read(melody)) == len(sung)
    assert time.thread_time() - began < 1.0  # about a tenth; a generous bound for a busy machine
