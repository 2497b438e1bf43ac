"""Playing without hardware: what comes out, where the playhead is, and what failures do."""

from __future__ import annotations

import sys
import threading
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest

from app.playback import NullSink, Player
from app.ring import AHEAD, Ring
from app.sinks import DeviceSink
from engine.errors import DeviceUnavailable
from engine.types import AudioClip, Origin, Scratch, Track

RATE = 44100
MARGIN = 1323 + 512  # frames after which a change is heard, the block in flight included


@pytest.fixture
def scratch(tmp_path: Path) -> Scratch:
    return Scratch(tmp_path)


def noise(frames: int, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return (rng.standard_normal((2, frames)) * 0.2).astype(np.float32)


def sine(hz: float, frames: int, rate: int = RATE, level: float = 0.5) -> np.ndarray:
    wave = level * np.sin(2 * np.pi * hz * np.arange(frames) / rate)
    return np.stack([wave, wave]).astype(np.float32)


def clip_of(scratch: Scratch, samples: np.ndarray, rate: int = RATE) -> AudioClip:
    clip = scratch.clip(samples.shape[0], samples.shape[1], rate, Origin())
    clip.write(0, samples)
    return clip


def stepped(*tracks: Track, **how: Any) -> tuple[Player, NullSink]:
    sink = NullSink(realtime=False, **how)
    player = Player(sink)
    player.set_tracks(tracks)
    return player, sink


def until(true: Callable[[], bool], seconds: float = 20.0) -> None:
    limit = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < limit, "waited in vain"
        time.sleep(0.005)


# What comes out.


def test_a_played_file_comes_out_bit_for_bit(scratch: Scratch) -> None:
    song = noise(RATE)
    player, sink = stepped(Track(1, "song", "mix", clip_of(scratch, song)))
    player.play()
    assert sink.pull(RATE).tobytes() == song.tobytes()
    assert not sink.pull(5000).any()
    assert player.dropouts == 0


def test_a_file_is_played_bit_for_bit_in_real_time_too(scratch: Scratch) -> None:
    song = noise(RATE // 2)
    song[0, 0] = 0.9
    sink = NullSink(record=True)
    player = Player(sink)
    player.set_tracks([Track(1, "song", "mix", clip_of(scratch, song))])
    begun = time.perf_counter()
    player.play()
    until(lambda: not player.playing)
    assert time.perf_counter() - begun > 0.45
    player.close()
    out = sink.recorded
    start = int(np.argmax(out[0] == np.float32(0.9)))
    np.testing.assert_array_equal(out[:, start : start + RATE // 2], song)
    assert player.dropouts == 0


def test_mute_solo_gain_and_pan_are_heard_at_once_and_without_a_click(scratch: Scratch) -> None:
    low = Track(1, "low", "vocals", clip_of(scratch, sine(441, RATE * 3)))
    player, sink = stepped(low)
    player.play()
    sink.pull(10_240)
    for changed, left, right in (
        (replace(low, muted=True), 0.0, 0.0),
        (low, 0.5, 0.5),
        (replace(low, gain_db=-6.0206), 0.25, 0.25),
        (replace(low, pan=1.0), 0.0, 0.5),
        (replace(low, pan=-1.0), 0.5, 0.0),
        (low, 0.5, 0.5),
    ):
        player.set_tracks([changed])
        out = sink.pull(10_240)
        steps = np.abs(np.diff(out, axis=1)).max()
        assert steps < 0.5 * 2 * np.pi * 441 / RATE + 0.5 / 200
        settled = np.abs(out[:, MARGIN + 300 :]).max(1)
        np.testing.assert_allclose(settled, (left, right), atol=2e-3)
    assert player.dropouts == 0


def test_solo_silences_the_others_while_playing(scratch: Scratch) -> None:
    a, b = noise(RATE, 1), noise(RATE, 2)
    first = Track(1, "a", "vocals", clip_of(scratch, a))
    second = Track(2, "b", "instrumental", clip_of(scratch, b))
    player, sink = stepped(first, second)
    player.play()
    np.testing.assert_array_equal(sink.pull(8192), (a + b)[:, :8192])
    player.set_tracks([replace(first, solo=True), second])
    sink.pull(4096)
    np.testing.assert_array_equal(sink.pull(4096), a[:, 12_288:16_384])


def test_a_loop_wraps_on_the_exact_frame(scratch: Scratch) -> None:
    song = noise(RATE)
    player, sink = stepped(Track(1, "song", "mix", clip_of(scratch, song)))
    player.loop = (0.25, 0.5)
    player.play()
    start, stop = round(0.25 * RATE), round(0.5 * RATE)
    inside = song[:, start:stop]
    expected = np.concatenate([song[:, :stop], inside, inside, inside], 1)
    np.testing.assert_array_equal(sink.pull(expected.shape[1]), expected)
    assert player.position == pytest.approx(0.25, abs=1e-4)
    player.loop = None
    sink.pull(RATE // 2)
    assert player.position == pytest.approx(0.75, abs=1e-4)


def test_a_loop_set_while_playing_holds_even_close_to_its_end(scratch: Scratch) -> None:
    player, sink = stepped(Track(1, "song", "mix", clip_of(scratch, noise(RATE * 2))))
    player.play()
    sink.pull(RATE // 2)
    player.loop = (0.4, 0.55)
    for _ in range(50):
        sink.pull(1024)
        assert player.position <= 0.551


def test_a_loop_up_to_the_end_of_the_song_goes_round(scratch: Scratch) -> None:
    song = noise(8000)
    player, sink = stepped(Track(1, "song", "mix", clip_of(scratch, song)))
    player.loop = (0.0, 99.0)
    player.play()
    np.testing.assert_array_equal(sink.pull(16_000), np.concatenate([song, song], 1))


def test_playing_behind_the_loop_goes_on_to_the_end(scratch: Scratch) -> None:
    player, sink = stepped(Track(1, "song", "mix", clip_of(scratch, noise(RATE))))
    player.loop = (0.1, 0.2)
    player.seek(0.6)
    player.play()
    sink.pull(RATE)
    assert not player.playing
    assert player.position == 1.0


def test_a_seek_while_playing_lands_on_the_exact_frame_without_a_click(scratch: Scratch) -> None:
    song = sine(220.5, RATE * 4)
    player, sink = stepped(Track(1, "song", "mix", clip_of(scratch, song)))
    player.play()
    sink.pull(RATE // 2)
    player.seek(2.0)
    assert player.position == 2.0
    out = sink.pull(8192)
    assert np.abs(np.diff(out, axis=1)).max() < 0.5 * 2 * np.pi * 220.5 / RATE + 1 / 220
    where = round(player.position * RATE)
    np.testing.assert_array_equal(sink.pull(2048), song[:, where : where + 2048])


def test_pause_fades_out_and_play_goes_on_where_the_ear_was(scratch: Scratch) -> None:
    song = sine(220.5, RATE * 4)
    player, sink = stepped(Track(1, "song", "mix", clip_of(scratch, song)), latency=0.05)
    player.play()
    sink.pull(RATE)
    heard = player.position
    assert heard == pytest.approx(0.95, abs=1e-6)
    player.pause()
    assert not player.playing
    assert player.position == heard
    out = sink.pull(8192)
    assert np.abs(np.diff(out, axis=1)).max() < 0.5 * 2 * np.pi * 220.5 / RATE + 1 / 220
    assert not out[:, MARGIN + 300 :].any()
    assert player.position == heard
    player.play()
    out = sink.pull(8192)
    start = round(heard * RATE)
    np.testing.assert_array_equal(out[:, 300:], song[:, start + 300 : start + 8192])
    assert abs(out[0, 0]) < 0.01
    assert player.dropouts == 0


def test_an_unfinished_lane_sounds_as_it_fills(scratch: Scratch) -> None:
    vocals = noise(RATE * 2)
    clip = scratch.clip(2, RATE * 2, RATE, Origin())
    player, sink = stepped(Track(2, "vocals", "vocals", clip))
    player.play()
    assert not sink.pull(RATE // 2).any()
    clip.write(RATE, vocals[:, RATE:])
    out = sink.pull(RATE + RATE // 2)
    np.testing.assert_array_equal(out[:, RATE // 2 :], vocals[:, RATE:])


def test_a_lane_of_another_rate_is_converted_to_that_of_the_first(scratch: Scratch) -> None:
    song = Track(1, "song", "mix", clip_of(scratch, np.zeros((2, RATE), np.float32)))
    tone = Track(2, "tone", "mix", clip_of(scratch, sine(1000, 48000, 48000), 48000))
    player, sink = stepped(song, tone)
    player.play()
    out = sink.pull(RATE + 1000)
    error = np.abs(out[:, 500 : RATE - 500] - sine(1000, RATE)[:, 500 : RATE - 500]).max()
    assert 20 * np.log10(error / 0.5) < -100
    assert not player.playing
    assert player.position == 1.0


def test_a_device_that_insists_on_its_rate_gets_the_song_at_that_rate(scratch: Scratch) -> None:
    player, sink = stepped(Track(1, "tone", "mix", clip_of(scratch, sine(1000, RATE))), rate=48000)
    player.play()
    out = sink.pull(24_000)
    ideal = sine(1000, 24_000, 48000)
    assert np.abs(out - ideal)[:, 500:].max() < 1e-5
    assert player.position == pytest.approx(0.5, abs=0.001)


# Where it is and how loud.


def test_the_position_is_what_came_out_less_the_latency(scratch: Scratch) -> None:
    ramp = np.repeat(np.arange(RATE * 2, dtype=np.float32)[None] / (RATE * 2), 2, 0)
    player, sink = stepped(Track(1, "ramp", "mix", clip_of(scratch, ramp)), latency=0.1)
    player.play()
    assert player.position == 0.0
    for _ in range(12):
        out = sink.pull(4096)
        heard = out[0, -1] * 2 - 0.1
        assert player.position == pytest.approx(max(heard, 0.0), abs=2 / RATE)


def test_the_position_moves_smoothly_between_blocks_in_real_time(scratch: Scratch) -> None:
    sink = NullSink(latency=0.02)
    sink.block = 4410
    player = Player(sink)
    player.set_tracks([Track(1, "song", "mix", clip_of(scratch, noise(RATE * 4)))])
    player.play()
    until(lambda: player.position > 0.05)
    begun, at = time.perf_counter(), player.position
    seen = []
    while time.perf_counter() - begun < 0.5:
        seen.append((player.position - at) - (time.perf_counter() - begun))
        time.sleep(0.004)
    player.close()
    assert np.median(np.abs(seen)) < 0.03


def test_the_song_ends_by_itself_and_space_plays_from_the_top(scratch: Scratch) -> None:
    song = noise(RATE // 4)
    player, sink = stepped(Track(1, "song", "mix", clip_of(scratch, song)))
    player.seek(0.1)
    player.play()
    sink.pull(RATE // 4)
    assert not player.playing
    assert player.position == 0.25
    player.play()
    np.testing.assert_array_equal(sink.pull(2000), song[:, :2000])


def test_at_the_end_it_can_return_to_where_playing_began(scratch: Scratch) -> None:
    player, sink = stepped(Track(1, "song", "mix", clip_of(scratch, noise(RATE // 4))))
    player.return_at_end = True
    player.seek(0.1)
    player.play()
    sink.pull(RATE // 4)
    assert player.position == 0.1


def test_stop_returns_to_where_playing_began_and_then_to_the_top(scratch: Scratch) -> None:
    player, sink = stepped(Track(1, "song", "mix", clip_of(scratch, noise(RATE))))
    player.seek(0.5)
    player.play()
    sink.pull(4096)
    player.stop()
    assert player.position == 0.5
    player.stop()
    assert player.position == 0.0


def test_levels_are_the_peaks_heard_since_the_last_poll(scratch: Scratch) -> None:
    song = np.zeros((2, RATE), np.float32)
    song[0, 3000], song[1, 12_000] = -0.7, 1.2
    player, sink = stepped(Track(7, "song", "mix", clip_of(scratch, song)))
    player.play()
    assert player.levels == (0.0, 0.0)
    assert player.track_levels == {}
    sink.pull(8192)
    assert player.levels == (pytest.approx(0.7), 0.0)
    assert player.track_levels == {7: (pytest.approx(0.7), 0.0)}
    assert player.levels == (0.0, 0.0)
    sink.pull(8192)
    assert player.levels == (0.0, pytest.approx(1.2))
    assert player.track_levels == {7: (0.0, pytest.approx(1.2))}


def test_recent_is_what_was_just_heard_and_silence_after_the_end(scratch: Scratch) -> None:
    song = noise(RATE)
    player, sink = stepped(Track(1, "song", "mix", clip_of(scratch, song)))
    assert not player.recent(100).any()
    player.play()
    sink.pull(20_480)
    np.testing.assert_array_equal(player.recent(4096), song[:, 16_384:20_480])
    player.pause()
    sink.pull(20_480)
    assert not player.recent(4096).any()


def test_an_empty_project_does_not_play() -> None:
    player, sink = stepped()
    player.play()
    assert not player.playing
    assert not sink.pull(512).any()
    assert player.position == 0.0


# The callback.


def test_the_callback_keeps_no_memory_and_makes_no_buffers() -> None:
    ring, out = Ring(RATE), np.zeros((512, 2), np.float32)
    block = np.zeros((2, 1024), np.float32)

    def callbacks() -> None:
        for number in range(1000):
            ring.pull(out, number * 0.01)

    for _ in range(12):
        ring.append(block, {})
    callbacks()
    for _ in range(12):
        ring.append(block, {})
    ring.written += 1000 * 512
    before = sys.getallocatedblocks()
    callbacks()
    assert abs(sys.getallocatedblocks() - before) < 20
    ring.written += 1000 * 512
    tracemalloc.start()
    callbacks()
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.reset_peak()
    callbacks()
    peak = tracemalloc.get_traced_memory()[1] - held
    tracemalloc.stop()
    assert peak < out.nbytes / 2


def test_running_dry_gives_silence_and_is_counted() -> None:
    ring, out = Ring(RATE), np.ones((512, 2), np.float32)
    ring.append(np.full((2, 100), 0.5, np.float32), {})
    ring.feeding = True
    ring.pull(out, 0.0)
    assert (out[:100] == 0.5).all()
    assert not out[100:].any()
    assert ring.dropouts == 1
    ring.feeding = False
    ring.pull(out, 0.0)
    assert ring.dropouts == 1


def test_the_ring_stays_right_when_it_goes_round_and_is_taken_back() -> None:
    ring, rng = Ring(8000), np.random.default_rng(3)
    out = np.zeros((256, 2), np.float32)
    value = 0
    given: list[float] = []
    for _ in range(2000):
        while ring.hungry:
            count = int(rng.integers(1, 900))
            line = np.arange(value, value + count, dtype=np.float32)
            ring.append(np.stack([line, line]), {})
            value += count
        ring.pull(out, 0.0)
        given.extend(out[:, 0])
        if rng.random() < 0.2:
            before = ring.written
            ring.take_back()
            value -= before - ring.written
    np.testing.assert_allclose(given, np.arange(len(given)), atol=0.05)
    assert ring.dropouts == 0


def test_hundreds_of_quick_changes_in_real_time_break_nothing(scratch: Scratch) -> None:
    track = Track(1, "song", "mix", clip_of(scratch, noise(RATE * 4)))
    other = Track(2, "tone", "mix", clip_of(scratch, sine(440, 48000 * 4, 48000), 48000))
    player = Player(NullSink())
    player.set_tracks([track, other])
    player.play()
    rng = np.random.default_rng(0)
    for number in range(200):
        player.set_tracks([replace(track, muted=bool(number % 2)), other])
        if number % 3 == 0:
            player.seek(float(rng.uniform(0, 3)))
        if number % 7 == 0:
            player.loop = (0.5, 1.0) if number % 2 else None
        if number % 11 == 0:
            player.pause()
            player.play()
        assert 0.0 <= player.position <= 4.0
        assert np.isfinite(player.recent(512)).all()
        player.levels, player.track_levels  # noqa: B018 - polling is part of the race
        time.sleep(0.002)
    player.seek(1.0)
    until(lambda: player.position > 1.1)
    assert player.playing
    player.close()


def test_closing_leaves_no_thread(scratch: Scratch) -> None:
    before = threading.active_count()
    player = Player(NullSink())
    player.set_tracks([Track(1, "song", "mix", clip_of(scratch, noise(RATE)))])
    player.play()
    until(lambda: player.position > 0.0)
    player.close()
    assert threading.active_count() == before


# What happens when things fail.


class Fragile(NullSink):
    """A device that can be pulled out."""

    broken = False
    absent = False

    def open(self, rate: int) -> int:
        if self.absent:
            raise DeviceUnavailable("The sound device “X” cannot be opened.", "Close the other.")
        return super().open(rate)

    def check(self) -> None:
        if self.broken:
            raise DeviceUnavailable("The sound device “X” is gone.", "Connect it again.")


def test_a_lost_device_pauses_and_says_so_and_play_tries_again(scratch: Scratch) -> None:
    sink = Fragile(realtime=False)
    player = Player(sink)
    player.set_tracks([Track(1, "song", "mix", clip_of(scratch, noise(RATE * 2)))])
    player.play()
    sink.pull(RATE)
    at = player.position
    sink.broken = True
    sink.feed()
    assert not player.playing
    assert player.position == pytest.approx(at, abs=0.02)
    assert player.problem == "The sound device “X” is gone. Connect it again."
    sink.broken = False
    player.play()
    sink.pull(4096)
    assert player.problem == ""
    assert player.position == pytest.approx(at + 4096 / RATE, abs=0.02)


def test_a_device_that_cannot_be_opened_leaves_a_moving_playhead(scratch: Scratch) -> None:
    sink = Fragile()
    sink.absent = True
    player = Player(sink)
    player.set_tracks([Track(1, "song", "mix", clip_of(scratch, noise(RATE * 4)))])
    player.play()
    until(lambda: player.position > 0.1)
    assert player.problem == "The sound device “X” cannot be opened. Close the other."
    assert max(player.levels) > 0
    sink.absent = False
    player.retry()
    until(lambda: player.problem == "")
    until(lambda: player.position > 0.3)
    assert player.playing
    player.close()


def test_a_clip_whose_file_vanished_pauses_with_a_reason(scratch: Scratch) -> None:
    clip = clip_of(scratch, noise(RATE * 2))
    player, sink = stepped(Track(1, "song", "mix", clip))
    player.play()
    sink.pull(1024)
    clip.path.unlink()
    sink.pull(4096)
    assert not player.playing
    assert player.problem.startswith("The sound on disk cannot be read")


@pytest.fixture
def portaudio(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A PortAudio with two devices whose callback a test can run by hand."""
    fake: Any = ModuleType("sounddevice")

    class PortAudioError(Exception):
        pass

    class Stream:
        def __init__(self, **settings: Any) -> None:
            self.settings, self.active, self.closed = settings, False, False
            self.latency, self.time = settings["latency"], 100.0
            fake.streams.append(self)

        def start(self) -> None:
            self.active = True

        def close(self, ignore_errors: bool = True) -> None:
            self.active, self.closed = False, True

        def ask(self, frames: int, dac: float = 100.08) -> np.ndarray:
            data = bytearray(frames * self.settings["channels"] * 4)
            times = SimpleNamespace(currentTime=100.0, outputBufferDacTime=dac)
            self.settings["callback"](data, frames, times, SimpleNamespace(output_underflow=False))
            return np.frombuffer(data, np.float32).reshape(frames, -1).T

    def check(samplerate: int, **settings: Any) -> None:
        if samplerate not in fake.rates:
            raise PortAudioError("Invalid sample rate")

    def device(number: int) -> dict[str, Any]:
        return {"index": number, "default_high_output_latency": 0.03, "default_samplerate": 48000.0,
                **fake.outputs[number]}  # fmt: skip

    fake.PortAudioError = PortAudioError
    fake.RawOutputStream = Stream
    fake.check_output_settings = check
    fake.query_devices = device
    fake.query_hostapis = lambda: (
        {"name": "ALSA", "devices": list(range(len(fake.outputs))), "default_output_device": 0},
    )
    fake.default = SimpleNamespace(hostapi=0)
    fake._initialize = fake._terminate = lambda: None
    fake._exit_handler = lambda: None
    fake.streams, fake.rates = [], {44100, 48000}
    fake.outputs = [
        {"name": "Speakers", "max_output_channels": 2},
        {"name": "Headset", "max_output_channels": 1},
    ]
    monkeypatch.setitem(sys.modules, "sounddevice", fake)
    return fake


def test_the_default_device_is_opened_at_the_rate_of_the_song(
    scratch: Scratch, portaudio: SimpleNamespace
) -> None:
    song = noise(RATE)
    player = Player()
    until(lambda: len(player.devices()) == 2)
    assert [(d.name, d.default) for d in player.devices()] == [
        ("Speakers", True),
        ("Headset", False),
    ]
    player.set_tracks([Track(1, "song", "mix", clip_of(scratch, song))])
    player.play()
    until(lambda: bool(portaudio.streams) and player._ring is not None and player._ring.feeding)
    stream = portaudio.streams[0]
    assert stream.settings["samplerate"] == RATE
    assert stream.settings["device"] == 0
    np.testing.assert_array_equal(stream.ask(512), song[:, :512])
    assert player.position == 0.0  # heard only 80 ms from now
    stream.active = False
    until(lambda: not player.playing)
    assert "“Speakers” is gone" in player.problem
    player.close()
    assert stream.closed


def test_another_device_plays_on_in_mono_at_its_own_rate(
    scratch: Scratch, portaudio: SimpleNamespace
) -> None:
    portaudio.rates = {48000}
    player = Player()
    player.set_tracks([Track(1, "tone", "mix", clip_of(scratch, sine(1000, RATE)))])
    player.use_device("Headset")
    player.play()
    until(lambda: bool(portaudio.streams) and player._ring is not None and player._ring.feeding)
    stream = portaudio.streams[-1]
    assert (stream.settings["device"], stream.settings["samplerate"]) == (1, 48000)
    out = stream.ask(2400)
    assert out.shape == (1, 2400)
    assert np.abs(out - sine(1000, 2400, 48000)[:1])[:, 500:].max() < 1e-5
    player.close()


def test_a_device_that_never_closes_does_not_hold_up_the_player(
    scratch: Scratch, portaudio: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.portaudio.CLOSING", 0.05)
    never = threading.Event()
    player = Player()
    player.set_tracks([Track(1, "song", "mix", clip_of(scratch, noise(RATE * 2)))])
    player.play()
    until(lambda: bool(portaudio.streams) and player._ring is not None)
    portaudio.streams[0].close = lambda ignore_errors: never.wait(5.0)
    portaudio.streams[0].active = False
    until(lambda: not player.playing)
    player.play()
    until(lambda: player.position > 0.05)
    assert "does not answer any more" in player.problem
    player.close()
    never.set()


def test_a_device_with_a_dead_callback_counts_as_lost(portaudio: SimpleNamespace) -> None:
    sink = DeviceSink()
    sink.open(RATE)
    sink.start(lambda out, when: None)
    sink.check()
    sink._called -= 5.0
    with pytest.raises(DeviceUnavailable, match="is gone"):
        sink.check()
    sink.close()


def test_without_any_device_the_reason_is_said_and_playing_goes_on(
    scratch: Scratch, portaudio: SimpleNamespace
) -> None:
    portaudio.outputs = []
    player = Player()
    until(lambda: player.problem != "")
    assert player.problem == (
        "There is no sound: no sound device was found. "
        "Connect or switch on speakers or headphones, then try again."
    )
    player.set_tracks([Track(1, "song", "mix", clip_of(scratch, noise(RATE)))])
    player.play()
    until(lambda: player.position > 0.05)
    assert player.problem
    player.close()


def test_without_the_library_the_reason_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Missing:
        def find_spec(self, name: str, path: Any = None, target: Any = None) -> None:
            if name == "sounddevice":
                raise OSError("PortAudio library not found")

    monkeypatch.delitem(sys.modules, "sounddevice", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Missing(), *sys.meta_path])
    monkeypatch.setattr(sys, "platform", "linux")
    player = Player()
    until(lambda: player.problem != "")
    assert player.problem == (
        "There is no sound: the library PortAudio is missing. "
        "Install it with: sudo apt-get install libportaudio2"
    )
    player.close()


def test_a_change_is_heard_within_the_promised_time(scratch: Scratch) -> None:
    track = Track(1, "song", "mix", clip_of(scratch, sine(441, RATE * 2)))
    player, sink = stepped(track)
    player.play()
    sink.pull(RATE // 2)
    player.set_tracks([replace(track, muted=True)])
    out = np.abs(sink.pull(RATE)).max(0)
    assert np.flatnonzero(out > 1e-3)[-1] / RATE < 0.05 < AHEAD
