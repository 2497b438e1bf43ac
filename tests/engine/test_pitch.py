"""The live pitch tracker on sounds whose pitch is known."""

from __future__ import annotations

import math
import re
from pathlib import Path

import numpy as np
import pytest

from engine.live import Scope
from engine.pitch import PitchTracker
from engine.spectrogram import SpectrumSettings, TileKey, note_of, tile, to_unit
from engine.types import AudioClip
from tests.conftest import tone

RATE = 44_100
NOTES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")


def cents(hz: float | np.ndarray, truth: float | np.ndarray) -> np.ndarray:
    return 1200 * np.log2(np.asarray(hz) / truth)


def voice(hz: np.ndarray, rate: int, partials: int = 8) -> np.ndarray:
    """A buzz whose fundamental is `hz` at each frame, weaker than the second partial."""
    phase = 2 * np.pi * np.cumsum(hz) / rate
    levels = [0.3, 1.0, *(1 / k for k in range(3, partials + 1))]
    sound = sum(level * np.sin(k * phase + k) for k, level in enumerate(levels, 1))
    return (0.1 * sound).astype(np.float32)


@pytest.mark.parametrize("rate", [22_050, 44_100, 48_000, 96_000])
def test_a_steady_voice_is_right_to_two_cents_from_c2_to_c6(rate: int) -> None:
    tracker = PitchTracker(rate)
    for hz in 65.4 * 2 ** (np.arange(0, 48, 0.7) / 12):
        found = tracker.estimate(voice(np.full(tracker.frames, hz), rate))
        assert abs(cents(found.hz, hz)) < 2.0, hz
        assert found.clarity > 0.95


def test_a_glide_of_an_octave_in_a_second_is_followed_within_five_cents() -> None:
    truth = 220 * 2 ** (np.arange(RATE) / RATE)
    sound = voice(truth, RATE)
    tracker = PitchTracker(RATE)
    starts = range(0, RATE - tracker.frames, 512)
    found = np.array([tracker.estimate(sound[at : at + tracker.frames]).hz for at in starts])
    middles = np.array([truth[at + tracker.frames // 2] for at in starts])
    assert np.abs(cents(found, middles)).max() < 5.0


def test_noise_and_silence_have_no_pitch() -> None:
    tracker = PitchTracker(RATE)
    rng = np.random.default_rng(1)
    for _ in range(50):
        assert math.isnan(tracker.estimate(rng.normal(0, 0.1, tracker.frames)).hz)
    assert math.isnan(tracker.estimate(np.zeros(tracker.frames, np.float32)).hz)
    hum = 1e-5 * tone(1.0, RATE, 1)[0, : tracker.frames]
    assert math.isnan(tracker.estimate(hum).hz)


def test_a_voice_in_noise_keeps_its_octave() -> None:
    tracker = PitchTracker(RATE)
    rng = np.random.default_rng(2)
    for hz in (98.0, 196.0, 392.0, 784.0):
        clean = voice(np.full(tracker.frames, hz), RATE)
        noisy = clean + rng.normal(0, 0.1 * float(clean.std()), len(clean)).astype(np.float32)
        assert abs(cents(tracker.estimate(noisy).hz, hz)) < 10.0


@pytest.mark.data
def test_sung_notes_are_heard_at_the_pitch_they_are_named_by(shared: Path) -> None:
    import soundfile

    errors, jumps = [], []
    for path in sorted((shared / "data" / "sung-notes" / "notes").glob("*.ogg")):
        named = re.match(r"([A-G]#?)(\d)", path.name)
        if named is None or "bended" in path.name:
            continue
        octave = int(named[2]) - (named[1][0] in "AB")  # these names count octaves from A
        hz = 440 * 2 ** ((NOTES.index(named[1]) + 12 * (octave + 1) - 69) / 12)
        sound, rate = soundfile.read(path, dtype="float32", always_2d=True)
        tracker = PitchTracker(rate)
        starts = range(0, len(sound) - tracker.frames, 512)
        found = np.array([tracker.estimate(sound[at : at + tracker.frames, 0]).hz for at in starts])
        away = cents(found[np.isfinite(found)], hz)
        errors.append(abs(float(np.median(away))))
        jumps.append(float(np.mean(np.abs(away - np.median(away)) > 600)))
    assert len(errors) > 60
    print(f"median {np.median(errors):.1f} cents, octave jumps {100 * np.mean(jumps):.2f} %")  # noqa: T201
    assert np.median(errors) < 15.0  # the singer's own intonation included
    assert np.mean(np.array(errors) < 50.0) > 0.95
    assert np.mean(jumps) < 0.005


# The picture of what comes in.


def test_the_live_picture_is_that_of_a_lane(make_clip: object) -> None:
    sound = tone(1.0, RATE, 1, 1000.0)
    clip: AudioClip = make_clip(sound)  # type: ignore[operator]
    settings = SpectrumSettings(2048, "log", 256)
    scope = Scope(RATE, settings)
    for start in range(0, RATE, 441):
        scope.feed(sound[:, start : start + 441])
    row = int(to_unit(1000.0, settings) * 256)
    lane = tile(clip, TileKey(3, 0, settings))
    assert scope.picture()[:, -1].argmax() == lane[:, 40].argmax() == row
    assert abs(int(scope.picture()[row, -1]) - int(lane[row, 40])) <= 1
    assert note_of(scope.steady().hz)[0] == "B5"


def test_the_live_picture_does_not_depend_on_how_the_sound_is_cut() -> None:
    rng = np.random.default_rng(3)
    sound = rng.normal(0, 0.1, (2, RATE)).astype(np.float32)
    scopes = [Scope(RATE, SpectrumSettings(1024, "mel", 128)) for _ in range(2)]
    for scope, step in zip(scopes, (97, 5000), strict=True):
        for start in range(0, RATE, step):
            scope.feed(sound[:, start : start + step])
    assert scopes[0].count == scopes[1].count > 80
    np.testing.assert_array_equal(scopes[0].picture(), scopes[1].picture())


def test_a_voice_that_stops_has_no_pitch_any_more() -> None:
    scope = Scope(RATE, SpectrumSettings())
    scope.feed(voice(np.full(RATE // 2, 200.0), RATE)[None])
    assert scope.steady().hz == pytest.approx(200.0, rel=1e-3)
    scope.feed(np.zeros((1, RATE // 4), np.float32))
    assert math.isnan(scope.steady().hz)
