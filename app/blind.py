"""Comparing two lanes without knowing which one sounds: A, B, and X, which is one of them."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.studio import trouble_of
from app.words import tr
from engine import tasks
from engine.events import Ended, Event, Filled, Opened, State
from engine.jobs import Job
from engine.types import Track

if TYPE_CHECKING:
    from app.modelling import Modelling
    from app.studio import Studio

NOBODY = -1  # the id of what sounds, so that no lane's meter tells which it is


class Blind(QObject):
    """One comparison after the other; `x` changes by chance with each answer."""

    changed = Signal()

    def __init__(self, studio: Studio, modelling: Modelling) -> None:
        super().__init__(studio)
        self._studio, self._modelling = studio, modelling
        self.a = self.b = 0  # track ids; 0 while nothing is compared
        self.heard = ""  # "a", "b", "x" or nothing
        self.right = self.count = 0
        self._chance = random.SystemRandom()
        self._x_is_b = False
        self._loud: dict[int, float] = {}  # LUFS by track id
        studio.session.lanes_changed.connect(self._lanes_changed)

    def pair(self) -> tuple[int, int]:
        """The two lanes that a person most likely means: what was tried last, else two lanes."""
        session = self._studio.session
        here = [track.id for track in session.project.tracks]
        tried = [id for id in self._modelling.tries if id in here]
        near = [session.selected] if session.selected in here else []
        wanted = list(dict.fromkeys([*tried[-2:], *near, *reversed(here)]))
        return (wanted[0], wanted[1]) if len(wanted) > 1 else (0, 0)

    def compare(self, a: int, b: int) -> None:
        """Begin with these two lanes; the score starts anew."""
        self.a, self.b, self.heard = a, b, ""
        self.right = self.count = 0
        self._x_is_b = self._chance.random() < 0.5
        self._loud = {}
        for id in {a, b}:
            if (track := self._track(id)) is not None:
                self._measure(track)
        self._studio.transport.hear_alone(())
        self.changed.emit()

    @property
    def ready(self) -> bool:
        """Whether both are there and their levels are known."""
        return self.a != self.b and {self.a, self.b} <= self._loud.keys()

    def gain(self, id: int) -> float:
        """The gain in dB one is heard with: the louder one is lowered, so that nothing clips."""
        levels = [self._loud.get(each, math.nan) for each in (self.a, self.b)]
        own = self._loud.get(id, math.nan)
        return min(min(levels) - own, 0.0) if all(map(math.isfinite, levels)) else 0.0

    def hear(self, which: str) -> None:
        """Let "a", "b" or "x" sound from here on; what sounded stops."""
        second = which == "b" or (which == "x" and self._x_is_b)
        track = self._track(self.b if second else self.a)
        if track is None or not self.ready:
            return
        self.heard = which
        gain = self.gain(track.id)
        plain = replace(
            track, id=NOBODY, group=NOBODY, gain_db=gain, pan=0.0, muted=False, solo=False
        )
        self._studio.transport.hear_alone([plain])
        if not self._studio.transport.playing:
            self._studio.transport.play_pause()
        self.changed.emit()

    def answer(self, which: str) -> bool:
        """Say that X is "a" or "b"; tells whether that was right, and takes another X."""
        right = (which == "b") == self._x_is_b
        self.count += 1
        self.right += right
        self._x_is_b = self._chance.random() < 0.5
        self.hear("x")
        self.changed.emit()
        return right

    def end(self) -> None:
        """Hear the lanes again as they are set."""
        self.a = self.b = 0
        self.heard = ""
        self._studio.transport.hear_alone(())
        self.changed.emit()

    def difference(self) -> Job | None:
        """Make a muted lane of A minus B at one loudness: its picture shows where they differ."""
        a, b, studio = self._track(self.a), self._track(self.b), self._studio
        if a is None or b is None or not self.ready:
            return None
        id, gain = studio.session.new_id(), self._loud[a.id] - self._loud[b.id]
        gain = gain if math.isfinite(gain) else 0.0
        name = tr("Difference of {a} and {b}", a=a.name, b=b.name)

        def on_event(event: Event) -> None:
            match event:
                case Opened(clips) if not job.cancelled:
                    lane = Track(id, name, "selection", clips["residual"], muted=True, group=id)
                    studio.open_making(job, [lane])
                case Filled(_, start, stop):
                    studio.session.fill_live(id, start, stop)
                case Ended(State.DONE, result=clip) if not job.cancelled:
                    studio.keep(name, [(id, clip)])
                case Ended():
                    studio.drop(event, [id], a.id)

        job = studio.jobs.submit(
            name, lambda: tasks.difference(a.clip, b.clip, studio.scratch, gain), "light", on_event
        )
        return job

    def _track(self, id: int) -> Track | None:
        return self._studio.session.project.track(id)

    def _measure(self, track: Track) -> None:
        """Find out how loud it is where it is listened to: in the loop, else everywhere."""
        pair, span = (self.a, self.b), self._studio.axis.loop

        def on_event(event: Event) -> None:
            match event:
                case Ended(State.DONE, result=level) if (self.a, self.b) == pair:
                    self._loud[track.id] = level
                    self.changed.emit()
                case Ended(State.FAILED, error=error):
                    self._studio.trouble.emit(trouble_of(error, track.id))

        self._studio.jobs.submit(
            "Measure loudness",
            lambda: tasks.loudness(track.clip, span),
            "ears",
            on_event,
            listed=False,
        )

    def _lanes_changed(self) -> None:
        if self.a and (self._track(self.a) is None or self._track(self.b) is None):
            self.end()


def chance(right: int, count: int) -> float:
    """How likely somebody who only guesses is right at least so often, each time one of two."""
    return sum(math.comb(count, k) for k in range(right, count + 1)) / 2**count
