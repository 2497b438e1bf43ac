"""Notes as sound: in tune, as loud as a voice, without clicks, the same however they are read."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest

from engine.melody import Note
from engine.tone import Tone, blip

RATE = 44_100
BOTH = ("tone", "piano")


def melody(count: int = 40, seed: int = 0) -> list[Note]:
    """One voice: some notes touch, some do not."""
    rng = np.random.default_rng(seed)
    notes, at = [], 0.1
    for k in range(count):
        length = float(rng.uniform(0.03, 0.6))
        notes.append(Note(at, length, float(rng.uniform(45, 80)), float(rng.uniform(0.3, 1))))
        at += length + (0.0 if k % 3 else 0.15)
    return notes


def level(sound: np.ndarray) -> float:
    return float(20 * np.log10(np.sqrt(np.mean(np.square(sound, dtype=np.float64))) + 1e-12))


@pytest.mark.parametrize("sound", BOTH)
def test_the_same_samples_come_whatever_the_blocks(sound: str) -> None:
    notes = [*melody(), Note(1.0, 3.0, 40.5), Note(1.0, 0.5, 90.0)]
    tone = Tone(notes, RATE, sound)
    whole = tone.read(0, 10 * RATE)
    assert whole.dtype == np.float32
    assert whole.shape == (2, 10 * RATE)
    rng = np.random.default_rng(1)
    other = Tone(notes, RATE, sound)
    for start in rng.integers(0, 9 * RATE, 60).tolist():
        frames = int(rng.integers(1, 5000))
        np.testing.assert_array_equal(other.read(start, frames), whole[:, start : start + frames])


@pytest.mark.parametrize("sound", BOTH)
@pytest.mark.parametrize("pitch", [36.0, 57.35, 69.0, 84.9])
def test_notes_are_in_tune(sound: str, pitch: float) -> None:
    note = blip(pitch, 2.0, RATE, sound)[0, : 2 * RATE].astype(np.float64)
    spectrum = np.abs(np.fft.rfft(note * np.hanning(len(note)), 16 * RATE))
    hz = 440 * 2 ** ((pitch - 69) / 12)
    near = slice(round(hz * 16 * 0.97), round(hz * 16 * 1.03))
    found = (near.start + int(np.argmax(spectrum[near]))) / 16
    assert abs(1200 * np.log2(found / hz)) < 3


@pytest.mark.parametrize("sound", BOTH)
@pytest.mark.parametrize("pitch", [40, 60, 80])
def test_notes_are_about_as_loud_as_a_voice(sound: str, pitch: float) -> None:
    note = blip(pitch, 1.0, RATE, sound)[:, : RATE // 2]
    assert level(note) == pytest.approx(-18.0, abs=1.0)
    assert np.abs(note).max() < 0.5


def test_a_tone_stays_and_a_string_dies_away() -> None:
    tone, piano = blip(60, 4.0, RATE, "tone"), blip(60, 4.0, RATE, "piano")
    begin, end = slice(RATE // 2), slice(3 * RATE, 4 * RATE)
    assert level(tone[:, end]) - level(tone[:, begin]) == pytest.approx(0, abs=0.5)
    assert -30 < level(piano[:, end]) - level(piano[:, begin]) < -10


def test_velocity_is_loudness() -> None:
    def heard(velocity: float) -> float:
        tone = Tone([Note(0.0, 0.5, 60.0, velocity)], RATE, "tone")
        return level(tone.read(2000, 10_000))

    assert heard(0.8) - heard(0.4) == pytest.approx(12.04, abs=0.05)
    assert heard(0.0) < -200


@pytest.mark.parametrize("sound", BOTH)
def test_nothing_clicks(sound: str) -> None:
    """A step would put energy above all partials; high-passed, every moment stays quiet."""
    notes = [Note(k * 0.25, (0.25, 0.2, 0.03)[k % 3], 48.0 + k % 7) for k in range(20)]
    heard = Tone(notes, RATE, sound).read(0, 6 * RATE)[0].astype(np.float64)
    spectrum = np.fft.rfft(heard)
    spectrum[: round(9000 * len(heard) / RATE)] = 0
    hiss = np.abs(np.fft.irfft(spectrum))
    assert 20 * np.log10(hiss.max()) < -75
    assert np.abs(heard[:2]).max() < 1e-3


def test_a_legato_line_has_no_gap_and_no_bump() -> None:
    notes = [Note(k * 0.3, 0.3, 60.0 + 2 * k) for k in range(8)]
    heard = Tone(notes, RATE, "tone").read(0, round(2.4 * RATE))[0]
    frames = heard[2000:][: (len(heard) - 2000) // 882 * 882].reshape(-1, 882)
    levels = [level(frame) for frame in frames]
    assert max(levels) - min(levels) < 8


def test_it_is_silent_outside_of_notes_and_rings_out_after_the_last() -> None:
    tone = Tone([Note(1.0, 0.5, 60.0)], RATE, "piano")
    assert not tone.read(0, RATE - 1).any()
    assert tone.read(RATE + RATE // 2, 100).any()
    assert not tone.read(2 * RATE, RATE).any()
    assert not tone.read(-500, 400).any()
    assert not Tone([], RATE, "tone").read(0, 64).any()
    assert not Tone([Note(0, 0, 60)], RATE, "tone").read(0, 64).any()


def test_partials_that_the_rate_cannot_hold_are_left_out() -> None:
    high = blip(127.0, 0.2, 8000, "piano")
    assert level(high) < -30  # its only partials left are those of the knock
    assert np.isfinite(high).all()
    for pitch in (0.0, 127.0):
        assert np.isfinite(blip(pitch, 0.2, 192_000, "tone")).all()


def test_an_unknown_sound_is_a_piano() -> None:
    np.testing.assert_array_equal(blip(60, 0.1, RATE, "harp"), blip(60, 0.1, RATE, "piano"))


@pytest.mark.parametrize("sound", BOTH)
def test_one_voice_costs_little(sound: str) -> None:
    tone = Tone(melody(100), RATE, sound)
    seconds = 20
    tone.read(0, 1024)
    began = time.thread_time()
    for start in range(0, seconds * RATE, 1024):
        tone.read(start, 1024)
    assert time.thread_time() - began < 0.02 * seconds * 2  # twice, as tests share the machine


def test_among_hundreds_of_thousands_the_notes_are_found_at_once() -> None:
    notes = [replace(note, start=note.start + k * 0.1) for k, note in enumerate(melody(50) * 4000)]
    tone = Tone([*notes, Note(0.0, 20_000.0, 50.0)], RATE, "tone")
    began = time.thread_time()
    for _ in range(20):
        tone.read(RATE * 9000, 1024)
    assert (time.thread_time() - began) / 20 < 0.02
