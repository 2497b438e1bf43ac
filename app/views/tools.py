"""The tools that mark a region on a lane: what a press, a drag and a key do with each of them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QCursor, QKeyEvent, QPainter, QPen, QPixmap

from app.selecting import MARKERS
from app.views.marks import DARK, LIGHT, box_rect
from engine.regions import Box, Region, Shape, Stroke, simplified
from engine.spectrogram import TOP_HZ

if TYPE_CHECKING:
    from app.selecting import Selection
    from app.views.plane import Plane

EDGE = 6.0  # px to each side of an edge where it can be taken hold of
CLICK = 3.0  # px; a press that moves less is a click
SPACING = 3.0  # px between two points of a stroke
ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}
STEP_SECONDS = 0.01  # by which an arrow key moves, unless that is less than two pixels
STEP_SEMITONES = 1.0
SHORTEST = 0.02  # seconds a tone must be followed for
_TAKES = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ControlModifier


@dataclass(slots=True)
class _Drag:
    """A press that is still held: where it began, what was marked then, what it does."""

    start: QPointF
    before: Region | None
    combine: Callable[[Shape], Region]
    held: tuple[int, int] | None = None  # which edges of a box: -1 first, 1 last, 0 none
    path: list[tuple[float, float]] | None = None  # seconds, Hz
    last: QPointF | None = None
    moved: bool = False
    shown: Region | None = None


class Hand:
    """Marks regions of one lane with the tool in use; `limit` is the lane's length."""

    def __init__(self, selection: Selection, track: int) -> None:
        self._selection, self._track = selection, track
        self._drag: _Drag | None = None

    @property
    def dragging(self) -> bool:
        """Whether something is being marked."""
        return self._drag is not None

    @property
    def stroke(self) -> list[tuple[float, float]]:
        """The stroke on a fundamental as far as it was drawn (seconds, Hz)."""
        drag = self._drag
        if drag is None or drag.path is None or self._selection.tool != "harmonic":
            return []
        return drag.path

    def region(self) -> Region | None:
        """What is marked on this lane."""
        return self._selection.region if self._selection.track == self._track else None

    def press(self, at: QPointF, plane: Plane, held: Qt.KeyboardModifier) -> bool:
        """Begin; False when the tool is the one that navigates."""
        selection, here = self._selection, self.region()
        if selection.tool not in MARKERS:
            return False
        drag = _Drag(at, here, _combining(here, held))
        if held & (_TAKES | Qt.KeyboardModifier.ShiftModifier) == Qt.KeyboardModifier.NoModifier:
            drag.held = self._grip(at, plane)
        if drag.held is None and selection.tool != "box":
            drag.path, drag.last = [(plane.seconds(at.x()), plane.hz(at.y()))], at
        drag.shown = selection.region
        self._drag = drag
        if selection.tool == "brush" and drag.held is None:
            self._show(drag, drag.combine(self._brushed(drag)))
        return True

    def move(self, at: QPointF, plane: Plane, limit: float) -> bool:
        """Go on; False when nothing is held (any more)."""
        drag = self._drag
        if drag is None:
            return False
        if self._selection.region is not drag.shown:  # Esc, or the lane went
            self._drag = None
            return False
        away = at - drag.start
        drag.moved = drag.moved or max(abs(away.x()), abs(away.y())) >= CLICK
        if not drag.moved:
            return True
        if drag.held is not None and drag.before is not None:
            self._show(drag, _reshaped(drag.before, drag.held, drag.start, at, plane, limit))
        elif drag.path is not None:
            self._lengthen(drag, at, plane, limit)
        else:
            self._show(drag, drag.combine(_box(drag.start, at, plane, limit)))
        return True

    def release(self) -> bool:
        """End; False when it was a click that marked nothing."""
        drag, self._drag = self._drag, None
        if drag is None or self._selection.region is not drag.shown:
            return True
        brushing = self._selection.tool == "brush" and drag.path is not None
        if not drag.moved and not brushing:
            if drag.held is None:
                self._selection.clear()
            return False
        if brushing:
            stroke = self._brushed(drag)
            points = simplified(stroke.points, stroke.seconds, stroke.semitones)
            self._show(drag, drag.combine(replace(stroke, points=points)))
        elif self._selection.tool == "harmonic" and drag.path is not None:
            times = [seconds for seconds, _ in drag.path]
            if max(times) - min(times) >= SHORTEST:
                self._selection.stroke_drawn.emit(self._track, tuple(drag.path), drag.combine)
        elif (box := self._selection.box) is not None and not _has_room(box):
            self._selection.set(self._track, drag.before)
        return True

    def cursor(self, at: QPointF | None, plane: Plane) -> QCursor:
        """The pointer's shape: that of the tool, or of what is under it."""
        tool = self._selection.tool
        grip = self._grip(at, plane) if at is not None and tool in MARKERS else None
        if self._drag is not None:
            grip = self._drag.held
        if grip is None:
            return tool_cursor(tool)
        if grip == (0, 0):
            return QCursor(Qt.CursorShape.SizeAllCursor)
        return QCursor(
            {
                0: Qt.CursorShape.SizeVerCursor,
                1: Qt.CursorShape.SizeBDiagCursor,
                -1: Qt.CursorShape.SizeFDiagCursor,
            }[grip[0] * grip[1]]
            if grip[1]
            else Qt.CursorShape.SizeHorCursor
        )

    def _grip(self, at: QPointF, plane: Plane) -> tuple[int, int] | None:
        """What of the region is under the pointer: an edge, a corner, its inside, or nothing."""
        region = self.region()
        if region is None or self._selection.tool == "brush" or not plane.area.contains(at):
            return None
        box = region.box
        if box is None:
            inside = region.cover(np.array([plane.seconds(at.x())]), np.array([plane.hz(at.y())]))
            return (0, 0) if inside[0, 0] >= 0.5 else None
        rect = box_rect(plane, box)
        if not rect.adjusted(-EDGE, -EDGE, EDGE, EDGE).contains(at):
            return None
        across = _end(at.x(), rect.left(), rect.right())
        # Upwards in pitch is upwards on the screen.
        return across, -_end(at.y(), rect.top(), rect.bottom())

    def _lengthen(self, drag: _Drag, at: QPointF, plane: Plane, limit: float) -> None:
        assert drag.path is not None
        assert drag.last is not None
        step = at - drag.last
        if abs(step.x()) + abs(step.y()) < SPACING:
            return
        drag.last = at
        inside = _within(at, plane.area)
        drag.path.append((min(max(plane.seconds(inside.x()), 0.0), limit), plane.hz(inside.y())))
        if self._selection.tool == "brush":
            self._show(drag, drag.combine(self._brushed(drag)))

    def _brushed(self, drag: _Drag) -> Stroke:
        assert drag.path is not None
        path = tuple((seconds, max(hz, 20.0)) for seconds, hz in drag.path)
        return Stroke(path, self._selection.brush_seconds, self._selection.brush_semitones)

    def _show(self, drag: _Drag, region: Region) -> None:
        self._selection.set(self._track, region)
        drag.shown = self._selection.region


