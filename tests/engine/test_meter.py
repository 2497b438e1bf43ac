"""Tempo, beat, bar and key: from clicks and chords whose truth is known, and from songs."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine import keys, meter, tasks
from engine.events import Progress, Work
from engine.melody import Beat, Note
from engine.types import AudioClip, Origin, Scratch

RATE = 22_050
MakeClip = Callable[..., AudioClip]


def finish(work: Work) -> Any:
    while True:
        try:
            next(work)
        except StopIteration as end:
            return end.value


def band(
    tempo: float,
    first: float,
    seconds: float,
    per_bar: int = 4,
    chords: str = "C F G C",
    rate: int = RATE,
    mistuned: float = 0.0,
) -> np.ndarray:
    """A click on each beat, a low one on the first of a bar, and a chord a bar."""
    roots = {"C": 60, "F": 65, "G": 67, "Am": 69, "Dm": 62, "E": 64}
    rng = np.random.default_rng(0)
    out = rng.standard_normal(round(seconds * rate)) * 1e-3
    beat = 60 / tempo
    names = chords.split()
    for number, at in enumerate(np.arange(first, seconds - 0.1, beat)):
        begin = round(at * rate)
        times = np.arange(min(round(per_bar * beat * rate), len(out) - begin)) / rate
        low = number % per_bar == 0
        click = np.sin(2 * np.pi * (80 if low else 1800) * times) * np.exp(-times * 60)
        out[begin : begin + len(times)] += (0.6 if low else 0.25) * click
        if low:
            name = names[number // per_bar % len(names)]
            third = 3 if name.endswith("m") else 4
            for step in (0, third, 7):
                hz = 440 * 2 ** ((roots[name] + step + mistuned - 69) / 12)
                for k in (1, 2, 3):
                    tone = np.sin(2 * np.pi * hz * k * times) * np.exp(-times)
                    out[begin : begin + len(times)] += 0.06 / k * tone
    return out[None].astype(np.float32)


def off(beat: Beat, first: float, period: float) -> float:
    return abs((beat.first - first + period / 2) % period - period / 2)


@pytest.mark.parametrize(
    ("tempo", "first", "per_bar"),
    [(75.0, 0.31, 4), (98.7, 1.0, 3), (120.0, 0.0, 4), (143.21, 0.2, 4)],
)
def test_tempo_beat_and_bar_of_a_steady_band(
    make_clip: MakeClip, tempo: float, first: float, per_bar: int
) -> None:
    clip = make_clip(band(tempo, first, 100.0, per_bar), RATE)
    beat, _ = finish(meter.estimate(clip))
    assert beat.tempo == pytest.approx(tempo, rel=1e-4)
    assert beat.per_bar == per_bar
    assert off(beat, first, per_bar * 60 / tempo) < 0.02
    assert 0 <= beat.first < per_bar * 60 / tempo


def test_the_last_bar_of_a_long_song_fits_as_well_as_the_first(make_clip: MakeClip) -> None:
    clip = make_clip(band(127.43, 0.4, 240.0), RATE)
    beat, _ = finish(meter.estimate(clip))
    last = 0.4 + 500 * 60 / 127.43
    assert off(beat, last, beat.seconds) < 0.02
    assert abs(beat.time(round(beat.at(last))) - last) < 0.02


@pytest.mark.parametrize("rate", [8000, 48_000])
def test_any_rate_will_do(make_clip: MakeClip, rate: int) -> None:
    clip = make_clip(band(110.0, 0.5, 30.0, rate=rate), rate)
    beat, key = finish(meter.estimate(clip))
    assert beat.tempo == pytest.approx(110.0, rel=2e-3)
    assert off(beat, 0.5, beat.seconds) < 0.02
    assert key == "C"


@pytest.mark.parametrize(("chords", "key"), [("C F G C", "C"), ("Am Dm E Am", "A minor")])
@pytest.mark.parametrize("mistuned", [0.0, 0.4])
def test_the_key_of_chords_even_mistuned(
    make_clip: MakeClip, chords: str, key: str, mistuned: float
) -> None:
    clip = make_clip(band(100.0, 0.0, 40.0, chords=chords, mistuned=mistuned), RATE)
    assert finish(meter.estimate(clip))[1] == key


def test_a_silent_clip_is_counted_by_its_notes(make_clip: MakeClip) -> None:
    scale = (67, 69, 71, 72, 74, 76, 78, 79)
    notes = [Note(1.0 + k * 0.6, 0.55, float(scale[k % 8])) for k in range(60)]
    silent = make_clip(np.zeros((1, 40 * RATE), np.float32), RATE)
    beat, key = finish(meter.estimate(silent, notes))
    assert beat.tempo == pytest.approx(100.0, rel=2e-3)
    assert off(beat, 1.0, 0.6) < 0.02
    assert key == "G"


def test_where_nothing_is_heard_nothing_is_claimed(make_clip: MakeClip) -> None:
    for seconds in (0.0, 0.01, 1.0, 20.0):
        silent = make_clip(np.zeros((2, round(seconds * RATE)), np.float32), RATE)
        assert finish(meter.estimate(silent)) == (Beat(), "")


def test_noise_and_one_blow_do_no_harm(make_clip: MakeClip) -> None:
    rng = np.random.default_rng(0)
    noise = rng.standard_normal((1, 30 * RATE)).astype(np.float32)
    blow = np.zeros((1, 30 * RATE), np.float32)
    blow[0, 15 * RATE] = 1.0
    for sound in (noise, blow):
        beat, key = finish(meter.estimate(make_clip(sound, RATE)))
        assert 40 < beat.tempo < 230
        assert key == "" or key in keys.KEYS


def test_it_tells_how_far_it_is_and_can_be_stopped(make_clip: MakeClip) -> None:
    clip = make_clip(band(120.0, 0.0, 60.0), RATE)
    work = meter.estimate(clip)
    said = next(work)
    assert isinstance(said, Progress)
    assert said.done == 0.0
    work.close()


@pytest.mark.slow
def test_an_hour_needs_little_memory(scratch: Scratch) -> None:
    clip = scratch.clip(1, 3600 * 8000, 8000, Origin())
    clip.write(8000 * 1000, band(120.0, 0.0, 20.0, rate=8000))
    tracemalloc.start()
    try:
        finish(meter.estimate(clip))
        assert tracemalloc.get_traced_memory()[1] < 150e6
    finally:
        tracemalloc.stop()


def test_four_minutes_take_less_than_two_seconds(make_clip: MakeClip) -> None:
    clip = make_clip(np.repeat(band(120.0, 0.0, 240.0, rate=44_100), 2, 0), 44_100)
    began = time.thread_time()
    finish(meter.estimate(clip))
    assert time.thread_time() - began < 2.0


@pytest.mark.data
@pytest.mark.parametrize(
    ("song", "tempo"),
    [
        ("Jonathan Coulton - Monkey Shines", 80.0),
        ("Jonathan Coulton - Mr. Fancy Pants", 95.0),
        ("Jonathan Coulton - Not About You", 150.0),
    ],
)
def test_the_tempo_of_songs(shared: Path, scratch: Scratch, song: str, tempo: float) -> None:
    clip = finish(tasks.decode(shared / "data" / "ultrastar" / song / "audio.opus", scratch))
    beat, _ = finish(meter.estimate(clip))
    octaves = np.log2(beat.tempo / tempo)
    assert abs(octaves - round(octaves)) < 2e-3
