"""Loudness against the reference signals of EBU Tech 3341."""

from __future__ import annotations

import math
from collections.abc import Callable, Generator
from typing import Any

import numpy as np
import pytest
from scipy import signal

from engine import matching, tasks
from engine.types import AudioClip


def sine(db: float, seconds: float, rate: int, hz: float = 1000.0) -> np.ndarray:
    wave = 10 ** (db / 20) * np.sin(2 * np.pi * hz * np.arange(round(seconds * rate)) / rate)
    return np.stack([wave, wave]).astype(np.float32)


def run(work: Generator[Any, None, Any]) -> Any:
    while True:
        try:
            next(work)
        except StopIteration as stop:
            return stop.value


@pytest.mark.parametrize("rate", [44_100, 48_000, 96_000])
@pytest.mark.parametrize("db", [-23.0, -33.0])
def test_a_stereo_sine_measures_what_its_level_is(
    make_clip: Callable[..., AudioClip], rate: int, db: float
) -> None:
    # Tech 3341, cases 1 and 2: 1 kHz at this level in both channels.
    clip = make_clip(sine(db, 20.0, rate), rate)
    assert run(tasks.loudness(clip)) == pytest.approx(db, abs=0.1)


def test_quiet_parts_are_left_out(make_clip: Callable[..., AudioClip]) -> None:
    # Tech 3341, case 3: 10 s at -36, 60 s at -23, 10 s at -36 dBFS.
    parts = [sine(-36.0, 10, 48_000), sine(-23.0, 60, 48_000), sine(-36.0, 10, 48_000)]
    clip = make_clip(np.concatenate(parts, 1), 48_000)
    assert run(tasks.loudness(clip)) == pytest.approx(-23.0, abs=0.1)


def test_one_channel_alone_and_mono(make_clip: Callable[..., AudioClip]) -> None:
    both = sine(-20.0, 5.0, 48_000)
    left = both.copy()
    left[1] = 0.0
    assert run(tasks.loudness(make_clip(left, 48_000))) == pytest.approx(-23.0, abs=0.1)
    assert run(tasks.loudness(make_clip(both[:1], 48_000))) == pytest.approx(-20.0, abs=0.1)


def test_silence_and_next_to_nothing(make_clip: Callable[..., AudioClip]) -> None:
    assert run(tasks.loudness(make_clip(np.zeros((2, 44_100), np.float32)))) == -math.inf
    assert run(tasks.loudness(make_clip(np.zeros((2, 0), np.float32)))) == -math.inf
    assert run(tasks.loudness(make_clip(sine(-20.0, 0.1, 44_100)))) == pytest.approx(-20, abs=1.5)


def test_a_long_clip_is_sampled_all_over(make_clip: Callable[..., AudioClip]) -> None:
    rng = np.random.default_rng(0)
    sound = (rng.standard_normal((2, 8000 * 600)) * 0.05).astype(np.float32)
    sampled = run(tasks.loudness(make_clip(sound, 8000)))
    whole = matching._powers(matching._weigh(sound, 8000, None)[0], 8000)
    assert sampled == pytest.approx(matching.gated(whole), abs=0.05)


def test_the_filter_is_the_one_of_the_standard_at_48_khz() -> None:
    shelf, low_cut = matching.k_weighting(48_000)
    expected = [1.53512485958697, -2.69169618940638, 1.19839281085285]
    np.testing.assert_allclose(shelf[:3], expected, atol=1e-8)
    np.testing.assert_allclose(shelf[4:], [-1.69065929318241, 0.73248077421585], atol=1e-8)
    np.testing.assert_allclose(low_cut[4:], [-1.99004745483398, 0.99007225036621], atol=1e-8)
    _hz, response = signal.sosfreqz(matching.k_weighting(44_100), fs=44_100)
    assert 20 * np.log10(abs(response[-50])) == pytest.approx(4.0, abs=0.1)
