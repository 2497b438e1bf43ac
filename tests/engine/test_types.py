"""Clips on disk, the folder they live in, and their pictures."""

from __future__ import annotations

import gc
import os
from pathlib import Path

import numpy as np
import pytest

from engine.peaks import BLOCK, FACTOR, Peaks
from engine.types import Origin, Scratch
from engine.wav import OFFSET


def noise(channels: int, frames: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).uniform(-1, 1, (channels, frames)).astype(np.float32)


def test_a_fresh_clip_is_silent_and_has_its_length(scratch: Scratch) -> None:
    clip = scratch.clip(2, 1000, 8000, Origin())
    assert clip.seconds == 0.125
    assert not clip.read(0, 1000).any()
    assert clip.read(0, 1000).shape == (2, 1000)


def test_what_is_written_in_any_order_is_read_back(scratch: Scratch) -> None:
    sound = noise(2, 1000)
    clip = scratch.clip(2, 1000, 8000, Origin())
    clip.write(400, sound[:, 400:])
    assert not clip.read(0, 400).any()
    clip.write(0, sound[:, :400])
    assert np.array_equal(clip.read(0, 1000), sound)
    assert clip.read(0, 1000).dtype == np.float32


@pytest.mark.parametrize(("start", "stop"), [(-5, 5), (95, 105), (-10, 110), (200, 210), (7, 7)])
def test_frames_outside_a_clip_are_silence(scratch: Scratch, start: int, stop: int) -> None:
    clip = scratch.clip(1, 100, 8000, Origin())
    sound = noise(1, 100)
    clip.write(0, sound)
    padded = np.zeros((1, 400), np.float32)
    padded[:, 100:200] = sound
    assert np.array_equal(clip.read(start, stop), padded[:, start + 100 : stop + 100])


def test_a_clip_can_shrink_and_grow_to_its_true_length(scratch: Scratch) -> None:
    sound = noise(2, 3000)
    clip = scratch.clip(2, 2000, 8000, Origin())
    clip.write(0, sound[:, :2000])
    clip.trim(3000)
    clip.write(2000, sound[:, 2000:])
    assert np.array_equal(clip.read(0, 3000), sound)
    clip.trim(500)
    assert clip.frames == 500
    assert os.path.getsize(clip.path) == OFFSET + 500 * 2 * 4
    assert np.array_equal(clip.read(0, 600)[:, :500], sound[:, :500])
    assert not clip.read(500, 600).any()


def test_a_file_goes_when_nobody_holds_its_clip(scratch: Scratch) -> None:
    clip = scratch.clip(1, 100, 8000, Origin())
    path = clip.path
    assert path.exists()
    del clip
    gc.collect()
    assert not path.exists()


def test_the_folder_goes_when_scratch_is_closed(tmp_path: Path) -> None:
    scratch = Scratch(tmp_path / "deep" / "down")
    clip = scratch.clip(1, 100, 8000, Origin())
    scratch.close()
    assert not scratch.folder.exists()
    del clip  # whose file is gone already


def test_peaks_are_the_extremes_of_all_channels(scratch: Scratch) -> None:
    sound = noise(2, 10 * BLOCK)
    clip = scratch.clip(2, sound.shape[1], 8000, Origin())
    for start in range(0, sound.shape[1], 700):  # not on block borders
        clip.write(start, sound[:, start : start + 700])
    picture = clip.peaks.query(0, sound.shape[1], 10)
    parts = sound.reshape(2, 10, BLOCK)
    assert np.array_equal(picture[:, 0], parts.min((0, 2)))
    assert np.array_equal(picture[:, 1], parts.max((0, 2)))


def test_every_zoom_of_peaks_contains_the_loudest_sample() -> None:
    frames = BLOCK * FACTOR**3 + 123
    peaks = Peaks(frames)
    sound = np.zeros((1, frames), np.float32)
    sound[0, 54_321] = 0.9
    sound[0, 100_000] = -0.8
    peaks.update(0, sound)
    for columns in (1, 3, 50, 400):
        picture = peaks.query(0, frames, columns)
        assert picture.max() == np.float32(0.9)
        assert picture.min() == np.float32(-0.8)
        column = 54_321 * columns // frames
        assert picture[column, 1] == np.float32(0.9)


def test_peaks_keep_what_was_measured_when_the_length_changes() -> None:
    peaks = Peaks(4 * BLOCK)
    peaks.update(0, np.full((1, 4 * BLOCK), 0.5, np.float32))
    peaks.resize(8 * BLOCK)
    peaks.update(6 * BLOCK, np.full((1, 2 * BLOCK), -0.25, np.float32))
    picture = peaks.query(0, 8 * BLOCK, 8)
    assert picture[:4, 1].tolist() == [0.5] * 4
    assert picture[4:6].any() == np.False_
    assert picture[6:, 0].tolist() == [-0.25] * 2
    peaks.resize(2 * BLOCK)
    assert peaks.query(0, 8 * BLOCK, 8)[2:].any() == np.False_


def test_peaks_ignore_what_lies_past_the_promised_end() -> None:
    peaks = Peaks(BLOCK)
    peaks.update(0, np.full((1, 5 * BLOCK), 0.5, np.float32))
    peaks.update(9 * BLOCK, np.full((1, 10), 0.7, np.float32))
    assert peaks.query(0, BLOCK, 1)[0, 1] == 0.5


def test_peaks_outside_the_clip_are_silence() -> None:
    peaks = Peaks(4 * BLOCK)
    peaks.update(0, np.ones((1, 4 * BLOCK), np.float32))
    picture = peaks.query(-4 * BLOCK, 8 * BLOCK, 12)
    assert picture[:, 1].tolist() == [0] * 4 + [1] * 4 + [0] * 4
