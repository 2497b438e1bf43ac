"""What a lane's sound looks like: its waveform and its spectrogram, kept until they change."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from app import theme
from app.views.spectrogram import Mosaic, Spectrogram, level_for, rows_for
from app.views.waveform import Waveform
from engine.spectrogram import BASE_HOP, COLUMNS, level_of

if TYPE_CHECKING:
    from app.jobs import JobCenter
    from app.session import Lane
    from app.views.display import Display
    from app.views.time_axis import TimeAxis
    from engine.types import AudioClip


class LanePicture:
    """Draws one lane; `tiles_came` and `wave_came` are called when there is more to be seen."""

    def __init__(
        self,
        jobs: JobCenter,
        axis: TimeAxis,
        display: Display,
        tiles_came: Callable[[], None],
        wave_came: Callable[[], None],
    ) -> None:
        self._axis, self._display = axis, display
        self._tiles_came, self._wave_came = tiles_came, wave_came
        self._spectrogram = Spectrogram(jobs, display.tiles, self._more_tiles)
        self._waveform = Waveform(jobs, self._more_wave)
        self.mosaic: Mosaic | None = None  # the tiles that were drawn last
        self._mosaic_for: object = None
        self._image: QImage | None = None
        self._image_for: object = None
        self._strip: QImage | None = None
        self._strip_for: object = None

    def show(self, clip: AudioClip | None) -> None:
        """Picture a clip from now on."""
        self._spectrogram.show(clip)
        self._waveform.show(clip)
        self.forget()

    def spoil(self, start: int, stop: int) -> None:
        """Take notice that frames `start` to `stop` were written."""
        self._spectrogram.spoil(start, stop)
        self._waveform.spoil(start, stop)
        self.forget()

    def forget(self) -> None:
        """Look afresh at the next drawing."""
        self._mosaic_for = self._strip_for = None

    def stop(self) -> None:
        """Ask for nothing any more."""
        self._spectrogram.stop()
        self._waveform.stop()

    def _more_tiles(self) -> None:
        self._mosaic_for = None
        self._tiles_came()

    def _more_wave(self) -> None:
        self.forget_wave()
        self._wave_came()

    def forget_wave(self) -> None:
        """Look afresh at the waveform."""
        self._strip_for = None

    def draw_strip(
        self, painter: QPainter, area: QRectF, lane: Lane, end: float, tokens: theme.Tokens
    ) -> None:
        """Draw the waveform of what is in view; the sound ends at pixel `end`."""
        ratio, rate = painter.device().devicePixelRatioF(), lane.track.clip.rate
        start, stop = self._axis.start * rate, self._axis.stop * rate
        back, wave = QColor(tokens.canvas), QColor(tokens.role(lane.track.role))
        width, height = round(area.width() * ratio), round(area.height() * ratio)
        wanted = (start, stop, width, height, wave.rgb(), back.rgb())
        if self._strip is None or self._strip_for != wanted:
            self._strip = self._waveform.image(start, stop, width, height, wave, back)
            self._strip.setDevicePixelRatio(ratio)
            self._strip_for = wanted
        painter.save()
        painter.setClipRect(QRectF(0, 0, end, area.height()), Qt.ClipOperation.IntersectClip)
        painter.drawImage(area.topLeft(), self._strip)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._waveform.draw_dots(painter, area, start, stop, wave)
        painter.restore()

    def draw_spectrum(self, painter: QPainter, area: QRectF, lane: Lane, focus: float) -> None:
        """Draw the spectrogram of what is in view; `focus` is the second to be sharp first."""
        axis, display, clip = self._axis, self._display, lane.track.clip
        start, stop = axis.start * clip.rate, min(axis.stop * clip.rate, clip.frames)
        if stop <= start:
            return
        ratio = painter.device().devicePixelRatioF()
        mosaic = self._tiles(start, stop, area, ratio, lane, focus)
        wanted = (id(mosaic), id(display.lut))
        if self._image is None or self._image_for != wanted:
            levels = np.ascontiguousarray(mosaic.image[::-1])
            rows, columns = levels.shape
            image = QImage(levels.data, columns, rows, columns, QImage.Format.Format_Indexed8)
            image.setColorTable(display.lut.tolist())
            self._image = image.convertToFormat(QImage.Format.Format_RGB32)
            self._image_for = wanted
        rows = len(mosaic.image)
        source = QRectF(
            (start - mosaic.start) / mosaic.hop,
            (1 - display.high) * rows,
            (stop - start) / mosaic.hop,
            (display.high - display.low) * rows,
        )
        wide = (stop - start) / (axis.span * clip.rate) * area.width()
        target = QRectF(area.left(), area.top(), wide, area.height())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(target, self._image, source)

    def _tiles(
        self, start: float, stop: float, area: QRectF, ratio: float, lane: Lane, focus: float
    ) -> Mosaic:
        """The mosaic that covers the view, made again only when its tiles are others."""
        axis, display, clip = self._axis, self._display, lane.track.clip
        rows = rows_for(area.height() * ratio / (display.high - display.low))
        settings = display.settings_with(rows)
        per_pixel = axis.span * clip.rate / max(area.width() * ratio, 1)
        level = level_for(per_pixel, settings)
        span = COLUMNS * (BASE_HOP << level)
        wanted = (settings, level, int(start) // span, -(-int(stop + 1) // span), clip.frames)
        if self.mosaic is None or self._mosaic_for != wanted:
            self.mosaic = self._spectrogram.mosaic(
                settings, level, int(start), int(stop + 1), focus * clip.rate, lane.filled
            )
            self._mosaic_for = wanted
        return self.mosaic

    def level(self, clip: AudioClip, seconds: float, unit: float) -> float | None:
        """The level in dB at a moment and a place on the frequency axis, where that is drawn."""
        mosaic = self.mosaic
        if mosaic is None:
            return None
        rows, columns = mosaic.image.shape
        column = int((seconds * clip.rate - mosaic.start) / mosaic.hop)
        row = min(max(int(unit * rows), 0), rows - 1)
        if not 0 <= column < columns or not 0 <= seconds <= clip.seconds:
            return None
        return level_of(float(mosaic.image[row, column]))
