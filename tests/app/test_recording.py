"""Recording without hardware: where it lies, what is on disk, and what failures leave behind."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest

from app.microphone import KEPT, Intake, Microphone
from app.playback import Player
from app.sinks import NullSink
from app.sources import DeviceSource, NullSource
from app.start import Program
from engine import workspace
from engine.errors import DeviceUnavailable
from engine.events import Filled, Opened
from engine.recording import GROW, Take, record
from engine.types import AudioClip, Origin, Scratch, Track
from tests.app.desk import import_song, open_desk, wait_for
from tests.app.test_access import chain, unexplained, unnamed
from tests.conftest import ROOT, clicks, tone

RATE = 44_100
BLOCK = 512


@pytest.fixture
def scratch(tmp_path: Path) -> Iterator[Scratch]:
    place = Scratch(tmp_path / "scratch")
    yield place
    place.close()


def finished(work: Any) -> tuple[Take, list[object]]:
    """Run a job to its end; returns its result and what it said."""
    said: list[object] = []
    try:
        while True:
            said.append(next(work))
    except StopIteration as stop:
        return stop.value, said


# Where a recording lies.


class Room:
    """A loudspeaker and a microphone in front of it, on one clock that tests wind.

    Sound leaves the program, is heard `out` seconds later, and comes back `back` seconds after
    that. Both sides are told times that tremble by `tremble` seconds.
    """

    def __init__(self, song: AudioClip, out: float, back: float, tremble: float) -> None:
        self.sink = NullSink(realtime=False, latency=out)
        self.player = Player(self.sink)
        self.player.set_tracks([Track(1, "song", "mix", song)])
        self.source = NullSource(realtime=False, clock=self.sink.now, latency=back)
        self.microphone = Microphone(self.source)
        self.microphone.open(song.rate)
        self.rate, self.out, self.back, self.tremble = song.rate, out, back, tremble
        self._air: list[tuple[float, np.ndarray]] = []
        self._random = np.random.default_rng(5)

    def live(self, seconds: float) -> None:
        for _ in range(max(round(seconds * self.rate / BLOCK), 1)):
            heard = self.sink.now() + self.out
            self.sink.latency = self.out + self._shake()
            self._air.append((heard, self.sink.pull(BLOCK)[:1].T.copy()))
            while self._air and self._air[0][0] + BLOCK / self.rate + self.back <= self.sink.now():
                moment, block = self._air.pop(0)
                self.source.give(block, moment + self._shake())

    def _shake(self) -> float:
        return float(self._random.uniform(-self.tremble, self.tremble))


@pytest.mark.parametrize(("out", "back"), [(0.0, 0.0), (0.08, 0.012), (0.25, 0.09)])
def test_what_is_sung_to_a_song_lies_where_the_singer_heard_it(
    make_clip: Callable[..., AudioClip], scratch: Scratch, out: float, back: float
) -> None:
    song = make_clip(clicks(8.0, RATE, 1, every=0.25))
    room = Room(song, out, back, tremble=0.001)
    room.live(0.5)
    room.player.seek(1.0)
    room.player.play()
    room.live(1.3)
    pressed, stopped = room.sink.now(), list[float]()
    work = record(
        room.microphone.intake,  # type: ignore[arg-type]
        scratch,
        pressed,
        room.player.position,
        room.player.heard_at,
        lambda: stopped[0] if stopped else None,
        Origin(task="record"),
        pause=room.live,
    )
    for _ in range(80):
        next(work)
    stopped.append(room.sink.now())
    take, _ = finished(work)
    assert take.clip is not None
    assert take.problem is None
    assert take.lost == 0
    heard = take.clip.read(0, take.clip.frames)[0]
    at = np.flatnonzero(heard > 0.3) / RATE
    assert len(at) >= 6
    away = at - np.round(at / 0.25) * 0.25
    assert np.abs(away).max() < 0.001
    assert take.start == pytest.approx(2.3 - out, abs=0.03)
    assert take.clip.seconds == pytest.approx(take.start + stopped[0] - pressed, abs=0.005)
    assert not heard[: int(take.start * RATE)].any()


def test_without_a_song_playing_it_begins_at_the_playhead(
    make_clip: Callable[..., AudioClip], scratch: Scratch
) -> None:
    room = Room(make_clip(tone(1.0, RATE, 1)), 0.0, 0.02, 0.0)
    room.live(0.2)
    intake = room.microphone.intake
    assert intake is not None
    pressed = room.sink.now()
    work = record(
        intake, scratch, pressed, 3.5, None, lambda: pressed + 0.5, Origin(), pause=room.live
    )
    take, said = finished(work)
    assert take.clip is not None
    assert take.clip.frames == pytest.approx(round(4.0 * RATE), abs=2)
    spans = [(event.start, event.stop) for event in said if isinstance(event, Filled)]
    assert spans[0] == (0, round(3.5 * RATE))
    assert spans[-1][1] == take.clip.frames
    assert all(a[1] == b[0] for a, b in pairwise(spans))


# What is on disk.


class Feed:
    """An intake that a test fills."""

    def __init__(self, channels: int = 1) -> None:
        self.intake = Intake(RATE, channels)
        self.clock = 0.0

    def give(self, sound: np.ndarray) -> None:
        for start in range(0, sound.shape[1], BLOCK):
            block = sound[:, start : start + BLOCK].T
            self.intake.push(np.ascontiguousarray(block), self.clock)
            self.clock += len(block) / RATE


def test_the_samples_on_disk_are_those_that_came_in(scratch: Scratch) -> None:
    feed, rng = Feed(2), np.random.default_rng(0)
    sound = rng.normal(0, 0.2, (2, 25 * RATE)).astype(np.float32)
    given = [0]

    def live(_seconds: float) -> None:
        step = int(rng.integers(1, RATE // 2))
        feed.give(sound[:, given[0] : given[0] + step])
        given[0] = min(given[0] + step, sound.shape[1])
        feed.intake.ended = given[0] == sound.shape[1]

    live(0.0)
    work = record(feed.intake, scratch, 0.0, 0.0, None, lambda: None, Origin(), pause=live)
    take, said = finished(work)
    assert take.clip is not None
    np.testing.assert_array_equal(take.clip.read(0, take.clip.frames), sound)
    assert isinstance(next(e for e in said if not hasattr(e, "done")), Opened)


def test_every_second_is_on_disk_before_the_next_has_passed(scratch: Scratch) -> None:
    feed = Feed()
    sound = tone(12.0, RATE, 1)
    at = [0]

    def live(_seconds: float) -> None:
        feed.give(sound[:, at[0] : at[0] + RATE // 10])
        at[0] += RATE // 10

    live(0.0)
    work = record(feed.intake, scratch, 0.0, 0.0, None, lambda: None, Origin(), pause=live)
    clip = next(e for e in work if isinstance(e, Opened)).clips["recording"]
    while at[0] < sound.shape[1]:
        next(work)
        kept = clip.read(0, max(at[0] - RATE // 2, 0))  # read back from the file
        np.testing.assert_array_equal(kept, sound[:, : kept.shape[1]])
        assert clip.frames >= kept.shape[1]
    work.close()


def test_a_long_recording_takes_no_memory(scratch: Scratch) -> None:
    feed = Feed()
    second = tone(1.0, RATE, 1)
    passed = [0]

    def live(_seconds: float) -> None:
        feed.give(second)
        passed[0] += 1
        feed.intake.ended = passed[0] >= 600

    live(0.0)
    work = record(feed.intake, scratch, 0.0, 0.0, None, lambda: None, Origin(), pause=live)
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    take, _ = None, None
    try:
        while True:
            next(work)
    except StopIteration as stop:
        take = stop.value
    grown = tracemalloc.get_traced_memory()[1] - before
    tracemalloc.stop()
    assert take.clip.seconds == 600.0
    assert grown < 8e6  # ten minutes are 106 MB


def test_a_disk_that_was_too_busy_leaves_a_gap_of_the_right_length(scratch: Scratch) -> None:
    feed = Feed()
    sound = np.full((1, round((KEPT + 8) * RATE)), 0.1, np.float32)
    turn = [0]

    def live(_seconds: float) -> None:
        turn[0] += 1
        if turn[0] == 2:
            feed.give(sound[:, RATE:])  # all at once: more than is kept
        feed.intake.ended = turn[0] == 3

    feed.give(sound[:, :RATE])
    take, _ = finished(
        record(feed.intake, scratch, 0.0, 0.0, None, lambda: None, Origin(), pause=live)
    )
    assert take.clip is not None
    assert take.clip.frames == sound.shape[1]
    silent = int((take.clip.read(0, take.clip.frames) == 0).sum())
    assert silent == take.lost > 6 * RATE
    assert take.clip.read(take.clip.frames - RATE, take.clip.frames).all()


# What failures leave behind.


def test_a_full_disk_ends_it_with_what_there_is(
    scratch: Scratch, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed = Feed()
    feed.give(tone(2.0, RATE, 1))
    writes = [0]
    write = AudioClip.write

    def full(clip: AudioClip, start: int, samples: np.ndarray) -> None:
        writes[0] += 1
        if writes[0] > 2:
            raise OSError(errno.ENOSPC, "No space left on device")
        write(clip, start, samples)

    monkeypatch.setattr(AudioClip, "write", full)
    work = record(
        feed.intake,
        scratch,
        0.0,
        0.0,
        None,
        lambda: None,
        Origin(),
        pause=lambda _s: feed.give(tone(1.0, RATE, 1)),
    )
    take, _ = finished(work)
    assert take.clip is not None
    assert take.clip.seconds == 3.0
    assert take.problem is not None
    assert "disk is full" in take.problem.message


def test_a_device_that_is_pulled_out_ends_it_with_what_there_is(scratch: Scratch) -> None:
    source = NullSource(realtime=False, clock=lambda: 0.0)
    microphone = Microphone(source)
    microphone.open(RATE)
    intake = microphone.intake
    assert intake is not None
    turns = [0]

    def live(_seconds: float) -> None:
        turns[0] += 1
        source.lost = turns[0] == 5
        source.give(tone(0.1, RATE, 1).T, 0.1 * turns[0])

    live(0.0)
    take, _ = finished(record(intake, scratch, 0.0, 0.0, None, lambda: None, Origin(), pause=live))
    assert take.clip is not None
    assert take.clip.seconds == pytest.approx(0.5, abs=0.11)
    assert isinstance(take.problem, DeviceUnavailable)
    assert "is gone" in str(microphone.problem)
    assert microphone.intake is None


def test_ending_before_anything_came_leaves_nothing(scratch: Scratch) -> None:
    intake = Intake(RATE, 1)
    take, _ = finished(
        record(intake, scratch, 0.0, 0.0, None, lambda: 0.0, Origin(), pause=lambda _s: None)
    )
    assert take.clip is None


# The device's side.


def test_the_callback_keeps_no_memory() -> None:
    intake = Intake(RATE, 1)
    block = np.ones((BLOCK, 1), np.float32)
    for number in range(600):
        intake.push(block, number * 0.01)
    tracemalloc.start()
    before = tracemalloc.take_snapshot()
    for number in range(2000):
        intake.push(block, number * 0.01)
    after = tracemalloc.take_snapshot()
    tracemalloc.stop()
    here = [tracemalloc.Filter(True, "*/app/microphone.py")]
    kept = after.filter_traces(here).compare_to(before.filter_traces(here), "filename")
    assert sum(entry.size_diff for entry in kept) < 64_000  # the marks, replaced one by one


def test_sound_is_the_same_after_going_round_the_ring() -> None:
    feed, rng = Feed(2), np.random.default_rng(1)
    sound = rng.normal(0, 1, (2, 30 * RATE)).astype(np.float32)
    feed.give(sound)
    stop = sound.shape[1]
    start = feed.intake.oldest
    assert stop - start > (KEPT - 1) * RATE
    np.testing.assert_array_equal(feed.intake.copy(start, stop), sound[:, start:])
    assert not feed.intake.copy(0, 1000).any()
    assert feed.intake.captured_at(stop) == pytest.approx(30.0)


@pytest.fixture
def portaudio(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A sounddevice module with two inputs; `streams` are those that were opened."""
    fake: Any = ModuleType("sounddevice")

    class PortAudioError(Exception):
        pass

    class Stream:
        def __init__(self, **settings: Any) -> None:
            if fake.refuses:
                raise PortAudioError("Device unavailable")
            self.settings, self.active, self.closed = settings, False, False
            self.latency, self.time, self.samplerate = 0.02, 100.0, settings["samplerate"]
            fake.streams.append(self)

        def start(self) -> None:
            self.active = True

        def close(self, ignore_errors: bool = True) -> None:
            self.active, self.closed = False, True

        def give(self, sound: np.ndarray, captured: float = 99.98) -> None:
            data = bytearray(np.ascontiguousarray(sound.T, np.float32).tobytes())
            times = SimpleNamespace(currentTime=100.0, inputBufferAdcTime=captured)
            status = SimpleNamespace(input_overflow=False)
            self.settings["callback"](data, sound.shape[1], times, status)

    def check(samplerate: int, **settings: Any) -> None:
        if samplerate != 48_000:
            raise PortAudioError("Invalid sample rate")

    fake.PortAudioError, fake.RawInputStream, fake.check_input_settings = (
        PortAudioError,
        Stream,
        check,
    )
    fake.query_devices = lambda number: {
        "index": number,
        "default_samplerate": 48_000.0,
        **fake.inputs[number],
    }
    fake.query_hostapis = lambda: (
        {"name": "ALSA", "devices": list(range(len(fake.inputs))), "default_input_device": 1},
    )
    fake.default = SimpleNamespace(hostapi=0)
    fake._initialize = fake._terminate = lambda: fake.looks.append(1)
    fake._exit_handler = lambda: None
    fake.streams, fake.looks, fake.refuses = [], [], False
    fake.inputs = [
        {"name": "Interface", "max_input_channels": 8},
        {"name": "Built-in", "max_input_channels": 1},
    ]
    monkeypatch.setitem(sys.modules, "sounddevice", fake)
    return fake


