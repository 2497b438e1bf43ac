"""Hearing a selection alone: rendered once, then played in its place in the song."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject

from app.studio import trouble_of
from engine import tasks
from engine.events import Ended, Event, Filled, Opened, State
from engine.types import AudioClip

if TYPE_CHECKING:
    from app.selecting import Selection
    from app.studio import Studio
    from engine.jobs import Job
    from engine.regions import Region
    from engine.types import Track

KEPT = 8  # renderings that are kept, so that a second look is heard at once
READY = 1.0  # seconds that must be rendered before playing begins; the rest comes much faster


class Placed(AudioClip):
    """A clip that sounds from `start` (frames) of a longer silence on, and ends with it."""

    def __init__(self, clip: AudioClip, start: int) -> None:
        super().__init__(clip.path, clip.channels, start + clip.frames, clip.rate, clip.origin)
        self._clip, self._start = clip, start

    def read(self, start: int, stop: int) -> np.ndarray:
        """As `AudioClip.read`."""
        return self._clip.read(start - self._start, stop - self._start)


class Audition(QObject):
    """Plays what is marked and nothing else; all lanes are back as soon as it ends."""

    def __init__(self, studio: Studio, selection: Selection) -> None:
        super().__init__()
        self._studio, self._selection = studio, selection
        self._kept: OrderedDict[tuple[AudioClip, Region], AudioClip] = OrderedDict()
        self._job: Job | None = None
        self._span: tuple[float, float] | None = None  # what is heard alone now
        studio.transport.playing_changed.connect(self._playing_changed)
        studio.axis.seek_requested.connect(self._sought)
        studio.axis.loop_changed.connect(self._loop_changed)

    @property
    def sounding(self) -> bool:
        """Whether a selection is heard alone."""
        return self._span is not None

    def play(self) -> None:
        """Play the selection from its start, over and over while the loop is on."""
        lane = self._studio.session.lane(self._selection.track)
        region = self._selection.region
        if lane is None or region is None:
            return
        self._cancel()
        key = (lane.track.clip, region)
        if key in self._kept:
            self._kept.move_to_end(key)
            self._begin(lane.track, region, self._kept[key])
            return
        self._render(lane.track, region, keep=lane.filled is None)

    def _render(self, track: Track, region: Region, keep: bool) -> None:
        made: list[AudioClip] = []
        begun: list[bool] = []

        def on_event(event: Event) -> None:
            if job is not self._job:
                return  # another one is wanted by now
            match event:
                case Opened(clips):
                    made.append(clips["selection"])
                case Filled(_, _, stop) if stop >= min(READY * track.clip.rate, made[0].frames):
                    if not begun:
                        begun.append(True)
                        self._begin(track, region, made[0])
                case Ended(State.DONE, result=clip):
                    self._job = None
                    if keep:
                        self._kept[track.clip, region] = clip
                        while len(self._kept) > KEPT:
                            self._kept.popitem(last=False)
                case Ended(State.FAILED, error=error):
                    self._job = None
                    self._studio.trouble.emit(trouble_of(error, track.id))

        studio = self._studio
        job = studio.jobs.submit(
            "Hear the selection",
            lambda: tasks.extract(track.clip, region, studio.scratch),
            "ears",
            on_event,
            listed=False,
        )
        self._job = job

    def _begin(self, track: Track, region: Region, clip: AudioClip) -> None:
        studio, player = self._studio, self._studio.player
        start = max(region.span[0], 0.0)
        placed = Placed(clip, round(start * clip.rate))
        self._span = None  # what follows is not a person's doing
        if player.playing:
            player.pause()
        alone = replace(track, clip=placed, muted=False, solo=False, silences=())
        studio.transport.hear_alone([alone])
        studio.axis.seek(start)
        self._span = (start, placed.seconds)
        self._loop_changed()
        player.play()
        studio.transport.follow()

    def _loop_changed(self) -> None:
        if self._span is not None:
            player = self._studio.player
            player.loop = self._span if self._studio.axis.loop is not None else None

    def _playing_changed(self, playing: bool) -> None:
        if not playing and self._span is not None:
            start = self._span[0]
            self._end()
            self._studio.axis.seek(start)

    def _sought(self, seconds: float) -> None:
        if self._span is not None:  # a person wants to be elsewhere, where everything sounds
            self._end()

    def _end(self) -> None:
        self._span = None
        self._studio.transport.hear_alone(())
        self._studio.player.loop = self._studio.axis.loop

    def forget(self, clips: set[AudioClip]) -> None:
        """Keep renderings of these clips only."""
        for key in [key for key in self._kept if key[0] not in clips]:
            del self._kept[key]

    def _cancel(self) -> None:
        job, self._job = self._job, None
        if job is not None:
            self._studio.jobs.cancel(job)
