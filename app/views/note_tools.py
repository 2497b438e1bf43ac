"""The tools that write notes on a lane: what a press, a drag and a release do with each of them."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QCursor

from app.note_values import SHORTEST, nearest, pitch_of, same
from app.views.notes import Scale, Score
from app.views.tools import CLICK, tool_cursor
from app.words import tr
from engine import bends, note_edits
from engine.melody import CURVE_RATE, HIGHEST, LOWEST, Drawn, Melody, Note

if TYPE_CHECKING:
    from app.notation import Notation
    from app.selecting import Selection
    from app.views.plane import Plane

GRAB = 5.0  # px from a note's end where that is taken hold of
SLACK = 2.0  # px above and below a flat note that still touch it
STICKY = 5.0  # px that a drag has to go in time before a note leaves its place
SLOPE = 0.5  # of a drag: one that is steeper does not lengthen the note that it places
BEND = (12.0, 0.6)  # px and semitones that a drag has to go up or down before it bends a note
_ADDS = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier
_ALT, _CONTROL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier


@dataclass(frozen=True, slots=True)
class Touch:
    """A note under the pointer: its place in `Melody.notes`, and where it is taken hold of.

    `edge` is -1 for its start, 1 for its end, 0 for its body.
    """

    index: int
    edge: int


def touched(score: Score, plane: Plane, at: QPointF, chosen: Collection[int] = ()) -> Touch | None:
    """What is under the pointer, selected notes and short ones first."""
    if not plane.area.contains(at):
        return None
    seconds = plane.seconds(at.x())
    reach = GRAB * (plane.stop - plane.start) / max(plane.area.width(), 1.0)
    some = score.between(seconds - reach, seconds + reach)
    best: tuple[tuple[bool, float], Touch] | None = None
    rects = score.rects(plane, Scale(plane), some).tolist() if len(some) else []
    for place, (left, top, wide, tall) in enumerate(rects):
        if not top - SLACK <= at.y() <= top + tall + SLACK:
            continue
        if not left - GRAB / 2 <= at.x() <= left + wide + GRAB / 2:
            continue
        hold = min(GRAB, wide / 4)
        edge = -1 if at.x() < left + hold else 1 if at.x() > left + wide - hold else 0
        index = int(some[place])
        rank = (index not in chosen, wide + abs(at.y() - top - tall / 2))
        if best is None or rank < best[0]:
            best = (rank, Touch(index, edge))
    return best[1] if best is not None else None


def inside(score: Score, plane: Plane, box: QRectF) -> Sequence[int]:
    """Places of the notes that a box in pixels touches."""
    some = score.between(plane.seconds(box.left()), plane.seconds(box.right()))
    if not len(some):
        return []
    rects = score.rects(plane, Scale(plane), some)
    hit = (rects[:, 1] + rects[:, 3] >= box.top()) & (rects[:, 1] <= box.bottom())
    return [int(index) for index in some[hit]]


@dataclass(slots=True)
class _Drag:
    """A press that is held: `kind` is "move", "resize", "band", "pen", "cut" or "curve"."""

    kind: str
    start: QPointF
    melody: Melody
    score: Score
    touch: Touch | None = None
    before: tuple[int, ...] = ()  # what was selected when a rubber band began
    erase: bool = False
    moved: bool = False
    last: QPointF | None = None
    result: Melody | None = None
    note: Note | None = None  # drawn by the pen
    long: bool = False  # the pen's drag gives its note a length
    bent: bool = False  # it has gone up or down so far that the note is bent
    path: list[tuple[float, float]] = field(default_factory=list)  # where it went: seconds, pitch
    drawn: Drawn | None = None  # the bend of the pen's note
    pitches: dict[int, float] = field(default_factory=dict)  # by frame of the curve


class NoteHand:
    """Writes notes of one lane with the tool in the hand; `score` is what it shows."""

    def __init__(self, notation: Notation, selection: Selection, track: int) -> None:
        self._notation, self._selection, self._track = notation, selection, track
        self._drag: _Drag | None = None
        self._pitch: float | None = None  # that was heard last while dragging

    @property
    def dragging(self) -> bool:
        """Whether something is held."""
        return self._drag is not None

    @property
    def band(self) -> QRectF | None:
        """The rubber band, in pixels."""
        drag = self._drag
        if drag is None or drag.kind != "band" or drag.last is None or not drag.moved:
            return None
        return QRectF(drag.start, drag.last).normalized()

    def press(
        self, at: QPointF, plane: Plane, score: Score | None, held: Qt.KeyboardModifier
    ) -> bool:
        """Begin; False when nothing can be done here, so that the playhead may move."""
        notation, tool = self._notation, self._selection.tool
        if not plane.area.contains(at) or not notation.editable(self._track):
            return False
        if score is None:
            if tool not in ("pen", "curve"):
                return False
            score = Score(Melody())
        chosen = notation.chosen if notation.track == self._track else ()
        touch = touched(score, plane, at, chosen) if tool != "curve" else None
        drag = _Drag("band", at, score.melody, score, touch, chosen)
        if tool == "curve":
            drag.kind, drag.erase = "curve", bool(held & _CONTROL)
            drag.last = at
        elif tool == "knife":
            drag.kind = "cut"
        elif touch is not None:
            if not self._take(touch, chosen, held):
                return True
            drag.kind = "resize" if touch.edge else "move"
            self._hear(score.notes[touch.index].pitch)
        elif tool == "pen":
            drag.kind = "pen"
            notation.clear()
        self._drag = drag
        if drag.kind == "pen":
            self._draw_note(drag, at, plane, held)
        return True

    def _take(self, touch: Touch, chosen: tuple[int, ...], held: Qt.KeyboardModifier) -> bool:
        """Select what is touched; False when that took it out of the selection."""
        notation = self._notation
        if held & _ADDS:
            if touch.index in chosen:
                notation.select(self._track, [k for k in chosen if k != touch.index])
                return False
            notation.select(self._track, [*chosen, touch.index])
        elif touch.index not in chosen or (touch.edge and len(chosen) > 1):
            notation.select(self._track, [touch.index])
        return True

    def move(self, at: QPointF, plane: Plane, limit: float, held: Qt.KeyboardModifier) -> bool:
        """Go on; False when nothing is held (any more)."""
        drag = self._drag
        if drag is None:
            return False
        dropped = drag.result is not None and not self._notation.previewing  # Esc
        gone = drag.kind == "band" and self._notation.melody(self._track) is not drag.melody
        if dropped or gone:
            self._drag = None
            return True
        away = at - drag.start
        if not drag.moved and max(abs(away.x()), abs(away.y())) < CLICK:
            return True
        drag.moved = True
        match drag.kind:
            case "band":
                drag.last = at
                found = inside(drag.score, plane, QRectF(drag.start, at).normalized())
                kept = drag.before if held & _ADDS else ()
                self._notation.select(self._track, [*kept, *found], tell=False)
            case "move":
                self._move(drag, at, plane, limit, held)
            case "resize":
                self._resize(drag, at, plane, limit)
            case "pen":
                self._draw_note(drag, at, plane, held, limit)
            case "curve":
                self._draw_curve(drag, at, plane, limit)
        return True

    def release(self, plane: Plane) -> bool:
        """End; False when it was a click on nothing."""
        drag, self._drag = self._drag, None
        if drag is None:
            return True
        notation = self._notation
        if drag.kind == "cut":
            self._cut(drag, plane)
            return drag.touch is not None
        if drag.result is not None and not notation.previewing:
            return True  # it was dropped
        if drag.kind == "band":
            if not drag.moved and notation.track == self._track:
                notation.clear()
            elif notation.chosen:
                notation.told.emit(notation.words())
            return drag.moved
        if drag.kind == "curve":
            if drag.pitches:
                notation.draw(self._track, _stroke(drag.pitches))
            return drag.moved
        if drag.kind == "pen" and drag.note is not None:
            notation.drop()
            notation.insert(self._track, drag.note, drag.drawn)
        elif drag.result is not None:
            name = tr("Resize notes") if drag.kind == "resize" else tr("Move notes")
            name = tr("Bend notes") if drag.kind == "resize" and drag.bent else name
            notation.commit(name, self._track, drag.result, notation.picked(self._track))
            notation.told.emit(notation.words())
        if drag.bent:
            notation.sound()
        return True

    def cancel(self) -> None:
        """Let go without a trace: another hand, or nobody, goes on."""
        if self._drag is not None:
            self._drag = None
            self._notation.drop()

    # What drags do

    def _show(self, drag: _Drag, melody: Melody, picked: Sequence[int]) -> None:
        drag.result = melody
        self._notation.show(self._track, melody, picked)

    def _move(
        self, drag: _Drag, at: QPointF, plane: Plane, limit: float, held: Qt.KeyboardModifier
    ) -> None:
        assert drag.touch is not None
        chosen = self._notation.chosen
        notes = [drag.melody.notes[k] for k in chosen]
        if not notes:
            return
        seconds = 0.0
        if abs(at.x() - drag.start.x()) >= STICKY:
            seconds = plane.seconds(at.x()) - plane.seconds(drag.start.x())
        first, last = min(n.start for n in notes), max(n.stop for n in notes)
        seconds = min(max(seconds, -first), max(limit - last, 0.0))
        pitch = drag.melody.notes[drag.touch.index].pitch
        by = _pitch_at(plane, at) - _pitch_at(plane, drag.start)
        if not held & _ALT:
            # A whole semitone away it stands on the note there, not as far beside it as before.
            by = round(pitch + by) - pitch if abs(by) >= 0.5 else 0.0
        by = min(
            max(by, LOWEST - min(n.pitch for n in notes)), HIGHEST - max(n.pitch for n in notes)
        )
        result = note_edits.moved(drag.melody, chosen, seconds, by)
        wanted = [replace(n, start=n.start + seconds, pitch=n.pitch + by) for n in notes]
        self._show(drag, result, same(drag.melody, result, chosen, wanted))
        self._hear(pitch + by)

    def _resize(self, drag: _Drag, at: QPointF, plane: Plane, limit: float) -> None:
        assert drag.touch is not None
        index, edge = drag.touch.index, drag.touch.edge
        note = drag.melody.notes[index]
        by = plane.seconds(at.x()) - plane.seconds(drag.start.x())
        start, stop = note.start, note.stop
        if edge < 0:
            start = min(max(start + by, 0.0), stop - SHORTEST)
        else:
            stop = max(min(stop + by, max(limit, stop)), start + SHORTEST)
        result = note_edits.resized(drag.melody, index, start, stop)
        wanted = [replace(note, start=start, length=stop - start)]
        picked = same(drag.melody, result, (index,), wanted)
        pitch = bends.end_of(drag.melody, index, edge < 0)
        if picked and self._bends(drag, pitch, at, plane):
            to = pitch + _pitch_at(plane, at) - _pitch_at(plane, drag.start)
            result = bends.bent(result, picked[0], to, edge < 0)
        self._show(drag, result, picked)

    def _bends(self, drag: _Drag, pitch: float, at: QPointF, plane: Plane) -> bool:
        """Whether a drag of a note that is sung, at a pitch, has gone up or down far enough."""
        px, semitones = BEND
        far = abs(at.y() - drag.start.y()) >= px and abs(_pitch_at(plane, at) - pitch) >= semitones
        sung = self._notation.sung(self._track) and not drag.melody.quantised
        drag.bent = sung and (drag.bent or far)
        return drag.bent

    def _draw_note(
        self,
        drag: _Drag,
        at: QPointF,
        plane: Plane,
        held: Qt.KeyboardModifier,
        limit: float = math.inf,
    ) -> None:
        melody, sung = drag.melody, self._notation.sung(self._track)
        away = at - drag.start
        drag.long = drag.long or abs(away.x()) >= max(STICKY, SLOPE * abs(away.y()))
        if sung and not drag.long:  # straight up or down
            at = QPointF(drag.start.x(), at.y())
        one, other = sorted((plane.seconds(drag.start.x()), plane.seconds(at.x())))
        one, other = max(one, 0.0), min(other, limit)
        beat = melody.beat
        part = beat.seconds / beat.grid
        if melody.quantised:
            one = beat.time(math.floor(beat.at(one) * beat.grid + 0.25) / beat.grid)
            other = beat.time(round(beat.at(other) * beat.grid) / beat.grid)
            one = max(one, 0.0)
        least = part if melody.quantised or not drag.moved else SHORTEST
        if sung and not drag.long:
            least = beat.seconds  # a click is to be heard as a note
        pitch = _pitch_at(plane, drag.start)
        pitch = min(max(pitch if held & _ALT else round(pitch), LOWEST), HIGHEST)
        drag.note = Note(one, max(other - one, least), pitch, own=True)
        result = note_edits.added(melody, drag.note)
        picked = nearest(result, [drag.note])
        drag.drawn = self._traced(drag, at, plane, limit)
        if drag.drawn is not None:
            result = note_edits.with_drawn(result, drag.drawn)
        self._show(drag, result, picked)
        self._hear(pitch)

    def _traced(self, drag: _Drag, at: QPointF, plane: Plane, limit: float) -> Drawn | None:
        """The bend of the pen's note: its pitch goes where the pointer went."""
        assert drag.note is not None
        pitch = drag.note.pitch
        bent = self._bends(drag, pitch, at, plane)
        begin, here = (min(max(plane.seconds(x), 0.0), limit) for x in (drag.start.x(), at.x()))
        low, high = min(begin, here), max(begin, here)
        kept = [place for place in drag.path if low < place[0] < high]  # it may have gone back
        drag.path = [(begin, pitch), *kept, (here, _pitch_at(plane, at) if bent else pitch)]
        return bends.traced(drag.note, drag.path) if bent else None

    def _draw_curve(self, drag: _Drag, at: QPointF, plane: Plane, limit: float) -> None:
        assert drag.last is not None
        ends = sorted((drag.last, at), key=QPointF.x)
        first, last = (
            round(min(max(plane.seconds(end.x()), 0.0), limit) * CURVE_RATE) for end in ends
        )
        low, high = (_pitch_at(plane, end) for end in ends)
        for frame in range(first, last + 1):
            part = (frame - first) / (last - first) if last > first else 1.0
            pitch = min(max(low + part * (high - low), LOWEST + 1.0), HIGHEST)
            drag.pitches[frame] = 0.0 if drag.erase else pitch
        drag.last = at
        result = note_edits.with_drawn(drag.melody, _stroke(drag.pitches))
        self._show(drag, result, drag.before)

    def _cut(self, drag: _Drag, plane: Plane) -> None:
        if drag.touch is None:
            return
        index = drag.touch.index
        seen, note = drag.score.notes[index], drag.melody.notes[index]
        # In the quantised view a note stands elsewhere than it was sung.
        part = (plane.seconds(drag.start.x()) - seen.start) / max(seen.length, 1e-6)
        self._notation.select(self._track, [index], tell=False)
        self._notation.split(note.start + part * note.length)

    def _hear(self, pitch: float) -> None:
        nearest_note = round(pitch)
        if self._drag is None or nearest_note != self._pitch:
            self._pitch = nearest_note
            self._notation.sound(pitch)

    # The pointer

    def cursor(self, at: QPointF | None, plane: Plane, score: Score | None) -> QCursor:
        """The pointer's shape: that of the tool, or of what is under it."""
        tool = self._selection.tool
        drag = self._drag
        if drag is not None and drag.kind in ("move", "resize"):
            return _shape(drag.touch)
        if at is None or score is None or tool not in ("notes", "pen"):
            return tool_cursor(tool)
        notation = self._notation
        touch = touched(score, plane, at, notation.chosen if notation.track == self._track else ())
        return _shape(touch) if touch is not None else tool_cursor(tool)


def _shape(touch: Touch | None) -> QCursor:
    edge = touch is not None and touch.edge
    return QCursor(Qt.CursorShape.SizeHorCursor if edge else Qt.CursorShape.SizeAllCursor)


def _pitch_at(plane: Plane, at: QPointF) -> float:
    return pitch_of(plane.hz(at.y()))


def _stroke(pitches: dict[int, float]) -> Drawn:
    """Frames in a row as one stroke."""
    first, last = min(pitches), max(pitches)
    return Drawn(first / CURVE_RATE, tuple(pitches.get(k, 0.0) for k in range(first, last + 1)))
