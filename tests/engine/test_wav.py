"""The files that clips are kept in are WAV files that any program opens."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import numpy as np
import pytest
import soundfile

from engine import wav
from engine.types import Origin, Scratch


@pytest.mark.parametrize(("channels", "rate"), [(1, 8000), (2, 44_100), (2, 192_000)])
def test_another_program_reads_a_clip_to_the_bit(
    scratch: Scratch, channels: int, rate: int
) -> None:
    sound = np.random.default_rng(0).normal(0, 2, (channels, 3000)).astype(np.float32)
    clip = scratch.clip(channels, 5000, rate, Origin())
    clip.write(0, sound)
    clip.trim(3000)
    read, found = soundfile.read(clip.path, dtype="float32", always_2d=True)
    assert found == rate
    assert np.array_equal(read.T, sound)
    assert soundfile.info(clip.path).subtype == "FLOAT"


def test_the_layout_of_our_own_files_is_found(scratch: Scratch) -> None:
    clip = scratch.clip(2, 1000, 48_000, Origin())
    with open(clip.path, "rb") as file:
        assert wav.layout(file) == wav.Layout(2, 48_000, 1000, wav.OFFSET)


def test_past_four_gigabytes_the_sizes_have_64_bits(tmp_path: Path) -> None:
    frames = 600_000_000  # 4.8 GB in two channels, of which the disk holds none
    path = tmp_path / "long.wav"
    with open(path, "wb") as file:
        file.write(wav.header(2, frames, 44_100))
        file.truncate(wav.OFFSET + frames * 8)
    with open(path, "rb") as file:
        assert file.read(4) == b"RF64"
        assert wav.layout(file) == wav.Layout(2, 44_100, frames, wav.OFFSET)
    assert soundfile.info(path).frames == frames


def test_a_file_of_another_program_is_understood(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", np.zeros((77, 2)), 22_050, "FLOAT")
    with open(tmp_path / "a.wav", "rb") as file:
        found = wav.layout(file)
    assert (found.channels, found.rate, found.frames) == (2, 22_050, 77)


def test_a_file_that_ends_early_has_what_is_there(scratch: Scratch) -> None:
    clip = scratch.clip(2, 1000, 8000, Origin())
    data = clip.path.read_bytes()[: wav.OFFSET + 100 * 8 + 3]
    assert wav.layout(io.BytesIO(data)).frames == 100


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"RIFF",
        b"OggS" + bytes(200),
        b"RIFF\xff\xff\xff\xffWAVE" + bytes(8),
        wav.header(2, 10, 8000)[:100],
        wav.header(2, 10, 8000).replace(b"data", b"list"),
        wav.header(2, 10, 8000).replace(struct.pack("<HH", 3, 2), struct.pack("<HH", 1, 2)),
        wav.header(2, 10, 8000).replace(struct.pack("<HH", 3, 2), struct.pack("<HH", 3, 0)),
        wav.header(2, 10, 8000).replace(b"fmt ", b"abcd"),
    ],
)
def test_what_is_no_float_wav_is_refused(data: bytes) -> None:
    with pytest.raises(wav.NotOurs):
        wav.layout(io.BytesIO(data))
