"""Hearing the microphone: what comes in, how loud, how late."""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Callable

import numpy as np

from app.sinks import Device
from app.sources import BLOCK, DeviceSource, Source
from engine.errors import DeviceUnavailable
from engine.live import Scope
from engine.spectrogram import SpectrumSettings

KEPT = 12.0  # seconds of sound that stay in memory: how late a disk may be
GUARD = 4096  # frames that may be overwritten while they are copied
TICK = 0.01  # seconds between two looks of the working thread
MARKS = 256  # blocks whose time of capture is remembered


class Intake:
    """Sound on its way in. One callback writes, everybody reads, nobody waits.

    Frames are counted from the first. `problem` says why no more will come.
    """

    def __init__(self, rate: int, channels: int) -> None:
        self.rate, self.channels = rate, channels
        self.written = 0
        self.problem: DeviceUnavailable | None = None
        self.ended = False  # nothing more will come
        self.marks: list[tuple[int, float]] = [(0, 0.0)] * MARKS  # (frame, captured at)
        self.marked = 0  # marks made ever; mark k is at k % MARKS
        self._size = round(rate * KEPT)
        self._data = np.zeros((self._size, channels), np.float32)
        self._polled = 0

    def push(self, block: np.ndarray, when: float) -> None:
        """Take float32 `(frames, channels)`, captured from `when` on: the device's callback."""
        count, start, size = len(block), self.written, self._size
        at = start % size
        first = min(count, size - at)
        self._data[at : at + first] = block[:first]
        if count > first:
            self._data[: count - first] = block[first:]
        self.marks[self.marked % MARKS] = (start, when)
        self.marked += 1
        self.written = start + count

    @property
    def oldest(self) -> int:
        """The first frame that is still here, for a while yet."""
        return max(self.written - self._size + GUARD, 0)

    def copy(self, start: int, stop: int) -> np.ndarray:
        """Return float32 `(channels, stop - start)`; what is gone or not here yet is silence."""
        out = np.zeros((self.channels, max(stop - start, 0)), np.float32)
        first, last = max(start, self.oldest, 0), min(stop, self.written)
        if last > first:
            at, count = first % self._size, last - first
            head = min(count, self._size - at)
            out[:, first - start : first - start + head] = self._data[at : at + head].T
            out[:, first - start + head : last - start] = self._data[: count - head].T
        return out

    def captured_at(self, frame: int) -> float | None:
        """When a frame reached the microphone, on the source's clock; None before the first."""
        if not self.marked:
            return None
        start, when = self.marks[(self.marked - 1) % MARKS]
        return when + (frame - start) / self.rate

    @property
    def peaks(self) -> tuple[float, float]:
        """The linear peaks `(left, right)` since the last poll; 1.0 and more clips."""
        stop = self.written
        start = max(self._polled, stop - self.rate)
        self._polled = stop
        loud = np.abs(self.copy(start, stop)).max(1, initial=0.0)
        return float(loud[0]), float(loud[-1])


class Microphone:
    """Listens to an input. Its verbs return at once; a thread of its own talks to the device.

    `intake` is None while nothing is heard; then `problem` says why, if that is a problem.
    """

    def __init__(self, source: Source | None = None) -> None:
        self.intake: Intake | None = None
        self.scope: Scope | None = None
        self.problem: DeviceUnavailable | None = None
        self.opening = False
        self._source: Source = source or DeviceSource()
        self._settings = SpectrumSettings()
        self._devices: tuple[Device, ...] = ()
        self._fed = 0  # frames of the intake that the scope has seen
        self._closed = False
        self._commands: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        if self._source.stepped:
            self._source.given = self._turn  # type: ignore[attr-defined]

    # What a person does; called on one thread, the GUI's.

    def open(self, rate: int) -> None:
        """Begin to listen at `rate` or near it; nothing happens if it listens already."""
        if self.intake is None and not self.opening:
            self.opening = True
            self._post(lambda: self._open(rate))

    def close(self) -> None:
        """Give the device back to other programs."""
        self._post(self._release)

    def devices(self) -> tuple[Device, ...]:
        """The inputs found when last looked for: at `open` and `use_device`."""
        return self._devices

    @property
    def device(self) -> str:
        """Id of the wanted input."""
        return self._source.device

    def prefer(self, id: str) -> None:
        """Take this input when it is next opened."""
        self._source.device = id

    def use_device(self, id: str, rate: int) -> None:
        """Listen to this input ("": the system's default)."""
        self.opening = True

        def switch() -> None:
            self._release()
            self._source.device = id
            self._open(rate)

        self._post(switch)

    def set_picture(self, settings: SpectrumSettings) -> None:
        """Picture the sound like this from now on."""
        if settings != self._settings:
            self._settings = settings
            self._post(self._renew)

    def end(self) -> None:
        """Stop for good."""
        self._closed = True
        if self._thread is not None:
            self._post(self._release)
            self._thread.join(2.0)
        else:
            self._release()

    # What is heard; polled at the screen's rate.

    def now(self) -> float:
        """The clock of `Intake.captured_at`."""
        return self._source.now()

    @property
    def latency(self) -> tuple[float, float, float]:
        """Seconds of delay: in the device, in one block, in the analysis window."""
        if self.intake is None or self.scope is None:
            return 0.0, 0.0, 0.0
        return max(self._source.latency, 0.0), BLOCK / self.intake.rate, self.scope.seconds

    @property
    def input_latency(self) -> float:
        """Seconds from the microphone until a block is here."""
        return max(self._source.latency, 0.0)

    @property
    def overflows(self) -> int:
        """Blocks that the device threw away because they were not fetched in time."""
        return self._source.overflows

    # The working thread.

    def _post(self, command: Callable[[], None]) -> None:
        if self._source.stepped:
            command()
            return
        if self._thread is None:
            self._thread = threading.Thread(target=self._serve, name="microphone", daemon=True)
            self._thread.start()
        self._commands.put(command)

    def _serve(self) -> None:
        while not self._closed or not self._commands.empty():
            with contextlib.suppress(queue.Empty):
                self._commands.get(timeout=TICK if self.intake is not None else None)()
            self._turn()

    def _turn(self) -> None:
        intake, scope = self.intake, self.scope
        if intake is None or scope is None:
            return
        try:
            self._source.check()
        except DeviceUnavailable as error:
            self.problem = intake.problem = error
            self._release()
            return
        stop = intake.written
        if stop - self._fed > scope.columns * scope.hop:
            self._fed = stop - scope.columns * scope.hop
        if stop > self._fed:
            scope.feed(intake.copy(self._fed, stop))
            self._fed = stop

    def _open(self, rate: int) -> None:
        self.problem = None
        try:
            self._devices = self._source.devices()
            if self.intake is None:
                intake = Intake(self._source.open(rate), self._source.channels)
                self._fed = 0
                self.scope = Scope(intake.rate, self._settings)
                self._source.start(intake.push)
                self.intake = intake
        except DeviceUnavailable as error:
            self.problem = error
            self._source.close()
        finally:
            self.opening = False

    def _renew(self) -> None:
        if self.intake is not None:
            self._fed = max(self.intake.oldest, 0)
            self.scope = Scope(self.intake.rate, self._settings)

    def _release(self) -> None:
        intake, self.intake = self.intake, None
        if intake is not None:
            self._source.close()
            intake.ended = True