def _combining(before: Region | None, held: Qt.KeyboardModifier) -> Callable[[Shape], Region]:
    """Shift adds to what is marked, Alt (or Ctrl, where the desktop keeps Alt) takes away."""
    if before is not None and held & _TAKES:
        return before.minus
    if before is not None and held & Qt.KeyboardModifier.ShiftModifier:
        return before.plus
    return Region.of


def _end(place: float, first: float, last: float) -> int:
    """-1 near the first edge, 1 near the last, 0 between; in a small box the nearer one."""
    if last - first > 4 * EDGE:
        return -1 if place < first + EDGE else 1 if place > last - EDGE else 0
    third = (last - first) / 3
    return -1 if place < first + third else 1 if place > last - third else 0


def _within(at: QPointF, area: QRectF) -> QPointF:
    x = min(max(at.x(), area.left()), area.right())
    return QPointF(x, min(max(at.y(), area.top()), area.bottom()))


def _box(start: QPointF, at: QPointF, plane: Plane, limit: float) -> Box:
    left, right = sorted((start.x(), at.x()))
    top, bottom = sorted((start.y(), at.y()))
    return Box(
        min(max(plane.seconds(left), 0.0), limit),
        min(max(plane.seconds(right), 0.0), limit),
        plane.hz(bottom),
        plane.hz(top),
    )


