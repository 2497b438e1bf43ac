"""The mix: exact where nothing is changed, and what the faders say where something is."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soxr

from engine.melody import Melody, Note
from engine.mixer import Mixdown, balance
from engine.quantise import shown
from engine.tone import Tone
from engine.types import AudioClip, Origin, Scratch, Track

RATE = 44100


@pytest.fixture
def scratch(tmp_path: Path) -> Scratch:
    return Scratch(tmp_path)


def clip_of(scratch: Scratch, samples: np.ndarray, rate: int = RATE) -> AudioClip:
    clip = scratch.clip(samples.shape[0], samples.shape[1], rate, Origin())
    clip.write(0, samples)
    return clip


def noise(channels: int, frames: int, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return (rng.standard_normal((channels, frames)) * 0.2).astype(np.float32)


def sine(hz: float, seconds: float, rate: int) -> np.ndarray:
    wave = 0.5 * np.sin(2 * np.pi * hz * np.arange(round(seconds * rate)) / rate)
    return np.stack([wave, wave]).astype(np.float32)


def test_an_untouched_stereo_track_passes_bit_for_bit(scratch: Scratch) -> None:
    samples = noise(2, 10_000)
    samples[:, 7] = -0.0
    mix = Mixdown([Track(1, "a", "mix", clip_of(scratch, samples))], RATE)
    out = np.concatenate([mix.read(n) for n in (1, 999, 4096, 4904)], 1)
    assert out.dtype == np.float32
    assert out.tobytes() == samples.tobytes()
    assert mix.frames == 10_000


def test_stems_add_up_to_their_mix(scratch: Scratch) -> None:
    song, vocals = noise(2, 5000), noise(2, 5000, 1)
    stems = [
        Track(2, "v", "vocals", clip_of(scratch, vocals), group=1),
        Track(3, "i", "instrumental", clip_of(scratch, song - vocals), group=1),
    ]
    heard = Mixdown(stems, RATE).read(5000)
    assert 20 * np.log10(np.abs(heard - song).max()) < -130


def test_a_mono_track_sounds_equally_on_both_sides(scratch: Scratch) -> None:
    samples = noise(1, 2000)
    out = Mixdown([Track(1, "a", "mix", clip_of(scratch, samples))], RATE).read(2000)
    np.testing.assert_array_equal(out[0], samples[0])
    np.testing.assert_array_equal(out[1], samples[0])


def test_gain_is_in_decibels(scratch: Scratch) -> None:
    samples = noise(2, 2000)
    track = Track(1, "a", "mix", clip_of(scratch, samples), gain_db=-6.0206)
    out = Mixdown([track], RATE).read(2000)
    np.testing.assert_allclose(out, samples / 2, rtol=1e-5)
    silent = Mixdown([replace(track, gain_db=float("-inf"))], RATE).read(2000)
    assert not silent.any()


@pytest.mark.parametrize("pan", [-1.0, -0.5, 0.0, 0.3, 1.0])
def test_panning_never_makes_a_side_louder_and_keeps_the_near_side(pan: float) -> None:
    left, right = balance(0.0, pan)
    near, far = (left, right) if pan <= 0 else (right, left)
    assert near == 1.0
    assert far == pytest.approx(np.cos(abs(pan) * np.pi / 2), abs=1e-12)
    if abs(pan) == 1.0:
        assert far == 0.0
    assert balance(0.0, -pan) == (right, left)


def test_mute_silences_and_solo_silences_the_others(scratch: Scratch) -> None:
    a, b = noise(2, 1000, 1), noise(2, 1000, 2)
    first = Track(1, "a", "vocals", clip_of(scratch, a))
    second = Track(2, "b", "instrumental", clip_of(scratch, b))

    def heard(*tracks: Track) -> np.ndarray:
        return Mixdown(tracks, RATE).read(1000)

    np.testing.assert_array_equal(heard(replace(first, muted=True), second), b)
    np.testing.assert_array_equal(heard(replace(first, solo=True), second), a)
    np.testing.assert_array_equal(heard(replace(first, solo=True, muted=True), second), a)
    assert not heard(replace(first, muted=True), replace(second, muted=True)).any()


def test_seek_goes_to_the_exact_frame_and_the_end_is_silent(scratch: Scratch) -> None:
    samples = noise(2, RATE)
    mix = Mixdown([Track(1, "a", "mix", clip_of(scratch, samples))], RATE)
    mix.seek(0.5)
    np.testing.assert_array_equal(mix.read(1000), samples[:, RATE // 2 : RATE // 2 + 1000])
    mix.seek(1.0 - 10 / RATE)
    tail = mix.read(50)
    np.testing.assert_array_equal(tail[:, :10], samples[:, -10:])
    assert not tail[:, 10:].any()


def test_a_clip_still_being_made_sounds_as_far_as_it_got(scratch: Scratch) -> None:
    samples = noise(2, 4000)
    clip = scratch.clip(2, 4000, RATE, Origin())
    mix = Mixdown([Track(1, "v", "vocals", clip)], RATE)
    assert not mix.read(1000).any()
    clip.write(1000, samples[:, 1000:3000])
    np.testing.assert_array_equal(mix.read(1000), samples[:, 1000:2000])


def test_another_rate_is_converted_cleanly_and_to_the_right_length(scratch: Scratch) -> None:
    wave = sine(1000, 1.0, 48000)
    mix = Mixdown([Track(1, "a", "mix", clip_of(scratch, wave, 48000))], RATE)
    assert mix.frames == RATE
    out = np.concatenate([mix.read(n) for n in (100, 1024, 20_000, RATE - 21_124)], 1)
    ideal = sine(1000, 1.0, RATE)
    inner = slice(500, RATE - 500)
    assert 20 * np.log10(np.abs(out - ideal)[:, inner].max() / 0.5) < -100
    np.testing.assert_allclose(out, soxr.resample(wave.T, 48000, RATE).T, atol=1e-6)


@pytest.mark.parametrize("rate", [8000, 22050, 44101, 96000, 192_000])
def test_a_converted_track_sounds_the_same_wherever_reading_began(
    scratch: Scratch, rate: int
) -> None:
    track = Track(1, "a", "mix", clip_of(scratch, noise(2, rate * 2), rate))
    whole = Mixdown([track], RATE).read(RATE * 2)
    mix = Mixdown([track], RATE)
    for start in (70_001, 3, 33_333):
        mix.seek(start / RATE)
        part = np.concatenate([mix.read(700), mix.read(3000)], 1)
        np.testing.assert_allclose(part, whole[:, start : start + 3700], atol=2e-6)


def test_peaks_tell_what_each_track_gave(scratch: Scratch) -> None:
    samples = np.zeros((2, 100), np.float32)
    samples[0, 50], samples[1, 60] = -0.8, 0.4
    clip = clip_of(scratch, samples)
    mix = Mixdown([Track(1, "a", "mix", clip), Track(2, "b", "mix", clip, muted=True)], RATE)
    mix.read(100)
    assert mix.peaks == {1: (pytest.approx(0.8), pytest.approx(0.4))}


def test_an_empty_project_is_silent() -> None:
    mix = Mixdown([], RATE)
    assert mix.frames == 0
    assert mix.read(64).shape == (2, 64)


def test_three_tracks_mix_far_faster_than_they_play(scratch: Scratch) -> None:
    clips = [clip_of(scratch, noise(2, RATE * 4, n)) for n in range(3)]
    mix = Mixdown([Track(n, "t", "mix", c, gain_db=-3) for n, c in enumerate(clips)], RATE)
    begun = time.thread_time()
    for _ in range(4 * RATE // 1024):
        mix.read(1024)
    assert time.thread_time() - begun < 1.0


def sung(blend: float, **changes: object) -> Melody:
    notes = (Note(0.1, 0.53, 60.3), Note(0.74, 0.2, 64.0))
    return replace(Melody(notes, blend=blend, sound="tone", key="C"), **changes)  # type: ignore[arg-type]


def test_a_melody_is_not_heard_as_long_as_the_recording_alone_is_wanted(scratch: Scratch) -> None:
    samples = noise(2, RATE)
    track = Track(1, "a", "vocals", clip_of(scratch, samples), melody=sung(0.0))
    assert Mixdown([track], RATE).read(RATE).tobytes() == samples.tobytes()


def test_at_the_other_end_the_notes_alone_are_heard(scratch: Scratch) -> None:
    melody = sung(1.0)
    track = Track(1, "a", "vocals", clip_of(scratch, noise(2, RATE)), melody=melody)
    out = Mixdown([track], RATE).read(RATE)
    np.testing.assert_array_equal(out, Tone(melody.notes, RATE, "tone").read(0, RATE))


def test_recording_and_notes_blend_at_equal_power(scratch: Scratch) -> None:
    samples, melody = noise(2, RATE), sung(0.25)
    track = Track(1, "a", "vocals", clip_of(scratch, samples), melody=melody)
    mix = Mixdown([track], RATE)
    out = np.concatenate([mix.read(n) for n in (1, 4095, RATE - 4096)], 1)
    notes = Tone(melody.notes, RATE, "tone").read(0, RATE)
    wanted = np.cos(np.pi / 8) * samples + np.sin(np.pi / 8) * notes
    np.testing.assert_allclose(out, wanted, atol=1e-6)


def test_the_notes_heard_are_those_of_the_view(scratch: Scratch) -> None:
    melody = sung(1.0, quantised=True)
    track = Track(1, "a", "notes", clip_of(scratch, np.zeros((1, RATE), np.float32)), melody=melody)
    out = Mixdown([track], RATE).read(RATE)
    np.testing.assert_array_equal(out, Tone(shown(melody), RATE, "tone").read(0, RATE))
    assert shown(melody) != melody.notes


def test_faders_and_muted_ranges_act_on_a_lanes_notes_too(scratch: Scratch) -> None:
    clip = clip_of(scratch, np.zeros((2, RATE), np.float32))
    track = Track(1, "a", "vocals", clip, melody=sung(1.0))
    plain = Mixdown([track], RATE).read(RATE)
    quiet = Mixdown([replace(track, gain_db=-6.0206, pan=1.0)], RATE)
    out = quiet.read(RATE)
    assert not out[0].any()
    np.testing.assert_allclose(out[1], plain[1] / 2, atol=1e-6)
    assert quiet.peaks[1] == (0.0, pytest.approx(np.abs(out[1]).max()))
    cut = Mixdown([replace(track, silences=((0.0, 0.5),))], RATE).read(RATE)
    assert not cut[:, : RATE // 2 - 250].any()
    np.testing.assert_array_equal(cut[:, RATE // 2 :], plain[:, RATE // 2 :])
    assert not Mixdown([replace(track, muted=True)], RATE).read(RATE).any()


def test_notes_sound_at_the_mixs_rate_whatever_the_clips(scratch: Scratch) -> None:
    clip = clip_of(scratch, np.zeros((1, 8000), np.float32), 8000)
    melody = sung(1.0)
    out = Mixdown([Track(1, "a", "notes", clip, melody=melody)], 48_000).read(48_000)
    np.testing.assert_array_equal(out, Tone(melody.notes, 48_000, "tone").read(0, 48_000))
