"""What a voice makes of notes and texts: grey phrases, phonemes, words, marks of the mute."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from app import theme
from app.views.notes import BACK, CASING, INSIDE, TINY, WORD, WORDS, Score
from app.views.plane import Plane

PHONE = 10  # px; height of phonemes
GREY, EDGE = QColor(128, 134, 148, 70), QColor(160, 166, 180, 150)
INK = QColor(200, 206, 218)
SIGN = 13.0  # px; of the mark of a mute note
ROWS = 3  # of spoken words; what finds no room in them is legible from nearer
STRESS = str.maketrans("", "", "012")


def draw_phrases(painter: QPainter, plane: Plane, spans: Sequence[tuple[float, float]]) -> None:
    """Grey blocks over the phrases, in seconds, that are not sung yet."""
    area = plane.area
    painter.save()
    painter.setClipRect(area, Qt.ClipOperation.IntersectClip)
    painter.setPen(QPen(EDGE, 1.0))
    painter.setBrush(GREY)
    for start, stop in spans:
        if stop > plane.start and start < plane.stop:
            left, right = plane.x(max(start, 0.0)), plane.x(stop)
            block = QRectF(left, area.top() + 4.5, max(right - left, 2.0), area.height() - 9.0)
            painter.drawRoundedRect(block, 4.0, 4.0)
    painter.restore()


def draw_phones(
    painter: QPainter, plane: Plane, score: Score, phones: Sequence[str], font: QFont
) -> None:
    """Write the phonemes of each note, without stress, below its word, as far as there is room."""
    some, rects = score.seen(plane)
    shown = [(k, QRectF(*rect)) for k, rect in zip(some.tolist(), rects.tolist(), strict=True)]
    if not 0 < len(shown) <= WORDS:
        return
    metrics = QFontMetricsF(small := theme.tabular(font, PHONE))
    word, high = QFontMetricsF(theme.tabular(font, WORD)).height(), metrics.height() - 1.0
    painter.save()
    painter.setClipRect(plane.area, Qt.ClipOperation.IntersectClip)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(small)
    for place, (k, bar) in enumerate(shown):
        text = phones[k].translate(STRESS)
        if not text or bar.width() < TINY:
            continue
        outside = word if bar.height() < INSIDE and score.worded[k] else 0.0
        top = bar.bottom() + 1.0 + outside
        if top + high > plane.area.bottom():
            top = bar.top() - high - 1.0 - outside
        left = max(bar.left(), plane.area.left() + 1.0)
        box = QRectF(left, top, metrics.horizontalAdvance(text) + 5.0, high)
        end = plane.area.right()
        for _, near in shown[place + 1 : place + 5]:
            below = near.bottom() + 1.0 + high + (word if near.height() < INSIDE else 0.0)
            taken = QRectF(near.left(), near.top(), near.width(), below - near.top())
            if taken.intersects(box):
                end = min(end, near.left() - 1.0)
        if box.right() > end:
            text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, end - left - 5.0)
            box.setWidth(metrics.horizontalAdvance(text) + 5.0)
        if not text.rstrip("…"):
            continue
        _write(painter, box, metrics, text)
    painter.restore()


def draw_spoken(
    painter: QPainter, plane: Plane, words: Sequence[tuple[float, float, str]], font: QFont
) -> None:
    """Write what is spoken along the lower edge, each word from where it begins, in a free row."""
    seen = [word for word in words if word[1] > plane.start and word[0] < plane.stop]
    if not 0 < len(seen) <= WORDS:
        return
    metrics = QFontMetricsF(small := theme.tabular(font, WORD))
    high = metrics.height() - 1.0
    painter.save()
    painter.setClipRect(plane.area, Qt.ClipOperation.IntersectClip)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(small)
    ends = [-1e9] * ROWS  # where the last word of each row ends
    for start, _, text in seen:
        left = max(plane.x(start), plane.area.left() + 1.0)
        wide = metrics.horizontalAdvance(text) + 5.0
        row = next((k for k, end in enumerate(ends) if end <= left), None)
        if row is not None:
            ends[row] = left + wide + 2.0
            top = plane.area.bottom() - (row + 1) * (high + 2.0) - 2.0
            _write(painter, QRectF(left, top, wide, high), metrics, text)
    painter.restore()


def _write(painter: QPainter, box: QRectF, metrics: QFontMetricsF, text: str) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(BACK)
    painter.drawRoundedRect(box, 3.0, 3.0)
    painter.setPen(INK)
    painter.drawText(QPointF(box.left() + 2.5, box.top() + metrics.ascent() - 0.5), text)


def draw_mute(
    painter: QPainter, plane: Plane, score: Score, mute: Sequence[str], font: QFont
) -> None:
    """A red line under each note that stays silent, and a sign above it."""
    some, rects = score.seen(plane)
    silent = np.array([bool(mute[k]) for k in some.tolist()], bool)
    if not silent.any():
        return
    red = QColor(theme.DARK.danger)
    painter.save()
    painter.setClipRect(plane.area, Qt.ClipOperation.IntersectClip)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(theme.tabular(font, PHONE, bold=True))
    for left, top, wide, tall in rects[silent].tolist():
        for colour, thick in ((CASING, 4.0), (red, 2.0)):
            painter.setPen(QPen(colour, thick))
            painter.drawLine(
                QPointF(left, top + tall + 1.5), QPointF(left + wide, top + tall + 1.5)
            )
        if wide < TINY:
            continue
        sign = QRectF(left, max(top - SIGN - 1.0, plane.area.top()), SIGN, SIGN)
        painter.setPen(QPen(CASING, 1.0))
        painter.setBrush(red)
        painter.drawEllipse(sign)
        painter.setPen(QColor("#ffffff"))
        painter.drawText(sign, Qt.AlignmentFlag.AlignCenter, "!")
    painter.restore()
