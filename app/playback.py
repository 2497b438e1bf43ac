"""Playing the tracks: what is heard, where it is, how loud it is."""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import soxr

from app.reel import Pace, Reel
from app.ring import BLOCK, Ring
from app.sinks import Device, DeviceSink, NullSink, Sink
from engine import tone
from engine.errors import DeviceUnavailable
from engine.melody import Melody
from engine.metronome import count_in
from engine.mixer import Mixdown
from engine.types import Track

__all__ = ["Device", "NullSink", "Pace", "Player"]

TICK = 0.01  # seconds between two looks of the mixing thread
IDLE = 10.0  # seconds of rest after which the device is given back
SHORTEST_LOOP = 0.02  # seconds


class Player:
    """Plays tracks. Its verbs return at once; a thread of its own mixes and talks to the device.

    Without a `sink` it uses the sound device or, where there is none, silence at the right speed:
    then `problem` says why nothing is heard. `return_at_end`: at the end of the song go back to
    where playing began instead of staying there (the next `play` starts from the top).
    """

    def __init__(self, sink: Sink | None = None, return_at_end: bool = False) -> None:
        self.return_at_end = return_at_end
        self.problem = ""
        self._sink: Sink = sink or DeviceSink()
        self._out: Sink = self._sink  # the one in use: the sink, or silence in its place
        self._ring: Ring | None = None
        self._lock = threading.Lock()  # between the verbs and the mixing thread, for moments
        self._tracks: tuple[Track, ...] = ()
        self._loop: tuple[float, float] | None = None
        self._pace = Pace()
        self._playing = False
        self._serial = 0  # counts plays, pauses and seeks: what is heard may be of an older one
        self._target = 0.0  # where the newest of them put the playhead
        self._began = 0.0
        self._devices: tuple[Device, ...] = ()
        self._dropouts = 0  # of rings that are no more
        self._closed = False
        # Only the mixing thread touches these.
        self._mix = Mixdown((), 44100)
        self._reel = Reel(self._mix, 0)
        self._intro = np.zeros((2, 0), np.float32)  # what of the count-in is to come
        self._asked = 44100  # the rate the sink was asked for
        self._last = 0  # the serial being mixed
        self._feeding = False
        self._ending = False  # the last frame is mixed but not yet heard
        self._commands: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        if isinstance(self._sink, NullSink) and self._sink.stepped:
            self._sink.feed = self._turn
            return
        self._thread = threading.Thread(target=self._serve, name="player", daemon=True)
        self._thread.start()
        self._post(self._look)

    # What a person does; called on one thread, the GUI's.

    def set_tracks(self, tracks: Sequence[Track]) -> None:
        """Play these from now on; heard within a tenth of a second, without a click."""
        before, self._tracks = self._tracks, tuple(tracks)
        if _sound(before) != _sound(self._tracks):
            self._post(self._remix)

    @property
    def seconds(self) -> float:
        """Length of the longest track."""
        return max((track.clip.seconds for track in self._tracks), default=0.0)

    @property
    def loop(self) -> tuple[float, float] | None:
        """The region `(start, stop)` in seconds that repeats once playing reaches its end."""
        return self._loop

    @loop.setter
    def loop(self, region: tuple[float, float] | None) -> None:
        if region is not None and region[1] - region[0] < SHORTEST_LOOP:
            region = None
        if region != self._loop:
            self._loop = region
            self._post(self._remix)

    @property
    def playing(self) -> bool:
        """Whether the playhead moves."""
        return self._playing

    @property
    def pace(self) -> Pace:
        """Speed and transposition of what is heard."""
        return self._pace

    @pace.setter
    def pace(self, pace: Pace) -> None:
        pace = pace.bounded()
        if pace != self._pace:
            self._pace = pace
            self._post(self._remix)

    def play(self, beats: int = 0, tempo: float = 120.0) -> None:
        """Play from the playhead (from the top if it is at the end), after `beats` clicks."""
        if not self._playing and self._tracks:
            self._began = self._target if self._target < self.seconds - 0.001 else 0.0
            self._go(self._began, True, beats, tempo)

    def pause(self) -> None:
        """Stay where the ear is."""
        if self._playing:
            self._go(self.position, False)

    def stop(self) -> None:
        """Go back to where playing began; when not playing, to the top."""
        self._go(self._began if self._playing else 0.0, False)

    @property
    def began(self) -> float:
        """Where playing began, or would go back to."""
        return self._began

    def seek(self, seconds: float) -> None:
        """Move the playhead; if it plays, it plays on from there."""
        self._began = min(max(seconds, 0.0), self.seconds)
        self._go(self._began, self._playing)

    def devices(self) -> tuple[Device, ...]:
        """The outputs found when last looked for: at the start, at `retry` and `use_device`."""
        return self._devices

    def use_device(self, id: str) -> None:
        """Play on this output ("": the system's default)."""
        self._post(lambda: self._switch(id))

    def retry(self) -> None:
        """Look for devices again and try to be heard."""
        self._post(lambda: self._switch(self._sink.device))

    def blip(self, pitch: float, seconds: float, sound: str) -> None:
        """Let a note (MIDI number) be heard at once, whatever plays; see `engine.tone`."""
        self._post(partial(self._sound, pitch, seconds, sound))

    def let_hear(self, samples: np.ndarray, rate: int) -> None:
        """Let float32 `(channels, n)` at `rate` be heard at once, whatever plays."""
        self._post(partial(self._aside, samples, rate))

    def close(self) -> None:
        """Stop and give the device back."""
        self._playing = False
        self._closed = True
        self._post(self._release)
        if self._thread is not None:
            self._thread.join(2.0)

    # What is heard; polled at the screen's rate, on the same thread.

    @property
    def position(self) -> float:
        """The project time in seconds that is heard now, the device's latency taken off."""
        with self._lock:
            ring, serial, playing, target = self._ring, self._serial, self._playing, self._target
        if not playing or ring is None:
            return target
        frame = ring.heard(self._out.now())
        segment = ring.segment(frame)
        if segment is None or segment.serial != serial:
            return target  # the sound from there is on its way
        return min(segment.at(frame) / ring.rate, self.seconds)

    @property
    def count_in(self) -> float:
        """Seconds of the count-in that are still to be heard; 0 when there is none."""
        with self._lock:
            ring, serial, playing = self._ring, self._serial, self._playing
        if not playing or ring is None:
            return 0.0
        frame = ring.heard(self._out.now())
        segment = ring.segment(frame)
        if segment is None or segment.serial != serial:
            return 0.0
        return segment.to_come(frame) / ring.rate

    def heard_at(self, when: float) -> float | None:
        """The project time in seconds heard at `when` of the sink's clock; None while none is.

        From any thread; `when` may lie a little in the past or the future. While it counts in, the
        time that lies as far before the playhead as there is still to count.
        """
        with self._lock:
            ring, serial, playing = self._ring, self._serial, self._playing
        if not playing or ring is None:
            return None
        frame = ring.frame_at(when)
        segment = ring.segment(frame)
        if segment is None or segment.serial != serial:
            return None
        return (segment.at(frame) - segment.to_come(frame)) / ring.rate

    @property
    def levels(self) -> tuple[float, float]:
        """The linear peaks `(left, right)` heard since the last poll; 1.0 and more clips."""
        ring = self._ring
        if ring is None:
            return 0.0, 0.0
        peaks = np.abs(ring.copy(*ring.fresh("levels", self._out.now()))).max(0, initial=0.0)
        return float(peaks[0]), float(peaks[1])

    @property
    def track_levels(self) -> dict[int, tuple[float, float]]:
        """The linear peaks `{track id: (left, right)}` heard since the last poll."""
        ring, found = self._ring, dict[int, tuple[float, float]]()
        if ring is None:
            return found
        start, stop = ring.fresh("tracks", self._out.now())
        for at, peaks in ring.peaks:
            if start <= at < stop:
                for id, (left, right) in peaks.items():
                    before = found.get(id, (0.0, 0.0))
                    found[id] = max(left, before[0]), max(right, before[1])
        return found

    def recent(self, frames: int) -> np.ndarray:
        """Return the float32 `(2, frames)` that were just heard, up to a second and a half."""
        ring = self._ring
        if ring is None:
            return np.zeros((2, frames), np.float32)
        return ring.recent(frames, self._out.now())

    @property
    def rate(self) -> int:
        """The rate of what `recent` returns."""
        ring = self._ring
        return ring.rate if ring is not None else 44100

    @property
    def dropouts(self) -> int:
        """How often sound came too late since the start."""
        ring = self._ring
        return self._dropouts + self._sink.underflows + (ring.dropouts if ring is not None else 0)

    # The mixing thread.

    def _go(self, seconds: float, playing: bool, beats: int = 0, tempo: float = 120.0) -> None:
        with self._lock:
            self._serial += 1
            self._target = seconds
            self._playing = playing
            serial = self._serial
        begin = partial(self._begin, serial, seconds, beats, tempo)
        self._post(begin if playing else self._rest)

    def _post(self, command: Callable[[], None]) -> None:
        if self._thread is not None:
            self._commands.put(command)
        else:
            command()

    def _serve(self) -> None:
        rested = 0.0
        while not self._closed or not self._commands.empty():
            with contextlib.suppress(queue.Empty):
                self._commands.get(timeout=TICK if self._ring is not None else None)()
                while True:
                    self._commands.get_nowait()()
            self._turn()
            busy = self._playing or (self._ring is not None and self._ring.sounding)
            rested = 0.0 if busy else rested + TICK
            if rested > IDLE:
                self._release()

    def _turn(self) -> None:
        ring = self._ring
        if ring is None:
            return
        try:
            self._out.check()
            if self._feeding:
                self._feed(ring)
            elif self._ending and ring.drained(self._out.now()):
                self._finish()
        except DeviceUnavailable as error:
            self._fail(str(error))
        except OSError as error:
            self._fail(f"The sound on disk cannot be read ({error.strerror}).")

    def _feed(self, ring: Ring) -> None:
        reel = self._reel
        while self._feeding and ring.hungry:
            block = reel.read(BLOCK)
            if reel.turned:
                if reel.start and not reel.left and ring.segments and ring.segments[-1].left:
                    ring.fade_in()  # the count-in is over
                ring.mark(reel.start, self._last, reel.speed, reel.left)
            if block.shape[1]:
                ring.append(block, reel.peaks)
            else:
                self._feeding, self._ending = False, True
                ring.fade_out()
        ring.feeding = self._feeding

    def _begin(self, serial: int, seconds: float, beats: int = 0, tempo: float = 120.0) -> None:
        if serial != self._serial:
            return  # a newer command is waiting
        self._last = serial
        asked = self._tracks[0].clip.rate if self._tracks else self._asked
        if asked != self._asked and not self._feeding:
            self._release()
        ring = self._ring or self._open(asked)
        ring.take_back()
        self._intro = count_in(beats, tempo, ring.rate)
        if round(seconds * ring.rate) and not beats:
            ring.fade_in()
        self._wind(round(seconds * ring.rate))

    def _sound(self, pitch: float, seconds: float, sound: str) -> None:
        asked = self._tracks[0].clip.rate if self._tracks else self._asked
        ring = self._ring or self._open(asked)
        ring.sound(tone.blip(pitch, seconds, ring.rate, sound))

    def _aside(self, samples: np.ndarray, rate: int) -> None:
        asked = self._tracks[0].clip.rate if self._tracks else self._asked
        ring = self._ring or self._open(asked)
        if rate != ring.rate:
            samples = soxr.resample(samples.T, rate, ring.rate).T
        ring.sound(np.broadcast_to(samples, (2, samples.shape[1])))

    def _remix(self) -> None:
        ring = self._ring
        if ring is None:
            return
        self._mix = Mixdown(self._tracks, ring.rate)
        if self._feeding or self._ending:
            ring.take_back()
            segment = ring.segment(ring.written)
            if segment is not None:
                self._intro = self._intro[:, self._intro.shape[1] - segment.to_come(ring.written) :]
                self._wind(segment.at(ring.written))

    def _wind(self, position: float) -> None:
        """Feed from this project frame on, after what of the count-in is to come."""
        reel = self._reel = Reel(self._mix, position, self._loop, self._pace, self._intro)
        if self._ring is not None:
            self._ring.mark(reel.start, self._last, reel.speed, reel.left)
        self._feeding, self._ending = True, False

    def _rest(self) -> None:
        self._feeding = self._ending = False
        if self._ring is not None:
            self._ring.feeding = False
            self._ring.take_back()
            self._ring.fade_out()

    def _finish(self) -> None:
        self._ending = False
        with self._lock:
            if self._serial == self._last:
                self._playing = False
                self._target = self._began if self.return_at_end else self.seconds

    def _fail(self, problem: str) -> None:
        at = self.position
        with self._lock:
            self._serial += 1
            self._playing = False
            self._target = at
        self.problem = problem
        self._release()

    def _look(self) -> None:
        self.problem = ""
        try:
            self._devices = self._sink.devices()
        except DeviceUnavailable as error:
            self._devices = ()
            self.problem = str(error)

    def _switch(self, id: str) -> None:
        serial, at = self._serial, self.position
        self._release()
        self._sink.device = id
        self._look()
        with self._lock:
            if serial != self._serial:
                return  # a newer command is waiting
            self._target = at
        if self._playing:
            self._begin(serial, at)

    def _open(self, rate: int) -> Ring:
        problem = ""
        for sink in (self._sink, NullSink()):
            try:
                ring = Ring(sink.open(rate))
                sink.start(ring.pull)
            except DeviceUnavailable as error:
                problem = str(error)
                sink.close()
                continue
            self._out = sink
            break
        self._asked = rate
        self._mix = Mixdown(self._tracks, ring.rate)
        self.problem = problem
        self._ring = ring
        return ring

    def _release(self) -> None:
        ring, self._ring = self._ring, None
        self._feeding = self._ending = False
        if ring is not None:
            self._dropouts += ring.dropouts
            self._out.close()


def _sound(tracks: Sequence[Track]) -> list[tuple[object, ...]]:
    """What of the tracks can be heard (their names cannot)."""
    return [
        (t.id, t.clip, t.gain_db, t.pan, t.muted, t.solo, t.silences, _notes(t.melody))
        for t in tracks
    ]


def _notes(melody: Melody | None) -> tuple[object, ...]:
    """What of a melody can be heard: nothing as long as the recording alone sounds."""
    if melody is None or not melody.blend:
        return ()
    shown = (melody.quantised, melody.beat, melody.key) if melody.quantised else ()
    return melody.blend, melody.sound, melody.notes, shown
