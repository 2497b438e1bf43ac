"""Loudness and true peak against facts of the standard, and against another implementation."""

from __future__ import annotations

import math
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.loudness import (
    Loudness,
    LoudnessMeter,
    gain_below,
    gain_to,
    measure_clip,
    measure_mix,
)
from engine.types import AudioClip, Track
from tests.conftest import tone

RATE = 48_000


def sine(
    hz: float, seconds: float, rate: int = RATE, level_db: float = 0.0, phase: float = 0.0
) -> np.ndarray:
    """One channel that rises and falls in 50 ms, so that no edge adds to its peak."""
    frames = round(seconds * rate)
    at = np.arange(frames)
    rise = np.clip(np.minimum(at, frames - 1 - at) / (0.05 * rate), 0, 1)
    wave = np.sin(2 * np.pi * hz * at / rate + phase) * rise
    return (10 ** (level_db / 20) * wave).astype(np.float32)[None]


def measured(sound: np.ndarray, rate: int = RATE, step: int = 7777) -> Loudness:
    meter = LoudnessMeter(rate, len(sound))
    for start in range(0, sound.shape[1], step):
        meter.feed(sound[:, start : start + step])
    return meter.result


def result_of(work: object) -> Loudness:
    try:
        while True:
            next(work)  # type: ignore[call-overload]
    except StopIteration as stop:
        found: Loudness = stop.value
        return found


@pytest.mark.parametrize("rate", [32_000, 44_100, 48_000, 96_000, 192_000])
def test_a_full_scale_sine_in_one_channel_is_3_01_lufs_below_zero(rate: int) -> None:
    # BS.1770-4, annex 1: 0 dBFS at 997 Hz in one front channel reads -3.01 LKFS.
    assert measured(sine(997, 20, rate), rate).lufs == pytest.approx(-3.01, abs=0.05)


def test_a_stereo_sine_at_minus_23_dbfs_is_minus_23_lufs() -> None:
    # EBU Tech 3341, case 1.
    sound = np.repeat(sine(1000, 20, level_db=-23), 2, 0)
    assert measured(sound).lufs == pytest.approx(-23.0, abs=0.1)


def test_quiet_parts_are_gated_out() -> None:
    # EBU Tech 3341, case 3: 10 s at -36, 60 s at -23, 10 s at -36 dBFS read -23 LUFS.
    parts = [sine(1000, seconds, level_db=db) for seconds, db in ((10, -36), (60, -23), (10, -36))]
    sound = np.repeat(np.concatenate(parts, 1), 2, 0)
    assert measured(sound).lufs == pytest.approx(-23.0, abs=0.1)


@pytest.mark.parametrize(
    ("hz", "phase", "sampled"),
    [(RATE / 4, math.pi / 4, -3.01), (RATE / 6, 0.0, -1.25), (997.0, 0.0, 0.0)],
)
def test_the_true_peak_lies_between_the_samples(hz: float, phase: float, sampled: float) -> None:
    # A full-scale sine at a quarter of the rate whose samples all miss its tops.
    sound = sine(hz, 2, phase=phase)
    assert 20 * math.log10(float(np.abs(sound).max())) == pytest.approx(sampled, abs=0.01)
    assert measured(sound).peak_db == pytest.approx(0.0, abs=0.1)


def test_every_frequency_a_voice_has_reads_its_true_peak() -> None:
    for hz in np.geomspace(60, 18_000, 40):
        found = measured(sine(float(hz), 0.5, 44_100, -6.0, phase=1.0), 44_100)
        assert found.peak_db == pytest.approx(-6.0, abs=0.15), hz


def test_the_result_does_not_depend_on_how_the_sound_is_cut() -> None:
    rng = np.random.default_rng(4)
    sound = (0.2 * rng.standard_normal((2, 5 * RATE))).astype(np.float32)
    whole = measured(sound, step=sound.shape[1])
    for step in (1000, 4801, 100_003):
        cut = measured(sound, step=step)
        assert cut.lufs == pytest.approx(whole.lufs, abs=1e-9)
        assert cut.peak_db == pytest.approx(whole.peak_db, abs=1e-6)


