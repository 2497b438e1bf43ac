"""Sound in and out of files: lengths, levels, names, tags."""

from __future__ import annotations

import math
import os
import shutil
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import mutagen
import numpy as np
import pytest
import soundfile
from mutagen.flac import FLAC, Picture
from mutagen.id3 import APIC, COMM, ID3, TALB, TDRC, TIT2, TPE1, TRCK
from mutagen.mp3 import MP3
from mutagen.mp4 import MP4, MP4Cover
from mutagen.wave import WAVE

from engine import audio, cards, encode
from engine.audio import Encoding
from engine.events import Event, Filled, Opened, Progress, Work
from engine.readers import stereo_matrix
from engine.types import AudioClip, Origin, Scratch, Track

ROOT = Path(__file__).resolve().parents[2]
RATE = 44_100
FRAMES = 50_003  # no multiple of any codec's frame
JPEG = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 8 + b"\xff\xd9"
MakeClip = Callable[..., AudioClip]


def run(work: Work) -> tuple[Any, list[Event]]:
    """The result of a verb and all it said."""
    events: list[Event] = []
    while True:
        try:
            events.append(next(work))
        except StopIteration as stop:
            return stop.value, events


def song(frames: int = FRAMES, rate: int = RATE, channels: int = 2) -> np.ndarray:
    """Something uneven that a lossy codec keeps the timing of; float32 `(channels, frames)`."""
    t = np.arange(frames) / rate
    rows = [
        0.4 * np.sin(2 * np.pi * (330 + 60 * row) * t) * (0.5 + 0.5 * np.sin(11 * t + row))
        for row in range(channels)
    ]
    sound = np.stack(rows)
    sound += 0.05 * np.random.default_rng(0).standard_normal(sound.shape)
    return sound.astype(np.float32)


def write_av(path: Path, sound: np.ndarray, codec: str, rate: int = RATE, format: str = "") -> None:
    """Encode with FFmpeg."""
    layout = "stereo" if len(sound) == 2 else "mono"
    with av.open(str(path), "w", format=format or None) as container:
        stream = container.add_stream(codec, rate=rate)
        stream.layout = layout  # type: ignore[union-attr]
        stream.bit_rate = 128_000
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(sound), "fltp", layout)
        frame.sample_rate, frame.pts, frame.time_base = rate, 0, Fraction(1, rate)
        wanted = stream.codec_context.format.name  # type: ignore[union-attr]
        fit = av.AudioResampler(wanted, layout, rate)
        for part in [*fit.resample(frame), *fit.resample(None)]:
            container.mux(stream.encode(part))  # type: ignore[union-attr]
        container.mux(stream.encode(None))  # type: ignore[union-attr]


def lag(heard: np.ndarray, sound: np.ndarray) -> int:
    """By how many frames `heard` comes late."""
    size = 2 * max(heard.shape[1], sound.shape[1])
    both = np.fft.rfft(sound[0], size).conj() * np.fft.rfft(heard[0], size)
    best = int(np.argmax(np.fft.irfft(both)))
    return best if best < size // 2 else best - size


@pytest.mark.parametrize(
    ("name", "format", "subtype", "error"),
    [
        ("a.wav", "WAV", "FLOAT", 0),
        ("b.wav", "WAV", "PCM_24", 2**-23),
        ("c.wav", "WAV", "PCM_16", 2**-15),
        ("d.wav", "WAV", "PCM_U8", 2**-6),
        ("e.aiff", "AIFF", "PCM_24", 2**-23),
        ("f.flac", "FLAC", "PCM_24", 2**-23),
        ("g.caf", "CAF", "PCM_16", 2**-15),
        ("h.w64", "W64", "DOUBLE", 2**-23),
    ],
)
def test_lossless_files_come_in_sample_for_sample(
    tmp_path: Path, scratch: Scratch, name: str, format: str, subtype: str, error: float
) -> None:
    sound = song()
    soundfile.write(tmp_path / name, sound.T, RATE, subtype, format=format)
    clip, _ = run(audio.decode(tmp_path / name, scratch))
    assert (clip.frames, clip.channels, clip.rate) == (FRAMES, 2, RATE)
    assert np.abs(clip.read(0, FRAMES) - sound).max() <= error
    assert clip.origin == Origin(tmp_path / name)


