"""What a person is told about files that are not what they seem, and about full disks."""

from __future__ import annotations

import contextlib
import errno
import gc
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
import soundfile

from engine import audio, wav
from engine.audio import Encoding
from engine.errors import UnreadableAudio, UnwritableTarget
from engine.events import Opened
from engine.types import AudioClip, Scratch

RATE = 8000
MakeClip = Callable[..., AudioClip]

posix = pytest.mark.skipif(os.name == "nt", reason="needs POSIX rights and limits")


def decode(path: Path, scratch: Scratch) -> AudioClip:
    work = audio.decode(path, scratch)
    while True:
        try:
            next(work)
        except StopIteration as stop:
            clip: AudioClip = stop.value
            return clip


def export(clip: AudioClip, path: Path, encoding: Encoding | None = None) -> None:
    for _ in audio.export_clip(clip, path, encoding or Encoding()):
        pass


def noise(seconds: float, channels: int = 1, rate: int = RATE) -> np.ndarray:
    size = (round(seconds * rate), channels)
    return np.random.default_rng(0).uniform(-0.5, 0.5, size).astype(np.float32)


def refused(path: Path, scratch: Scratch) -> UnreadableAudio:
    """The error that a file gives, after checks that all of them must pass."""
    with pytest.raises(UnreadableAudio) as caught:
        decode(path, scratch)
    error = caught.value
    assert path.name in error.message
    assert error.hint
    assert "Error" not in str(error)
    assert "\n" not in str(error)
    assert not os.listdir(scratch.folder)
    with pytest.raises(UnreadableAudio):
        audio.probe(path)
    return error