def test_silence_and_a_moment_of_sound_have_an_answer() -> None:
    assert measured(np.zeros((2, RATE), np.float32)) == Loudness(-math.inf, -math.inf)
    assert measured(np.zeros((2, 0), np.float32)) == Loudness(-math.inf, -math.inf)
    assert measured(sine(997, 0.2)).lufs == pytest.approx(-4.0, abs=1.5)


@pytest.mark.parametrize("rate", [44_100, 48_000])
def test_it_agrees_with_pyloudnorm(rate: int) -> None:
    pyloudnorm = pytest.importorskip("pyloudnorm")
    rng = np.random.default_rng(6)
    shape = np.repeat(rng.uniform(0.01, 1.0, 40), rate // 2)
    noise = rng.standard_normal((2, len(shape)))
    brown = np.cumsum(noise, 1) - np.linspace(0, 1, len(shape)) * noise.sum(1, keepdims=True)
    sound = (0.3 * shape * (brown / np.abs(brown).max() + 0.05 * noise)).astype(np.float32)
    meter = pyloudnorm.Meter(rate, filter_class="DeMan")
    assert measured(sound, rate).lufs == pytest.approx(meter.integrated_loudness(sound.T), abs=0.1)


@pytest.mark.data
def test_songs_agree_with_pyloudnorm(shared: Path) -> None:
    import soundfile

    pyloudnorm = pytest.importorskip("pyloudnorm")
    songs = sorted((shared / "data").rglob("*.wav"))[:200:40]
    assert songs
    for path in songs:
        sound, rate = soundfile.read(path, dtype="float32", always_2d=True)
        if len(sound) < rate:
            continue
        theirs = pyloudnorm.Meter(rate, filter_class="DeMan").integrated_loudness(sound)
        assert measured(sound.T, rate).lufs == pytest.approx(theirs, abs=0.1), path.name


def test_clips_are_measured_with_their_silences_and_mixes_as_heard(
    make_clip: Callable[..., AudioClip],
) -> None:
    sound = np.repeat(sine(997, 10, 44_100, -10), 2, 0)
    clip = make_clip(sound)
    plain = result_of(measure_clip(clip))
    assert plain.lufs == pytest.approx(-10.0, abs=0.1)
    assert result_of(measure_clip(clip, ((0.0, 10.0),))).lufs < -60.0  # a range fades inside
    track = Track(1, "a", "mix", clip, gain_db=-6.0)
    assert result_of(measure_mix([track], 44_100)).lufs == pytest.approx(-16.0, abs=0.1)
    both = [track, replace(track, id=2, muted=True)]
    assert result_of(measure_mix(both, 44_100)).lufs == pytest.approx(-16.0, abs=0.1)


def test_a_long_file_takes_no_memory(make_clip: Callable[..., AudioClip]) -> None:
    clip = make_clip(np.tile(tone(10.0), (1, 18)))  # three minutes are 64 MB
    tracemalloc.start()
    result_of(measure_clip(clip))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 40e6


# What becomes of the level.


def test_one_common_gain_only_where_something_would_clip() -> None:
    assert gain_below([Loudness(-9, 1.5), Loudness(-20, -6.0)]) == pytest.approx(-2.5)
    assert gain_below([Loudness(-9, -0.2), Loudness(-20, -6.0)]) == 0.0
    assert gain_below([]) == 0.0
    assert gain_below([Loudness(-math.inf, -math.inf)]) == 0.0


def test_a_target_is_reached_unless_peaks_forbid_it() -> None:
    assert gain_to(-14, Loudness(-9, -0.1)) == pytest.approx(-5.0)
    assert gain_to(-14, Loudness(-20, -10.0)) == pytest.approx(6.0)
    assert gain_to(-14, Loudness(-20, -4.0)) == pytest.approx(3.0)  # then -1 dBTP
    assert gain_to(-14, Loudness(-math.inf, -math.inf)) == 0.0
