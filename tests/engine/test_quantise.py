"""The quantised view: on the grid and in key, in order, none lost."""

from __future__ import annotations

import gc
import time
from dataclasses import replace

import numpy as np
import pytest

from engine.keys import KEYS, key_of, scale
from engine.melody import Beat, Melody, Note
from engine.quantise import in_key, named, one_voice, shown

QUARTERS = Beat(tempo=60.0, first=0.0, per_bar=4, grid=4)  # a step lasts 0.25 s


def view(*spans: tuple[float, float], beat: Beat = QUARTERS, key: str = "") -> list[Note]:
    notes = tuple(Note(start, stop - start, 60.0) for start, stop in spans)
    return list(shown(Melody(notes, beat=beat, key=key, quantised=True)))


def steps(notes: list[Note], beat: Beat = QUARTERS) -> list[tuple[float, float]]:
    return [
        (round(beat.at(n.start) * beat.grid, 6), round(beat.at(n.stop) * beat.grid, 6))
        for n in notes
    ]


def test_as_sung_nothing_is_moved() -> None:
    melody = Melody((Note(0.11, 0.3, 60.3),))
    assert shown(melody) is melody.notes


def test_starts_and_ends_go_to_the_nearest_places() -> None:
    assert steps(view((0.1, 0.55), (1.2, 1.9))) == [(0, 2), (5, 8)]


def test_the_grid_begins_at_the_first_beat_and_no_note_before_zero() -> None:
    beat = replace(QUARTERS, first=0.1)
    notes = view((0.0, 0.2), (0.36, 0.8), beat=beat)
    assert [n.start for n in notes] == pytest.approx([0.1, 0.35])
    late = replace(QUARTERS, first=10.1)
    assert view((0.05, 0.4), beat=late)[0].start == pytest.approx(0.1)


def test_short_gaps_close_and_meant_ones_stay() -> None:
    assert steps(view((0.0, 0.37), (0.49, 1.0))) == [(0, 2), (2, 4)]
    assert steps(view((0.0, 0.26), (0.49, 1.0))) == [(0, 1), (2, 4)]


def test_no_note_is_lost_where_more_are_sung_than_the_grid_has_places() -> None:
    quick = view((1.0, 1.05), (1.06, 1.1), (1.11, 1.15), (1.16, 1.2), (2.0, 2.5))
    assert steps(quick) == [(3, 4), (4, 5), (5, 6), (6, 7), (8, 10)]


def test_random_melodies_stay_in_order_apart_and_on_the_grid() -> None:
    rng = np.random.default_rng(0)
    for _ in range(50):
        edges = np.cumsum(rng.exponential(0.15, 80))
        beat = Beat(rng.uniform(40, 220), rng.uniform(-1, 3), 4, int(rng.integers(1, 13)))
        notes = view(*zip(edges[::2], edges[1::2], strict=True), beat=beat)
        places = np.array(steps(notes, beat))
        np.testing.assert_allclose(places, np.round(places), atol=1e-4)
        assert (places[:, 1] - places[:, 0] > 0.5).all()
        assert (places[1:, 0] >= places[:-1, 1] - 1e-4).all()
        assert notes[0].start >= 0


def test_a_note_alone_moves_at_most_half_a_step() -> None:
    rng = np.random.default_rng(1)
    starts = np.arange(1, 50) + rng.uniform(-0.4, 0.4, 49)
    notes = view(*((start, start + 0.3) for start in starts))
    assert max(abs(n.start - s) for n, s in zip(notes, starts, strict=True)) <= 0.125 + 1e-9


def test_chords_stay_chords() -> None:
    chord = tuple(Note(0.1, 0.9, pitch) for pitch in (60.0, 64.0, 67.0))
    melody = Melody(chord, beat=QUARTERS, quantised=True)
    assert not one_voice(melody)
    assert {n.start for n in shown(melody)} == {0.0}


def test_pitches_go_to_the_key_when_it_is_near_else_to_the_semitone() -> None:
    given = [60.4, 60.6, 60.9, 61.0, 61.4, 64.5, 66.6, 0.2, 127.0]
    assert in_key(given, "C").tolist() == [60, 60, 61, 61, 62, 65, 67, 0, 127]
    assert in_key(given, "").tolist() == [60, 61, 61, 61, 61, 65, 67, 0, 127]
    assert in_key([], "C").tolist() == []


def test_other_programs_read_the_tone_that_is_meant_as_near_to_what_was_sung_as_can_be() -> None:
    sung = [60.1, 60.6, 61.0, 61.4, 66.8]
    notes = [Note(k * 1.0, 0.9, pitch) for k, pitch in enumerate(sung)]
    melody = Melody((*notes, Note(9.0, 0.9, 60.6, own=True)), key="C")
    assert [note.pitch for note in named(melody)] == [60.1, 60.45, 61.0, 61.55, 66.8, 60.6]
    assert named(replace(melody, key="")) == melody.notes
    quantised = replace(melody, quantised=True)
    assert named(quantised) == shown(quantised)


def test_scales_understand_every_spelling() -> None:
    assert scale("C") == scale("A minor") == scale("C major") == frozenset({0, 2, 4, 5, 7, 9, 11})
    assert scale("Gb") == scale("F#") == scale("F♯ major")
    assert scale("A# minor") == scale("Bb minor") == scale("B♭ minor")
    assert scale("") == scale("nonsense") == frozenset(range(12))
    assert len(KEYS) == 24
    assert all(len(scale(key)) == 7 for key in KEYS)


@pytest.mark.parametrize(("key", "up"), [("C", 0), ("D", 2), ("Ab", 8), ("A minor", 0)])
def test_the_key_of_a_tune_is_found_even_mistuned(key: str, up: int) -> None:
    # "Twinkle, twinkle" in C; for minor, "God rest ye merry" in A minor.
    major = [60, 60, 67, 67, 69, 69, 67, 65, 65, 64, 64, 62, 62, 60]
    minor = [57, 57, 64, 64, 62, 60, 59, 57, 55, 57, 59, 60, 62, 64, 57, 57]
    tune = minor if key.endswith("minor") else major
    notes = [Note(k * 0.5, 0.4, pitch + up + 0.35) for k, pitch in enumerate(tune)]
    assert key_of(notes) == key


def test_too_few_notes_have_no_key() -> None:
    assert key_of([]) == key_of([Note(0, 1, 60), Note(1, 1, 67)]) == ""


def test_ten_times_as_many_notes_take_about_ten_times_as_long() -> None:
    def seconds(count: int) -> float:
        notes = tuple(Note(k * 0.3, 0.28, 60.0 + k % 12) for k in range(count))
        taken = []
        for _ in range(3):
            began = time.thread_time()
            shown(Melody(notes, quantised=True, key="C"))
            taken.append(time.thread_time() - began)
        return min(taken)

    gc.disable()  # to look through all that other tests left is not the melody's doing
    try:
        assert seconds(20_000) < 30 * seconds(2_000)
    finally:
        gc.enable()