@contextlib.contextmanager
def as_nobody() -> Iterator[None]:
    """Lay down root's rights for a while, if we have them."""
    gc.collect()  # what is root's, only root may delete
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@contextlib.contextmanager
def files_no_larger_than(size: int) -> Iterator[None]:
    """Make the system refuse to write on past `size` bytes, as a full disk does."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everybody may enter."""
    folder = Path(tempfile.mkdtemp(dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


# -- reading ------------------------------------------------------------------------------------


def test_an_empty_file(tmp_path: Path, scratch: Scratch) -> None:
    path = tmp_path / "a.wav"
    path.touch()
    assert "is empty" in refused(path, scratch).message


@pytest.mark.parametrize(("format", "subtype"), [("WAV", "PCM_16"), ("FLAC", "PCM_16")])
def test_a_header_without_sound(
    tmp_path: Path, scratch: Scratch, format: str, subtype: str
) -> None:
    path = tmp_path / f"a.{format.lower()}"
    soundfile.write(path, np.zeros((0, 2), np.float32), RATE, subtype, format=format)
    refused(path, scratch)


@pytest.mark.parametrize("suffix", ["wav", "mp3", "flac", "ogg", "m4a", "opus", "mkv"])
def test_text_renamed_to_sound(tmp_path: Path, scratch: Scratch, suffix: str) -> None:
    path = tmp_path / f"letter.{suffix}"
    path.write_text("Dear all,\nthis is not a song. " * 200)
    assert "is text, not sound" in refused(path, scratch).message


def test_a_playlist_does_not_make_us_open_other_files(tmp_path: Path, scratch: Scratch) -> None:
    soundfile.write(tmp_path / "secret.wav", noise(0.5), RATE)
    path = tmp_path / "list.mp3"
    path.write_text("#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nsecret.wav\n#EXT-X-ENDLIST\n")
    refused(path, scratch)
    path.write_text("ffconcat version 1.0\nfile secret.wav\n")
    refused(path, scratch)


def test_a_picture_renamed_to_sound(tmp_path: Path, scratch: Scratch) -> None:
    path = tmp_path / "cover.mp3"
    with av.open(str(path), "w", format="image2") as container:
        stream: Any = container.add_stream("png", rate=1)
        stream.width = stream.height = 32
        stream.pix_fmt = "rgb24"
        frame = av.VideoFrame.from_ndarray(np.zeros((32, 32, 3), np.uint8), "rgb24")
        container.mux(stream.encode(frame))
    assert "is a picture" in refused(path, scratch).message


def test_a_video_without_sound(tmp_path: Path, scratch: Scratch) -> None:
    path = tmp_path / "silent.mp4"
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream("mpeg4", rate=25)
        stream.width = stream.height = 64
        stream.pix_fmt = "yuv420p"
        for _ in range(5):
            frame = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), "rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    assert "has no sound in it" in refused(path, scratch).message


@pytest.mark.parametrize("suffix", ["wav", "mp3", "m4a", "ogg"])
def test_random_bytes(tmp_path: Path, scratch: Scratch, suffix: str) -> None:
    path = tmp_path / f"noise.{suffix}"
    path.write_bytes(bytes([7, 0, 200, 3]) + np.random.default_rng(5).bytes(3000))
    refused(path, scratch)


def test_a_rate_of_zero(tmp_path: Path, scratch: Scratch) -> None:
    path = tmp_path / "a.wav"
    soundfile.write(path, noise(0.1), RATE)
    data = bytearray(path.read_bytes())
    data[24:28] = bytes(4)
    path.write_bytes(data)
    refused(path, scratch)


def test_a_file_that_vanished(tmp_path: Path, scratch: Scratch) -> None:
    assert "is not there" in refused(tmp_path / "gone.wav", scratch).message


def test_a_folder(tmp_path: Path, scratch: Scratch) -> None:
    (tmp_path / "album.mp3").mkdir()
    assert "is a folder" in refused(tmp_path / "album.mp3", scratch).message


@posix
def test_a_pipe(tmp_path: Path, scratch: Scratch) -> None:
    os.mkfifo(tmp_path / "pipe.wav")
    assert "is not a file" in refused(tmp_path / "pipe.wav", scratch).message


@posix
def test_a_file_that_may_not_be_read(open_folder: Path, scratch: Scratch) -> None:
    path = open_folder / "locked.wav"
    soundfile.write(path, noise(0.1), RATE)
    path.chmod(0o000)
    with as_nobody(), pytest.raises(UnreadableAudio) as caught:
        next(audio.decode(path, scratch))
    assert "may not be read" in caught.value.message
    assert "locked.wav" in caught.value.message


def test_one_sample_is_enough(tmp_path: Path, scratch: Scratch) -> None:
    soundfile.write(tmp_path / "a.wav", np.array([0.5], np.float32), RATE, "FLOAT")
    clip = decode(tmp_path / "a.wav", scratch)
    assert clip.frames == 1
    assert clip.read(0, 1)[0, 0] == 0.5
    export(clip, tmp_path / "b.wav")
    assert soundfile.info(tmp_path / "b.wav").frames == 1


def test_silence_is_sound_too(tmp_path: Path, scratch: Scratch) -> None:
    soundfile.write(tmp_path / "a.flac", np.zeros((RATE, 2)), RATE)
    clip = decode(tmp_path / "a.flac", scratch)
    assert (clip.frames, clip.origin.notes) == (RATE, ())
    export(clip, tmp_path / "b.wav", Encoding("wav", "16"))
    assert not soundfile.read(tmp_path / "b.wav", dtype="int16")[0].any()


def test_what_is_no_number_becomes_silence_and_is_counted(tmp_path: Path, scratch: Scratch) -> None:
    sound = noise(0.5, 2)
    sound[10, 0], sound[20:22, 1], sound[30, 1] = np.nan, np.inf, -np.inf
    soundfile.write(tmp_path / "a.wav", sound, RATE, "FLOAT")
    clip = decode(tmp_path / "a.wav", scratch)
    assert np.array_equal(clip.read(0, clip.frames).T, np.nan_to_num(sound, posinf=0, neginf=0))
    assert "4 samples" in clip.origin.notes[0]
    assert np.isfinite(clip.peaks.query(0, clip.frames, 4)).all()


def test_sound_above_full_scale_stays_as_loud_as_it_is(tmp_path: Path, scratch: Scratch) -> None:
    sound = noise(0.5) * 4
    soundfile.write(tmp_path / "a.wav", sound, RATE, "FLOAT")
    clip = decode(tmp_path / "a.wav", scratch)
    assert np.array_equal(clip.read(0, clip.frames).T, sound)
    assert "+6.0 dBFS" in clip.origin.notes[0]


def test_eight_channels_come_in_as_two_with_a_note(tmp_path: Path, scratch: Scratch) -> None:
    soundfile.write(tmp_path / "a.wav", noise(0.5, 8), RATE)
    clip = decode(tmp_path / "a.wav", scratch)
    assert (clip.channels, clip.frames) == (2, RATE // 2)
    assert "8 channels were mixed down to stereo" in clip.origin.notes[0]
    assert clip.read(0, clip.frames).any(1).all()


def test_eight_planar_channels_come_in_as_two(tmp_path: Path, scratch: Scratch) -> None:
    path = tmp_path / "a.mka"
    with av.open(str(path), "w", format="matroska") as container:
        stream: Any = container.add_stream("aac", rate=48_000)
        stream.layout = "7.1"
        # PyAV miscounts the planes of such frames, so they come from packed ones.
        levels = np.repeat(np.array([[0.5, -0.5, 0, 0, 0, 0, 0, 0]], np.float32), 48_000, 0)
        frame = av.AudioFrame.from_ndarray(levels.reshape(1, -1), "flt", "7.1")
        frame.sample_rate = 48_000
        fifo = av.AudioFifo()
        for part in av.AudioResampler("fltp", "7.1", 48_000).resample(frame):
            fifo.write(part)
        while (chunk := fifo.read(1024, True)) is not None:
            container.mux(stream.encode(chunk))
        container.mux(stream.encode(None))
    clip = decode(path, scratch)
    middle = clip.read(20_000, 28_000).mean(1)
    assert clip.channels == 2
    assert middle == pytest.approx([0.5, -0.5], abs=0.1)


def test_an_absurd_rate_is_refused(tmp_path: Path, scratch: Scratch) -> None:
    path = tmp_path / "a.wav"
    soundfile.write(path, noise(0.5), RATE)
    data = bytearray(path.read_bytes())
    data[24:28] = (2**31 - 1).to_bytes(4, "little")
    path.write_bytes(data)
    assert "samples a second" in refused(path, scratch).message


def test_a_length_that_no_file_of_this_size_has_is_not_believed(
    tmp_path: Path, scratch: Scratch
) -> None:
    path = tmp_path / "a.flac"
    soundfile.write(path, noise(2.0), RATE)
    data = bytearray(path.read_bytes())
    data[21] |= 0x0F  # 36 bits of length begin here
    path.write_bytes(data)
    before = shutil.disk_usage(tmp_path).free
    clip = decode(path, scratch)
    assert clip.frames == 2 * RATE
    assert before - shutil.disk_usage(tmp_path).free < 1e9


def test_a_truncated_wav_gives_what_is_there_and_says_so(tmp_path: Path, scratch: Scratch) -> None:
    sound = noise(4.0)
    path = tmp_path / "a.wav"
    soundfile.write(path, sound, RATE, "FLOAT")
    os.truncate(path, os.path.getsize(path) - 2 * RATE * 4)
    clip = decode(path, scratch)
    assert clip.frames == 2 * RATE
    assert np.array_equal(clip.read(0, clip.frames).T, sound[: 2 * RATE])
    assert "about 2.0 s at its end are missing" in clip.origin.notes[0]


@pytest.mark.parametrize(
    ("name", "format", "subtype"),
    [
        ("a.flac", "FLAC", "PCM_16"),
        ("a.mp3", "MP3", "MPEG_LAYER_III"),
        ("a.aiff", "AIFF", "PCM_24"),
        ("a.ogg", "OGG", "VORBIS"),
        ("a.opus", "OGG", "OPUS"),
    ],
)
def test_other_truncated_files_give_what_is_there(
    tmp_path: Path, scratch: Scratch, name: str, format: str, subtype: str
) -> None:
    rate = 48_000
    path = tmp_path / name
    soundfile.write(path, noise(8.0, rate=rate), rate, subtype, format=format)
    assert "cut off" not in str(decode(path, scratch).origin.notes)
    os.truncate(path, os.path.getsize(path) // 2)
    clip = decode(path, scratch)
    assert 2.5 < clip.seconds < 5.0
    assert clip.read(0, clip.frames)[0, -rate // 2 :].any()
    assert sum("cut off" in note for note in clip.origin.notes) == 1


def test_a_truncated_video_or_m4a_gives_what_is_there(tmp_path: Path, scratch: Scratch) -> None:
    path = tmp_path / "a.mkv"
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream("aac", rate=RATE)
        stream.layout = "mono"
        frame = av.AudioFrame.from_ndarray(noise(8.0).T.copy(), "fltp", "mono")
        frame.sample_rate, frame.pts = RATE, 0
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    os.truncate(path, os.path.getsize(path) // 2)
    clip = decode(path, scratch)
    assert 2.0 < clip.seconds < 6.0
    assert "cut off" in clip.origin.notes[0]


def test_what_follows_damage_still_comes_in(tmp_path: Path, scratch: Scratch) -> None:
    rate = 48_000
    sound = noise(8.0, rate=rate)
    sound[: 7 * rate] *= 0.1
    for name, format in (("a.mp3", "MP3"), ("a.flac", "FLAC")):
        path = tmp_path / name
        soundfile.write(path, sound, rate, format=format)
        data = bytearray(path.read_bytes())
        middle = len(data) // 2
        data[middle : middle + 3000] = np.random.default_rng(1).bytes(3000)
        path.write_bytes(data)
        clip = decode(path, scratch)
        tenths = np.array_split(np.abs(clip.read(0, clip.frames)[0]), round(clip.seconds * 10))
        quiet = [number for number, part in enumerate(tenths) if part.max() < 0.25]
        assert 62 <= quiet[-1] <= 72, name  # an MP3 decoder may lose half a second of frames
        assert clip.seconds > 7.5


# -- the scratch disk ---------------------------------------------------------------------------


def test_a_song_too_large_for_the_scratch_disk_is_refused_before_it_is_read(
    tmp_path: Path, scratch: Scratch, monkeypatch: pytest.MonkeyPatch
) -> None:
    soundfile.write(tmp_path / "a.wav", noise(10.0), RATE)
    small = shutil.disk_usage(tmp_path)._replace(free=1_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: small)
    with pytest.raises(UnwritableTarget) as caught:
        decode(tmp_path / "a.wav", scratch)
    assert "a.wav" in caught.value.message
    assert "1 MB are free" in caught.value.message
    assert not os.listdir(scratch.folder)


@posix
def test_a_scratch_disk_that_fills_up_is_said_with_the_room_needed(
    tmp_path: Path, scratch: Scratch
) -> None:
    path = tmp_path / "a.mp3"
    soundfile.write(path, noise(20.0), RATE, format="MP3")
    with files_no_larger_than(300_000), pytest.raises(UnwritableTarget) as caught:
        decode(path, scratch)
    assert "it needs 1 MB" in caught.value.message
    assert all(file.stat().st_size <= wav.OFFSET for file in scratch.folder.iterdir())


def test_a_disk_full_while_reading_gives_its_space_back(
    tmp_path: Path, scratch: Scratch, monkeypatch: pytest.MonkeyPatch
) -> None:
    soundfile.write(tmp_path / "a.wav", noise(20.0), RATE)
    real = AudioClip.write

    def write(self: AudioClip, start: int, samples: np.ndarray) -> None:
        if start > 5 * RATE:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(self, start, samples)

    monkeypatch.setattr(AudioClip, "write", write)
    work = audio.decode(tmp_path / "a.wav", scratch)
    opened = next(work)
    assert isinstance(opened, Opened)
    with pytest.raises(UnwritableTarget) as caught:
        list(work)
    assert "a.wav" in caught.value.message
    assert opened.clips["audio"].path.stat().st_size == wav.OFFSET


@pytest.mark.parametrize("steps", [1, 2, 4])
def test_a_cancelled_reading_leaves_nothing(tmp_path: Path, scratch: Scratch, steps: int) -> None:
    soundfile.write(tmp_path / "a.wav", noise(20.0), RATE)
    work = audio.decode(tmp_path / "a.wav", scratch)
    for _ in range(steps):
        next(work)
    work.close()
    assert not os.listdir(scratch.folder)
    if sys.platform == "linux":
        held = [
            os.readlink(f"/proc/self/fd/{name}")
            for name in os.listdir("/proc/self/fd")
            if os.path.lexists(f"/proc/self/fd/{name}")
        ]
        assert str(tmp_path / "a.wav") not in held


# -- writing ------------------------------------------------------------------------------------


@pytest.fixture
def clip(make_clip: MakeClip) -> AudioClip:
    return make_clip(noise(20.0, 2).T, RATE)


def unwritable(clip: AudioClip, path: Path, encoding: Encoding | None = None) -> UnwritableTarget:
    """The error that a target gives, after checks that all of them must pass."""
    with pytest.raises(UnwritableTarget) as caught:
        export(clip, path, encoding)
    assert caught.value.hint
    assert "Error" not in str(caught.value)
    return caught.value


def test_a_folder_that_is_missing(tmp_path: Path, clip: AudioClip) -> None:
    error = unwritable(clip, tmp_path / "nowhere" / "a.wav")
    assert "nowhere" in error.message
    assert not (tmp_path / "nowhere").exists()


@posix
def test_a_folder_that_takes_no_files(open_folder: Path, clip: AudioClip) -> None:
    open_folder.chmod(0o555)
    os.chmod(clip.path, 0o644)
    with as_nobody():
        error = unwritable(clip, open_folder / "a.wav")
    assert "may not be written" in error.message
    assert not os.listdir(open_folder)


@posix
@pytest.mark.parametrize("format", ["wav", "flac", "mp3"])
def test_a_disk_that_fills_up_while_writing_leaves_no_half_file(
    tmp_path: Path, clip: AudioClip, format: str
) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    old = folder / f"a.{format}"
    old.write_text("old")
    with files_no_larger_than(100_000), pytest.raises(UnwritableTarget) as caught:
        for _ in audio.export_clip(clip, old, Encoding(format), overwrite=True):
            pass
    assert f"a.{format}" in caught.value.message
    assert os.listdir(folder) == [old.name]
    assert old.read_text() == "old"


def test_a_disk_without_enough_room_is_not_even_tried(
    tmp_path: Path, clip: AudioClip, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = shutil.disk_usage(tmp_path)._replace(free=500_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: small)
    error = unwritable(clip, tmp_path / "a.wav")
    assert "it may need 1 MB" in error.message
    assert not list(tmp_path.glob("*.part"))


def test_a_target_that_is_a_folder(tmp_path: Path, clip: AudioClip) -> None:
    (tmp_path / "a.wav").mkdir()
    with pytest.raises(UnwritableTarget) as caught:
        list(audio.export_clip(clip, tmp_path / "a.wav", Encoding(), overwrite=True))
    assert "is a folder" in caught.value.message
