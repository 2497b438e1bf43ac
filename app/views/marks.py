"""How a marked region looks on a lane: a double line around it, and everything else dimmed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF

from app.views.plane import Plane
from engine.regions import Box, Region

if TYPE_CHECKING:
    from app.selecting import Selection

DIM = 84  # of 255: how much of a picture's light the outside loses
LIGHT, DARK = QColor(255, 255, 255), QColor(0, 0, 0, 210)  # seen on every colour map, together
FAINT = QColor(255, 255, 255, 70)
CELLS = 36_000  # in which a shape that is no box is drawn: as many as a frame has time for
GAP = 7  # cells: where there are fewer between two edges, no line is drawn
GRIP = 7.0  # px; a handle's side


class Mark:
    """Draws one region over a picture; keeps what takes time as long as the view stays."""

    def __init__(self) -> None:
        self._image: QImage | None = None
        self._image_for: object = None

    def draw(self, painter: QPainter, plane: Plane, region: Region, handles: bool) -> None:
        """Draw the region; with `handles` also where a box is taken hold of."""
        painter.save()
        painter.setClipRect(plane.area)
        if (box := region.box) is not None:
            _draw_box(painter, plane, box, handles)
        else:
            self._draw_shape(painter, plane, region)
        painter.restore()

    def _draw_shape(self, painter: QPainter, plane: Plane, region: Region) -> None:
        left, right = (plane.x(edge) for edge in region.span)
        area = plane.area
        near = QRectF(left - 4, area.top(), right - left + 8, area.height()) & area
        dim = QColor(0, 0, 0, DIM)
        if near.isEmpty():
            painter.fillRect(area, dim)
            return
        near = QRectF(near.toAlignedRect()) & area
        painter.fillRect(QRectF(area.topLeft(), QPointF(near.left(), area.bottom())), dim)
        painter.fillRect(QRectF(QPointF(near.right(), area.top()), area.bottomRight()), dim)
        wanted = (region, plane)
        if self._image is None or self._image_for != wanted:
            self._image = _shape_image(plane, region, near)
            self._image_for = wanted
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(near, self._image)


def box_rect(plane: Plane, box: Box) -> QRectF:
    """Where a box lies in a picture."""
    top_left = QPointF(plane.x(box.start), plane.y(box.high))
    return QRectF(top_left, QPointF(plane.x(box.stop), plane.y(box.low)))


def _draw_box(painter: QPainter, plane: Plane, box: Box, handles: bool) -> None:
    area, rect = plane.area, box_rect(plane, box)
    inside = rect & area
    dim = QColor(0, 0, 0, DIM)
    if inside.isEmpty():
        painter.fillRect(area, dim)
    else:
        painter.fillRect(QRectF(area.topLeft(), QPointF(area.right(), inside.top())), dim)
        painter.fillRect(QRectF(QPointF(area.left(), inside.bottom()), area.bottomRight()), dim)
        painter.fillRect(QRectF(area.left(), inside.top(), inside.left() - area.left(),
                                inside.height()), dim)  # fmt: skip
        painter.fillRect(QRectF(inside.right(), inside.top(), area.right() - inside.right(),
                                inside.height()), dim)  # fmt: skip
    # A line a hundred thousand pixels away costs time and shows nothing.
    rect = rect & area.adjusted(-20, -20, 20, 20)
    outer = QRectF(round(rect.left()), round(rect.top()), round(rect.width()), round(rect.height()))
    for grown, colour in ((1.5, DARK), (0.5, LIGHT), (-0.5, DARK)):
        painter.setPen(QPen(colour, 1))
        painter.drawRect(outer.adjusted(-grown, -grown, grown, grown))
    if handles and rect.width() > 3 * GRIP and rect.height() > 3 * GRIP:
        painter.setPen(QPen(DARK, 1))
        painter.setBrush(LIGHT)
        x, y = rect.center().x(), rect.center().y()
        for at in (rect.topLeft(), rect.topRight(), rect.bottomLeft(), rect.bottomRight(),
                   QPointF(x, rect.top()), QPointF(x, rect.bottom()),
                   QPointF(rect.left(), y), QPointF(rect.right(), y)):  # fmt: skip
            painter.drawRect(QRectF(at.x() - GRIP / 2, at.y() - GRIP / 2, GRIP, GRIP))


def _shape_image(plane: Plane, region: Region, near: QRectF) -> QImage:
    """The part `near` of a picture as it is dimmed and lined by a region of any shape.

    The lines lie outside the region and leave out gaps that they would fill, as between the upper
    partials of a tone; there the picture is lighter or darker, as far as it is inside.
    """
    cell = max(math.sqrt(near.width() * near.height() / CELLS), 1.0)
    columns = max(math.ceil(near.width() / cell), 1)
    rows = max(math.ceil(near.height() / cell), 1)
    times = np.linspace(plane.seconds(near.left()), plane.seconds(near.right()), 2 * columns + 1)
    edges = np.linspace(near.bottom(), near.top(), 2 * rows + 1)  # low first
    hz = np.array([plane.hz(y) for y in edges])
    cover = region.cover(times[1::2], hz[1::2], times[2] - times[0], hz[2::2] - hz[:-2:2])[::-1]
    argb = np.rint(DIM * (1 - cover)).astype(np.uint32) << 24
    inside = cover >= 0.5
    light = _grown(inside)
    roomy = _wide(~inside)
    argb[_grown(light) & ~light & roomy] = 210 << 24
    argb[light & ~inside & roomy] = 0xFFFFFFFF
    return QImage(
        argb.data, columns, rows, 4 * columns, QImage.Format.Format_ARGB32_Premultiplied
    ).copy()


def _grown(inside: np.ndarray) -> np.ndarray:
    """What is inside, and what touches it from the left, right, above or below."""
    out = inside.copy()
    out[1:] |= inside[:-1]
    out[:-1] |= inside[1:]
    out[:, 1:] |= inside[:, :-1]
    out[:, :-1] |= inside[:, 1:]
    return out


def _wide(outside: np.ndarray) -> np.ndarray:
    """Those cells outside that lie in a gap at least `GAP` cells tall (or at the picture's end)."""
    padded = np.pad(outside, ((GAP, GAP), (0, 0)), constant_values=True)
    runs = sliding_window_view(padded, GAP, axis=0).all(axis=2)
    return sliding_window_view(runs, GAP, axis=0).any(axis=2)[1 : 1 + len(outside)]


def draw_span(painter: QPainter, size: QSizeF, left: float, right: float) -> None:
    """Show on another lane when the marked region is: two faint lines and a bar at the top."""
    left, right = max(left, -2.0), min(right, size.width() + 2.0)
    if right <= left:
        return
    for x in (left, right):
        painter.fillRect(QRectF(round(x), 0, 1, size.height()), FAINT)
        painter.fillRect(QRectF(round(x) + 1, 0, 1, size.height()), QColor(0, 0, 0, 90))
    painter.fillRect(QRectF(left, 0, right - left, 3), FAINT)


def draw_stroke(painter: QPainter, plane: Plane, path: Sequence[tuple[float, float]]) -> None:
    """Show the stroke on a fundamental while it is drawn."""
    if len(path) < 2:
        return
    line = QPolygonF([QPointF(plane.x(seconds), plane.y(hz)) for seconds, hz in path])
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for colour, width in ((DARK, 4.0), (LIGHT, 2.0)):
        painter.setPen(QPen(colour, width))
        painter.drawPolyline(line)
    painter.restore()


def draw_brush(painter: QPainter, plane: Plane, at: QPointF, brush: Selection) -> None:
    """Show what the brush would paint at a point."""
    if not plane.area.contains(at):
        return
    hz, side = max(plane.hz(at.y()), 20.0), 2 ** (brush.brush_semitones / 24)
    half = (plane.x(plane.start + brush.brush_seconds) - plane.area.left()) / 2
    top, bottom = plane.y(hz * side), plane.y(hz / side)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, width in ((DARK, 3.0), (LIGHT, 1.0)):
        painter.setPen(QPen(colour, width))
        painter.drawEllipse(QRectF(at.x() - half, top, 2 * half, bottom - top))
    painter.restore()
