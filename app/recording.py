"""Listening to the microphone and recording it to a lane."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from app.jobs import JobCenter
from app.microphone import Microphone
from app.session import Session
from app.settings import Settings
from app.studio import Studio, trouble_of
from app.words import tr
from engine.errors import EngineError
from engine.events import Ended, Event, Filled, Opened, Progress, State, Work
from engine.jobs import Job
from engine.recording import Take, record
from engine.types import Origin, Track

USUAL_RATE = 48_000  # Hz, where no song asks for another
LOOK_MS = 100  # between two looks at how the device is
WAIT = 0.02  # seconds between two looks whether it is open


class Recording(QObject):
    """What a person does with the microphone. Listening needs no recording; recording listens."""

    changed = Signal()  # it listens or not, records or not, has a problem or not
    lane_changed = Signal()  # a recording has its lane now, or has none any more
    ended = Signal()  # a recording is in the document, or came to nothing

    def __init__(
        self,
        session: Session,
        studio: Studio,
        jobs: JobCenter,
        settings: Settings,
        microphone: Microphone | None = None,
    ) -> None:
        super().__init__()
        self.microphone = microphone or Microphone()
        self.microphone.prefer(settings.input_device)
        self.listening = False
        self.lane = 0  # id of the track being recorded; 0 before there is one
        self._session, self._studio, self._jobs, self._settings = session, studio, jobs, settings
        self._job: Job | None = None
        self._stopped: float | None = None  # moment of the microphone's clock
        self._state: tuple[object, ...] = ()
        self._clock = QTimer(self, interval=LOOK_MS)
        self._clock.timeout.connect(self._look)

    # Listening

    @property
    def problem(self) -> EngineError | None:
        """Why nothing is heard, if that is a problem."""
        return None if self.microphone.opening else self.microphone.problem

    def listen(self, wanted: bool) -> None:
        """Hear the microphone, or give it back; a recording goes on without being looked at."""
        self.listening = wanted
        if wanted:
            self.microphone.open(self.rate)
            self._clock.start()
        elif not self.recording:
            self.microphone.close()
        self.changed.emit()

    def toggle_listen(self) -> None:
        """Hear the microphone, or give it back."""
        self.listen(not self.listening)

    def retry(self) -> None:
        """Look for the device again."""
        self.choose(self.microphone.device)

    def choose(self, device: str) -> None:
        """Hear this input ("": the system's default); not while it records."""
        if not self.recording:
            self._settings.input_device = device
            self.microphone.use_device(device, self.rate)
            self._clock.start()
            self.changed.emit()

    @property
    def rate(self) -> int:
        """The rate to listen at: that of the song, so that nothing need be converted."""
        tracks = self._session.tracks
        return tracks[0].clip.rate if tracks else USUAL_RATE

    # Recording

    @property
    def recording(self) -> bool:
        """Whether it records, or is about to."""
        return self._job is not None

    @property
    def seconds(self) -> float:
        """How long the recording is by now."""
        lane = self._session.lane(self.lane)
        if lane is None or not lane.filled:
            return 0.0
        clip = lane.track.clip
        return max(lane.filled[-1][1] / clip.rate - clip.origin.settings["start"], 0.0)

    @property
    def track(self) -> Track | None:
        """The track being recorded, as it would be kept now."""
        lane = self._session.lane(self.lane)
        return replace(lane.track, muted=False) if lane and lane.filled is not None else None

    def toggle_record(self) -> None:
        """Record to a new lane from now on, or end that."""
        if self.recording:
            self.stop()
        else:
            self.start()

    def stop(self) -> None:
        """End the recording with what was sung up to this moment."""
        if self._stopped is None:
            self._stopped = self.microphone.now()
            self.changed.emit()

    def start(self) -> None:
        """Record to a new lane, laid where the singer hears the song if it plays."""
        if self.recording:
            return
        pressed, playhead = self.microphone.now(), self._studio.axis.playhead
        player = self._studio.player
        heard_at = player.heard_at if player.playing else None
        scratch = self._studio.scratch
        self._stopped, self.lane = None, 0
        self.listen(True)

        def work() -> Work:
            while (intake := self.microphone.intake) is None:
                if self.microphone.problem is not None and not self.microphone.opening:
                    raise self.microphone.problem
                if self._stopped is not None:
                    return Take(None, playhead)
                yield Progress(float("nan"))
                time.sleep(WAIT)
            origin = Origin(task="record", settings={"input": self.input_name})
            return (
                yield from record(
                    intake, scratch, pressed, playhead, heard_at, lambda: self._stopped, origin
                )
            )

        self._job = self._jobs.submit("Record", work, "live", self._said, listed=False)
        self.changed.emit()

    @property
    def input_name(self) -> str:
        """The input that is heard, in words."""
        found = self.microphone.devices()
        wanted = self.microphone.device
        chosen = [d for d in found if d.id == wanted] or [d for d in found if d.default]
        return chosen[0].name if chosen else ""

    # What the work says

    def _said(self, event: Event) -> None:
        match event:
            case Opened(clips):
                self.lane = self._session.new_id()
                name = tr("Recording {number}", number=self._number())
                # Silent as long as it is made: a loop would play it back into the microphone.
                clip = next(iter(clips.values()))
                track = Track(self.lane, name, "recording", clip, muted=True, group=self.lane)
                self._session.open_live([track])
                self._session.select(self.lane)
                self.lane_changed.emit()
            case Filled(_, start, stop):
                self._session.fill_live(self.lane, start, stop)
                lane = self._session.lane(self.lane)
                if lane is not None and lane.track.clip.seconds > self._studio.axis.total:
                    self._session.lanes_changed.emit()  # it grew
            case Ended(State.DONE, result=take):
                self._keep(take)
            case Ended(error=error):
                self._session.close_live([self.lane])
                if error is not self.microphone.problem:  # the panel tells of that
                    self._studio.trouble.emit(trouble_of(error))
                self._end()

    def _keep(self, take: Take) -> None:
        lane, id = self._session.lane(self.lane), self.lane
        if take.clip is not None and lane is not None:
            track = replace(lane.track, clip=take.clip, muted=False)
            self._session.edit(tr("Record"), self._session.project.with_tracks([track]))
        elif lane is not None:
            self._session.close_live([id])
        if take.problem is not None:
            self._studio.trouble.emit(trouble_of(_ended_early(take.problem), id))
        elif take.lost:
            lost = EngineError(
                tr("{seconds:.2f} s of the recording are silent.", seconds=self._lost(take)),
                tr("The disk was too busy to take them. Close other programs that write."),
            )
            self._studio.trouble.emit(trouble_of(lost, id))
        self._end()

    def _lost(self, take: Take) -> float:
        return take.lost / take.clip.rate if take.clip is not None else 0.0

    def _end(self) -> None:
        self._job, self._stopped, self.lane = None, None, 0
        if not self.listening:
            self.microphone.close()
        self.changed.emit()
        self.lane_changed.emit()
        self.ended.emit()

    def _number(self) -> int:
        names = {lane.track.name for lane in self._session.lanes}
        number = 1
        while tr("Recording {number}", number=number) in names:
            number += 1
        return number

    def _look(self) -> None:
        """Tell when the device has come, gone, or has a problem."""
        microphone = self.microphone
        state = (microphone.intake, microphone.opening, microphone.problem, microphone.devices())
        if state != self._state:
            self._state = state
            self.changed.emit()
        if not (self.listening or self.recording or microphone.opening):
            self._clock.stop()

    def finish(self, then: Callable[[], object]) -> bool:
        """End a recording that runs and do something once it is kept; False if none runs."""
        if not self.recording:
            return False
        self.ended.connect(
            then,
            Qt.ConnectionType(
                Qt.ConnectionType.QueuedConnection.value
                | Qt.ConnectionType.SingleShotConnection.value
            ),
        )
        self.stop()
        return True

    def close(self) -> None:
        """Give the device back for good."""
        self._clock.stop()
        self.microphone.end()


def _ended_early(problem: EngineError) -> EngineError:
    if "is kept" in problem.message:
        return problem
    what = tr("{message} What was recorded until then is kept.", message=problem.message)
    return EngineError(what, problem.hint)
