"""One row: what plays, where it is, where it goes."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app import theme
from app.commands import Actions
from app.settings import Settings
from app.studio import Studio
from app.views.controls import Chooser, Elided, Hairline, IconButton, TextButton
from app.views.meters import LevelMeter
from app.views.time_axis import TimeAxis
from app.words import said, tr

LOOK_MS = 500  # between two looks whether there is sound


def clock_text(seconds: float, decimals: int = 3) -> str:
    """`m:ss.mmm` with hours only where there are some."""
    whole = int(seconds * 10**decimals) / 10**decimals
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(int(minutes), 60)
    width = 3 + decimals if decimals else 2
    tail = f"{minutes:02d}:{rest:0{width}.{decimals}f}"
    return f"{hours}:{tail}" if hours else tail


class Clock(QWidget):
    """The time that is heard now, large, and the length of the whole."""

    def __init__(self, axis: TimeAxis) -> None:
        super().__init__()
        self._axis = axis
        self.setToolTip(tr("Playhead and length\nWhere you are, and how long the whole is"))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        axis.playhead_changed.connect(self._tell)
        axis.range_changed.connect(self._tell)
        self._shown = ("", "")
        self._tell()

    def _fonts(self) -> tuple[QFont, QFont]:
        return theme.tabular(self.font(), 22, bold=True), theme.tabular(self.font(), 13)

    def _tell(self) -> None:
        shown = (clock_text(self._axis.playhead), clock_text(self._axis.total))
        if shown != self._shown:
            if [len(t) for t in shown] != [len(t) for t in self._shown]:
                self.updateGeometry()
            self._shown = shown
            self.setAccessibleName(tr("Playhead {time} of {total}", time=shown[0], total=shown[1]))
            self.update()

    def _widths(self) -> tuple[float, float]:
        big, small = (QFontMetricsF(font) for font in self._fonts())
        digits = (text.translate(str.maketrans("123456789", "0" * 9)) for text in self._shown)
        now, total = digits
        return big.horizontalAdvance(now), small.horizontalAdvance(f"/ {total}")

    def sizeHint(self) -> QSize:
        now, total = self._widths()
        return QSize(round(now + total + 12), 32)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.of(self)
        big, small = self._fonts()
        now, _ = self._widths()
        painter = QPainter(self)
        base = self.height() / 2 + QFontMetricsF(big).capHeight() / 2
        painter.setFont(big)
        painter.setPen(QColor(tokens.text))
        painter.drawText(0, round(base), self._shown[0])
        painter.setFont(small)
        painter.setPen(QColor(tokens.dim))
        painter.drawText(round(now + 10), round(base), f"/ {self._shown[1]}")


class TransportBar(QWidget):
    """Open and undo, the transport, the clock, the way out of the machine and its level."""

    def __init__(
        self, actions: Actions, studio: Studio, axis: TimeAxis, settings: Settings
    ) -> None:
        super().__init__()
        self._studio, self._settings = studio, settings
        self._play = IconButton("play", tr("Play"), actions["play"], size=36)
        self._play.setIconSize(QSize(20, 20))
        studio.transport.playing_changed.connect(self._show_playing)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 6, 12, 6)
        row.setSpacing(4)
        open_button = TextButton(tr("Open"), "folder-open")
        open_button.runs(actions["open"])
        row.addWidget(open_button)
        for id, icon in (("undo", "undo-2"), ("redo", "redo-2")):
            row.addWidget(IconButton(icon, actions[id].text(), actions[id]))
        row.addSpacing(4)
        row.addWidget(_rule())
        row.addSpacing(4)
        row.addWidget(IconButton("skip-back", tr("Go to start"), actions["start"]))
        row.addWidget(self._play)
        row.addWidget(IconButton("square", tr("Stop"), actions["stop"]))
        row.addWidget(IconButton("repeat", tr("Loop"), actions["loop"]))
        row.addSpacing(12)
        row.addWidget(Clock(axis))
        self._badge = row.count()  # where a badge goes
        row.addStretch(1)
        self._warning = IconButton(
            "triangle-alert", tr("No sound; look again"), size=28, role="sound"
        )
        self._warning.clicked.connect(studio.player.retry)
        self._problem = Elided(kind="small")
        self._problem.setMaximumWidth(220)
        self._device = Chooser(tr("Sound output"), tr("Where the sound goes"))
        self._device.setMaximumWidth(190)
        self._device.setMinimumContentsLength(12)
        self._device.setSizeAdjustPolicy(
            Chooser.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self._device.activated.connect(self._choose_device)
        row.addWidget(self._warning)
        row.addWidget(self._problem, 3)
        row.addWidget(self._device)
        row.addSpacing(8)
        self.meter = LevelMeter(lambda: studio.player.levels)
        row.addWidget(self.meter)
        row.addSpacing(8)
        row.addWidget(IconButton("panel-right", tr("Inspector"), actions["inspector"]))
        self._devices: tuple[object, ...] = ()
        self._look()
        timer = QTimer(self)
        timer.timeout.connect(self._look)
        timer.start(LOOK_MS)

    def add_badge(self, badge: QWidget) -> None:
        """Show a widget beside the clock."""
        layout = self.layout()
        assert isinstance(layout, QHBoxLayout)
        layout.insertWidget(self._badge, badge)

    def _show_playing(self, playing: bool) -> None:
        self._play.ink("pause" if playing else "play")
        self._play.setAccessibleName(tr("Pause") if playing else tr("Play"))

    def _choose_device(self, index: int) -> None:
        self._settings.sound_device = self._device.itemData(index)
        self._studio.player.use_device(self._settings.sound_device)

    def _look(self) -> None:
        """Show outputs that came or went, and why nothing is heard."""
        player = self._studio.player
        devices = player.devices()
        if devices != self._devices:
            self._devices = devices
            self._device.clear()
            self._device.addItem(tr("System output"), "")
            for device in devices:
                self._device.addItem(device.name, device.id)
            found = self._device.findData(self._settings.sound_device)
            self._device.setCurrentIndex(max(found, 0))
        self._device.setVisible(bool(devices))
        self._warning.setVisible(bool(player.problem))
        self._problem.setVisible(bool(player.problem))
        problem = said(player.problem)
        self._problem.set_text(problem)
        self._warning.setToolTip(f"{problem}\n{tr('Press to look for a sound output again')}")


def _rule() -> Hairline:
    line = Hairline(vertical=True)
    line.setFixedHeight(24)
    line.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    return line