def test_inputs_are_listed_and_the_second_of_a_pair_can_be_taken_alone(portaudio: Any) -> None:
    source = DeviceSource()
    names = [(device.name, device.default) for device in source.devices()]
    assert names == [
        ("Interface, input 1", False),
        ("Interface, input 2", False),
        ("Interface, stereo", False),
        ("Built-in", True),
    ]
    source.device = "Interface#2"
    assert source.open(RATE) == 48_000
    got: list[tuple[np.ndarray, float]] = []
    source.start(lambda block, when: got.append((block.copy(), when)))
    assert portaudio.streams[0].settings["channels"] == 2
    sound = np.stack([np.zeros(480), np.arange(480)]).astype(np.float32)
    portaudio.streams[0].give(sound)
    np.testing.assert_array_equal(got[0][0][:, 0], np.arange(480))
    assert source.now() - got[0][1] == pytest.approx(0.02, abs=0.01)
    assert source.latency == pytest.approx(0.01, abs=1e-6)
    source.close()
    assert portaudio.streams[0].closed


def test_looking_for_inputs_never_ends_a_stream_that_is_open(portaudio: Any) -> None:
    source, other = DeviceSource(), DeviceSource()
    source.devices()
    source.open(48_000)
    other.devices()
    other.devices()
    assert not portaudio.looks
    source.close()
    other.devices()
    assert portaudio.looks