def _reshaped(
    region: Region,
    held: tuple[int, int],
    start: QPointF,
    at: QPointF,
    plane: Plane,
    limit: float,
) -> Region:
    """The region with the edges that are held moved from `start` to `at`, or moved as a whole."""
    seconds = plane.seconds(at.x()) - plane.seconds(start.x())
    units = plane.unit(at.y()) - plane.unit(start.y())
    if held == (0, 0):
        return moved(region, seconds, lambda hz: plane.shifted(hz, units), limit)
    box = region.box
    assert box is not None
    across, up = held
    if across < 0:
        box = replace(box, start=box.start + seconds)
    elif across > 0:
        box = replace(box, stop=box.stop + seconds)
    if up:
        edge = plane.y(box.high if up > 0 else box.low) + at.y() - start.y()
        box = replace(box, high=plane.hz(edge)) if up > 0 else replace(box, low=plane.hz(edge))
    return Region.of(upright(box, limit))


def _has_room(box: Box) -> bool:
    return box.stop - box.start >= 1e-3 and box.high - box.low >= 1.0


def upright(box: Box, limit: float) -> Box:
    """A box with its edges in order, inside a lane of `limit` seconds."""
    start, stop = sorted((box.start, box.stop))
    low, high = sorted((box.low, box.high))
    return Box(min(max(start, 0.0), limit), min(max(stop, 0.0), limit), max(low, 0.0), high)


def moved(region: Region, seconds: float, remap: Callable[[float], float], limit: float) -> Region:
    """The region later by `seconds`, but never beyond either end of the lane."""
    start, stop = region.span
    seconds = min(max(seconds, -start), max(limit - stop, -start))
    return region.mapped(seconds, remap)


def arrow_moves(selection: Selection, event: QKeyEvent, plane: Plane, limit: float) -> None:
    """Move what is marked by an arrow key; with Shift its later or upper edge alone."""
    right, up = ARROWS[Qt.Key(event.key())]
    step = max(STEP_SECONDS, 2 * (plane.stop - plane.start) / max(plane.area.width(), 1))
    shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
    nudge(selection, right * step, up * STEP_SEMITONES, limit, resize=shift)


def nudge(
    selection: Selection, seconds: float, semitones: float, limit: float, resize: bool
) -> None:
    """Move what is marked in time and pitch, or with `resize` a box's later and upper edge.

    Of several shapes the one marked last is meant, if that is a box.
    """
    region, ratio = selection.region, 2.0 ** (semitones / 12)
    if region is None:
        return
    box = region.last_box

    def raised(hz: float) -> float:
        return hz if hz <= 0 or hz >= TOP_HZ else min(hz * ratio, TOP_HZ)

    if not resize:
        last = region if box is None else Region.of(box)
        last = moved(last, seconds, raised, limit)
        region = last if box is None else region.with_last(last.parts[0].shape)
        selection.set(selection.track, region)
        return
    if box is None:
        return
    high = min(box.high * ratio, TOP_HZ) if semitones else box.high
    grown = Box(box.start, box.stop + seconds, box.low, high)
    if grown.stop - grown.start >= SHORTEST and grown.high > grown.low * 1.01:
        selection.set(selection.track, region.with_last(upright(grown, limit)))


@lru_cache(maxsize=16)
def tool_cursor(tool: str) -> QCursor:
    """The pointer of a tool: a cross with the tool's sign beside it."""
    if tool == "navigate":
        return QCursor(Qt.CursorShape.CrossCursor)
    ratio = 2
    picture = QPixmap(32 * ratio, 32 * ratio)
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for colour, width in ((QColor(DARK), 3.5), (QColor(LIGHT), 1.5)):
        pen = QPen(colour, width)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawLine(QPointF(11, 3), QPointF(11, 19))
        painter.drawLine(QPointF(3, 11), QPointF(19, 11))
        if tool == "box":
            painter.drawRect(QRectF(18, 19, 10, 9))
        elif tool == "brush":
            painter.drawEllipse(QPointF(23.5, 23.5), 4.5, 4.5)
        elif tool == "notes":
            painter.drawLine(QPointF(17, 27), QPointF(23, 27))
            painter.drawLine(QPointF(23, 21), QPointF(29, 21))
        elif tool == "pen":
            painter.drawLine(QPointF(17, 28), QPointF(28, 17))
        elif tool == "knife":
            painter.drawLine(QPointF(17, 24), QPointF(29, 24))
            painter.drawLine(QPointF(23, 18), QPointF(23, 30))
        elif tool == "curve":
            painter.drawPolyline(
                [QPointF(16 + k, 23.5 - 4 * math.sin(k * math.pi / 6)) for k in range(13)]
            )
        else:
            for k in range(3):
                painter.drawLine(QPointF(18, 19 + 4 * k), QPointF(28, 19 + 4 * k))
    painter.end()
    return QCursor(picture, 11, 11)
