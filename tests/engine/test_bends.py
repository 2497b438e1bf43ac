"""Bent notes: the pitch slides where a hand went, and a bend goes where its note goes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from engine import bends, intonation, singing
from engine import note_edits as edits
from engine.melody import CURVE_RATE, CURVES, Drawn, Melody, Note
from engine.types import AudioClip

NOTE = Note(1.0, 1.0, 60.0, lyric="la")


def pitches(melody: Melody, start: float, stop: float) -> np.ndarray:
    """What is drawn between two times; NaN where nothing is."""
    shifted = bends.of(melody, Note(start, stop - start, 60.0))
    out = np.full(round((stop - start) * CURVE_RATE), np.nan)
    for stroke in shifted:
        first = round(stroke.start * CURVE_RATE)
        out[first : first + len(stroke.pitches)] = stroke.pitches
    return out


def sung(melody: Melody, at: float) -> float:
    """The pitch that a voice is told to sing at a time."""
    (phrase,) = singing.phrases(melody)
    hz = intonation.curve(phrase)
    return 69 + 12 * float(np.log2(hz[round((at - phrase.start) / singing.FRAME)] / 440))


def test_a_path_up_slides_from_the_note_to_where_the_hand_is_and_stays() -> None:
    drawn = bends.traced(NOTE, [(1.0, 60.0), (1.0, 63.0)])
    assert drawn is not None
    assert drawn.start == pytest.approx(1.0, abs=0.03)
    assert drawn.start + len(drawn.pitches) / CURVE_RATE == pytest.approx(2.0)
    assert drawn.pitches[0] == pytest.approx(60.0, abs=0.2)
    assert drawn.pitches[-80:] == pytest.approx([63.0] * 80, abs=1e-6)
    assert np.abs(np.diff(drawn.pitches)).max() < 0.5


def test_a_path_that_turns_up_at_its_end_arrives_there_by_the_end() -> None:
    drawn = bends.traced(NOTE, [(1.0, 60.0), (1.5, 60.0), (1.95, 60.0), (2.0, 57.0)])
    assert drawn is not None
    assert drawn.start > 1.75  # what is straight is left to the voice, with its vibrato
    assert drawn.start + len(drawn.pitches) / CURVE_RATE == pytest.approx(2.0)
    assert drawn.pitches[-1] == pytest.approx(57.0, abs=0.2)


def test_a_slow_path_is_followed_as_it_was_drawn() -> None:
    path = [(1.0 + k / 50, 60.0 + k / 10) for k in range(51)]
    drawn = bends.traced(NOTE, path)
    assert drawn is not None
    at = round(drawn.start * CURVE_RATE) - 100
    expected = 60 + np.arange(20, 80) / 20
    assert np.array(drawn.pitches)[20 - at : 80 - at] == pytest.approx(expected, abs=0.1)


def test_a_path_to_the_left_begins_where_the_hand_is() -> None:
    drawn = bends.traced(NOTE, [(2.0, 60.0), (1.5, 60.0), (1.0, 58.0)])
    assert drawn is not None
    assert drawn.pitches[0] == pytest.approx(58.0, abs=0.2)
    assert drawn.start == 1.0
    assert len(drawn.pitches) < 60


def test_a_path_that_hardly_leaves_its_note_does_not_bend_it() -> None:
    assert bends.traced(NOTE, [(1.0, 60.0), (1.5, 60.2), (2.0, 59.8)]) is None


def test_an_end_is_bent_and_straightened_again() -> None:
    tune = Melody((NOTE,))
    up = bends.bent(tune, 0, 62.0)
    assert bends.end_of(up, 0) == 62.0
    assert bends.end_of(up, 0, first=True) == 60.0
    assert up.notes[0].own
    assert bends.bent(up, 0, 60.1).drawn == ()
    scoop = bends.bent(up, 0, 58.0, first=True)
    assert (bends.end_of(scoop, 0, first=True), bends.end_of(scoop, 0)) == (58.0, 62.0)


def test_a_bend_is_sung() -> None:
    tune = Melody((NOTE,))
    assert sung(tune, 1.95) == pytest.approx(60.0, abs=0.35)
    assert sung(bends.bent(tune, 0, 63.0), 1.98) == pytest.approx(63.0, abs=0.35)


def test_a_bend_goes_where_its_note_goes() -> None:
    tune = bends.bent(Melody((NOTE,)), 0, 62.0)
    moved = edits.moved(tune, [0], 2.0, 5.0)
    assert np.isnan(pitches(moved, 1.0, 2.0)).all()
    assert pitches(moved, 3.0, 4.0) == pytest.approx(pitches(tune, 1.0, 2.0) + 5.0, nan_ok=True)
    assert pitches(edits.transposed(tune, [0], -12), 1.0, 2.0)[-1] == 50.0


def test_a_longer_note_is_bent_more_slowly() -> None:
    tune = edits.resized(bends.bent(Melody((NOTE,)), 0, 62.0), 0, 1.0, 3.0)
    assert bends.end_of(tune, 0) == 62.0
    bent = np.flatnonzero(~np.isnan(pitches(tune, 1.0, 3.0)))
    assert len(bent) == pytest.approx(2 * bends.SLIDE * CURVE_RATE, abs=6)


def test_a_bend_goes_with_its_note_when_that_is_deleted_or_covered() -> None:
    tune = bends.bent(Melody((NOTE,)), 0, 62.0)
    assert edits.without(tune, [0]).drawn == ()
    over = edits.added(tune, Note(1.5, 1.0, 67.0))
    assert np.isnan(pitches(over, 1.5, 2.5)).all()
    assert len(over.notes) == 2


def test_what_is_drawn_where_no_note_is_waits_for_one() -> None:
    tune = Melody(drawn=(Drawn(1.0, (61.0,) * 100),))
    assert edits.added(tune, NOTE).drawn == tune.drawn


def test_pitch_drawn_over_a_recording_stays_where_it_is(
    make_clip: Callable[..., AudioClip],
) -> None:
    curves = make_clip(np.zeros((CURVES, 300), np.float32), CURVE_RATE)
    tune = replace(bends.bent(Melody((NOTE,)), 0, 62.0), curves=curves)
    assert edits.moved(tune, [0], 1.0, 0.0).drawn == tune.drawn
    assert edits.without(tune, [0]).drawn == tune.drawn
