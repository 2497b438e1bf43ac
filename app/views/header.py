"""The left end of a lane: its name, what is heard of it, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from app import theme
from app.commands import Actions, shown_key
from app.session import Lane, Session
from app.studio import Studio
from app.views.controls import Elided, Fader, IconButton, TextButton
from engine.events import State

WIDTH = 248  # px
SILENT_DB = -60.0  # the lowest step of the fader is silence
TOP_DB = 12.0


def gain_text(gain_db: float) -> str:
    """A level for a person; the fader's lowest step is silence."""
    if gain_db <= SILENT_DB:
        return "−∞ dB"
    return f"{gain_db:+.1f} dB".replace("-", "−") if abs(gain_db) >= 0.05 else "0.0 dB"


def pan_text(pan: float) -> str:
    """A place between left and right for a person."""
    percent = round(abs(pan) * 100)
    return "C" if percent == 0 else f"{'L' if pan < 0 else 'R'} {percent}"


class _Toggle(QToolButton):
    """M or S."""

    def __init__(self, letter: str, name: str, why: str, colour: str) -> None:
        super().__init__()
        self.setText(letter)
        self.setCheckable(True)
        self.setFixedSize(26, 24)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(name)
        self.setToolTip(f"{name}  ({letter})\n{why}")
        self._colour = colour

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        lit = self.isChecked()
        back = getattr(tokens, self._colour) if lit else tokens.raised
        if self.underMouse() and not lit:
            back = tokens.hover
        painter.setBrush(QColor(back))
        painter.setPen(QColor(tokens.accent) if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
        painter.setPen(QColor(tokens.canvas if lit else tokens.dim))
        painter.setFont(theme.tabular(self.font(), 12, bold=True))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())


class _Listen(QWidget):
    """Mix | Stems: which of them sounds."""

    def __init__(self, choose: Callable[[str], object]) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        self._buttons: dict[str, TextButton] = {}
        key = shown_key("B")
        for what, text in (("mix", "Mix"), ("stems", "Stems")):
            button = TextButton(text, kind="quiet")
            button.setCheckable(True)
            button.setAccessibleName(f"Listen to the {text.lower()}")
            button.setToolTip(f"Listen to the {text.lower()}  ({key} swaps)")
            button.clicked.connect(lambda _=False, w=what: choose(w))
            row.addWidget(button)
            self._buttons[what] = button

    def show_heard(self, heard: str) -> None:
        """Mark the one that sounds."""
        for what, button in self._buttons.items():
            button.setChecked(what == heard)


class _Verbs(QWidget):
    """What can be done with a track, and how far its making is."""

    def __init__(self, session: Session, studio: Studio, actions: Actions, track_id: int) -> None:
        super().__init__()
        self._session, self._studio, self._id = session, studio, track_id
        lane = session.lane(track_id)
        self._is_mix = lane is not None and lane.track.role == "mix"
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        self._state = Elided(kind="small")
        if self._is_mix:
            self._separate = TextButton("Separate vocals", "split", "primary")
            self._separate.setToolTip(actions["separate"].toolTip())
            self._separate.clicked.connect(lambda: studio.separate(track_id))
            self._listen = _Listen(lambda what: studio.hear(track_id, what))
            self._export = TextButton("Export", "download", "quiet")
            self._export.setToolTip(actions["export"].toolTip())
            self._export.clicked.connect(lambda: self._select_then(actions["export"].trigger))
            self._cancel = TextButton("Cancel", kind="quiet")
            self._cancel.setToolTip("Cancel\nEnd this job; the song stays as it was")
            self._cancel.clicked.connect(self._end_job)
            row.addWidget(self._separate)
            row.addWidget(self._listen)
        row.addWidget(self._state, 1)
        if self._is_mix:
            row.addWidget(self._cancel)
            row.addWidget(self._export)
            row.addStretch(0)

    def refresh(self, lane: Lane) -> None:
        """Show what can be done now."""
        live = lane.filled is not None
        job = self._studio.separation_job(self._id) if self._is_mix else None
        stems = self._is_mix and bool(self._studio.stems_of(self._id))
        if self._is_mix:
            self._separate.setVisible(not live and job is None and not stems)
            self._listen.setVisible(stems)
            if stems:
                self._listen.show_heard(self._studio.heard(self._id))
            self._export.setVisible(stems and job is None)
            self._cancel.setVisible(job is not None or live)
        self._state.setVisible((job is not None and not stems) or live)
        if live:
            done = sum(b - a for a, b in lane.filled or ()) / max(lane.track.clip.frames, 1)
            word = "Opening" if self._is_mix else "Being made"
            self._state.set_text(f"{word}  {done * 100:.0f} %")
        elif job is not None:
            waits = self._studio.jobs.status(job).state is State.QUEUED
            self._state.set_text("Waiting for its turn" if waits else "Separating")
        self.setVisible(self._is_mix or live)

    def _end_job(self) -> None:
        job = self._studio.separation_job(self._id)
        if job is not None:
            self._studio.cancel(job)
        else:
            self._studio.remove(self._id)

    def _select_then(self, act: Callable[[], object]) -> None:
        self._session.select(self._id)
        act()


