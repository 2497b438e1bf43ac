from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from engine import tasks
from engine.spectrogram import (
    BASE_HOP,
    COLUMNS,
    SpectrumSettings,
    TileKey,
    level_of,
    note_of,
    tile,
    to_hz,
    to_unit,
)
from engine.types import AudioClip, Scratch

RATE = 44_100
MakeClip = Callable[..., AudioClip]


def sine(hz: float, seconds: float = 2.0, channels: int = 1, rate: int = RATE) -> np.ndarray:
    t = np.arange(int(seconds * rate)) / rate
    return np.tile(np.sin(2 * np.pi * hz * t), (channels, 1)).astype(np.float32)


@pytest.mark.parametrize("scale", ["log", "mel", "linear"])
@pytest.mark.parametrize("hz", [110.0, 440.0, 3000.0, 12_000.0])
def test_a_full_scale_sine_reads_0_db_at_its_own_frequency(
    make_clip: MakeClip, scale: str, hz: float
) -> None:
    settings = SpectrumSettings(scale=scale)
    column = tile(make_clip(sine(hz)), TileKey(2, 0, settings))[:, 128]
    row = int(column.argmax())
    assert -1.5 <= level_of(column[row]) <= 0.5  # the Hann window loses up to 1.4 dB between bins
    low, high = (
        to_hz((row - 1) / settings.rows, settings),
        to_hz((row + 2) / settings.rows, settings),
    )
    assert low <= hz <= high


@pytest.mark.parametrize("level", [0, 3, 5, 8])
@pytest.mark.parametrize("n_fft", [512, 2048, 16_384])
def test_a_steady_sound_looks_the_same_at_every_zoom(
    make_clip: MakeClip, level: int, n_fft: int
) -> None:
    clip = make_clip(sine(1000.0, 60.0))
    column = tile(clip, TileKey(level, 0, SpectrumSettings(n_fft)))[:, min(200, 20_000 >> level)]
    assert level_of(column.max()) == pytest.approx(-0.7, abs=0.8)


@pytest.mark.parametrize("stereo", [(1.0, 0.0), (0.0, 1.0), (1.0, -1.0)])
def test_the_louder_channel_is_shown_and_opposite_phases_do_not_cancel(
    make_clip: MakeClip, stereo: tuple[float, float]
) -> None:
    clip = make_clip(sine(1000.0) * np.array(stereo, np.float32)[:, None])
    assert level_of(tile(clip, TileKey(3, 0))[:, 60].max()) > -1.5


def test_a_click_appears_in_the_column_of_its_moment(make_clip: MakeClip) -> None:
    samples = np.zeros((1, 4 * RATE), np.float32)
    samples[0, 50_000] = 1.0
    image = tile(make_clip(samples), TileKey(1, 1, SpectrumSettings(512)))
    assert abs(int(image[200].argmax()) - (50_000 // (2 * BASE_HOP) - COLUMNS)) <= 1


@pytest.mark.parametrize("at", [90_001, 91_000, 92_345, 93_999])
def test_a_click_does_not_fall_between_two_columns(make_clip: MakeClip, at: int) -> None:
    samples = np.zeros((1, 8 * RATE), np.float32)
    samples[0, at] = 1.0
    image = tile(make_clip(samples), TileKey(5, 0))
    assert level_of(image[200].max()) > -75


def test_a_partial_between_bins_is_one_smooth_ridge(make_clip: MakeClip) -> None:
    column = tile(make_clip(sine(135.0)), TileKey(2, 0, SpectrumSettings(rows=512)))[:, 128]
    peak, level = int(column.argmax()), column.astype(int)
    assert (np.diff(level[peak - 12 : peak + 1]) >= 0).all()
    assert (np.diff(level[peak : peak + 12]) <= 0).all()


def test_rows_above_half_the_rate_and_silence_stay_empty(make_clip: MakeClip) -> None:
    settings = SpectrumSettings()
    noise = np.random.default_rng(1).uniform(-1, 1, (1, 16_000)).astype(np.float32)
    image = tile(make_clip(noise, 16_000), TileKey(0, 0, settings))
    edge = int(to_unit(8000.0, settings) * settings.rows)
    assert image[edge - 2].min() > 0
    assert not image[edge + 2 :].any()
    assert not tile(make_clip(np.zeros((2, RATE), np.float32)), TileKey(1, 0)).any()


@pytest.mark.parametrize("frames", [1, 100, 5000])
@pytest.mark.parametrize("n_fft", [512, 16_384])
def test_a_clip_shorter_than_a_window_is_pictured_and_beyond_it_is_silence(
    make_clip: MakeClip, frames: int, n_fft: int
) -> None:
    clip = make_clip(np.full((2, frames), 0.5, np.float32))
    settings = SpectrumSettings(n_fft)
    assert tile(clip, TileKey(settings.finest, 0, settings)).shape == (256, COLUMNS)
    assert not tile(clip, TileKey(settings.finest, 9, settings)).any()


def test_a_tile_reads_no_more_sound_the_further_out_it_is(
    scratch: Scratch, monkeypatch: pytest.MonkeyPatch
) -> None:
    from engine.types import Origin

    clip = scratch.clip(2, 3 * 3600 * RATE, RATE, Origin())
    read = clip.read
    frames: list[int] = []

    def counted(start: int, stop: int) -> np.ndarray:
        frames.append(stop - start)
        return read(start, stop)

    monkeypatch.setattr(clip, "read", counted)
    most = []
    for level in (8, 10, 14):
        frames.clear()
        tile(clip, TileKey(level, 0))
        most.append(sum(frames))
    assert max(most) <= 2 * COLUMNS * 2 * 2048


def test_the_verb_returns_the_tile_and_says_nothing_on_the_way(tone_clip: AudioClip) -> None:
    work = tasks.tile(tone_clip, TileKey(2, 0))
    with pytest.raises(StopIteration) as stop:
        next(work)
    assert np.array_equal(stop.value.value, tile(tone_clip, TileKey(2, 0)))


@pytest.mark.parametrize("scale", ["log", "mel", "linear"])
def test_the_axis_goes_there_and_back(scale: str) -> None:
    settings = SpectrumSettings(scale=scale)
    for hz in (40.0, 440.0, 22_050.0):
        assert to_hz(to_unit(hz, settings), settings) == pytest.approx(hz)
    assert to_hz(1.0, settings) == pytest.approx(22_050.0)


def test_notes_are_named_from_middle_c_as_c4_with_cents() -> None:
    assert note_of(440.0) == ("A4", 0.0)
    assert note_of(261.6256)[0] == "C4"
    assert note_of(32.703)[0] == "C1"
    name, cents = note_of(440.0 * 2 ** (1.3 / 12))
    assert name == "A♯4"
    assert cents == pytest.approx(30.0)
