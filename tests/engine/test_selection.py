from __future__ import annotations

import math
import tracemalloc
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from engine import tasks
from engine.errors import EngineError
from engine.events import Filled, Opened, Work
from engine.jobs import Runner
from engine.regions import Box, Harmonic, Region, Stroke, simplified
from engine.selection import BLOCK, Level, frames_of, mask, whole, window_for
from engine.types import AudioClip, Scratch

RATE = 44_100
MakeClip = Callable[..., AudioClip]


def result(work: Work) -> Any:
    try:
        while True:
            next(work)
    except StopIteration as stop:
        return stop.value


def sine(hz: float, seconds: float = 2.0, gain: float = 0.25, rate: int = RATE) -> np.ndarray:
    t = np.arange(round(seconds * rate)) / rate
    return gain * np.sin(2 * np.pi * hz * t)[None]


def noise(seconds: float = 2.0, channels: int = 2) -> np.ndarray:
    return 0.1 * np.random.default_rng(5).standard_normal((channels, round(seconds * RATE)))


def db(samples: np.ndarray) -> float:
    return 10 * math.log10(float(np.square(samples, dtype=np.float64).mean()) + 1e-30)


def sung(f0: np.ndarray, partials: int) -> np.ndarray:
    phase = 2 * np.pi * np.cumsum(f0) / RATE
    return sum(0.1 * np.sin(k * phase) for k in range(1, partials + 1))[None]  # type: ignore[index]


REGIONS = {
    "box": Region.of(Box(0.4, 1.3, 300.0, 2000.0)),
    "everything in a stretch of time": Region.of(Box(0.4, 1.3, 0.0, 22050.0)),
    "narrow box": Region.of(Box(0.4, 1.3, 100.0, 130.0)),
    "box from the very start": Region.of(Box(0.0, 0.6, 0.0, 900.0)),
    "stroke": Region.of(Stroke(((0.5, 300.0), (0.8, 1200.0), (1.1, 500.0)), 0.08, 3.0)),
    "harmonic": Region.of(Harmonic(((0.3, 220.0), (0.9, 260.0), (1.4, 240.0)))),
    "painted": Region.of(Box(0.4, 1.3, 300.0, 2000.0))
    .plus(Stroke(((0.2, 4000.0), (0.9, 6000.0)), 0.1, 4.0))
    .minus(Box(0.7, 0.8, 0.0, 22050.0)),
}


@pytest.mark.parametrize("region", REGIONS.values(), ids=REGIONS.keys())
@pytest.mark.parametrize("rate", [44_100, 48_000])
def test_inside_and_outside_add_up_to_the_sound(
    make_clip: MakeClip, scratch: Scratch, region: Region, rate: int
) -> None:
    clip = make_clip(noise(), rate)
    inside = result(tasks.extract(clip, region, scratch, in_place=True))
    outside = result(tasks.extract(clip, region, scratch, keep="outside"))
    for made in (inside, outside):
        assert (made.rate, made.channels, made.frames) == (rate, 2, clip.frames)
    sound = clip.read(0, clip.frames).astype(np.float64)
    rest = sound - inside.read(0, clip.frames) - outside.read(0, clip.frames)
    assert db(rest) - db(sound) < -130
    assert db(inside.read(0, clip.frames)) > db(sound) - 40  # and neither of them is nothing
    assert db(outside.read(0, clip.frames)) > db(sound) - 40


def test_the_inside_is_as_long_as_the_region_and_the_same_as_in_place(
    make_clip: MakeClip, scratch: Scratch
) -> None:
    clip, region = make_clip(noise()), REGIONS["painted"]
    short = result(tasks.extract(clip, region, scratch))
    placed = result(tasks.extract(clip, region, scratch, in_place=True))
    start, stop = frames_of(region, clip)
    assert short.frames == stop - start == round((region.span[1] - region.span[0]) * RATE)
    np.testing.assert_array_equal(short.read(0, short.frames), placed.read(start, stop))
    assert not placed.read(0, start).any()
    assert not placed.read(stop, placed.frames).any()


