"""Practising: slower, higher, after a count-in; two lanes at one loudness; parts of a lane mute."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from PySide6.QtCore import QObject, QTimer, Signal

from app.playback import Pace
from app.views.transport import clock_text
from app.words import tr
from engine import tasks
from engine.events import Ended, Event, State
from engine.metronome import FASTEST, MOST_BEATS, SLOWEST, tempo_of
from engine.silences import Ranges, muted, unmuted
from engine.types import AudioClip, Track

if TYPE_CHECKING:
    from app.selecting import Selection
    from app.settings import Settings
    from app.studio import Studio

SPEED_STEP = 0.05
SEMITONE = 100.0  # cents
TAPS = 8  # that count
FORGET = 2.5  # seconds after which a tap begins anew
COUNT_MS = 30


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two lanes that take turns: `a` and `b` are track ids, `second` says that `b` is heard."""

    a: int
    b: int
    second: bool = False

    @property
    def heard(self) -> int:
        """The id of the track that sounds."""
        return self.b if self.second else self.a


class Taps:
    """Tells the tempo from taps with the beat; a pause begins anew."""

    def __init__(self) -> None:
        self._times: list[float] = []

    def tap(self) -> float | None:
        """Take this moment for a beat; beats a minute from the second one on."""
        now = time.perf_counter()
        if self._times and now - self._times[-1] > FORGET:
            self._times.clear()
        self._times = [*self._times[1 - TAPS :], now]
        return tempo_of(self._times)