def test_without_a_microphone_the_reason_is_said_and_trying_again_finds_one(portaudio: Any) -> None:
    inputs, portaudio.inputs = portaudio.inputs, []
    microphone = Microphone()
    microphone.open(RATE)
    wait_for_thread(lambda: not microphone.opening)
    assert "no sound input was found" in str(microphone.problem)
    portaudio.inputs = inputs
    microphone.use_device("", RATE)
    wait_for_thread(lambda: microphone.intake is not None)
    assert microphone.problem is None
    portaudio.streams[0].active = False
    wait_for_thread(lambda: microphone.intake is None)
    assert "“Built-in” is gone" in str(microphone.problem)
    microphone.end()


def test_a_microphone_that_refuses_says_what_to_do(portaudio: Any) -> None:
    portaudio.refuses = True
    microphone = Microphone()
    microphone.open(RATE)
    wait_for_thread(lambda: not microphone.opening)
    assert "cannot be opened" in str(microphone.problem)
    assert "privacy" in str(microphone.problem)
    microphone.end()


def wait_for_thread(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + 20
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.005)


def test_listening_in_real_time_shows_pitch_level_and_latency() -> None:
    def sing(start: int, frames: int) -> np.ndarray:
        wave = 0.5 * np.sin(2 * np.pi * 220 * (start + np.arange(frames)) / 48_000)
        return wave.astype(np.float32)[:, None]

    microphone = Microphone(NullSource(sing, latency=0.02))
    microphone.open(48_000)
    wait_for_thread(lambda: microphone.scope is not None and microphone.scope.count > 20)
    assert microphone.scope is not None
    assert microphone.intake is not None
    assert microphone.scope.steady().hz == pytest.approx(220.0, rel=1e-3)
    assert microphone.intake.peaks[0] == pytest.approx(0.5, abs=0.01)
    device, block, window = microphone.latency
    assert device == 0.02
    assert block == pytest.approx(512 / 48_000)
    assert window == pytest.approx(2048 / 48_000)
    microphone.end()
    assert not [t for t in threading.enumerate() if t.name in ("microphone", "null-source")]


