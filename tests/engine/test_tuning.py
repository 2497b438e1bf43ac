"""How a song is tuned, of chords made up for the purpose."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from engine.tuning import tuning
from engine.types import AudioClip

Make = Callable[..., AudioClip]
RATE = 44_100
RNG = np.random.default_rng(5)


def chords(cents: float, seconds: float = 8.0, rate: int = RATE) -> np.ndarray:
    """Triads with harmonics, each two seconds long, above A4 = 440 Hz by so much."""
    time = np.arange(int(seconds * rate)) / rate
    out = np.zeros(len(time))
    for number, root in enumerate((57, 53, 60, 55)):
        inside = (time // 2).astype(int) % 4 == number
        for midi in (root, root + 4, root + 7):
            hz = 440 * 2 ** ((midi - 69 + cents / 100) / 12)
            for harmonic in (1, 2, 3):
                out += inside * np.sin(2 * np.pi * hz * harmonic * time) / harmonic / 10
    return np.stack([out, out]).astype(np.float32)


@pytest.mark.parametrize("cents", [-42.0, -20.0, 0.0, 9.0, 35.0])
@pytest.mark.parametrize("rate", [16_000, 44_100, 96_000])
def test_the_tuning_of_chords_is_told_to_two_cents(
    make_clip: Make, cents: float, rate: int
) -> None:
    assert tuning(make_clip(chords(cents, 4.0, rate), rate)) == pytest.approx(cents, abs=2.0)


def test_half_a_semitone_is_as_far_above_as_below(make_clip: Make) -> None:
    assert abs(tuning(make_clip(chords(50.0)))) == pytest.approx(50.0, abs=2.0)


def test_a_singer_who_glides_does_not_hide_how_the_band_is_tuned(make_clip: Make) -> None:
    sound = chords(30.0)
    at = np.arange(sound.shape[1]) / RATE
    hz = 330 * 2 ** (0.5 * np.sin(at) + 0.05 * np.sin(2 * np.pi * 5.5 * at))
    sound = sound + 0.2 * np.sin(2 * np.pi * np.cumsum(hz) / RATE).astype(np.float32)
    assert tuning(make_clip(sound)) == pytest.approx(30.0, abs=4.0)


@pytest.mark.parametrize(
    "sound",
    [
        np.zeros((2, RATE)),
        np.zeros((2, 1)),
        np.ones((1, RATE)),
        RNG.standard_normal((2, 3 * RATE)),
        np.full((2, RATE), np.nan),
        np.full((2, RATE), np.inf),
    ],
    ids=["silence", "one sample", "constant", "noise", "NaN", "infinite"],
)
def test_what_has_no_pitch_has_no_tuning(make_clip: Make, sound: np.ndarray) -> None:
    assert tuning(make_clip(sound.astype(np.float32))) == 0.0


def test_a_long_song_is_heard_in_places(make_clip: Make) -> None:
    clip = make_clip(np.tile(chords(25.0, 60.0), 4))
    assert tuning(clip) == pytest.approx(25.0, abs=2.0)
