"""Notes with lyrics become phrases of phones in time, and a pitch for each moment."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from engine import intonation, singing
from engine.melody import CURVE_RATE, Beat, Drawn, Melody, Note
from engine.phonemes import PAUSE, VOWELS

FRAME = singing.FRAME


def melody(*notes: tuple[float, float, float, str]) -> Melody:
    return Melody(
        tuple(Note(start, length, pitch, 0.8, lyric) for start, length, pitch, lyric in notes)
    )


def symbols(phrase: singing.Phrase) -> list[str]:
    return [phone for phone, _, _ in phrase.phones]


def vowels(phrase: singing.Phrase) -> list[float]:
    return [start for phone, start, _ in phrase.phones if phone in VOWELS]


def whole(phrase: singing.Phrase) -> None:
    """Phones follow each other without a gap, on frames, from the start to the stop."""
    starts = np.array([start for _, start, _ in phrase.phones])
    lengths = np.array([length for _, _, length in phrase.phones])
    assert starts[0] == phrase.start >= 0
    assert np.allclose(starts[1:], (starts + lengths)[:-1])
    assert phrase.stop == pytest.approx(starts[-1] + lengths[-1])
    frames = (starts - phrase.start) / FRAME
    assert np.allclose(frames, np.rint(frames), atol=1e-6)
    assert (lengths > 0.99 * FRAME).all()
    assert len(phrase.energies) == len(phrase.phones)


def cents(hz: np.ndarray, pitch: float) -> np.ndarray:
    return 1200 * np.log2(hz / singing.hertz(pitch))


def during(phrase: singing.Phrase, hz: np.ndarray, start: float, stop: float) -> np.ndarray:
    at = phrase.start + np.arange(len(hz)) * FRAME
    return hz[(at >= start) & (at < stop)]


def test_vowels_begin_with_their_notes_and_consonants_before_them() -> None:
    song = melody((1, 0.5, 60, "Hel-"), (1.5, 0.5, 62, "lo"), (2.1, 0.6, 64, "world"))
    (phrase,) = singing.phrases(song)
    whole(phrase)
    assert symbols(phrase) == [PAUSE, *["HH", "AH0", "L", "OW1", "W", "ER1", "L", "D"], PAUSE]
    expected = [1.0 + 0.003, 1.5 + 0.012, 2.1 + 0.018]  # heard with their notes after HH, L and W
    assert vowels(phrase) == pytest.approx(expected, abs=FRAME / 2 + 1e-6)
    assert phrase.start < 1.0 - 0.05
    assert phrase.notes == (0, 1, 2)
    dental = phrase.phones[-2]
    assert dental[1] + dental[2] == pytest.approx(2.7, abs=FRAME)


def test_a_rest_parts_phrases_and_a_short_gap_does_not() -> None:
    song = melody((1, 0.5, 60, "one"), (1.7, 0.5, 60, "two"), (2.6, 0.5, 60, "three"))
    first, second = singing.phrases(song)
    assert (first.notes, second.notes) == ((0, 1), (2,))
    assert first.stop <= second.start
    whole(first)
    whole(second)


def test_a_vowel_is_laid_so_that_it_is_heard_on_the_beat_whatever_is_before_it() -> None:
    def late(lyric: str) -> float:
        (phrase,) = singing.phrases(melody((1, 0.5, 60, lyric)))
        return vowels(phrase)[0] - 1.0

    glides, stops, alone = late("[R AA1]"), late("[K AA1]"), late("[AA1]")
    assert glides == pytest.approx(0.024)  # it opens early
    assert stops == pytest.approx(-0.004)
    assert alone == pytest.approx(-0.025)  # it swells
    assert late("[S R AA1]") == glides


def test_a_vowel_after_the_end_of_a_word_does_not_swell_as_after_a_rest() -> None:
    (phrase,) = singing.phrases(melody((1, 0.5, 60, "one"), (1.5, 0.5, 60, "a")))
    assert vowels(phrase)[1] == pytest.approx(1.5 + 0.006, abs=FRAME / 2 + 1e-6)


def test_what_is_nearly_a_vowel_is_held_back_before_one_and_nowhere_else() -> None:
    (phrase,) = singing.phrases(melody((1, 0.5, 60, "world"), (1.5, 0.5, 60, "[S N L IY1 T]")))
    found = dict(zip(symbols(phrase)[1:-1], phrase.energies[1:-1], strict=True))
    quiet = {phone for phone, energy in found.items() if energy < 0.9}
    assert quiet == {"W", "N", "L"} & set(found)
    assert found["ER1"] == found["S"] == pytest.approx(1.0)
    first_l = symbols(phrase).index("L")  # that of "world" is after its vowel
    assert phrase.energies[first_l] == pytest.approx(1.0)


def test_consonants_after_a_cut_without_a_rest_do_not_make_their_note_late() -> None:
    notes = [(0.5 + k, 1.0, 60 + k % 5, "stray") for k in range(16)]
    found = singing.phrases(melody(*notes))
    assert len(found) > 1
    for phrase in found:
        at = next(start for phone, start, _ in phrase.phones if phone in VOWELS)
        assert at - phrase.tones[0].start == pytest.approx(0.024, abs=1e-6)
        whole(phrase)


def test_consonants_without_room_are_spoken_faster_before_they_are_late() -> None:
    (phrase,) = singing.phrases(melody((0.07, 0.8, 60, "see")))
    assert vowels(phrase)[0] == pytest.approx(0.07, abs=FRAME)
    whole(phrase)


def test_consonants_never_take_more_than_half_of_the_note_before() -> None:
    song = melody(
        (1, 0.12, 60, "strengths"), (1.12, 0.12, 60, "splash"), (1.24, 0.12, 60, "strict")
    )
    (phrase,) = singing.phrases(song)
    whole(phrase)
    assert vowels(phrase) == pytest.approx([1.0, 1.12, 1.24], abs=0.03)
    sung = [length for phone, _, length in phrase.phones if phone in VOWELS]
    assert min(sung) > 0.03


def test_a_note_without_a_lyric_goes_on_with_the_vowel_before_it() -> None:
    song = melody(
        (1, 0.5, 60, "fish"), (1.5, 0.5, 62, ""), (2.0, 0.5, 64, "-"), (2.5, 0.5, 60, "er")
    )
    (phrase,) = singing.phrases(song)
    assert [s for s in symbols(phrase) if s in VOWELS] == ["IH1", "ER1"]
    vowel = next(p for p in phrase.phones if p[0] == "IH1")
    assert vowel[1] + vowel[2] > 2.3
    assert symbols(phrase).index("SH") > symbols(phrase).index("IH1")


def test_notes_without_any_lyric_each_sing_a_syllable() -> None:
    song = melody((1, 0.5, 60, ""), (1.5, 0.5, 60, ""), (2.0, 0.5, 62, "-"))
    (phrase,) = singing.phrases(song)
    assert [s for s in symbols(phrase) if s != PAUSE] == ["L", "AA1", "L", "AA1"]


def test_a_held_note_after_a_rest_goes_on_with_the_vowel_of_before() -> None:
    first, second = singing.phrases(melody((1, 0.5, 60, "see"), (3, 0.5, 60, "-")))
    assert "IY1" in symbols(first)
    assert [s for s in symbols(second) if s != PAUSE] == ["IY1"]


def test_phones_given_by_hand_go_before_the_lyric_and_leave_the_rest_of_the_word() -> None:
    song = melody((1, 0.5, 60, "hel-"), (1.5, 0.5, 62, "lo"))
    notes = (song.notes[0], replace(song.notes[1], phones="r uw2"))
    (phrase,) = singing.phrases(replace(song, notes=notes))
    assert [s for s in symbols(phrase) if s != PAUSE] == ["HH", "AH0", "R", "UW1"]


def test_a_note_at_the_very_start_begins_a_little_late_rather_than_before_the_song() -> None:
    (phrase,) = singing.phrases(melody((0, 0.5, 60, "street")))
    whole(phrase)
    assert 0 <= vowels(phrase)[0] <= 0.08


def test_words_without_a_vowel_and_of_many_syllables_fit_one_note() -> None:
    (quiet,) = singing.phrases(melody((1, 0.8, 60, "shh")))
    assert next(p for p in quiet.phones if p[0] == "SH")[2] == pytest.approx(0.8, abs=0.03)
    (many,) = singing.phrases(melody((1, 0.8, 60, "university"), (1.8, 0.5, 60, "-")))
    whole(many)
    assert len(vowels(many)) == 5
    assert vowels(many)[-1] < 1.8
    assert many.phones[-2][1] + many.phones[-2][2] == pytest.approx(2.3, abs=0.02)


def test_what_one_voice_cannot_sing_is_mute_and_says_why() -> None:
    song = melody(
        (1, 0.5, 20, "low"), (2, 0.5, 120, "high"), (3, 0.5, 60, "🎵"), (4, 0.5, 60, "low"),
        (4.001, 0.5, 67, "high"), (5, 0.01, 60, "short"), (6, 0.5, 60, "[QQ]"), (7, 0.5, 60, "end"),
    )  # fmt: skip
    found, mute = singing.breaths(song)
    why = dict(mute)
    assert [tone.index for breath in found for tone in breath.tones] == [2, 4, 6, 7]
    assert set(why) == {0, 1, 2, 3, 5, 6}
    assert "40 Hz" in why[0]
    assert "1500 Hz" in why[1]
    assert all(reason.endswith(".") for reason in why.values())
    assert singing.breaths(Melody()) == ((), ())
    assert singing.phrases(Melody()) == ()


def test_a_lyric_that_cannot_be_said_is_sung_as_la_and_told_of() -> None:
    song = melody((1, 0.5, 60, "我"), (1.5, 0.5, 62, "-"), (2.0, 0.5, 64, "[QQ]"))
    (phrase,) = singing.phrases(song)
    assert [s for s in symbols(phrase) if s != PAUSE] == ["L", "AA1", "L", "AA1"]
    why = dict(singing.breaths(song)[1])
    assert set(why) == {0, 2}
    assert "English only" in why[0]
    assert all("“la” is sung" in reason for reason in why.values())


def test_a_note_ends_where_the_next_begins() -> None:
    ((breath,), mute) = singing.breaths(melody((1, 2, 60, "a"), (2, 1, 64, "b")))
    assert not mute
    assert [tone.stop for tone in breath.tones] == [2, 3]


def test_transposing_brings_notes_into_reach() -> None:
    song = melody((1, 0.5, 20, "low"))
    assert singing.breaths(song)[1]
    ((breath,), mute) = singing.breaths(song, 24.0)
    assert not mute
    assert breath.tones[0].pitch == 44


def test_a_long_line_without_a_rest_is_cut_before_a_syllable() -> None:
    notes = [(0.5 + k / 2, 0.5, 60 + k % 5, "-" if k % 4 else "sun") for k in range(120)]
    found = singing.phrases(melody(*notes))
    assert len(found) > 4
    assert all(phrase.stop - phrase.start < singing.LONGEST + 1 for phrase in found)
    assert all(a.stop <= b.start + 2 * FRAME for a, b in itertools.pairwise(found))
    assert all(next(s for s in symbols(phrase) if s != PAUSE) == "S" for phrase in found)
    assert sorted(k for phrase in found for k in phrase.notes) == list(range(120))


def test_the_view_that_is_chosen_is_sung() -> None:
    song = replace(melody((1.04, 0.44, 60.3, "so")), beat=Beat(120.0, 0.0), quantised=True)
    ((breath,), _) = singing.breaths(song)
    assert (breath.tones[0].start, breath.tones[0].pitch) == (1.0, 60.0)


def test_the_same_breath_has_the_same_key_wherever_it_stands() -> None:
    def keys(*at: float) -> list[str]:
        notes = [(start + k / 3, 0.3, 60 + k, "so") for start in at for k in range(3)]
        return [breath.key for breath in singing.breaths(melody(*notes))[0]]

    assert len(set(keys(2.0, 5.1, 9.73))) == 1
    assert keys(2.0) != [b.key for b in singing.breaths(melody((2, 0.3, 61, "so")))[0]]


def test_each_note_has_its_pitch_and_reaches_it_soon() -> None:
    song = melody(
        (1, 0.4, 60, "a"), (1.4, 0.4, 67, "a"), (1.8, 0.25, 55, "a"), (2.05, 1.5, 64, "a")
    )
    (phrase,) = singing.phrases(song)
    hz = intonation.curve(phrase)
    assert hz.dtype == np.float32
    for tone in phrase.tones:
        sung = cents(during(phrase, hz, tone.start, tone.stop), tone.pitch)
        assert abs(np.median(sung)) < 5
        assert (
            abs(cents(during(phrase, hz, tone.start + 0.04, tone.start + 0.055), tone.pitch)).max()
            < 10
        )
    steps = np.abs(np.diff(1200 * np.log2(hz)))
    assert steps.max() < 300  # a way, not a jump


def test_the_pitch_is_halfway_on_the_beat_in_a_slur_and_there_when_a_vowel_begins() -> None:
    (slur,), (sung,) = (
        singing.phrases(melody((1, 0.5, 60, "la"), (1.5, 0.5, 67, lyric))) for lyric in ("-", "la")
    )
    hz = intonation.curve(slur)
    at = slur.start + np.arange(len(hz)) * FRAME
    halfway = np.interp(singing.hertz(63.5), hz[at > 1.3], at[at > 1.3])
    assert halfway == pytest.approx(1.5, abs=0.005)
    way = cents(during(sung, intonation.curve(sung), 1.505, 1.53), 60)
    assert way.min() > 0.8 * 700


def test_long_notes_swing_a_little_and_short_ones_do_not() -> None:
    (long,), (short,) = (singing.phrases(melody((1, s, 60, "a"))) for s in (2.0, 0.28))
    swing = cents(during(long, intonation.curve(long), 2.0, 2.8), 60)
    assert 25 < swing.max() < 40
    assert -40 < swing.min() < -25
    crossings = np.flatnonzero(np.diff(np.sign(swing)))
    assert len(crossings) == pytest.approx(2 * 5.5 * 0.8, abs=2)
    assert np.abs(cents(during(short, intonation.curve(short), 1.0, 1.28), 60)).max() < 0.1


def test_drawn_pitch_is_sung_as_it_was_drawn() -> None:
    stroke = Drawn(1.2, tuple(62.0 + 0.01 * k for k in range(40)))
    song = replace(melody((1, 1, 60, "a")), drawn=(stroke,))
    (phrase,) = singing.phrases(song)
    hz = intonation.curve(phrase)
    at = phrase.start + np.arange(len(hz)) * FRAME
    inside = (at > 1.22) & (at < 1.58)
    wanted = 62.0 + (at[inside] - 1.2)
    assert np.abs(69 + 12 * np.log2(hz[inside] / 440) - wanted).max() < 0.02
    assert np.abs(cents(hz[at < 1.1], 60)).max() < 1
    (higher,) = singing.phrases(song, 12.0)
    assert intonation.curve(higher)[inside] == pytest.approx(2 * hz[inside], rel=1e-3)
    assert stroke.start * CURVE_RATE == pytest.approx(120)


@pytest.mark.parametrize("seconds", [0.04, 0.1, 0.2])
def test_a_phrase_shorter_than_the_tune_of_speech_is_sung(seconds: float) -> None:
    (phrase,) = singing.phrases(melody((1, seconds, 60, "a")))
    phrase = replace(phrase, stop=phrase.start + seconds)
    count = round(seconds / FRAME)
    speech = (np.linspace(180, 240, count), np.ones(count))
    hz = intonation.curve(phrase, speech=speech)
    assert len(hz) == count
    assert np.abs(cents(hz, 60)).max() < 35


def test_how_speech_moves_is_heard_but_never_out_of_tune() -> None:
    (phrase,) = singing.phrases(melody((1, 0.5, 60, "da"), (1.5, 0.5, 64, "da")))
    count = round((phrase.stop - phrase.start) / FRAME)
    at = np.arange(count)
    speech = 200.0 * 2.0 ** (-at / 200)  # its tune falls by itself
    speech[at % 40 < 4] *= 0.8  # and dips by four semitones
    plain = intonation.curve(phrase)
    moved = intonation.curve(phrase, FRAME, (speech, np.ones(count)))
    away = 1200 * np.log2(moved / plain)
    assert 10 < np.abs(away).max() <= 30.1
    for tone in phrase.tones:
        sung = during(phrase, moved, tone.start, tone.stop)
        assert abs(np.median(cents(sung, tone.pitch))) < 10


def test_a_voice_says_how_long_consonants_are() -> None:
    def slow(phones: Sequence[str]) -> np.ndarray:
        return np.full(len(phones), 0.2)

    (phrase,) = singing.phrases(melody((1, 0.5, 60, "so"), (1.5, 0.5, 60, "so")), lengths=slow)
    assert phrase.phones[1][2] == pytest.approx(0.2, abs=FRAME)
    assert vowels(phrase) == pytest.approx([1.0, 1.5], abs=FRAME)


def test_a_whole_song_is_laid_out_in_no_time() -> None:
    import time

    words = ("some-", "times", "I", "feel", "like", "a", "mother-", "less", "child", "")
    song = melody(*((k * 0.4, 0.35, 55 + k % 12, words[k % 10]) for k in range(600)))
    singing.phrases(song)
    began = time.thread_time()
    for phrase in singing.phrases(song):
        intonation.curve(phrase)
    assert time.thread_time() - began < 1.0
