"""Where sound goes: a sound device, or nowhere at the right speed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from app.portaudio import PortAudio, described, portaudio
from engine.errors import DeviceUnavailable

Pull = Callable[[np.ndarray, float], None]  # fill (frames, 2), heard from this time of `Sink.now`

LATENCY = 0.08  # seconds a device is asked to hold at least: Python may answer 20 ms late
SILENT_FOR = 2.0  # seconds without a call after which a device counts as lost


@dataclass(frozen=True, slots=True)
class Device:
    """A sound output a person can choose. `id` stays the same from one start to the next."""

    id: str
    name: str
    default: bool = False


class Sink(Protocol):
    """What a player needs to be heard. All methods but `now` are called on one thread."""

    device: str  # id of the wanted device, "" for the default one
    stepped: bool  # pulls only when told to, on the caller's thread
    underflows: int  # blocks that came too late for the device

    def devices(self) -> tuple[Device, ...]:
        """Look for outputs afresh (while closed). Raises `DeviceUnavailable` if there are none."""

    def open(self, rate: int) -> int:
        """Get ready at `rate` or near it; returns the true rate. Raises `DeviceUnavailable`."""

    def start(self, pull: Pull) -> None:
        """Call `pull` for every block from now on. Raises `DeviceUnavailable`."""

    def check(self) -> None:
        """Raise `DeviceUnavailable` if nothing is heard any more."""

    def now(self) -> float:
        """The clock, in seconds, that tells when a block is heard; from any thread."""

    def close(self) -> None:
        """Stop; `open` may follow."""


class NullSink:
    """A sink without hardware.

    It runs on a thread of its own in real time or, with `realtime=False`, as far as `pull` is
    told. With `record` it keeps all it was given. `rate` is one it insists on, `latency` how late
    it pretends to be heard.
    """

    block = 512  # frames it pulls at once

    def __init__(
        self, realtime: bool = True, record: bool = False, rate: int = 0, latency: float = 0.0
    ) -> None:
        self.device = ""
        self.stepped = not realtime
        self.underflows = 0
        self.latency = latency
        self.feed: Callable[[], None] = lambda: None  # run before each block when stepped
        self._insists = rate
        self._record = record
        self._kept: list[np.ndarray] = []
        self._done = threading.Event()
        self._thread: threading.Thread | None = None
        self._rate = rate or 44100
        self._frames = 0
        self._pull: Pull | None = None

    @property
    def recorded(self) -> np.ndarray:
        """Everything it was given, float32 `(2, frames)`."""
        return np.concatenate([np.zeros((0, 2), np.float32), *self._kept]).T

    def devices(self) -> tuple[Device, ...]:
        """None, and nothing is wrong with that."""
        return ()

    def open(self, rate: int) -> int:
        """Accept any rate, or insist on its own."""
        self._rate = self._insists or rate
        return self._rate

    def start(self, pull: Pull) -> None:
        """Begin to pull, in real time unless stepped."""
        self._pull = pull
        if not self.stepped:
            self._done.clear()
            self._thread = threading.Thread(target=self._run, name="null-sink", daemon=True)
            self._thread.start()

    def pull(self, frames: int) -> np.ndarray:
        """Step: take the next `frames` and return them as float32 `(2, frames)`."""
        out = np.zeros((frames, 2), np.float32)
        for start in range(0, frames, self.block):
            self.feed()
            self._take(out[start : start + self.block], self.now() + self.latency)
        return out.T

    def check(self) -> None:
        """Nothing can be lost here."""

    def now(self) -> float:
        """Real time, or the time that was pulled so far."""
        return self._frames / self._rate if self.stepped else time.perf_counter()

    def close(self) -> None:
        """Stop pulling."""
        self._done.set()
        if self._thread is not None:
            self._thread.join()
        self._thread = self._pull = None

    def _take(self, out: np.ndarray, when: float) -> None:
        if self._pull is not None:
            self._pull(out, when)
        self._frames += len(out)
        if self._record:
            self._kept.append(out.copy())

    def _run(self) -> None:
        out = np.zeros((self.block, 2), np.float32)
        begun, frames = time.perf_counter(), 0
        while not self._done.wait(max(begun + frames / self._rate - time.perf_counter(), 0.0)):
            self._take(out, begun + frames / self._rate + self.latency)
            frames += self.block


class DeviceSink:
    """A sound device through PortAudio, which is loaded when first needed.

    The device is asked for a roomy latency, since a callback in Python waits for other threads:
    with a busy one beside it, up to 25 ms were measured, and 10 ms with `portaudio.SWITCH`. A
    change of the mix is heard within 0.15 s all the same.
    """

    stepped = False

    def __init__(self, device: str = "") -> None:
        self.device = device
        self.underflows = 0
        self._stream: Any = None
        self._system: PortAudio | None = None  # while a stream is open
        self._name = ""
        self._delay = 0.0
        self._called = 0.0
        self._pull: Pull = _silence
        self._pair = np.zeros((0, 2), np.float32)  # stereo, for a device with one channel

    def devices(self) -> tuple[Device, ...]:
        """Look for outputs afresh, the default one first in rank but in the system's order."""
        system = portaudio()
        system.look("output")
        found = _outputs(system)
        return tuple(Device(info["name"], info["name"], chosen) for info, chosen in found)

    def open(self, rate: int) -> int:
        """Open at `rate`, or at the device's own if it refuses that."""
        system = portaudio()
        system.refresh()
        sd, found = system.module, _outputs(system)
        wanted = [info for info, _ in found if info["name"] == self.device]
        info = wanted[0] if wanted else next((i for i, chosen in found if chosen), found[0][0])
        self._name = info["name"]
        channels = min(2, info["max_output_channels"])
        settings = {"device": info["index"], "channels": channels, "dtype": "float32"}
        try:
            sd.check_output_settings(samplerate=rate, **settings)
        except sd.PortAudioError:
            rate = round(info["default_samplerate"])
        try:
            self._stream = sd.RawOutputStream(
                samplerate=rate,
                latency=max(info["default_high_output_latency"], LATENCY),
                callback=self._mono if channels == 1 else self._stereo,
                **settings,
            )
        except sd.PortAudioError as error:
            raise self._refused(system, error) from error
        system.opened()
        self._system = system
        self._pair = np.zeros((rate, 2), np.float32)
        return rate

    def start(self, pull: Pull) -> None:
        """Let the device call `pull` on its own thread."""
        self._pull = pull
        self._delay = self._stream.latency
        self._called = time.perf_counter()
        assert self._system is not None
        try:
            self._stream.start()
        except self._system.module.PortAudioError as error:
            raise self._refused(self._system, error) from error

    def check(self) -> None:
        """Raise if the device ended or has not asked for sound for a while."""
        if not self._stream.active or time.perf_counter() - self._called > SILENT_FOR:
            assert self._system is not None
            if self._system.fragile:
                self._system.abandon()
            self._system.distrust()
            raise DeviceUnavailable(
                f"The sound device “{self._name}” is gone.",
                "Connect it again or choose another one, then play on.",
            )

    def now(self) -> float:
        """The computer's clock; the callback translates the stream's to it."""
        return time.perf_counter()

    def close(self) -> None:
        """Give the device back to other programs."""
        system, self._system = self._system, None
        if system is not None:
            system.close(self._stream)

    def _refused(self, system: PortAudio, error: Exception) -> DeviceUnavailable:
        system.distrust()
        return DeviceUnavailable(
            f"The sound device “{self._name}” cannot be opened ({error.args[0]}).",
            "Another program may be using it: close that one or choose another device.",
        )

    # The two callbacks: no locks, no lasting allocation, nothing but the pull.

    def _stereo(self, data: Any, frames: int, times: Any, status: Any) -> None:
        out = np.frombuffer(data, np.float32).reshape(frames, 2)
        self._give(out, times, status)

    def _mono(self, data: Any, frames: int, times: Any, status: Any) -> None:
        pair = self._pair[:frames]
        self._give(pair, times, status)
        out = np.frombuffer(data, np.float32)
        np.add(pair[:, 0], pair[:, 1], out=out)
        np.multiply(out, 0.5, out=out)

    def _give(self, out: np.ndarray, times: Any, status: Any) -> None:
        heard = times.outputBufferDacTime
        known = heard > times.currentTime  # some systems do not say
        delay = heard - self._stream.time if known else self._delay
        self._called = time.perf_counter()
        if status.output_underflow:
            self.underflows += 1
        self._pull(out, self._called + delay)


def _silence(out: np.ndarray, when: float) -> None:
    out[:] = 0.0


def _outputs(system: PortAudio) -> list[tuple[dict[str, Any], bool]]:
    found = described(system.module, "output")
    if not found:
        raise DeviceUnavailable(
            "There is no sound: no sound device was found.",
            "Connect or switch on speakers or headphones, then try again.",
        )
    return found
