"""Playing slower, higher, after a count-in: what comes out, and where the playhead says it is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from app.playback import NullSink, Pace, Player
from engine.types import AudioClip, Track
from tests.app.test_playback import RATE, clip_of, noise, sine, stepped, until

STEEP = 0.5 * 2 * np.pi * 441 / RATE  # the steepest step of a tone of 441 Hz at level 0.5


def clicks_at(*seconds: float, length: float) -> np.ndarray:
    out = np.zeros((2, round(length * RATE)), np.float32)
    out[:, [round(s * RATE) for s in seconds]] = 0.9
    return out


def found(out: np.ndarray) -> list[int]:
    """Frames of the clicks in what came out."""
    loud = np.flatnonzero(np.abs(out[0]) > 0.15)
    groups = np.split(loud, np.flatnonzero(np.diff(loud) > 2000) + 1)
    return [int(g[np.argmax(np.abs(out[0][g]))]) for g in groups if len(g)]


def hertz(wave: np.ndarray, rate: int = RATE) -> float:
    """The loudest frequency, to a fraction of a cent."""
    n = len(wave)
    power = np.log(np.abs(np.fft.rfft(wave * np.blackman(n), 8 * n)) + 1e-12)
    top = int(np.argmax(power))
    a, b, c = power[top - 1 : top + 2]
    return float((top + (a - c) / (2 * (a - 2 * b + c))) * rate / (8 * n))


@pytest.mark.parametrize("speed", [0.25, 0.5, 0.75, 1.25, 2.0])
@pytest.mark.parametrize("cents", [0.0, 300.0, -1200.0])
def test_the_position_is_where_a_click_is_heard(scratch: Any, speed: float, cents: float) -> None:
    moments = (0.21, 0.6, 1.1, 1.77)
    song = clip_of(scratch, clicks_at(*moments, length=2.0))
    player, sink = stepped(Track(1, "clicks", "mix", song), record=True, latency=0.05)
    player.pace = Pace(speed, cents)
    player.play()
    at: list[tuple[int, float]] = []
    for _ in range(int(2.0 / speed * RATE) // 441 + 20):
        sink.pull(441)
        at.append((sink.recorded.shape[1], player.position))
    assert not player.playing
    frames = found(sink.recorded)
    assert len(frames) == len(moments)
    ends, positions = np.array([a for a, _ in at]), np.array([p for _, p in at])
    for frame, moment in zip(frames, moments, strict=True):
        assert frame == pytest.approx(moment / speed * RATE, abs=0.003 * RATE)
        shown = np.interp(frame + 0.05 * RATE, ends, positions)  # heard so much later
        assert shown == pytest.approx(moment, abs=0.003)
    assert player.dropouts == 0


def test_speed_keeps_pitch_and_transposing_keeps_speed(scratch: Any) -> None:
    song = Track(1, "tone", "mix", clip_of(scratch, sine(441, RATE * 4)))
    for pace in (Pace(0.5, 0.0), Pace(1.0, 700.0), Pace(2.0, -1200.0), Pace(0.75, 37.0)):
        player, sink = stepped(song)
        player.pace = pace
        player.play()
        out = sink.pull(RATE)
        assert player.position == pytest.approx(pace.speed, abs=1e-3)
        heard = 1200 * np.log2(hertz(out[0, 4000:]) / 441)
        assert heard == pytest.approx(pace.cents, abs=0.5)


def test_usual_speed_and_pitch_are_bit_for_bit_even_after_others(scratch: Any) -> None:
    song = noise(RATE * 3)
    player, sink = stepped(Track(1, "song", "mix", clip_of(scratch, song)))
    player.pace = Pace(0.5)
    player.play()
    sink.pull(RATE)
    player.pace = Pace()
    sink.pull(8192)
    where = round(player.position * RATE)
    np.testing.assert_array_equal(sink.pull(4096), song[:, where : where + 4096])


def test_changing_speed_goes_on_at_the_same_place_without_a_click(scratch: Any) -> None:
    song = sine(441, RATE * 8)
    player, sink = stepped(Track(1, "song", "mix", clip_of(scratch, song)))
    player.play()
    sink.pull(RATE)
    rng = np.random.default_rng(1)
    before = player.position
    for _ in range(40):
        pace = Pace(float(rng.uniform(0.25, 2.0)), float(rng.choice([0.0, 0.0, -300.0])))
        player.pace = pace
        assert player.position == before
        out = sink.pull(2048)
        after = player.position
        assert 0 <= after - before <= 2.0 * 2048 / RATE + 1e-6
        assert np.abs(np.diff(out, axis=1)).max() < STEEP + 0.5 / 200
        before = after
    assert player.dropouts == 0


def test_a_mute_while_slow_is_heard_at_once_without_a_click(scratch: Any) -> None:
    low = Track(1, "low", "vocals", clip_of(scratch, sine(441, RATE * 3)))
    player, sink = stepped(low)
    player.pace = Pace(0.5)
    player.play()
    sink.pull(20_000)
    player.set_tracks([replace(low, muted=True)])
    out = sink.pull(8192)
    assert np.abs(np.diff(out, axis=1)).max() < STEEP + 0.5 / 200
    assert not out[:, 2400:].any()


@pytest.mark.parametrize("speed", [0.5, 1.7])
def test_a_loop_takes_its_length_over_speed_and_the_playhead_stays_inside(
    scratch: Any, speed: float
) -> None:
    song = clip_of(scratch, clicks_at(0.6, length=3.0))
    player, sink = stepped(Track(1, "song", "mix", song), record=True)
    player.pace = Pace(speed)
    player.loop = (0.5, 1.0)
    player.seek(0.5)
    player.play()
    for _ in range(400):
        sink.pull(512)
        assert 0.5 - 1e-3 <= player.position <= 1.0 + 1e-3
    frames = found(sink.recorded)
    assert len(frames) >= 4
    np.testing.assert_allclose(np.diff(frames), 0.5 / speed * RATE, atol=0.004 * RATE)
    assert frames[0] == pytest.approx(0.1 / speed * RATE, abs=0.003 * RATE)


def test_pause_and_seek_while_slow_are_free_of_clicks(scratch: Any) -> None:
    player, sink = stepped(Track(1, "song", "mix", clip_of(scratch, sine(441, RATE * 4))))
    player.pace = Pace(0.6, 200.0)
    steep = STEEP * 2 ** (200 / 1200) + 0.5 / 200
    player.play()
    sink.pull(RATE)
    player.seek(2.5)
    out = sink.pull(RATE // 4)
    assert np.abs(np.diff(out, axis=1)).max() < steep
    heard = player.position
    assert heard > 2.5
    player.pause()
    out = sink.pull(8192)
    assert np.abs(np.diff(out, axis=1)).max() < steep
    assert not out[:, 2400:].any()
    assert player.position == heard
    player.play()
    out = sink.pull(8192)
    assert np.abs(np.diff(out, axis=1)).max() < steep
    assert abs(out[0, 0]) < 0.02
    assert np.abs(out).max() > 0.45


def test_a_seek_and_a_change_at_once_keep_the_seek(scratch: Any) -> None:
    track = Track(1, "song", "mix", clip_of(scratch, noise(RATE * 4)))
    player, sink = stepped(track)
    player.play()
    sink.pull(RATE)
    player.seek(3.0)
    player.set_tracks([replace(track, gain_db=-1.0)])
    player.pace = Pace(0.5)
    sink.pull(4096)
    assert player.position == pytest.approx(3.0 + 2048 / RATE, abs=0.05)


def test_tracks_of_other_rates_and_devices_keep_their_time(scratch: Any) -> None:
    clicks = np.zeros((2, 96_000), np.float32)
    clicks[:, 48_000] = 0.9
    track = Track(1, "clicks", "mix", clip_of(scratch, clicks, 48_000))
    player, sink = stepped(track, record=True, rate=RATE)
    player.pace = Pace(0.5)
    player.play()
    sink.pull(RATE * 3)
    assert found(sink.recorded) == [pytest.approx(2 * RATE, abs=0.003 * RATE)]


def test_levels_of_tracks_come_when_they_are_heard(scratch: Any) -> None:
    song = Track(7, "song", "mix", clip_of(scratch, clicks_at(0.5, length=2.0)))
    player, sink = stepped(song)
    player.pace = Pace(0.5)
    player.play()
    loud = []
    for number in range(200):
        sink.pull(441)
        if max(player.track_levels.get(7, (0.0, 0.0))) > 0.5:
            loud.append(number * 0.01)
    assert loud == [pytest.approx(1.0, abs=0.06)]


# The count-in.


def test_counting_in_delays_the_song_by_whole_beats_while_the_playhead_waits(scratch: Any) -> None:
    song = noise(RATE * 2)
    player, sink = stepped(Track(1, "song", "mix", clip_of(scratch, song)))
    player.seek(0.5)
    player.play(4, 240.0)
    assert player.playing
    count = sink.pull(RATE)  # 4 beats of a quarter second
    assert player.position == 0.5
    beats = np.abs(count[0]).reshape(4, -1)
    assert (beats[:, :2000].max(1) > 0.2).all()
    assert (beats[:, 4000:].max(1) < 0.01).all()
    out = sink.pull(RATE // 2)
    start = round(0.5 * RATE)
    np.testing.assert_array_equal(out[:, 300:], song[:, start + 300 : start + RATE // 2])
    assert player.position == pytest.approx(1.0, abs=1e-4)


def test_the_seconds_to_count_are_told(scratch: Any) -> None:
    player, sink = stepped(Track(1, "song", "mix", clip_of(scratch, noise(RATE))))
    assert player.count_in == 0.0
    player.play(2, 120.0)
    sink.pull(RATE // 4)
    assert player.count_in == pytest.approx(0.75, abs=1e-3)
    assert player.heard_at(sink.now()) == pytest.approx(-0.75, abs=1e-3)
    sink.pull(RATE)
    assert player.count_in == 0.0
    assert player.position == pytest.approx(0.25, abs=1e-3)


def test_a_change_of_the_mix_or_pace_does_not_lengthen_the_count_in(scratch: Any) -> None:
    track = Track(1, "song", "mix", clip_of(scratch, clicks_at(0.3, length=2.0)))
    player, sink = stepped(track, record=True)
    player.play(4, 120.0)
    sink.pull(RATE // 2)
    player.set_tracks([replace(track, pan=0.1)])
    sink.pull(RATE // 2)
    player.pace = Pace(0.5)
    player.loop = (0.0, 1.0)
    sink.pull(3 * RATE)
    starts = found(sink.recorded)
    assert starts[:4] == [pytest.approx(n * RATE / 2, abs=200) for n in range(4)]
    assert starts[4] == pytest.approx(2 * RATE + 0.6 * RATE, abs=0.003 * RATE)


def test_pausing_a_count_in_stays_and_playing_counts_anew(scratch: Any) -> None:
    player, sink = stepped(Track(1, "song", "mix", clip_of(scratch, noise(RATE))))
    player.play(4, 120.0)
    sink.pull(RATE)
    player.pause()
    assert player.position == 0.0
    assert player.count_in == 0.0
    sink.pull(8192)
    player.play(4, 120.0)
    sink.pull(512)
    assert player.count_in == pytest.approx(2.0, abs=0.02)


def test_hundreds_of_changes_of_pace_in_real_time_break_nothing(scratch: Any) -> None:
    clip: AudioClip = clip_of(scratch, noise(RATE * 4))
    player = Player(NullSink())
    player.set_tracks([Track(1, "song", "mix", clip)])
    player.loop = (0.5, 1.5)
    player.play()
    rng = np.random.default_rng(2)
    for number in range(150):
        player.pace = Pace(float(rng.uniform(0.25, 2)), float(rng.uniform(-1200, 1200)))
        if number % 5 == 0:
            player.seek(float(rng.uniform(0, 1.4)))
        assert 0.0 <= player.position <= 1.51
        assert np.isfinite(player.recent(512)).all()
    player.pace = Pace(0.5)
    player.seek(0.6)
    until(lambda: player.position > 0.7)
    player.close()