class TrackHeader(QWidget):
    """Name, mute, solo, gain, pan and verbs of one track."""

    def __init__(self, session: Session, studio: Studio, actions: Actions, track_id: int) -> None:
        super().__init__()
        self._session, self._studio, self._id = session, studio, track_id
        self.setFixedWidth(WIDTH)
        self._hue = "mix"
        self._selected = False

        self._name = Elided()
        self._name.setFont(theme.tabular(self._name.font(), theme.BASE_FONT, bold=True))
        self._mute = _Toggle("M", "Mute", "Silence this lane", "sound")
        self._solo = _Toggle("S", "Solo", "Hear this lane alone", "accent")
        self._mute.clicked.connect(lambda: studio.toggle("muted", track_id))
        self._solo.clicked.connect(lambda: studio.toggle("solo", track_id))
        self._remove = IconButton("x", "Remove lane", size=24, role="dim")
        self._remove.clicked.connect(lambda: studio.remove(track_id))
        top = QHBoxLayout()
        top.setSpacing(4)
        top.addWidget(self._name, 1)
        for widget in (self._mute, self._solo, self._remove):
            top.addWidget(widget)

        self._fader = Fader(round(SILENT_DB * 10), round(TOP_DB * 10), 0, round(SILENT_DB * 10))
        self._fader.setSingleStep(5)
        self._fader.setPageStep(30)
        self._fader.setToolTip("Gain\nArrow keys change it by 0.5 dB; double-click for 0 dB")
        self._fader.valueChanged.connect(self._set_gain)
        self._gain = _figure("Gain")
        gain = QHBoxLayout()
        gain.addWidget(self._fader, 1)
        gain.addWidget(self._gain)

        self._pan = Fader(-100, 100, 0, 0)
        self._pan.setSingleStep(5)
        self._pan.setPageStep(25)
        self._pan.setToolTip("Pan\nLeft to right; double-click for the centre")
        self._pan.valueChanged.connect(self._set_pan)
        self._place = _figure("Pan")
        self._pan_row = QWidget()
        pan = QHBoxLayout(self._pan_row)
        pan.setContentsMargins(0, 0, 0, 0)
        pan.addWidget(self._pan, 1)
        pan.addWidget(self._place)

        self._verbs = _Verbs(session, studio, actions, track_id)

        self._notes = Elided(kind="small")
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 8, 8, 6)
        column.setSpacing(4)
        column.addLayout(top)
        column.addWidget(self._verbs)
        column.addLayout(gain)
        column.addWidget(self._pan_row)
        column.addWidget(self._notes)
        column.addStretch(1)
        self.refresh()

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, 132)

    def minimumSizeHint(self) -> QSize:
        return QSize(WIDTH, 40)

    def refresh(self) -> None:
        """Show the track as it is now."""
        lane = self._session.lane(self._id)
        if lane is None:
            return
        track = lane.track
        self._hue = track.role
        self._name.set_text(track.name)
        self.setAccessibleName(f"Lane {track.name}")
        self._mute.setChecked(track.muted)
        self._solo.setChecked(track.solo)
        gain = gain_text(track.gain_db)
        self._gain.setText(gain)
        self._fader.setAccessibleName(f"Gain of {track.name}, {gain}")
        self._place.setText(pan_text(track.pan))
        self._pan.setAccessibleName(f"Pan of {track.name}, {pan_text(track.pan)}")
        self._remove.setAccessibleName(f"Remove {track.name}")
        for slider, value in (
            (self._fader, round(max(track.gain_db, SILENT_DB) * 10)),
            (self._pan, round(track.pan * 100)),
        ):
            slider.blockSignals(True)
            slider.setValue(value)
            slider.blockSignals(False)
        self._verbs.refresh(lane)
        notes = "; ".join(track.clip.origin.notes)
        self._notes.set_text(notes)
        self.set_selected(self._session.selected == self._id)
        self._fold()
        self.update()

    def set_selected(self, selected: bool) -> None:
        """Show whether keys act on this lane."""
        if selected != self._selected:
            self._selected = selected
            self.update()

    def _set_gain(self, tenths: int) -> None:
        silent = tenths <= SILENT_DB * 10
        self._session.set_track(
            self._id,
            ("gain", self._id, self._fader.gesture),
            gain_db=-144.0 if silent else tenths / 10,
        )

    def _set_pan(self, percent: int) -> None:
        self._session.set_track(self._id, ("pan", self._id, self._pan.gesture), pan=percent / 100)

    def _fold(self) -> None:
        """Leave out what has no room, the least needed first."""
        room = self.height() - 8 - 28
        if not self._verbs.isHidden():
            room -= 32
        room -= 24
        self._pan_row.setVisible(room >= 26)
        room -= 24
        self._notes.setVisible(room >= 18 and bool(self._notes.text()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._session.select(self._id)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.of(self)
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(tokens.raised if self._selected else tokens.panel))
        hue = QColor(tokens.role(self._hue))
        painter.fillRect(QRectF(0, 0, 4 if self._selected else 3, self.height()), hue)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.update()


def _figure(name: str) -> QLabel:
    label = QLabel()
    label.setAccessibleName(name)
    label.setProperty("kind", "small")
    label.setFont(theme.tabular(label.font(), 12))
    label.setFixedWidth(58)
    label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return label