class Practice(QObject):
    """How the lanes are listened to; only mute ranges and the tempo are part of the document."""

    changed = Signal()  # speed, pitch, count-in, tempo or comparison
    counting = Signal(int)  # beats of the count-in to come, the one sounding included
    shown_changed = Signal(bool)  # the strip

    def __init__(self, studio: Studio, selection: Selection, settings: Settings) -> None:
        super().__init__(studio)
        self._studio, self._selection, self._settings = studio, selection, settings
        self.comparison: Comparison | None = None
        self._loud: WeakKeyDictionary[AudioClip, float] = WeakKeyDictionary()  # LUFS
        self._measuring: set[AudioClip] = set()
        self._taps = Taps()
        self._beats_left = 0
        self._watch = QTimer(self, interval=COUNT_MS)
        self._watch.timeout.connect(self._count)
        studio.transport.lens = self._as_compared
        studio.transport.count_in = lambda: (self.beats if self.counts_in else 0, self.tempo)
        studio.transport.playing_changed.connect(self._playing_changed)
        studio.session.lanes_changed.connect(self._lanes_changed)
        self._tempo = self.tempo

    # Speed and pitch

    @property
    def pace(self) -> Pace:
        """Speed and transposition of what is heard."""
        return self._studio.player.pace

    def set_pace(self, speed: float | None = None, cents: float | None = None) -> None:
        """Play at another speed (0.25 to 2) or pitch (cents, up to an octave up or down)."""
        before = self.pace
        self._studio.player.pace = Pace(
            before.speed if speed is None else round(speed, 3),
            before.cents if cents is None else float(round(cents)),
        )
        if self.pace != before:
            self.changed.emit()

    def step_speed(self, by: int) -> None:
        """Go to the next twentieth of the speed, up or down."""
        self.set_pace(speed=_next(self.pace.speed, SPEED_STEP, by))

    def step_pitch(self, by: int, size: float = SEMITONE) -> None:
        """Go to the next semitone (or step of `size` cents), up or down."""
        self.set_pace(cents=_next(self.pace.cents, size, by))

    # Count-in

    @property
    def counts_in(self) -> bool:
        """Whether playing begins with a count-in."""
        return self._settings.count_in

    def toggle_count_in(self) -> None:
        """Count before playing, or do not."""
        self._settings.count_in = not self._settings.count_in
        self.changed.emit()

    @property
    def beats(self) -> int:
        """How many beats a count-in has."""
        return min(max(self._settings.count_in_beats, 1), MOST_BEATS)

    def set_beats(self, beats: int) -> None:
        """Give the count-in so many beats."""
        self._settings.count_in_beats = min(max(beats, 1), MOST_BEATS)
        self.changed.emit()

    @property
    def tempo(self) -> float:
        """Beats per minute; part of the document."""
        return self._studio.session.project.tempo

    def set_tempo(self, tempo: float) -> None:
        """Give the document another tempo; changes in a row are one undo step."""
        session = self._studio.session
        tempo = round(min(max(tempo, SLOWEST), FASTEST), 1)
        if tempo != session.project.tempo:
            name = tr("Tempo {tempo}", tempo=f"{tempo:g}")
            session.edit(name, replace(session.project, tempo=tempo), merge=("tempo",))

    def tap(self) -> None:
        """Take this moment for a beat; from the second one on they tell the tempo."""
        tempo = self._taps.tap()
        if tempo is not None:
            self.set_tempo(tempo)

    @property
    def beats_left(self) -> int:
        """Beats of the count-in still to come, the one that sounds included; 0 when none."""
        return self._beats_left

    def _playing_changed(self, playing: bool) -> None:
        if playing and self.counts_in:
            self._watch.start()
        self._count()

    def _count(self) -> None:
        player = self._studio.player
        left = math.ceil(player.count_in * self.tempo / 60 - 1e-6)
        if not left and (not player.playing or player.position > player.began):
            self._watch.stop()
        if left != self._beats_left:
            self._beats_left = left
            self.counting.emit(left)

    # A and B

    def swap(self) -> None:
        """Hear the other one of two lanes; the first time, the selected one of the pair."""
        pair = self.comparison
        if pair is not None:
            self._compare(replace(pair, second=not pair.second))
            return
        first = self._studio.session.selected
        others = self.partners(first)
        if first and others:
            self._compare(Comparison(first, others[0]))

    def partners(self, id: int) -> list[int]:
        """Ids of the lanes that one can be compared with, the most likely first.

        For a stem the other stems, then the song itself; for a song its stems; then all others.
        """
        session = self._studio.session
        lane = session.lane(id)
        if lane is None:
            return []
        group = lane.track.group

        def rank(track: Track) -> int:
            if track.group != group:
                return 2
            return 1 if track.id == group else 0

        others = [other for other in session.tracks if other.id != id]
        return [track.id for track in sorted(others, key=rank)]

    def compare_with(self, id: int) -> None:
        """Let `id` be the other one, and hear it."""
        pair = self.comparison
        first = pair.a if pair is not None else self._studio.session.selected
        if id in self.partners(first):
            self._compare(Comparison(first, id, second=True))

    def next_partner(self) -> None:
        """Compare with the next lane in turn."""
        pair = self.comparison
        if pair is None:
            self.swap()
            return
        others = self.partners(pair.a)
        at = others.index(pair.b) + 1 if pair.b in others else 0
        self.compare_with(others[at % len(others)])

    def end_comparison(self) -> None:
        """Hear all lanes again as they are set."""
        self._compare(None)

    def matched_gain(self, id: int) -> float | None:
        """The gain in dB that a lane of the pair is heard with; None until both are measured.

        The louder one is lowered to the other, so that nothing can clip.
        """
        if self.comparison is None:
            return None
        session = self._studio.session
        lanes = [session.lane(one) for one in (self.comparison.a, self.comparison.b)]
        levels = {lane.track.id: self._loud.get(lane.track.clip) for lane in lanes if lane}
        known = [level for level in levels.values() if level is not None]
        own = levels.get(id)
        if own is None or len(known) < 2:
            return None
        quietest = min(known)
        return quietest - own if math.isfinite(quietest) else 0.0

    def _compare(self, pair: Comparison | None) -> None:
        self.comparison = pair
        self._measure()
        self._studio.transport.rehear()
        self.changed.emit()

    def _as_compared(self, tracks: Sequence[Track]) -> tuple[Track, ...]:
        """The tracks as the comparison lets them sound; their own mute, solo and gain stay."""
        pair = self.comparison
        if pair is None:
            return tuple(tracks)
        gain = self.matched_gain(pair.heard) or 0.0
        return tuple(
            replace(track, solo=True, gain_db=gain)
            if track.id == pair.heard
            else replace(track, solo=False)
            for track in tracks
        )

    def _measure(self) -> None:
        """Find out how loud the two are; lanes still being made come later."""
        if self.comparison is None:
            return
        for id in (self.comparison.a, self.comparison.b):
            lane = self._studio.session.lane(id)
            if lane is None or lane.filled is not None:
                continue
            clip = lane.track.clip
            if clip not in self._loud and clip not in self._measuring:
                self._measure_clip(clip)

    def _measure_clip(self, clip: AudioClip) -> None:
        def on_event(event: Event) -> None:
            match event:
                case Ended(state, result=level):
                    self._measuring.discard(clip)
                    if state is State.DONE:
                        self._loud[clip] = level
                        self._studio.transport.rehear()
                        self.changed.emit()

        self._measuring.add(clip)
        self._studio.jobs.submit(
            "Measure loudness", lambda: tasks.loudness(clip), "ears", on_event, listed=False
        )

    def _lanes_changed(self) -> None:
        pair, session = self.comparison, self._studio.session
        if pair is not None:
            if session.lane(pair.a) is None or session.lane(pair.b) is None:
                self.end_comparison()
            else:
                self._measure()
        if self._tempo != self.tempo or pair is not None:
            self._tempo = self.tempo
            self.changed.emit()

    # Mute ranges

    @property
    def marked(self) -> tuple[int, float, float] | None:
        """Lane and seconds that muting acts on: the selection, else the loop in the selected lane.

        None when neither is there.
        """
        id, span = self._selection.track, self._selection.span
        if span is None:
            id, span = self._studio.session.selected, self._studio.axis.loop
        lane = self._studio.session.lane(id)
        if lane is None or span is None:
            return None
        start, stop = max(span[0], 0.0), min(span[1], lane.track.clip.seconds)
        return (id, start, stop) if stop > start else None

    def mute_marked(self) -> None:
        """Mute the marked seconds of one lane, for playing and for export."""
        self._edit_marked(muted, tr("Mute {start} to {stop} of {name}"))

    @property
    def can_unmute(self) -> bool:
        """Whether the lane that is acted on has mute ranges."""
        marked = self.marked
        lane = self._studio.session.lane(marked[0] if marked else self._studio.session.selected)
        return lane is not None and bool(lane.track.silences)

    def unmute_marked(self) -> None:
        """Let the marked seconds of one lane sound again; all of the lane if none are marked."""
        if self.marked is not None:
            self._edit_marked(unmuted, tr("Unmute {start} to {stop} of {name}"))
            return
        lane = self._studio.session.lane(self._studio.session.selected)
        if lane is not None and lane.track.silences:
            name = tr("Unmute all ranges of {name}", name=lane.track.name)
            self._studio.session.set_tracks(name, {lane.track.id: {"silences": ()}})

    def _edit_marked(self, edit: Callable[[Ranges, float, float], Ranges], name: str) -> None:
        if self.marked is None:
            return
        id, start, stop = self.marked
        lane = self._studio.session.lane(id)
        assert lane is not None
        said = name.format(
            start=clock_text(start, 1), stop=clock_text(stop, 1), name=lane.track.name
        )
        silences = edit(lane.track.silences, start, stop)
        self._studio.session.set_tracks(said, {id: {"silences": silences}})

    # The strip

    @property
    def shown(self) -> bool:
        """Whether the strip is wanted."""
        return self._settings.practice_strip

    def toggle_strip(self) -> None:
        """Show or hide the strip."""
        self._settings.practice_strip = not self._settings.practice_strip
        self.shown_changed.emit(self.shown)


def _next(value: float, step: float, by: int) -> float:
    """The next multiple of `step` above or below a value."""
    exact = value / step
    whole = math.floor(exact + 1e-6) if by > 0 else math.ceil(exact - 1e-6)
    return (whole + by) * step
