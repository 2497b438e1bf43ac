"""A long file's picture before it is read: found by seeking, where its kind can be sought in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
import soundfile

from engine import audio
from engine.events import Filled, Opened
from engine.readers import open_source
from engine.spectrogram import TileKey, tile
from engine.types import AudioClip, Scratch

RATE = 44_100
NEAR = 1200  # frames that a place may be off where times are guessed
SECONDS = 70  # long enough to be worth a preview


def song() -> np.ndarray:
    """A stereo sweep under noise bursts, different everywhere; float32 `(2, frames)`."""
    rng = np.random.default_rng(2)
    t = np.arange(SECONDS * RATE) / RATE
    sweep = 0.3 * np.sin(2 * np.pi * (200 * t + 20 * t * t))
    bursts = 0.1 * rng.standard_normal(t.size) * (t % 1 < 0.2)
    return np.stack([sweep + bursts, 0.5 * sweep - bursts]).astype(np.float32)


def encode(path: Path, codec: str, sound: np.ndarray) -> None:
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream(codec, rate=RATE if codec != "libopus" else 48_000)
        stream.layout = "stereo"
        stream.bit_rate = 192_000
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(sound), "fltp", "stereo")
        frame.rate = RATE
        resampler = av.AudioResampler(stream.codec_context.format.name, "stereo", stream.rate)
        frame.pts = 0
        fifo = av.AudioFifo()
        for piece in [*resampler.resample(frame), *resampler.resample(None)]:
            fifo.write(piece)
        while (chunk := fifo.read(stream.codec_context.frame_size or 4096, True)) is not None:
            container.mux(stream.encode(chunk))
        container.mux(stream.encode(None))


def make(folder: Path, kind: str) -> Path:
    path, sound = folder / f"song.{kind}", song()
    if kind in ("wav", "flac", "aiff", "ogg"):
        subtype = "VORBIS" if kind == "ogg" else "PCM_16"
        with soundfile.SoundFile(path, "w", RATE, 2, subtype) as file:
            for start in range(0, sound.shape[1], RATE):  # libsndfile overflows on long Vorbis
                file.write(sound[:, start : start + RATE].T)
    else:
        codec = {"mp3": "libmp3lame", "opus": "libopus", "webm": "libopus"}.get(kind, "aac")
        encode(path, codec, sound)
    return path


def opened(path: Path, scratch: Scratch) -> tuple[Any, AudioClip]:
    """A decoding that has just said what it will fill."""
    work = audio.decode(path, scratch, watched=True)
    event = next(work)
    assert isinstance(event, Opened)
    return work, event.clips["audio"]


@pytest.mark.parametrize(
    "kind", ["wav", "flac", "aiff", "ogg", "mp3", "opus", "m4a", "mkv", "webm"]
)
def test_what_is_seen_before_reading_is_what_is_read(
    kind: str, tmp_path: Path, scratch: Scratch
) -> None:
    work, clip = opened(make(tmp_path, kind), scratch)
    preview = clip.preview
    assert preview is not None
    places = [RATE, 3 * clip.frames // 10, clip.frames // 2, 9 * clip.frames // 10]
    before = [preview.read(at, at + 4096) for at in places]
    picture = tile(preview, TileKey(level=4, index=0))
    assert tile(preview, TileKey(level=8, index=0))[:, :180].any(0).all()
    assert preview.peaks.query(0, clip.frames, 50).any()
    assert not clip.read(0, clip.frames).any(), "the clip itself is silent until it is written"
    for _ in work:
        pass
    assert clip.preview is None
    exact = kind in ("wav", "flac", "aiff")
    for at, seen in zip(places, before, strict=True):
        if exact:
            assert np.array_equal(seen, clip.read(at, at + 4096))
        else:  # a frame of MP3 off, or what a coder makes up itself, is no matter in a picture
            assert _likeness(seen[0], clip.read(at - NEAR, at + 4096 + NEAR)[0]) > 0.9, at
    if exact:
        assert np.array_equal(picture, tile(clip, TileKey(level=4, index=0)))


def _likeness(part: np.ndarray, whole: np.ndarray) -> float:
    """The best correlation of `part` with any stretch of `whole`."""
    products = np.correlate(whole, part, "valid")
    energy = np.convolve(np.square(whole), np.ones(len(part), np.float32), "valid")
    return float((products / np.sqrt(energy * np.square(part).sum() + 1e-12)).max())


def test_where_nobody_looks_nothing_is_previewed_and_reading_does_not_wait(
    tmp_path: Path, scratch: Scratch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audio, "HEAD_START", 1e9)
    for event in audio.decode(make(tmp_path, "flac"), scratch):
        if isinstance(event, Opened):
            assert event.clips["audio"].preview is None


def test_after_the_end_a_preview_reads_the_clip(tmp_path: Path, scratch: Scratch) -> None:
    work, clip = opened(make(tmp_path, "flac"), scratch)
    preview = clip.preview
    assert preview is not None
    filled = [event for event in work if isinstance(event, Filled)]
    assert filled[-1].stop == clip.frames
    sound = clip.read(clip.frames // 2, clip.frames // 2 + 100)
    assert np.array_equal(preview.read(clip.frames // 2, clip.frames // 2 + 100), sound)
    assert sound.any()


def test_cancelling_gives_the_file_back(tmp_path: Path, scratch: Scratch) -> None:
    work, clip = opened(make(tmp_path, "wav"), scratch)
    preview = clip.preview
    assert preview is not None
    work.close()
    assert clip.preview is None
    assert not preview.read(clip.frames // 2, clip.frames // 2 + 100).any()


def test_a_short_file_needs_no_preview(tone_file: Path, scratch: Scratch) -> None:
    work, clip = opened(tone_file, scratch)
    assert clip.preview is None
    work.close()


def test_a_stream_without_an_index_has_none(tmp_path: Path) -> None:
    path = tmp_path / "song.aac"
    with av.open(str(path), "w", format="adts") as container:
        stream: Any = container.add_stream("aac", rate=RATE)
        stream.layout = "stereo"
        frame = av.AudioFrame.from_ndarray(song()[:, : 5 * RATE].copy(), "fltp", "stereo")
        frame.rate = RATE
        fifo = av.AudioFifo()
        fifo.write(frame)
        while (chunk := fifo.read(1024, True)) is not None:
            container.mux(stream.encode(chunk))
        container.mux(stream.encode(None))
    source = open_source(path)
    assert source.seeker() is None
    source.close()