# In the window.


def sung(start: int, frames: int) -> np.ndarray:
    wave = 0.5 * np.sin(2 * np.pi * 220 * (start + np.arange(frames)) / RATE)
    return wave.astype(np.float32)[:, None]


@pytest.fixture
def source() -> NullSource:
    return NullSource(sung, rate=RATE)


@pytest.fixture
def desk(qapp: object, tmp_path: Path, source: NullSource) -> Iterator[Program]:
    with open_desk(tmp_path, microphone=Microphone(source)) as program:
        program.window.show()
        yield program


def test_record_makes_a_lane_that_fills_and_ends_as_one_undo_step(desk: Program) -> None:
    recording, session = desk.window.recording, desk.session
    desk.window.actions_["record"].trigger()
    assert recording.listening
    wait_for(lambda: recording.seconds > 0.6)
    (lane,) = session.lanes
    assert (lane.track.role, lane.track.group) == ("recording", lane.track.id)
    assert lane.filled is not None
    assert not session.project.tracks
    assert desk.window.actions_["record"].text() == "Stop recording"
    desk.window.actions_["record"].trigger()
    wait_for(lambda: not recording.recording)
    (track,) = session.project.tracks
    assert not track.muted
    assert track.clip.seconds == pytest.approx(0.6, abs=0.3)
    heard = track.clip.read(0, track.clip.frames)[0]
    assert np.abs(heard[2000:-2000]).max() == pytest.approx(0.5, abs=0.01)
    assert session.undo_stack.undoText() == "Record"
    session.undo_stack.undo()
    assert not session.lanes
    session.undo_stack.redo()
    assert session.lanes
    assert desk.studio.can_separate(track.id)


