"""The envelope tells the vowel and not the note; the pitch is exact."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engine.models.voice import band_centres, pulses
from engine.voice_features import CONFIG, HOP, RATE, envelope, filled, fine_pitch


def vowel(hz: float, seconds: float = 0.6) -> np.ndarray:
    """A steady sound whose partials follow three formants."""
    time = np.arange(int(seconds * RATE)) / RATE
    partials = np.arange(1, int(18_000 / hz)) * hz
    level = sum(
        gain / (1 + ((partials - centre) / width) ** 2)
        for centre, width, gain in ((650, 150, 1.0), (1400, 250, 0.6), (2900, 400, 0.3))
    )
    waves = np.cos(2 * np.pi * partials[:, None] * time)
    # The level of a partial stands for the power between it and its neighbours.
    return (0.02 * np.sqrt(hz) / 10 * level[:, None] * waves).sum(0).astype(np.float32)


def test_the_envelope_is_that_of_the_vowel_whatever_its_pitch() -> None:
    found = []
    for hz in (150.0, 220.0, 300.0):
        sound = vowel(hz)
        frames = len(sound) // HOP
        found.append(envelope(sound, np.full(frames, hz))[10:-10].mean(0))
    audible = (band_centres(CONFIG) > 400) & (band_centres(CONFIG) < 3500)
    for other in found[1:]:
        off_db = (other - found[0])[audible] * 10 / np.log(10)
        assert np.abs(off_db).mean() < 1.5


def test_white_noise_of_full_scale_one_has_an_envelope_of_zero_decibels() -> None:
    noise = np.random.default_rng(0).standard_normal(RATE).astype(np.float32)
    level = envelope(noise, np.zeros(RATE // HOP))[5:-5, 20:].mean() * 10 / np.log(10)
    assert level == pytest.approx(0.0, abs=1.5)


def test_a_pitch_two_percent_off_is_brought_within_a_cent() -> None:
    sound = vowel(233.3)
    rough = np.full(len(sound) // HOP, 233.3 * 1.02)
    rough[:5] = 0
    hz, periodic = fine_pitch(sound, rough)
    assert (hz[:5] == 0).all()
    assert np.abs(1200 * np.log2(hz[8:-8] / 233.3)).max() < 1.0
    assert periodic[8:-8].min() > 0.99


def test_gaps_in_a_pitch_are_bridged() -> None:
    assert filled(np.array([0.0, 100.0, 0.0, 400.0, 0.0])) == pytest.approx(
        [100, 100, 200, 400, 400]
    )
    assert (filled(np.zeros(3)) > 0).all()


@pytest.mark.parametrize("hz", [40.0, 219.7, 1500.0])
def test_pulses_are_all_partials_at_one_level_and_of_power_one(hz: float) -> None:
    hz = float(np.float32(hz))
    count = int(RATE / 2 / hz)
    time = (np.arange(RATE) + 1) / RATE
    direct = sum(np.cos(2 * np.pi * k * hz * time) for k in range(1, count + 1))
    found = pulses(torch.full((1, RATE), hz), RATE)[0].numpy()
    assert np.abs(found - direct * np.sqrt(4 * hz / RATE)).max() < 1e-3
    assert np.square(found).mean() == pytest.approx(1.0, abs=0.05)