@pytest.mark.parametrize(
    ("name", "codec", "rate"),
    [
        ("a.mp3", "libmp3lame", RATE),
        ("b.m4a", "aac", RATE),
        ("c.mp4", "aac", 48_000),
        ("d.m4a", "alac", RATE),
        ("e.opus", "libopus", 48_000),
        ("f.webm", "libopus", 48_000),
        ("g.mka", "flac", RATE),
        ("h.mov", "pcm_s16le", RATE),
        ("i.ogg", "flac", RATE),
    ],
)
def test_files_that_hide_the_delay_of_their_codec_keep_exact_length_and_timing(
    tmp_path: Path, scratch: Scratch, name: str, codec: str, rate: int
) -> None:
    sound = song(rate=rate)
    write_av(tmp_path / name, sound, codec, rate)
    clip, _ = run(audio.decode(tmp_path / name, scratch))
    assert (clip.frames, clip.rate) == (FRAMES, rate)
    assert lag(clip.read(0, FRAMES), sound) == 0
    assert clip.peaks.frames == FRAMES
    assert clip.origin.notes == ()


@pytest.mark.parametrize(
    ("name", "codec", "format", "rate"),
    [
        ("a.aac", "aac", "adts", RATE),
        ("b.mkv", "aac", "", RATE),
        ("c.ac3", "ac3", "", 48_000),
        ("d.mp2", "mp2", "", RATE),
        ("e.wma", "wmav2", "asf", RATE),
    ],
)
def test_files_that_do_not_tell_their_codecs_delay_come_in_within_a_codec_frame_or_two(
    tmp_path: Path, scratch: Scratch, name: str, codec: str, format: str, rate: int
) -> None:
    sound = song(rate=rate)
    try:
        write_av(tmp_path / name, sound, codec, rate, format)
    except av.FFmpegError as error:
        pytest.skip(f"this FFmpeg does not write {codec}: {error}")
    clip, _ = run(audio.decode(tmp_path / name, scratch))
    assert abs(clip.frames - FRAMES) <= 4096
    assert abs(lag(clip.read(0, clip.frames), sound)) <= 2048


def test_mp3_and_vorbis_written_by_others_come_in_at_full_length(
    tmp_path: Path, scratch: Scratch
) -> None:
    sound = song()
    soundfile.write(tmp_path / "a.mp3", sound.T, RATE, format="MP3")
    soundfile.write(tmp_path / "b.ogg", sound.T, RATE, "VORBIS", format="OGG")
    for name in ("a.mp3", "b.ogg"):
        clip, _ = run(audio.decode(tmp_path / name, scratch))
        assert clip.frames == FRAMES
        assert lag(clip.read(0, FRAMES), sound) == 0


def test_apples_note_of_the_true_length_is_believed(tmp_path: Path, scratch: Scratch) -> None:
    path = tmp_path / "a.m4a"
    write_av(path, song(), "aac")
    file = MP4(path)
    note = f" 00000000 00000400 00000000 {FRAMES - 100:016X} 00000000"
    file["----:com.apple.iTunes:iTunSMPB"] = [note.encode()]
    file.save()
    clip, _ = run(audio.decode(path, scratch))
    assert clip.frames == FRAMES - 100


