"""Where sound comes from: a microphone, or something that stands for one."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any, Protocol

import numpy as np

from app.portaudio import PortAudio, described, portaudio
from app.sinks import SILENT_FOR, Device
from engine.errors import DeviceUnavailable

Push = Callable[[np.ndarray, float], None]  # take (frames, channels), captured from this time on

BLOCK = 512  # frames the device is asked for at once: 11 ms at 44.1 kHz
STEREO = "stereo"  # which inputs of a device: both, or the number of one


class Source(Protocol):
    """What a microphone needs to be heard. All methods but `now` are called on one thread."""

    device: str  # id of the wanted device, "" for the first input of the default one
    stepped: bool  # pushes only when told to, on the caller's thread
    channels: int  # of what it pushes, known once open
    latency: float  # seconds from the microphone to `push`, known once it runs
    overflows: int  # blocks that the device had to throw away

    def devices(self) -> tuple[Device, ...]:
        """Look for inputs afresh. Raises `DeviceUnavailable` if there are none."""

    def open(self, rate: int) -> int:
        """Get ready at `rate` or near it; returns the true rate. Raises `DeviceUnavailable`."""

    def start(self, push: Push) -> None:
        """Call `push` for every block from now on. Raises `DeviceUnavailable`."""

    def check(self) -> None:
        """Raise `DeviceUnavailable` if nothing comes in any more."""

    def now(self) -> float:
        """The clock, in seconds, that tells when a block was captured; from any thread."""

    def close(self) -> None:
        """Stop; `open` may follow."""


class NullSource:
    """A source without hardware.

    `sound` gives float32 `(frames, channels)` from a frame on (silence without it), in real time on
    a thread of its own or, with `realtime=False`, when `give` is called. `rate` is one it insists
    on, `latency` how late it pretends to be. With `lost` set, `check` finds the device gone.
    """

    def __init__(
        self,
        sound: Callable[[int, int], np.ndarray] | None = None,
        realtime: bool = True,
        rate: int = 0,
        channels: int = 1,
        latency: float = 0.0,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self.device = ""
        self.stepped = not realtime
        self.channels, self.latency, self.overflows = channels, latency, 0
        self.lost = False
        self.given: Callable[[], None] = lambda: None  # run after each block when stepped
        self._sound = sound or (lambda _start, frames: np.zeros((frames, channels), np.float32))
        self._insists, self._rate, self._clock = rate, rate or 48_000, clock
        self._push: Push = _nothing
        self._frames = 0
        self._done = threading.Event()
        self._thread: threading.Thread | None = None

    def devices(self) -> tuple[Device, ...]:
        """One, that is always there."""
        return (Device("null#1", "Test input", True),)

    def open(self, rate: int) -> int:
        """Accept any rate, or insist on its own."""
        self._rate = self._insists or rate
        return self._rate

    def start(self, push: Push) -> None:
        """Begin to push, in real time unless stepped."""
        self._push = push
        if not self.stepped:
            self._done.clear()
            self._thread = threading.Thread(target=self._run, name="null-source", daemon=True)
            self._thread.start()

    def give(self, block: np.ndarray, when: float | None = None) -> None:
        """Step: push float32 `(frames, channels)`, captured from `when` on (or just now)."""
        moment = self.now() - len(block) / self._rate - self.latency if when is None else when
        self._push(np.asarray(block, np.float32), moment)
        self._frames += len(block)
        self.given()

    def check(self) -> None:
        """Raise once `lost` is set."""
        if self.lost:
            raise _gone("Test input")

    def now(self) -> float:
        """The clock it was given."""
        return self._clock()

    def close(self) -> None:
        """Stop pushing."""
        self._done.set()
        if self._thread is not None:
            self._thread.join()
        self._thread, self._push = None, _nothing

    def _run(self) -> None:
        begun = time.perf_counter()
        while True:
            late = begun + (self._frames + BLOCK) / self._rate + self.latency
            if self._done.wait(max(late - time.perf_counter(), 0.0)):
                return
            if not self.lost:
                self._push(self._sound(self._frames, BLOCK), begun + self._frames / self._rate)
            self._frames += BLOCK


class DeviceSource:
    """A sound input through PortAudio, with the least latency that the device offers.

    An id names the device and which of its inputs are meant: a singer's microphone is mostly in
    the first, and one voice is one channel.
    """

    stepped = False

    def __init__(self, device: str = "") -> None:
        self.device = device
        self.channels, self.latency, self.overflows = 1, 0.0, 0
        self._system: PortAudio | None = None  # while a stream is open
        self._stream: Any = None
        self._name = ""
        self._first = 0  # of the device's channels, the one taken when only one is
        self._wide = 1  # channels the device delivers
        self._called = 0.0
        self._push: Push = _nothing

    def devices(self) -> tuple[Device, ...]:
        """Look for inputs afresh: of each device its first, its second, and both."""
        system = portaudio()
        system.look("input")
        found: list[Device] = []
        for info, default in _inputs(system):
            name = info["name"]
            if info["max_input_channels"] == 1:
                found.append(Device(f"{name}#1", name, default))
                continue
            found += [
                Device(f"{name}#1", f"{name}, input 1", default),
                Device(f"{name}#2", f"{name}, input 2"),
                Device(f"{name}#{STEREO}", f"{name}, stereo"),
            ]
        return tuple(found)

    def open(self, rate: int) -> int:
        """Open at `rate`, or at the device's own if it refuses that."""
        system = portaudio()
        system.refresh()
        sd, found = system.module, _inputs(system)
        name, _, which = self.device.rpartition("#")
        wanted = [info for info, _ in found if info["name"] == name]
        info = wanted[0] if wanted else next((i for i, chosen in found if chosen), found[0][0])
        self._name = info["name"]
        two = info["max_input_channels"] > 1 and which in (STEREO, "2") and bool(wanted)
        self._wide = 2 if two else 1
        self.channels = 2 if two and which == STEREO else 1
        self._first = 1 if two and which == "2" else 0
        settings = {"device": info["index"], "channels": self._wide, "dtype": "float32"}
        try:
            sd.check_input_settings(samplerate=rate, **settings)
        except sd.PortAudioError:
            rate = round(info["default_samplerate"])
        try:
            self._stream = sd.RawInputStream(
                samplerate=rate,
                blocksize=BLOCK,
                latency="low",
                callback=self._take,
                **settings,
            )
        except sd.PortAudioError as error:
            raise self._refused(system, error) from error
        system.opened()
        self._system = system
        return rate

    def start(self, push: Push) -> None:
        """Let the device call `push` on its own thread."""
        self._push = push
        self.latency = self._stream.latency
        self._called = time.perf_counter()
        assert self._system is not None
        try:
            self._stream.start()
        except self._system.module.PortAudioError as error:
            raise self._refused(self._system, error) from error

    def check(self) -> None:
        """Raise if the device ended or has not delivered anything for a while."""
        if not self._stream.active or time.perf_counter() - self._called > SILENT_FOR:
            assert self._system is not None
            if self._system.fragile:
                self._system.abandon()
            self._system.distrust()
            raise _gone(self._name)

    def now(self) -> float:
        """The computer's clock; the callback translates the stream's to it."""
        return time.perf_counter()

    def close(self) -> None:
        """Give the device back to other programs."""
        system, self._system = self._system, None
        if system is not None:
            system.close(self._stream)
        self._push = _nothing

    def _refused(self, system: PortAudio, error: Exception) -> DeviceUnavailable:
        system.distrust()
        return DeviceUnavailable(
            f"The microphone “{self._name}” cannot be opened ({error.args[0]}).",
            "Another program may be using it, or Melic may not be allowed to hear it: look at the "
            "system's privacy settings, or choose another input.",
        )

    def _take(self, data: Any, frames: int, times: Any, status: Any) -> None:
        """The device's callback: no locks, no lasting allocation, nothing but the push."""
        block = np.frombuffer(data, np.float32).reshape(frames, self._wide)
        self._called = time.perf_counter()
        captured = times.inputBufferAdcTime
        if captured > 0.0 and captured < times.currentTime:  # some systems do not say
            self.latency = self._stream.time - captured - frames / self._stream.samplerate
            when = self._called - (self._stream.time - captured)
        else:
            when = self._called - self.latency - frames / self._stream.samplerate
        if status.input_overflow:
            self.overflows += 1
        self._push(block[:, self._first : self._first + self.channels], when)


def _nothing(block: np.ndarray, when: float) -> None:
    pass


def _gone(name: str) -> DeviceUnavailable:
    return DeviceUnavailable(
        f"The microphone “{name}” is gone.", "Connect it again or choose another input."
    )


def _inputs(system: PortAudio) -> list[tuple[dict[str, Any], bool]]:
    found = described(system.module, "input")
    if not found:
        raise DeviceUnavailable(
            "There is no microphone: no sound input was found.",
            "Connect or switch on a microphone, then try again. All else works without one.",
        )
    return found