def test_overdubbing_leaves_the_song_playing_and_begins_at_the_playhead(
    desk: Program, tone_file: Path
) -> None:
    import_song(desk, tone_file)
    desk.axis.seek(0.5)
    desk.window.recording.toggle_record()
    wait_for(lambda: desk.window.recording.seconds > 0.7)
    desk.window.recording.toggle_record()
    wait_for(lambda: not desk.window.recording.recording)
    track = desk.session.project.tracks[-1]
    before = track.clip.read(0, RATE // 2)
    assert not before.any()
    assert track.clip.read(RATE // 2 + 2000, RATE // 2 + 4000).any()


def test_a_microphone_pulled_out_keeps_the_lane_and_says_so(
    desk: Program, source: NullSource
) -> None:
    said: list[Any] = []
    desk.studio.trouble.connect(said.append)
    desk.window.recording.toggle_record()
    wait_for(lambda: desk.window.recording.seconds > 0.3)
    source.lost = True
    wait_for(lambda: not desk.window.recording.recording)
    assert desk.session.project.tracks[0].clip.seconds > 0.3
    assert "is gone" in said[0].message
    assert "until then is kept" in said[0].message
    wait_for(lambda: desk.window.listening._trouble.isVisible())
    source.lost = False
    desk.window.recording.retry()
    wait_for(lambda: desk.window.listening.picture.isVisible())
    desk.window.recording.listen(False)
    assert not desk.window.listening.isVisible()


def test_the_panel_shows_note_level_and_latency(desk: Program, source: NullSource) -> None:
    source.latency = 0.02
    desk.window.actions_["listen"].trigger()
    panel = desk.window.listening
    wait_for(lambda: panel.figure.text.startswith("A3"))
    wait_for(lambda: panel.meter.highest > -7)
    assert panel.meter.highest == pytest.approx(-6.02, abs=0.1)
    wait_for(lambda: "ms" in panel._delay.text())
    assert panel._delay.text() == f"Latency {20 + 512 / 44.1 + 2048 / 44.1:.0f} ms"
    panel.grab()
    desk.window.actions_["listen"].trigger()
    assert not panel.isVisible()


def test_closing_the_window_ends_the_recording_first_and_keeps_it(desk: Program) -> None:
    desk.window.recording.toggle_record()
    wait_for(lambda: desk.window.recording.seconds > 0.3)
    desk.window.close()
    assert desk.window.isVisible()
    wait_for(lambda: not desk.window.isVisible())
    assert desk.session.project.tracks[0].role == "recording"


def test_the_panel_and_its_trouble_are_named_explained_and_reached_by_tab(
    desk: Program, source: NullSource
) -> None:
    desk.window.recording.listen(True)
    wait_for(lambda: desk.window.recording.microphone.intake is not None)
    assert not unnamed(desk.window)
    assert not unexplained(desk.window)
    source.lost = True
    wait_for(lambda: desk.window.listening._trouble.isVisible())
    assert not unnamed(desk.window)
    assert not unexplained(desk.window)
    assert desk.window.listening._trouble.retry in chain(desk.window)


CHILD = """
import sys, time
from pathlib import Path
import numpy as np
from PySide6.QtWidgets import QApplication
from app import settings
from app.microphone import Microphone
from app.playback import Player
from app.sinks import NullSink
from app.sources import NullSource
from app.start import build

app = QApplication([])
microphone = Microphone(NullSource(lambda at, n: np.full((n, 1), 0.25, np.float32), rate=48_000))
program = build(settings.store(Path(sys.argv[1])), Player(NullSink()), microphone=microphone)
program.window.recording.start()
told = 0
while True:
    app.processEvents()
    time.sleep(0.005)
    if program.window.recording.seconds > told + 0.5:
        told = program.window.recording.seconds
        print(f"{told:.3f}", flush=True)
"""


def test_what_was_recorded_before_a_kill_comes_back(tmp_path: Path, scratch: Scratch) -> None:
    home = {
        f"XDG_{name}_HOME": str(tmp_path / name.lower()) for name in ("DATA", "CACHE", "CONFIG")
    }
    with subprocess.Popen(
        [sys.executable, "-c", CHILD, str(tmp_path / "kept")],
        env={**os.environ, **home, "HOME": str(tmp_path), "LOCALAPPDATA": str(tmp_path)},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdout is not None
        said = 0.0
        while said < 3.0:
            said = float(child.stdout.readline())
        child.kill()
    (left,) = finished(workspace.left(next(tmp_path.rglob("open"))))[0]
    left.lock.release()
    document = finished(workspace.recover(left.folder, scratch))[0].document
    (track,) = document.project.tracks
    assert (track.name, track.role, track.muted) == ("Recording 1", "recording", False)
    heard = track.clip.read(0, track.clip.frames)[0]
    recorded = int(np.flatnonzero(heard)[-1] + 1)
    assert heard[:recorded].all()
    assert recorded / 48_000 >= said - 0.0005  # it is told in milliseconds
    assert (track.clip.frames - recorded) / 48_000 <= GROW  # the room that was made ahead