@pytest.mark.parametrize("rate", [8000, 11_025, 22_050, 96_000, 192_000])
def test_any_rate_stays_as_it_is(tmp_path: Path, scratch: Scratch, rate: int) -> None:
    sound = song(rate // 4, rate, 1)
    soundfile.write(tmp_path / "a.wav", sound.T, rate, "FLOAT")
    clip, _ = run(audio.decode(tmp_path / "a.wav", scratch))
    assert (clip.rate, clip.channels, clip.frames) == (rate, 1, rate // 4)
    assert np.array_equal(clip.read(0, clip.frames), sound)


def test_decoding_opens_the_clip_then_fills_it_from_the_start(
    tmp_path: Path, scratch: Scratch
) -> None:
    sound = song(8000 * 12, 8000, 1)
    soundfile.write(tmp_path / "a.flac", sound.T, 8000)
    clip, events = run(audio.decode(tmp_path / "a.flac", scratch))
    assert isinstance(events[0], Opened)
    assert events[0].clips == {"audio": clip}
    spans = [(event.start, event.stop) for event in events if isinstance(event, Filled)]
    assert spans[0] == (0, 8000)  # a short first one
    assert [start for start, _ in spans[1:]] == [stop for _, stop in spans[:-1]]
    assert spans[-1][1] == clip.frames
    assert isinstance(events[-1], Progress)
    assert events[-1].done == 1.0


def test_a_song_can_be_probed_without_reading_it(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", song(RATE * 2).T, RATE, "PCM_24")
    write_av(tmp_path / "b.mp3", song(RATE * 2), "libmp3lame")
    assert audio.probe(tmp_path / "a.wav") == audio.Probe(2.0, RATE, 2, "WAV, 24 bit")
    probe = audio.probe(tmp_path / "b.mp3")
    assert (probe.seconds, probe.rate, probe.channels, probe.kind) == (2.0, RATE, 2, "MP3")


def test_a_file_longer_than_its_header_promises_grows(
    tmp_path: Path, scratch: Scratch, monkeypatch: pytest.MonkeyPatch
) -> None:
    from engine import ffmpeg

    sound = song(8000 * 30, 8000, 1)
    write_av(tmp_path / "a.mp3", sound, "libmp3lame", 8000)
    monkeypatch.setattr(ffmpeg, "_promised", lambda *args: 4000)
    clip, events = run(audio.decode(tmp_path / "a.mp3", scratch))
    assert isinstance(events[0], Opened)
    assert clip.frames == 8000 * 30
    late = clip.peaks.query(8000 * 20, 8000 * 21, 1)
    assert late[0, 1] == pytest.approx(clip.read(8000 * 20, 8000 * 21).max(), abs=0.05)


def test_a_file_whose_header_says_nothing_of_its_length_comes_in_whole(
    tmp_path: Path, scratch: Scratch, monkeypatch: pytest.MonkeyPatch
) -> None:
    from engine import ffmpeg

    sound = song(8000 * 30, 8000, 1)
    write_av(tmp_path / "a.mp3", sound, "libmp3lame", 8000)
    monkeypatch.setattr(ffmpeg, "_promised", lambda *args: 0)
    clip, _ = run(audio.decode(tmp_path / "a.mp3", scratch))
    assert clip.frames == 8000 * 30


def test_surround_sound_is_mixed_down_as_the_itu_says(tmp_path: Path, scratch: Scratch) -> None:
    path = tmp_path / "a.flac"  # six channels of FLAC are 5.1 by definition
    sound = np.zeros((6, 600), np.float32)
    for channel in range(6):
        sound[channel, channel * 100 + 50] = 0.5
    soundfile.write(path, sound.T, 48_000, "PCM_24")
    clip, _ = run(audio.decode(path, scratch))
    heard = clip.read(0, 600)[:, 50::100] * 2
    half = math.sqrt(0.5)
    assert heard[0] == pytest.approx([1, 0, half, 0, half, 0], abs=1e-6)
    assert heard[1] == pytest.approx([0, 1, half, 0, 0, half], abs=1e-6)
    assert "6 channels" in clip.origin.notes[0]


def test_channels_without_names_go_left_and_right_in_turn() -> None:
    matrix, how = stereo_matrix(["?"] * 4)
    assert matrix.tolist() == [[0.5, 0, 0.5, 0], [0, 0.5, 0, 0.5]]
    assert "odd" in how
    odd, _ = stereo_matrix(["?"] * 3)
    assert odd[1].tolist() == [0, 0.5, 0.5]
    known, how = stereo_matrix(["FL", "FR", "FC", "LFE", "BL", "BR", "SL", "SR"])
    assert known[0] == pytest.approx([1, 0, 0.5**0.5, 0, 0.5**0.5, 0, 0.5**0.5, 0])
    assert how == ""


def test_a_recording_that_changes_its_rate_and_channels_on_the_way_comes_in_at_the_first_ones(
    tmp_path: Path, scratch: Scratch
) -> None:
    parts = []
    for number, (rate, channels) in enumerate([(RATE, 2), (22_050, 1)]):
        part = tmp_path / f"{number}.mp3"
        write_av(part, song(rate * 12, rate, channels), "libmp3lame", rate)
        parts.append(part.read_bytes())
    path = tmp_path / "radio.mp3"
    path.write_bytes(b"".join(parts))
    clip, _ = run(audio.decode(path, scratch))
    assert (clip.rate, clip.channels) == (RATE, 2)
    assert 23.8 < clip.seconds < 24.2
    assert clip.read(RATE * 13, clip.frames - 5000).any(1).all()


def test_the_sound_of_a_video_comes_in(tmp_path: Path, scratch: Scratch) -> None:
    path = tmp_path / "a.mp4"
    sound = song(RATE)
    with av.open(str(path), "w") as container:
        picture: Any = container.add_stream("mpeg4", rate=25)
        picture.width, picture.height, picture.pix_fmt = 64, 64, "yuv420p"
        voice: Any = container.add_stream("aac", rate=RATE)
        voice.layout = "stereo"
        for _ in range(25):
            pixels = np.zeros((64, 64, 3), np.uint8)
            container.mux(picture.encode(av.VideoFrame.from_ndarray(pixels, "rgb24")))
        frame = av.AudioFrame.from_ndarray(sound, "fltp", "stereo")
        frame.sample_rate, frame.pts = RATE, 0
        container.mux(voice.encode(frame))
        container.mux(picture.encode(None))
        container.mux(voice.encode(None))
    clip, _ = run(audio.decode(path, scratch))
    assert clip.frames == RATE
    assert lag(clip.read(0, RATE), sound) == 0
    assert audio.probe(path).kind == "AAC in a video"


@pytest.mark.parametrize(
    "name",
    ["曲 – שיר 🎵.flac", "dots....wav", "شارة البداية.mp3", "a:b?c*.wav", "é" * 120 + ".wav"],
)
def test_any_name_works_in_and_out(tmp_path: Path, scratch: Scratch, name: str) -> None:
    if os.name == "nt" and set(name) & set(":?*"):
        pytest.skip("Windows has no such names")
    folder = tmp_path / ("пісня " * 8).strip() / ("日本 " * 20).strip()
    folder.mkdir(parents=True)
    path = folder / name
    soundfile.write(folder / "plain", song().T, RATE, format=path.suffix[1:].upper())
    os.replace(folder / "plain", path)
    clip, _ = run(audio.decode(path, scratch))
    assert clip.frames == FRAMES
    target = folder / audio.stem_name("{song}_({stem})", path, "Vocals", "wav")
    written, _ = run(audio.export_clip(clip, target, Encoding()))
    assert soundfile.info(written).frames == FRAMES


def test_folders_are_searched_in_natural_order_without_hidden_files(tmp_path: Path) -> None:
    names = ["b/10 ten.mp3", "b/2 two.FLAC", "b/cover.jpg", ".x/a.wav", "b/._2.mp3", "a.webm", "z"]
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    found = audio.find_audio([tmp_path, tmp_path / "b" / "cover.jpg", tmp_path / "a.webm"])
    told = [path.relative_to(tmp_path).as_posix() for path in found]
    assert told == ["a.webm", "b/2 two.FLAC", "b/10 ten.mp3", "b/cover.jpg"]


def test_the_demo_song_is_read_by_both_decoders(scratch: Scratch) -> None:
    path = ROOT / "resources" / "demo" / "On the run.opus"
    assert path.stat().st_size <= 500_000
    clip, _ = run(audio.decode(path, scratch))
    assert (clip.frames, clip.rate, clip.channels) == (30 * 48_000, 48_000, 2)
    with av.open(str(path)) as container:
        assert sum(frame.samples for frame in container.decode(audio=0)) == 30 * 48_000
    file = mutagen.File(path)
    assert (file["title"], file["artist"]) == (["On the run (excerpt)"], ["Joshua Morin"])


# -- out ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("encoding", "subtype", "error"),
    [
        (Encoding("wav", "float"), "FLOAT", 0),
        (Encoding("wav", "24"), "PCM_24", 2**-24),
        (Encoding("wav", "16"), "PCM_16", 1.5 * 2**-15),
        (Encoding("flac", "24"), "PCM_24", 2**-24),
        (Encoding("flac", "float"), "PCM_24", 2**-24),
        (Encoding("flac", "16"), "PCM_16", 1.5 * 2**-15),
    ],
)
def test_what_is_written_has_the_same_rate_length_and_level(
    tmp_path: Path, make_clip: MakeClip, encoding: Encoding, subtype: str, error: float
) -> None:
    sound = song(rate=96_000)
    clip = make_clip(sound, 96_000)
    path, events = run(audio.export_clip(clip, tmp_path / f"out.{encoding.format}", encoding))
    back, rate = soundfile.read(path, dtype="float32", always_2d=True)
    assert (rate, back.shape) == (96_000, (FRAMES, 2))
    assert soundfile.info(path).subtype == subtype
    assert np.abs(back.T - sound).max() <= error
    assert isinstance(events[-1], Progress)
    assert events[-1].done == 1.0
    assert os.listdir(tmp_path) == ["scratch", path.name] or len(os.listdir(tmp_path)) == 2


@pytest.mark.parametrize("subtype", ["24", "16"])
def test_what_came_from_integers_goes_back_bit_for_bit(
    tmp_path: Path, scratch: Scratch, subtype: str
) -> None:
    bits = int(subtype)
    steps = np.random.default_rng(1).integers(-(2 ** (bits - 1)), 2 ** (bits - 1), (5000, 2))
    values = (steps << (32 - bits)).astype(np.int32)
    soundfile.write(tmp_path / "in.wav", values, RATE, f"PCM_{bits}")
    clip, _ = run(audio.decode(tmp_path / "in.wav", scratch))
    path, _ = run(audio.export_clip(clip, tmp_path / "out.wav", Encoding("wav", subtype)))
    back, _ = soundfile.read(path, dtype="int32")
    assert np.array_equal(back, values)


def test_dither_makes_the_error_noise_that_differs_by_channel_and_stem_but_not_by_run(
    tmp_path: Path, make_clip: MakeClip
) -> None:
    quiet = np.tile(1.3 * 2**-15 * np.sin(np.arange(RATE) * 0.02), (2, 1)).astype(np.float32)
    clip = make_clip(quiet)
    encoding = Encoding("wav", "16")
    errors = {}
    for folder, name in (("1", "a.wav"), ("2", "a.wav"), ("1", "b.wav")):
        (tmp_path / folder).mkdir(exist_ok=True)
        path, _ = run(audio.export_clip(clip, tmp_path / folder / name, encoding))
        errors[folder + name] = soundfile.read(path)[0].T * 2**15 - quiet * 2.0**15
    one = errors["1a.wav"]
    assert np.array_equal(one, errors["2a.wav"])
    assert abs(np.corrcoef(one[0], one[1])[0, 1]) < 0.02
    assert abs(np.corrcoef(one[0], errors["1b.wav"][0])[0, 1]) < 0.02
    assert abs(np.corrcoef(one[0], quiet[0])[0, 1]) < 0.02  # without dither the error follows it
    assert one.var() == pytest.approx(0.25, rel=0.05)  # ±1 step triangular, plus rounding


def test_sound_above_full_scale_is_cut_never_wrapped_and_counted(
    tmp_path: Path, make_clip: MakeClip
) -> None:
    sound = np.zeros((2, 1000), np.float32)
    sound[0, 10:15], sound[1, 20] = 1.5, -2.0
    clip = make_clip(sound)
    for subtype in ("24", "16"):
        path, events = run(
            audio.export_clip(clip, tmp_path / f"{subtype}.wav", Encoding("wav", subtype))
        )
        back, _ = soundfile.read(path)
        assert back[10:15, 0] == pytest.approx(1.0, abs=1e-4)
        assert back[20, 1] == -1.0
        assert isinstance(events[-1], Progress)
        assert "6 samples" in events[-1].note
        assert "6.0 dB" in events[-1].note
    path, events = run(audio.export_clip(clip, tmp_path / "f.wav", Encoding("wav", "float")))
    assert np.array_equal(soundfile.read(path, dtype="float32")[0].T, sound)


def test_one_gain_for_all_stems_keeps_them_within_full_scale(
    tmp_path: Path, make_clip: MakeClip
) -> None:
    voice, band = make_clip(song() * 4), make_clip(song() * 0.1)
    gain = audio.common_gain([voice, band])
    peak = float(np.abs(voice.read(0, FRAMES)).max())
    assert gain == pytest.approx(-20 * math.log10(peak))
    assert audio.common_gain([band]) == 0.0
    assert audio.common_gain([]) == 0.0
    factor = 10 ** (gain / 20)
    for name, clip in (("v", voice), ("b", band)):
        path, events = run(
            audio.export_clip(clip, tmp_path / f"{name}.wav", Encoding(), gain_db=gain)
        )
        back, _ = soundfile.read(path, dtype="float32")
        assert np.abs(back.T - clip.read(0, FRAMES) * factor).max() < 1e-6
        assert isinstance(events[-1], Progress)
        assert "cut" not in events[-1].note


@pytest.mark.parametrize(("kbps", "said"), [(320, "-b 320"), (128, "-b 128"), (0, "-V 0")])
def test_mp3_keeps_length_and_timing(
    tmp_path: Path, make_clip: MakeClip, kbps: int, said: str
) -> None:
    sound = song()
    path, _ = run(
        audio.export_clip(make_clip(sound), tmp_path / "a.mp3", Encoding("mp3", mp3_kbps=kbps))
    )
    back, rate = soundfile.read(path, dtype="float32")
    assert (rate, back.shape) == (RATE, (FRAMES, 2))
    assert lag(back.T, sound) == 0
    assert said in MP3(path).info.encoder_settings


@pytest.mark.parametrize(
    ("rate", "fits"), [(96_000, 48_000), (88_200, 44_100), (192_000, 48_000), (37_800, 44_100)]
)
def test_rates_that_mp3_cannot_hold_are_resampled_and_that_is_said(
    tmp_path: Path, make_clip: MakeClip, rate: int, fits: int
) -> None:
    sound = song(rate, rate)
    path, events = run(
        audio.export_clip(make_clip(sound, rate), tmp_path / "a.mp3", Encoding("mp3"))
    )
    info = soundfile.info(path)
    assert info.samplerate == fits
    assert info.frames == fits
    assert isinstance(events[-1], Progress)
    assert str(fits) in events[-1].note


def test_a_wav_too_long_for_its_format_becomes_rf64(
    tmp_path: Path, make_clip: MakeClip, monkeypatch: pytest.MonkeyPatch, scratch: Scratch
) -> None:
    monkeypatch.setattr(encode, "RIFF_LIMIT", 100_000)
    path, _ = run(audio.export_clip(make_clip(song()), tmp_path / "a.wav", Encoding()))
    assert soundfile.info(path).format == "RF64"
    clip, _ = run(audio.decode(path, scratch))
    assert clip.frames == FRAMES


def test_an_existing_file_is_never_replaced_unasked(tmp_path: Path, make_clip: MakeClip) -> None:
    clip = make_clip(song())
    target = tmp_path / "Song_(Vocals).wav"
    target.write_text("precious")
    second, _ = run(audio.export_clip(clip, target, Encoding()))
    third, _ = run(audio.export_clip(clip, target, Encoding()))
    assert [second.name, third.name] == ["Song_(Vocals) (2).wav", "Song_(Vocals) (3).wav"]
    assert target.read_text() == "precious"
    same, _ = run(audio.export_clip(clip, target, Encoding(), overwrite=True))
    assert same == target
    assert soundfile.info(target).frames == FRAMES


def test_an_export_that_is_cancelled_leaves_nothing(tmp_path: Path, make_clip: MakeClip) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    clip = make_clip(np.zeros((2, RATE * 30), np.float32))
    old = folder / "a.flac"
    old.write_text("old")
    for name in ("a.flac", "b.mp3", "c.wav"):
        work = audio.export_clip(clip, folder / name, Encoding(name[2:]), overwrite=True)
        next(work)
        assert len(os.listdir(folder)) == 2  # the old one and the one being written
        work.close()
    assert os.listdir(folder) == ["a.flac"]
    assert old.read_text() == "old"


def test_the_mix_is_written_as_it_is_heard(tmp_path: Path, make_clip: MakeClip) -> None:
    one, two = song(), song()[::-1].copy()
    tracks = [
        Track(1, "One", "vocals", make_clip(one), gain_db=-6.0),
        Track(2, "Two", "instrumental", make_clip(two)),
        Track(3, "Three", "mix", make_clip(one), muted=True),
    ]
    path, _ = run(audio.export_mix(tracks, RATE, tmp_path / "mix.wav", Encoding("wav", "float")))
    back, _ = soundfile.read(path, dtype="float32")
    assert np.abs(back.T - (one * 10 ** (-6 / 20) + two)).max() < 1e-6


@pytest.mark.parametrize(
    ("template", "source", "stem", "name"),
    [
        ("{song}_({stem})", "Song", "Vocals", "Song_(Vocals).wav"),
        ("", "Song", "Vocals", "Song_(Vocals).wav"),
        ("{source} {stem} {model} {format}", "Song", "Vocals", "Song Vocals s1 wav.wav"),
        ("{song}_({stem})", "AC/DC: Who? <1>", "Vocals", "AC_DC_ Who_ _1__(Vocals).wav"),
        ("{song}", "CON", "Vocals", "_CON.wav"),
        ("{song}", "nul.backup", "Vocals", "_nul.backup.wav"),
        ("{song}_{unknown}", "Song", "Vocals", "Song_{unknown}.wav"),
        ("{song}_({stem})", "What...", "Vocals", "What..._(Vocals).wav"),
        ("../{song}", "Song", "Vocals", ".._Song.wav"),
        ("{song}", "{stem}", "Vocals", "{stem}.wav"),
        (" {song} ", "", "Vocals", "Sound.wav"),
    ],
)
def test_names_are_safe_on_every_system(template: str, source: str, stem: str, name: str) -> None:
    assert audio.stem_name(template, source, stem, "wav", model="s1") == name


@pytest.mark.parametrize("letter", ["x", "é", "曲", "🎵", "👩‍👩‍👧"])
def test_a_long_name_is_cut_between_letters_and_keeps_its_stem(letter: str) -> None:
    name = audio.stem_name("{song}_({stem})", letter * 200, "Vocals", "flac")
    assert name.endswith("_(Vocals).flac")
    assert len(f"{name} (99)".encode()) <= 255
    assert len(name.encode()) > 200
    assert set(name.removesuffix("_(Vocals).flac")) <= set(letter)


def test_tags_and_cover_of_an_mp3_go_into_every_format(tmp_path: Path, scratch: Scratch) -> None:
    path = tmp_path / "in.mp3"
    soundfile.write(path, song().T, RATE, format="MP3")
    tags = ID3()
    for frame in (TIT2, TPE1, TALB):
        tags.add(frame(encoding=3, text=f"曲 {frame.__name__}"))
    tags.add(TRCK(encoding=3, text="3/12"))
    tags.add(TDRC(encoding=3, text="1999"))
    tags.add(COMM(encoding=3, lang="eng", desc="", text="Live"))
    tags.add(APIC(encoding=3, mime="image/jpeg", type=3, desc="", data=JPEG))
    tags.save(path)
    clip, _ = run(audio.decode(path, scratch))
    card = cards.cards("separate")[0]
    clip.origin = Origin(path, "separate", card.id)
    for format, kind in (("wav", WAVE), ("mp3", MP3)):
        out, _ = run(
            audio.export_clip(clip, tmp_path / f"o.{format}", Encoding(format), stem="Vocals")
        )
        held: Any = kind(out).tags
        assert held["TIT2"].text == ["曲 TIT2 (Vocals)"]
        assert (held["TPE1"].text, held["TRCK"].text) == (["曲 TPE1"], ["3/12"])
        assert str(held["TDRC"].text[0]) == "1999"
        assert held.getall("APIC")[0].data == JPEG
        comment = "/".join(held.getall("COMM")[0].text)
        assert "Live" in comment
        assert f"model {card.id} ({card.licence})" in comment
    out, _ = run(audio.export_clip(clip, tmp_path / "o.flac", Encoding("flac"), stem="Vocals"))
    file = FLAC(out)
    assert file["title"] == ["曲 TIT2 (Vocals)"]
    assert (file["album"], file["date"], file["tracknumber"]) == (["曲 TALB"], ["1999"], ["3/12"])
    assert file.pictures[0].data == JPEG
    assert soundfile.info(out).frames == FRAMES


def tag_flac(path: Path) -> None:
    soundfile.write(path, song().T, RATE, format="FLAC")
    file = FLAC(path)
    file["title"], file["artist"], file["replaygain_track_gain"] = "T", ["A", "B"], "-9 dB"
    picture = Picture()
    picture.type, picture.mime, picture.data = 3, "image/jpeg", JPEG
    file.add_picture(picture)
    file.save()


def tag_m4a(path: Path) -> None:
    write_av(path, song(), "aac")
    file = MP4(path)
    file["\xa9nam"], file["\xa9ART"], file["trkn"] = ["T"], ["A", "B"], [(3, 12)]
    file["covr"] = [MP4Cover(JPEG, MP4Cover.FORMAT_JPEG)]
    file.save()


def tag_ogg(path: Path) -> None:
    import base64

    soundfile.write(path, song().T, RATE, "VORBIS", format="OGG")
    file: Any = mutagen.File(path)
    picture = Picture()
    picture.type, picture.mime, picture.data = 3, "image/jpeg", JPEG
    file["title"], file["artist"] = "T", ["A", "B"]
    file["metadata_block_picture"] = base64.b64encode(picture.write()).decode()
    file.save()


@pytest.mark.parametrize(
    ("name", "make"), [("a.flac", tag_flac), ("a.m4a", tag_m4a), ("a.ogg", tag_ogg)]
)
def test_tags_and_cover_come_from_every_common_format(
    tmp_path: Path, scratch: Scratch, name: str, make: Callable[[Path], None]
) -> None:
    path = tmp_path / name
    make(path)
    clip, _ = run(audio.decode(path, scratch))
    out, _ = run(audio.export_clip(clip, tmp_path / "out.flac", Encoding("flac")))
    file = FLAC(out)
    assert (file["title"], file["artist"]) == (["T"], ["A", "B"])
    assert file.pictures[0].data == JPEG
    assert "replaygain_track_gain" not in file


def test_single_tags_can_be_changed(tmp_path: Path, scratch: Scratch) -> None:
    path = tmp_path / "a.flac"
    tag_flac(path)
    clip, _ = run(audio.decode(path, scratch))
    work = audio.export_clip(clip, tmp_path / "o.flac", Encoding("flac"), tags={"title": "New"})
    out, _ = run(work)
    assert (FLAC(out)["title"], FLAC(out)["artist"]) == (["New"], ["A", "B"])


def test_a_source_that_is_gone_costs_only_its_tags(tmp_path: Path, scratch: Scratch) -> None:
    path = tmp_path / "Gone.wav"
    soundfile.write(path, song().T, RATE)
    clip, _ = run(audio.decode(path, scratch))
    path.unlink()
    out, _ = run(audio.export_clip(clip, tmp_path / "o.flac", Encoding("flac"), stem="Vocals"))
    assert FLAC(out)["title"] == ["Gone (Vocals)"]


@pytest.mark.data
def test_opus_files_that_libsndfile_gives_up_on_are_read_to_their_end(
    shared: Path, scratch: Scratch
) -> None:
    path = shared / "data" / "beds" / "openclonk-CrushedIceCocktail.opus"
    with soundfile.SoundFile(path) as file, pytest.raises(soundfile.LibsndfileError):
        file.read()
    with soundfile.SoundFile(path) as file:
        promised, start = file.frames, file.read(48_000, dtype="float32").T
    clip, _ = run(audio.decode(path, scratch))
    assert 0 <= clip.frames - promised < 960
    assert np.array_equal(clip.read(0, 48_000), start)
    seam = np.abs(np.diff(clip.read(47_000, 50_000)))
    assert seam[:, 980:1020].max() <= 2 * seam.max(1).mean()
    assert shutil.disk_usage(scratch.folder).free > 0