def test_a_box_holds_the_tone_inside_and_not_those_beside(
    make_clip: MakeClip, scratch: Scratch
) -> None:
    tones = {hz: sine(hz) for hz in (440.0, 1000.0, 2500.0)}
    clip = make_clip(sum(tones.values()))
    region = Region.of(Box(0.5, 1.5, 700.0, 1500.0))
    got = result(tasks.extract(clip, region, scratch))
    still = slice(RATE // 100, -RATE // 100)
    middle = got.read(0, got.frames)[0, still]
    wanted = tones[1000.0][0, RATE // 2 : RATE // 2 + RATE][still]
    assert db(middle - wanted) - db(wanted) < -70


def test_a_region_without_an_edge_in_pitch_is_the_sound_itself(
    make_clip: MakeClip, scratch: Scratch
) -> None:
    clip = make_clip(noise())
    everything = result(tasks.extract(clip, whole(clip), scratch))
    np.testing.assert_array_equal(everything.read(0, clip.frames), clip.read(0, clip.frames))
    part = result(tasks.extract(clip, Region.of(Box(0.5, 1.0, 0.0, 22050.0)), scratch))
    inner = part.read(300, part.frames - 300)
    np.testing.assert_array_equal(inner, clip.read(RATE // 2 + 300, RATE - 300))
    assert abs(part.read(0, 1)).max() == 0  # begins without a click


def test_time_edges_of_a_box_are_exact_to_the_frame(make_clip: MakeClip, scratch: Scratch) -> None:
    clip = make_clip(sine(1000.0))
    placed = result(
        tasks.extract(clip, Region.of(Box(0.5, 1.0, 500.0, 2000.0)), scratch, in_place=True)
    )
    sound = placed.read(0, placed.frames)[0]
    loud = np.flatnonzero(abs(sound) > 0.2)
    assert abs(loud[0] / RATE - 0.5) < 0.006
    assert abs(loud[-1] / RATE - 1.0) < 0.006


def test_a_harmonic_region_takes_all_partials_of_one_singer_and_leaves_the_other(
    make_clip: MakeClip, scratch: Scratch
) -> None:
    t = np.arange(2 * RATE) / RATE
    f0 = 220 * 2 ** (0.5 / 12 * np.sin(2 * np.pi * 5 * t))  # vibrato of half a semitone
    singer, other = sung(f0, 12), sung(np.full(t.size, 311.13), 12)
    clip = make_clip(singer + other)
    ridge = tuple((float(t[k]), float(f0[k])) for k in range(0, t.size, 400))
    region = Region.of(Harmonic(ridge))
    got = result(tasks.extract(clip, region, scratch, in_place=True)).read(0, clip.frames)
    mine = result(tasks.extract(make_clip(singer), region, scratch, in_place=True))
    others = result(tasks.extract(make_clip(other), region, scratch, in_place=True))
    inner = slice(RATE // 10, -RATE // 10)
    kept = mine.read(0, clip.frames)[:, inner]
    assert db(kept - singer[:, inner]) - db(singer) < -12  # nearly all of the singer
    assert db(others.read(0, clip.frames)[:, inner]) - db(other) < -3.5  # no more than
    # chance: partials of both lie side by side wherever 311 and 220 Hz have near multiples
    assert db(got[:, inner] - singer[:, inner]) - db(singer) < -4


def test_a_ridge_follows_a_tone_that_glides_beside_the_stroke(make_clip: MakeClip) -> None:
    t = np.arange(2 * RATE) / RATE
    f0 = 220 * 2 ** (0.3 / 12 * np.sin(2 * np.pi * 1.5 * t) + 3 * t / 24)
    clip = make_clip(sung(f0, 6) + 0.3 * noise(2.0, 1))
    stroke = [(s, 220 * 2 ** (3 * s / 24 + 0.2 / 12)) for s in np.linspace(0.2, 1.8, 30).tolist()]
    ridge = result(tasks.ridge(clip, stroke))
    true = np.interp([at for at, _ in ridge], t, f0)
    cents = 1200 * np.log2(np.array([hz for _, hz in ridge]) / true)
    assert ridge[0][0] == pytest.approx(0.2)
    assert ridge[-1][0] == pytest.approx(1.8)
    assert np.median(abs(cents)) < 4
    assert abs(cents).max() < 25


def test_a_ridge_never_leaves_the_stroke_by_more_than_a_semitone(make_clip: MakeClip) -> None:
    clip = make_clip(sine(440.0, gain=0.5) + sine(300.0, gain=0.01))
    ridge = result(tasks.ridge(clip, [(0.2, 300.0), (1.0, 300.0)]))
    hz = np.array([hz for _, hz in ridge])
    assert (abs(1200 * np.log2(hz / 300.0)) < 12).all()  # the faint tone, not the loud one
    silent = result(tasks.ridge(make_clip(np.zeros((1, RATE))), [(0.2, 300.0), (0.8, 330.0)]))
    assert silent[0][1] == pytest.approx(300.0)
    assert silent[-1][1] == pytest.approx(330.0)


@pytest.mark.parametrize("hz", [55.0, 82.41, 146.83, 440.0, 1234.5, 5000.0, 12543.9])
@pytest.mark.parametrize("rate", [22_050, 44_100, 96_000])
def test_the_level_and_pitch_of_a_tone_are_told(make_clip: MakeClip, hz: float, rate: int) -> None:
    if hz > 0.45 * rate:
        pytest.skip("above what this rate can hold")
    clip = make_clip(np.concatenate([sine(hz, 1.5, 0.5, rate)] * 2), rate)
    for box in (Box(0.3, 1.1, hz / 2, hz * 2), Box(0.3, 1.1, 0.0, 22050.0)):
        told: Level = result(tasks.level(clip, Region.of(box)))
        assert told.rms_db == pytest.approx(-6.02, abs=0.1)
        assert told.peak_db == pytest.approx(-6.02, abs=0.1)
        assert abs(1200 * math.log2(told.hz / hz)) < 1.0
        assert 0.3 <= told.seconds <= 1.1
    wanted = 69 + 12 * math.log2(hz / 440)
    assert told.cents == pytest.approx(100 * (wanted - round(wanted)), abs=1.0)


def test_the_level_is_of_what_lies_inside_only(make_clip: MakeClip) -> None:
    clip = make_clip(sine(440.0, gain=0.5) + sine(2000.0, gain=0.05))
    low: Level = result(tasks.level(clip, Region.of(Box(0.5, 1.5, 300.0, 600.0))))
    high: Level = result(tasks.level(clip, Region.of(Box(0.5, 1.5, 1500.0, 2600.0))))
    assert (low.note, high.note) == ("A4", "B6")
    assert low.rms_db == pytest.approx(-6.02, abs=0.05)
    assert high.rms_db == pytest.approx(-26.02, abs=0.1)


def test_white_noise_in_a_band_has_the_level_of_that_band(make_clip: MakeClip) -> None:
    clip = make_clip(noise(4.0, 1))
    told: Level = result(tasks.level(clip, Region.of(Box(0.5, 3.5, 2000.0, 6000.0))))
    assert told.rms_db == pytest.approx(
        db(noise(4.0, 1)) + 3.01 + 10 * math.log10(4 / 22.05), abs=0.5
    )


def test_silence_has_no_tone(make_clip: MakeClip) -> None:
    told: Level = result(tasks.level(make_clip(np.zeros((2, RATE))), Region.of(Box(0, 1, 50, 900))))
    assert told.hz == 0
    assert told.rms_db <= -160


def test_a_region_beside_the_sound_says_so(make_clip: MakeClip, scratch: Scratch) -> None:
    clip = make_clip(sine(440.0))
    with pytest.raises(EngineError, match="no sound inside the selection"):
        result(tasks.extract(clip, Region.of(Box(5.0, 6.0, 0.0, 900.0)), scratch))
    with pytest.raises(EngineError, match="no sound inside the selection"):
        result(tasks.level(clip, Region.of(Box(5.0, 6.0, 0.0, 900.0))))


def test_pieces_join_without_a_seam(make_clip: MakeClip, scratch: Scratch) -> None:
    clip = make_clip(sine(1000.0, 3 * BLOCK / RATE))
    region = Region.of(Box(0.01, clip.seconds - 0.01, 500.0, 2000.0))
    got = result(tasks.extract(clip, region, scratch, in_place=True))
    inner = slice(RATE // 10, -RATE // 10)
    rest = (got.read(0, clip.frames) - clip.read(0, clip.frames))[:, inner]
    assert abs(rest).max() < 1e-4


def test_spans_are_announced_once_and_cover_the_clip(make_clip: MakeClip, scratch: Scratch) -> None:
    clip = make_clip(noise(2 * BLOCK / RATE, 1))
    region = Region.of(Box(0.5, 4.0, 300.0, 900.0))
    events = list(tasks.extract(clip, region, scratch, in_place=True))
    assert isinstance(events[0], Opened)
    spans = sorted((e.start, e.stop) for e in events if isinstance(e, Filled))
    assert (spans[0][0], spans[-1][1]) == (0, clip.frames)
    assert all(a[1] == b[0] for a, b in pairwise(spans))


def test_an_hour_is_cut_in_bounded_memory_and_can_be_cancelled(scratch: Scratch) -> None:
    from engine.types import Origin

    clip = scratch.clip(2, 3600 * RATE, RATE, Origin())  # silent, and sparse on disk
    region = Region.of(Box(0.0, 3600.0, 300.0, 900.0))
    result(tasks.extract(clip, Region.of(Box(0.0, 1.0, 300.0, 900.0)), scratch))  # imports
    tracemalloc.start()
    work = tasks.extract(clip, region, scratch)
    for _ in range(40):
        next(work)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    work.close()
    assert most < 60e6
    runner = Runner()
    job = runner.submit("Level", lambda: tasks.level(clip, region))
    job.cancel()
    assert runner.close(5.0)


def test_a_mask_is_one_inside_zero_outside_and_soft_between() -> None:
    region = Region.of(Harmonic(((0.0, 200.0), (1.0, 200.0))))
    weights = mask(region, 4096, 1024, RATE, 10, 4)
    hz = np.arange(2049) * RATE / 4096
    assert weights.shape == (4, 2049)
    for k in (1, 2, 10, 40):
        assert weights[1, np.argmin(abs(hz - 200 * k))] == 1
        assert weights[1, np.argmin(abs(hz - 200 * (k + 0.5)))] < 0.5
    assert weights.min() == 0
    assert weights.max() == 1
    assert ((weights > 0) & (weights < 1)).any()


def test_the_window_grows_where_a_region_is_narrow() -> None:
    assert window_for(Region.of(Box(0, 1, 0, 22050)), RATE) == 2048
    assert window_for(Region.of(Harmonic(((0.0, 220.0), (1.0, 220.0)))), RATE) == 4096
    assert window_for(Region.of(Box(0, 1, 60, 80)), RATE) == 8192
    assert window_for(Region.of(Box(0, 1, 0, 22050)), 96_000) == 4096


def test_a_region_moves_as_a_whole() -> None:
    region = REGIONS["painted"].mapped(1.0, lambda hz: 2 * hz)
    box = region.parts[0].shape
    assert box == Box(1.4, 2.3, 600.0, 4000.0)
    assert region.span[0] == pytest.approx(REGIONS["painted"].span[0] + 1.0)
    assert region.band == pytest.approx(tuple(2 * hz for hz in REGIONS["painted"].band))


def test_a_stroke_is_the_same_region_with_far_fewer_points() -> None:
    t = np.linspace(1.0, 3.0, 400)
    points = [(float(s), float(400 * 2 ** (0.5 * np.sin(3 * s)))) for s in t]
    few = simplified(points, 0.2, 3.0)
    assert len(few) < 60
    assert (few[0], few[-1]) == (points[0], points[-1])
    times, hz = np.linspace(0.8, 3.2, 400), np.linspace(150, 800, 300)
    all_of_it = Region.of(Stroke(tuple(points), 0.2, 3.0)).cover(times, hz) > 0.5
    assert (all_of_it != (Region.of(Stroke(few, 0.2, 3.0)).cover(times, hz) > 0.5)).mean() < 0.004
    assert simplified([(1.0, 200.0)], 0.2, 3.0) == ((1.0, 200.0),)
