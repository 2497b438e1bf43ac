"""What the microphone hears: its picture, its pitch, its level, and how late all that is."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import (
    QColor,
    QImage,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from app import theme
from app.commands import Actions
from app.microphone import Microphone
from app.recording import Recording
from app.views.controls import Chooser, Elided, IconButton, TextButton, heading
from app.views.display import Display
from app.views.frequency_axis import HALO, draw_axis, hz_ticks, note_ticks
from app.views.header import WIDTH
from app.views.live import Live
from app.views.meters import LevelMeter
from app.views.spectrogram import rows_for
from app.views.transport import clock_text
from app.words import said, tr
from engine.live import SPAN
from engine.pitch import Pitch
from engine.spectrogram import note_of, to_unit

HEIGHT = 232  # px
LEAP = 600.0  # cents between two estimates that are no glide
FULL = 0.9999  # a converter's highest number counts as full scale
SAY_EVERY_MS = 100  # between two figures: faster cannot be read


class InputMeter(LevelMeter):
    """How loud the microphone is."""

    def _say(self) -> None:
        clipped = self.clipped
        self.setAccessibleName(tr("Input level, clipped") if clipped else tr("Input level"))
        what = tr("Input level and highest peak in dB. Click or Return to reset.")
        cure = tr("It clipped: turn the microphone's gain down.") if clipped else ""
        self.setToolTip(f"{cure} {what}".strip())


class PitchFigure(Live):
    """The note that is sung, how far it is off in cents, and its frequency."""

    def __init__(self, microphone: Microphone) -> None:
        super().__init__()
        self._microphone = microphone
        self.pitch = Pitch(math.nan, 0.0)
        self._waited = 0.0
        self.setFixedHeight(36)
        self.setAccessibleName(tr("Pitch: nothing is sung"))
        self.setToolTip(
            tr(
                "The nearest note (A4 = 440 Hz), how far the voice is above or below it in "
                "hundredths of a semitone, and its frequency"
            )
        )

    def advance(self, seconds: float) -> bool:
        """Look for the pitch of this moment, ten times a second."""
        self._waited += seconds
        if self._waited < SAY_EVERY_MS / 1000:
            return False
        self._waited = 0.0
        scope = self._microphone.scope if self._microphone.intake is not None else None
        before, self.pitch = self.pitch, scope.steady() if scope else Pitch(math.nan, 0.0)
        if self.text != _words(before):
            self.setAccessibleName(
                tr("Pitch: {pitch}", pitch=self.text) if self.text else tr("Pitch: nothing is sung")
            )
            return True
        return False

    @property
    def text(self) -> str:
        """The reading, as `A3 +12 cents 220.5 Hz`; empty while nothing is sung."""
        return _words(self.pitch)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.of(self)
        painter = QPainter(self)
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        if not math.isfinite(self.pitch.hz):
            painter.setPen(QColor(tokens.faint))
            painter.setFont(theme.tabular(self.font(), 24, bold=True))
            painter.drawText(self.rect(), middle, "–")
            return
        note, cents = note_of(self.pitch.hz)
        painter.setPen(QColor(tokens.text))
        painter.setFont(theme.tabular(self.font(), 24, bold=True))
        painter.drawText(self.rect(), middle, note)
        area = QRectF(self.rect()).adjusted(68, 0, 0, 0)
        painter.setFont(theme.tabular(self.font(), 13))
        painter.setPen(QColor(tokens.good if abs(cents) <= 10 else tokens.text))
        painter.drawText(area, middle, _cents(cents))
        painter.setPen(QColor(tokens.dim))
        right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(QRectF(self.rect()), right, f"{self.pitch.hz:.1f} Hz")


class LivePicture(Live):
    """The spectrogram of the last seconds, on the lanes' axis and in their colours.

    The right edge is now; the newest column stands where its window has its middle, so the gap at
    the right is the part of the latency that the analysis costs.
    """

    def __init__(self, microphone: Microphone, display: Display) -> None:
        super().__init__()
        self._microphone, self._display = microphone, display
        self._seen = -1
        self._labels: QPixmap | None = None
        self._labels_for: object = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(tr("Spectrogram and pitch of the microphone"))
        display.analysis_changed.connect(self._plan)
        display.view_changed.connect(self._plan)
        display.colours_changed.connect(self.update)
        self._plan()

    def _plan(self) -> None:
        display = self._display
        tall = self.height() * self.devicePixelRatioF() / (display.high - display.low)
        self._microphone.set_picture(display.settings_with(rows_for(tall)))
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._plan()

    def advance(self, seconds: float) -> bool:
        """Whether something new came in."""
        scope = self._microphone.scope
        seen = -1 if scope is None or self._microphone.intake is None else scope.count
        changed, self._seen = seen != self._seen, seen
        return changed

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.of(self).canvas))
        scope, area = self._microphone.scope, QRectF(self.rect())
        if scope is not None and scope.settings.scale == self._display.scale:
            self._draw_sound(painter, area)
            self._draw_pitch(painter, area)
        self._draw_labels(painter, area)

    def _place(self, column: np.ndarray | float, window: int) -> np.ndarray:
        """The pixel where columns stand whose windows are so many frames long."""
        scope = self._microphone.scope
        assert scope is not None
        age = (scope.columns - 1 - column) * scope.hop + window / 2
        return np.asarray(self.width() * (1 - age / scope.rate / SPAN))

    def _draw_sound(self, painter: QPainter, area: QRectF) -> None:
        scope, display = self._microphone.scope, self._display
        assert scope is not None
        pixels = np.ascontiguousarray(display.lut[scope.picture()[::-1]])
        rows, columns = pixels.shape
        image = QImage(pixels.data, columns, rows, 4 * columns, QImage.Format.Format_RGB32)
        source = QRectF(0, (1 - display.high) * rows, columns, (display.high - display.low) * rows)
        half = self.width() * scope.hop / scope.rate / SPAN / 2
        window = scope.settings.n_fft
        left = float(self._place(0.0, window)) - half
        right = float(self._place(columns - 1.0, window)) + half
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRectF(left, area.top(), right - left, area.height()), image, source)

    def _draw_pitch(self, painter: QPainter, area: QRectF) -> None:
        scope, display = self._microphone.scope, self._display
        assert scope is not None
        pitch = scope.curve()
        sung = np.flatnonzero(np.isfinite(pitch))
        if not len(sung):
            return
        leap = np.abs(1200 * np.diff(np.log2(pitch[sung]))) > LEAP
        apart = np.flatnonzero((np.diff(sung) > 1) | leap) + 1
        span = display.high - display.low
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        lines = []
        for part in np.split(sung, apart):
            if len(part) < 2:
                continue  # a single estimate is a slip
            xs = self._place(part.astype(np.float64), scope.pitch_frames)
            units = [to_unit(float(hz), display.settings) for hz in pitch[part]]
            ys = area.height() * (1 - (np.array(units) - display.low) / span)
            lines.append(QPolygonF([QPointF(x, y) for x, y in zip(xs, ys, strict=True)]))
        for pen in (QPen(HALO, 5), QPen(QColor(theme.DARK.accent), 2.5)):
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            for line in lines:
                painter.drawPolyline(line)

    def _draw_labels(self, painter: QPainter, area: QRectF) -> None:
        display, ratio = self._display, self.devicePixelRatioF()
        wanted = (display.settings, display.low, display.high, self.size(), ratio)
        if self._labels is None or self._labels_for != wanted:
            self._labels = QPixmap(self.size() * ratio)
            self._labels.setDevicePixelRatio(ratio)
            self._labels.fill(Qt.GlobalColor.transparent)
            view = (display.settings, display.low, display.high, area.height())
            inner = QPainter(self._labels)
            inner.setRenderHint(QPainter.RenderHint.Antialiasing)
            font = theme.tabular(self.font(), 11)
            draw_axis(inner, font, area, note_ticks(*view), hz_ticks(*view))
            inner.end()
            self._labels_for = wanted
        painter.drawPixmap(0, 0, self._labels)


class _Trouble(QWidget):
    """Why nothing is heard, and a way out."""

    def __init__(self, retry: TextButton) -> None:
        super().__init__()
        self.retry = retry
        self._what, self._hint = QLabel(), QLabel()
        for label in (self._what, self._hint):
            label.setWordWrap(True)
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._hint.setProperty("kind", "dim")
        column = QVBoxLayout(self)
        column.setContentsMargins(32, 16, 32, 16)
        column.setSpacing(8)
        column.addStretch(1)
        column.addWidget(self._what)
        column.addWidget(self._hint)
        column.addWidget(retry, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)

    def tell(self, what: str, hint: str) -> None:
        """Show what is wrong and what to do."""
        self._what.setText(what)
        self._hint.setText(hint)
        self.setAccessibleName(f"{what} {hint}")

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), QColor(theme.of(self).canvas))


class ListeningPanel(QWidget):
    """The microphone's lane: shown while somebody listens."""

    def __init__(self, recording: Recording, display: Display, actions: Actions) -> None:
        super().__init__()
        self._recording = recording
        microphone = recording.microphone
        self.setFixedHeight(HEIGHT)
        self.setAccessibleName(tr("Microphone"))

        close = IconButton("x", tr("Stop listening"), size=24, role="dim")
        close.clicked.connect(lambda: recording.listen(False))
        top = QHBoxLayout()
        top.addWidget(heading(tr("MICROPHONE")))
        top.addStretch(1)
        top.addWidget(close)
        self._input = Chooser(tr("Input"), tr("Which microphone is heard"))
        self._input.setSizeAdjustPolicy(
            Chooser.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self._input.activated.connect(self._choose)
        self._devices: object = None
        self.meter = InputMeter(self._level)
        self.figure = PitchFigure(microphone)
        self._delay = Elided(kind="small")
        self._record = TextButton(tr("Record"), "circle-dot", "primary")
        self._record.runs(actions["record"])

        side = QWidget()
        side.setFixedWidth(WIDTH)
        column = QVBoxLayout(side)
        column.setContentsMargins(16, 6, 8, 8)
        column.setSpacing(6)
        column.addLayout(top)
        column.addWidget(self._input)
        column.addWidget(self.meter)
        column.addWidget(self.figure)
        column.addWidget(self._delay)
        column.addStretch(1)
        column.addWidget(self._record)

        self.picture = LivePicture(microphone, display)
        retry = TextButton(tr("Try again"), "rotate-ccw")
        retry.setToolTip(tr("Try again\nLook for the microphone once more"))
        retry.clicked.connect(recording.retry)
        self._trouble = _Trouble(retry)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(side)
        row.addWidget(self.picture, 1)
        row.addWidget(self._trouble, 1)
        recording.changed.connect(self.refresh)
        self._clock = QTimer(self, interval=SAY_EVERY_MS)
        self._clock.timeout.connect(self.show_time)
        self.refresh()

    def sizeHint(self) -> QSize:
        return QSize(800, HEIGHT)

    def refresh(self) -> None:
        """Show how things are: heard, not heard and why, recorded."""
        recording = self._recording
        self.setVisible(recording.listening)
        if recording.listening and not self._clock.isActive():
            self._clock.start()
        elif not recording.listening:
            self._clock.stop()
        problem = recording.problem
        self._trouble.setVisible(problem is not None)
        self.picture.setVisible(problem is None)
        if problem is not None:
            self._trouble.tell(said(problem.message), said(problem.hint))
        self._list_inputs()
        self._input.setEnabled(not recording.recording)
        self.show_time()

    def show_time(self) -> None:
        """Keep latency and length of the recording up to date."""
        recording = self._recording
        if recording.recording:
            time = clock_text(recording.seconds, 0)
            self._record.setText(" " + tr("Stop recording, {time}", time=time))
            self._record.setAccessibleName(tr("Stop recording"))
        else:
            self._record.setText(" " + tr("Record"))
            self._record.setAccessibleName(tr("Record"))
        parts = recording.microphone.latency
        if not any(parts):
            self._delay.set_text(tr("Opening the microphone…") if not recording.problem else "")
            return
        device, block, window = (1000 * part for part in parts)
        self._delay.set_text(tr("Latency {total:.0f} ms", total=device + block + window))
        self._delay.setToolTip(
            tr(
                "From the voice to the screen: device {device:.0f} ms, one block {block:.0f} ms, "
                "analysis window {window:.0f} ms. A recording to a song is moved back by what "
                "the devices take.",
                device=device,
                block=block,
                window=window,
            )
        )

    def _level(self) -> tuple[float, float]:
        intake = self._recording.microphone.intake
        if intake is None:
            return 0.0, 0.0
        left, right = intake.peaks
        return (1.0 if left >= FULL else left), (1.0 if right >= FULL else right)

    def _list_inputs(self) -> None:
        devices = self._recording.microphone.devices()
        if devices != self._devices:
            self._devices = devices
            self._input.clear()
            self._input.addItem(tr("System input"), "")
            for device in devices:
                self._input.addItem(device.name, device.id)
        wanted = self._input.findData(self._recording.microphone.device)
        self._input.setCurrentIndex(max(wanted, 0))

    def _choose(self, index: int) -> None:
        self._recording.choose(str(self._input.itemData(index)))

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), QColor(theme.of(self).panel))


def _cents(cents: float) -> str:
    return tr("{cents} cents", cents=f"{cents:+.0f}".replace("-", "−"))


def _words(pitch: Pitch) -> str:
    if not math.isfinite(pitch.hz):
        return ""
    note, cents = note_of(pitch.hz)
    return f"{note} {_cents(cents)} {pitch.hz:.1f} Hz"
