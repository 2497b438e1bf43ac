"""Edits of notes: what is touched changes and nothing else, and one voice stays one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from engine import note_edits as edits
from engine.melody import CURVE_RATE, CURVES, PITCH, VOICED, Beat, Drawn, Melody, Note
from engine.types import AudioClip


def line(*rows: tuple[float, float, float] | tuple[float, float, float, str]) -> Melody:
    """A melody of notes given as start, stop, pitch and perhaps a lyric."""
    return Melody(tuple(Note(r[0], r[1] - r[0], r[2], 0.8, *r[3:]) for r in rows))


def spans(melody: Melody) -> list[tuple[float, float, float]]:
    return [(round(n.start, 6), round(n.stop, 6), round(n.pitch, 6)) for n in melody.notes]


TUNE = line((0, 1, 60, "one"), (1, 2, 62, "two"), (2, 3, 64, "three"))


def test_a_moved_note_is_ones_own_and_the_others_stay_as_they_were() -> None:
    after = edits.moved(TUNE, [2], 0.5, 1.5)
    assert spans(after) == [(0, 1, 60), (1, 2, 62), (2.5, 3.5, 65.5)]
    assert [n.own for n in after.notes] == [False, False, True]
    assert after.notes[2].lyric == "three"


def test_a_moved_note_shortens_the_one_it_covers() -> None:
    assert spans(edits.moved(TUNE, [2], -0.4, 0)) == [(0, 1, 60), (1, 1.6, 62), (1.6, 2.6, 64)]
    assert spans(edits.moved(TUNE, [0], 0.25, 0)) == [(0.25, 1.25, 60), (1.25, 2, 62), (2, 3, 64)]
    assert all(n.own for n in edits.moved(TUNE, [0], 0.25, 0).notes[:2])


def test_a_note_that_is_covered_goes_once_less_than_30_ms_are_left() -> None:
    assert len(edits.moved(TUNE, [2], -0.97, 0).notes) == 3
    assert spans(edits.moved(TUNE, [2], -0.98, 0)) == [(0, 1, 60), (1.02, 2.02, 64)]


def test_a_short_note_put_into_a_long_one_leaves_the_longer_piece_of_it() -> None:
    long = line((0, 4, 60))
    assert spans(edits.added(long, Note(1, 0.5, 65))) == [(1, 1.5, 65), (1.5, 4, 60)]
    assert spans(edits.added(long, Note(3, 0.5, 65))) == [(0, 3, 60), (3, 3.5, 65)]


def test_notes_moved_together_keep_their_shape_at_the_borders() -> None:
    assert spans(edits.moved(TUNE, [0, 1], -5, -100)) == [(0, 1, 0), (1, 2, 2), (2, 3, 64)]
    assert spans(edits.transposed(TUNE, [1, 2], 100)) == [(0, 1, 60), (1, 2, 125), (2, 3, 127)]


def test_notes_may_be_moved_past_others() -> None:
    after = edits.moved(TUNE, [0], 3, 0)
    assert [n.lyric for n in after.notes] == ["two", "three", "one"]


def test_many_voices_may_sound_together() -> None:
    chord = line((0, 1, 60), (0, 1, 64), (1, 2, 67))
    assert spans(edits.moved(chord, [2], -0.5, 0)) == [(0, 1, 60), (0, 1, 64), (0.5, 1.5, 67)]
    assert len(edits.added(chord, Note(0, 2, 48)).notes) == 4


def test_an_edit_of_pitch_or_words_touches_no_neighbour() -> None:
    sloppy = line((0, 1.02, 60), (1, 2, 62), (2, 3, 64))
    for after in (
        edits.transposed(sloppy, [1], 1),
        edits.with_lyric(sloppy, 1, "la"),
        edits.with_velocity(sloppy, [1], 2.0),
        edits.to_key(sloppy, [1]),
    ):
        assert [n.own for n in after.notes] == [False, True, False]
        assert after.notes[0] == sloppy.notes[0]
    assert edits.with_velocity(sloppy, [1], 2.0).notes[1].velocity == 1.0


def test_a_resized_note_pushes_its_neighbours_away() -> None:
    assert spans(edits.resized(TUNE, 1, 0.5, 2.5)) == [(0, 0.5, 60), (0.5, 2.5, 62), (2.5, 3, 64)]
    assert spans(edits.resized(TUNE, 1, 0, 3)) == [(0, 3, 62)]


def test_a_note_is_never_made_shorter_than_30_ms_nor_put_before_zero() -> None:
    assert spans(edits.resized(TUNE, 1, 1, 0.5))[1] == (1, 1.03, 62)
    assert spans(edits.resized(TUNE, 1, 2.5, 2))[1] == (1.97, 2, 62)
    assert spans(edits.resized(TUNE, 0, -3, 0.5))[0] == (0, 0.5, 60)


def test_split_keeps_the_syllable_first_and_holds_it_after() -> None:
    after = edits.split(TUNE, 1, 1.25)
    assert spans(after)[1:3] == [(1, 1.25, 62), (1.25, 2, 62)]
    assert [n.lyric for n in after.notes] == ["one", "two", "-", "three"]
    bare = edits.split(line((0, 1, 60)), 0, 0.5)
    assert [n.lyric for n in bare.notes] == ["", ""]


@pytest.mark.parametrize("at", [-1.0, 0.0, 0.02, 0.98, 1.0, 7.0])
def test_split_outside_a_note_or_too_near_its_ends_does_nothing(at: float) -> None:
    assert edits.split(TUNE, 0, at) is TUNE


@pytest.mark.parametrize(
    ("lyrics", "whole"),
    [
        (("hel-", "lo"), "hello"),
        (("hel-", "-", "lo"), "hello"),
        (("two", "-", "-"), "two"),
        (("-", "-", "-"), "-"),
        (("", "", ""), ""),
        (("I", "am", ""), "I am"),
        (("-", "now", ""), "now"),
    ],
)
def test_merge_joins_syllables_and_words(lyrics: tuple[str, ...], whole: str) -> None:
    notes = [replace(n, lyric=w) for n, w in zip(TUNE.notes, lyrics, strict=False)]
    after = edits.merged(Melody(tuple(notes)), range(len(notes)))
    assert [n.lyric for n in after.notes] == [whole]


def test_merge_takes_the_longest_ones_pitch_and_what_lies_between() -> None:
    tune = line((0, 1, 60), (1.5, 1.7, 70), (2, 4, 62.4), (5, 6, 50))
    assert spans(edits.merged(tune, [0, 2])) == [(0, 4, 62.4), (5, 6, 50)]
    assert edits.merged(tune, [1]) is tune


def test_what_was_split_can_be_merged_back() -> None:
    back = edits.merged(edits.split(TUNE, 1, 1.4), [1, 2])
    assert spans(back) == spans(TUNE)
    assert [n.lyric for n in back.notes] == ["one", "two", "three"]


def test_a_typed_line_is_laid_over_the_notes() -> None:
    assert edits.syllables("hel-lo - you") == ["hel-", "lo", "-", "you"]
    assert edits.syllables("  won-der- ful + ~ -- ") == ["won-", "der-", "ful", "-", "-", "-"]
    after = edits.with_lyrics(TUNE, 1, "hel-lo you")
    assert [n.lyric for n in after.notes] == ["one", "hel-", "lo"]
    assert [n.own for n in after.notes] == [False, True, True]


def test_deleting_notes_leaves_the_rest() -> None:
    assert spans(edits.without(TUNE, [0, 2])) == [(1, 2, 62)]


def test_notes_go_to_the_grid_and_the_key() -> None:
    tune = replace(line((0.07, 0.9, 60.6), (1.1, 2.1, 63.4)), beat=Beat(120.0, 0.0, 4, 1), key="C")
    assert spans(edits.to_grid(tune, [0, 1])) == [(0, 1, 60.6), (1, 2, 63.4)]
    assert spans(edits.to_key(tune, [0, 1])) == [(0.07, 0.9, 60), (1.1, 2.1, 64)]
    assert spans(edits.to_grid(tune, [0]))[1] == (1.1, 2.1, 63.4)


def test_drawn_pitch_lies_on_top_and_hides_what_is_below() -> None:
    one = edits.with_drawn(TUNE, Drawn(1.0, (60.0,) * 10))
    two = edits.with_drawn(one, Drawn(1.05, (61.0,) * 10))
    assert [d.start for d in two.drawn] == [1.0, 1.05]
    three = edits.with_drawn(two, Drawn(0.9, (0.0, 500.0) * 20))
    assert [d.start for d in three.drawn] == [0.9]
    assert three.drawn[0].pitches[:2] == (0.0, 127.0)
    early = edits.with_drawn(TUNE, Drawn(-0.02, (50.0, 51.0, 52.0)))
    assert early.drawn == (Drawn(0.0, (52.0,)),)
    assert edits.with_drawn(TUNE, Drawn(-1.0, (50.0,))) is TUNE


def test_notes_snap_to_the_median_of_the_pitch_curve(
    make_clip: Callable[..., AudioClip],
) -> None:
    curve = np.zeros((CURVES, 300), np.float32)
    curve[PITCH] = 60.0
    curve[PITCH, 100:200] = np.linspace(61.0, 63.0, 100)
    curve[VOICED, :200] = 1.0
    sung = replace(TUNE, curves=make_clip(curve, CURVE_RATE))
    after = edits.snapped(sung, [0, 1, 2])
    assert [n.pitch for n in after.notes] == pytest.approx([60, 62, 64], abs=0.05)
    assert [n.own for n in after.notes] == [True, True, False]


def test_random_edits_never_make_one_voice_overlap() -> None:
    rng = np.random.default_rng(4)
    melody = Melody()
    for _ in range(600):
        count = len(melody.notes)
        some = sorted({int(k) for k in rng.integers(0, count, 3)}) if count else []
        move = int(rng.integers(0, 6)) if count else 0
        if move == 0:
            note = Note(rng.uniform(0, 30), rng.uniform(0.03, 3), rng.uniform(0, 127))
            melody = edits.added(melody, note)
        elif move == 1:
            melody = edits.moved(melody, some, rng.normal(), rng.normal(0, 9))
        elif move == 2:
            note = melody.notes[some[0]]
            melody = edits.resized(
                melody, some[0], note.start + rng.normal(), note.stop + rng.normal()
            )
        elif move == 3:
            note = melody.notes[some[0]]
            melody = edits.split(melody, some[0], note.start + note.length * rng.random())
        elif move == 4 and count > 40:
            melody = edits.merged(melody, some)
        elif move == 5:
            melody = edits.to_grid(melody, some)
        for before, note in zip(melody.notes, melody.notes[1:], strict=False):
            assert before.stop <= note.start + 2e-6
        for note in melody.notes:
            assert note.start >= 0
            assert note.length >= 0.03 - 1e-9
            assert 0 <= note.pitch <= 127
