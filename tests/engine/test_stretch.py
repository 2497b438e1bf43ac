"""The stretcher: true pitch, true length, true places, whatever the speed and transposition."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from engine.bench_stretch import WAYS, main, measure
from engine.metronome import count_in, tempo_of
from engine.stretch import Stretcher

RATE = 44_100


def source_of(sound: np.ndarray, lead: Callable[[], int]) -> Callable[[int], np.ndarray]:
    """A source that gives silence for the lead, then the sound, then silence for ever."""
    at = [0]

    def source(frames: int) -> np.ndarray:
        start = at[0] - lead()
        at[0] += frames
        out = np.zeros((2, frames), np.float32)
        first, last = max(start, 0), min(start + frames, sound.shape[1])
        if last > first:
            out[:, first - start : last - start] = sound[:, first:last]
        return out

    return source


def stretched(
    sound: np.ndarray, speed: float, cents: float = 0.0, rate: int = RATE, block: int = 1024
) -> np.ndarray:
    stretcher: Stretcher = Stretcher(source_of(sound, lambda: stretcher.lead), rate, speed, cents)
    frames = round(sound.shape[1] / speed)
    parts = [stretcher.read(min(block, frames - done)) for done in range(0, frames, block)]
    return np.concatenate(parts, 1)


def waves(*partials: tuple[float, float, float], seconds: float = 2.0) -> np.ndarray:
    """Stereo tones of (Hz, left, right); float32 `(2, frames)`."""
    times = np.arange(round(seconds * RATE)) / RATE
    out = np.zeros((2, len(times)))
    for hz, left, right in partials:
        out += np.array([[left], [right]]) * np.sin(2 * np.pi * hz * times)
    return out.astype(np.float32)


@pytest.mark.parametrize(("speed", "cents"), WAYS)
def test_pitch_length_and_places_are_true(speed: float, cents: float) -> None:
    figures = measure(speed, cents)
    assert figures.length == 0
    assert abs(figures.tone_cents) < 0.05
    assert figures.noise_db < -90
    assert abs(figures.note_cents) < 3
    assert figures.vibrato_cents < 20
    assert figures.click_ms < 0.1
    assert figures.real_time > 8  # of this thread's own time; far above the fastest speed, 2


def test_the_benchmark_prints_every_way(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 2 + len(WAYS)


def test_the_usual_speed_gives_the_sound_itself() -> None:
    rng = np.random.default_rng(0)
    sound = (rng.standard_normal((2, RATE)) * 0.2).astype(np.float32)
    np.testing.assert_allclose(stretched(sound, 1.0), sound, atol=1e-5)


@pytest.mark.parametrize(("speed", "cents"), [(0.6, 0.0), (1.3, 250.0)])
def test_the_size_of_blocks_does_not_matter(speed: float, cents: float) -> None:
    sound = waves((220, 0.2, 0.3), (331, 0.1, 0.1), seconds=1.0)
    once = stretched(sound, speed, cents, block=10**6)
    for block in (1, 77, 4096):
        part = stretched(sound[:, : RATE // 4], speed, cents, block=block)
        steady = part.shape[1] - 8000  # before the end of the shorter one is felt
        np.testing.assert_array_equal(part[:, :steady], once[:, :steady])


@pytest.mark.parametrize("rate", [8000, 22_050, 48_000, 96_000, 192_000])
def test_every_rate_is_stretched(rate: int) -> None:
    times = np.arange(rate) / rate
    sound = np.stack([0.5 * np.sin(2 * np.pi * 440 * times)] * 2).astype(np.float32)
    out = stretched(sound, 0.5, rate=rate)
    assert out.shape == (2, 2 * rate)
    middle = out[0, rate // 2 : rate]
    crossings = np.count_nonzero(np.diff(np.signbit(middle)))
    assert crossings == pytest.approx(440, abs=2)
    assert np.abs(middle).max() == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize("speed", [0.5, 0.8, 1.6])
def test_partials_keep_their_level_and_their_place_between_left_and_right(speed: float) -> None:
    sound = waves((300, 0.2, 0.05), (1100, 0.05, 0.2), (3000, 0.1, -0.1))
    out = stretched(sound, speed)[:, 8000:-8000]
    window = np.hanning(out.shape[1])
    spectrum = np.fft.rfft(out * window) * 2 / window.sum()
    for hz, left, right in ((300, 0.2, 0.05), (1100, 0.05, 0.2), (3000, 0.1, -0.1)):
        at = round(hz * out.shape[1] / RATE)
        near = at - 3 + int(np.argmax(np.abs(spectrum[:, at - 3 : at + 4]).sum(0)))
        got = spectrum[:, near]
        assert abs(got[0]) == pytest.approx(left, rel=0.15)
        assert (got[1] / got[0]).real == pytest.approx(right / left, rel=0.02)


@pytest.mark.parametrize("speed", [0.25, 0.5, 1.5])
def test_what_is_struck_stays_sharp_and_sounds_once(speed: float) -> None:
    rng = np.random.default_rng(3)
    sound = waves((220, 0.05, 0.05), seconds=2.0)
    for start in (20_000, 45_000, 70_000):
        burst = rng.standard_normal((2, 1500)) * 0.3 * np.exp(-np.arange(1500) / 300)
        sound[:, start : start + 1500] += burst.astype(np.float32)
    out = stretched(sound, speed)
    for start in (20_000, 45_000, 70_000):
        place = round(start / speed)
        before = (out[0, place - 2000 : place - 90] ** 2).mean()
        first = (out[0, place : place + 400] ** 2).mean()
        assert 10 * np.log10(first / before) > 8  # 12 dB in the song itself


def test_silence_stays_silent_and_an_end_ends() -> None:
    sound = np.zeros((2, RATE), np.float32)
    assert not stretched(sound, 0.5, 300.0).any()
    sound[:, : RATE // 2] = waves((440, 0.5, 0.5), seconds=0.5)
    out = stretched(sound, 0.5)
    assert np.abs(out[:, RATE + 5000 :]).max() < 1e-4


def test_loud_input_stays_finite() -> None:
    rng = np.random.default_rng(5)
    sound = (rng.standard_normal((2, RATE // 2)) * 1e3).astype(np.float32)
    sound[:, 5000:9000] = 1e-30
    assert np.isfinite(stretched(sound, 0.7, -500.0)).all()


# The metronome.


def test_a_count_in_has_a_click_at_each_beat_and_ends_with_the_bar() -> None:
    out = count_in(3, 90.0, RATE)
    assert out.shape == (2, round(3 * 60 / 90 * RATE))
    starts = [round(n * 60 / 90 * RATE) for n in range(3)]
    for start in starts:
        assert np.abs(out[:, start : start + 500]).max() > 0.2
        assert not out[:, max(start - 500, 0) : start].any()
    assert count_in(0, 90.0, RATE).shape == (2, 0)


def test_taps_tell_the_tempo_even_with_one_late_finger() -> None:
    assert tempo_of([1.0]) is None
    assert tempo_of([0.0, 0.5, 1.0, 1.5]) == pytest.approx(120.0)
    assert tempo_of([0.0, 0.5, 1.15, 1.65, 2.15]) == pytest.approx(120.0)
    assert tempo_of([0.0, 0.001]) == 400.0
