"""Wheel and pinch over anything that shows time."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QNativeGestureEvent, QWheelEvent

from app.views.time_axis import TimeAxis

NOTCH = 120.0  # units of one step of a wheel
ZOOM = 1.35  # times nearer per step
PAGE = 0.1  # of the view scrolled per step


def steps(event: QWheelEvent) -> tuple[float, float]:
    """Wheel steps to the right and up; some systems turn the wheel sideways while Alt is held."""
    delta = event.angleDelta()
    return delta.x() / NOTCH, delta.y() / NOTCH


def wheel_time(event: QWheelEvent, axis: TimeAxis, seconds: float, width: float) -> bool:
    """Scroll time (Shift, or a sideways wheel) or zoom it at `seconds` (Ctrl); False: not ours."""
    right, up = steps(event)
    held = event.modifiers()
    if held & Qt.KeyboardModifier.ControlModifier:
        axis.zoom_at(seconds, ZOOM ** (up or right))
    elif held & Qt.KeyboardModifier.ShiftModifier:
        axis.scroll_by(-(up or right) * PAGE * axis.span)
    elif abs(right) > abs(up):
        pixels = event.pixelDelta().x()
        part = pixels / max(width, 1) if pixels else right * PAGE
        axis.scroll_by(-part * axis.span)
    else:
        return False
    return True


def pinch_time(event: QEvent, axis: TimeAxis, width: float) -> bool:
    """Zoom time with two fingers; False if the event is no pinch."""
    if not isinstance(event, QNativeGestureEvent):
        return False
    if event.gestureType() is not Qt.NativeGestureType.ZoomNativeGesture:
        return False
    seconds = axis.start + event.position().x() / max(width, 1) * axis.span
    axis.zoom_at(seconds, max(1.0 + event.value(), 0.1))
    return True
