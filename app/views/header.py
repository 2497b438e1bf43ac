"""The left end of a lane: its name, what is heard of it, and what can be done with it."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QToolButton, QVBoxLayout, QWidget

from app import theme
from app.commands import Actions, shown_key
from app.dragging import TakeOut
from app.jobs import Status
from app.session import Lane, Session
from app.studio import Studio
from app.transcribing import Transcribing
from app.views.controls import Elided, Fader, IconButton, TextButton
from app.views.grips import Grip, Pull
from app.views.lane_meter import LaneMeter, TrackLevels
from app.views.transport import clock_text
from app.words import said, tr
from engine.events import State
from engine.mixer import audible

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
        self.setToolTip(f"{name}\n{why}")
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
        for what, text, name in (
            ("mix", tr("Mix"), tr("Listen to the mix")),
            ("stems", tr("Stems"), tr("Listen to the stems")),
        ):
            button = TextButton(text, kind="quiet")
            button.setCheckable(True)
            button.setAccessibleName(name)
            button.setToolTip(
                f"{name}\n{tr('The other one falls silent; {key} swaps them', key=key)}"
            )
            button.clicked.connect(lambda _=False, w=what: choose(w))
            row.addWidget(button)
            self._buttons[what] = button

    def show_heard(self, heard: str) -> None:
        """Mark the one that sounds."""
        for what, button in self._buttons.items():
            button.setChecked(what == heard)


class _Verbs(QWidget):
    """What can be done with a track, and how far its making is."""

    def __init__(
        self,
        session: Session,
        studio: Studio,
        transcribing: Transcribing,
        actions: Actions,
        track_id: int,
    ) -> None:
        super().__init__()
        self._session, self._studio, self._id = session, studio, track_id
        self._transcribing, self._actions = transcribing, actions
        lane = session.lane(track_id)
        self._is_mix = (
            lane is not None and lane.track.group == track_id and lane.track.role != "voice"
        )
        self._record = actions["record"]
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        self._state = Elided(kind="small")
        self._find = TextButton(tr("Transcribe"), "music", "quiet")
        self._find.explains(actions["transcribe"])
        self._find.clicked.connect(lambda: transcribing.transcribe(track_id))
        self._models = IconButton("chevron-down", tr("Transcribe with…"), size=24, role="dim")
        self._models.setToolTip(tr("Transcribe with…\nChoose the model"))
        self._models.clicked.connect(self._choose_model)
        self._cancel = TextButton(tr("Cancel"), kind="quiet")
        self._cancel.clicked.connect(self._end_job)
        if self._is_mix:
            self._separate = TextButton(tr("Separate vocals"), "split", "primary")
            self._separate.explains(actions["separate"])
            self._separate.clicked.connect(lambda: studio.separate(track_id))
            self._listen = _Listen(lambda what: studio.hear(track_id, what))
            self._export = TextButton(tr("Export"), "download", "quiet")
            self._export.explains(actions["export"])
            self._export.clicked.connect(lambda: self._select_then(actions["export"].trigger))
            row.addWidget(self._separate)
            row.addWidget(self._listen)
        self._sing: TextButton | None = None  # made when there is something to sing
        self._row = row
        row.addWidget(self._find)
        row.addWidget(self._models)
        row.addWidget(self._state, 1)
        row.addWidget(self._cancel)
        if self._is_mix:
            row.addWidget(self._export)
        row.addStretch(0)

    def refresh(self, lane: Lane) -> None:
        """Show what can be done now."""
        live = lane.filled is not None
        job = self._studio.separation_job(self._id) if self._is_mix else None
        found = self._transcribing.job(self._id)
        stems = self._is_mix and bool(self._studio.stems_of(self._id))
        if self._is_mix:
            self._separate.setVisible(self._studio.can_separate(self._id) and found is None)
            self._listen.setVisible(stems)
            if stems:
                self._listen.show_heard(self._studio.heard(self._id))
            self._export.setVisible(stems and job is None and found is None)
        recorded = live and lane.track.role == "recording"
        self._cancel.setVisible(job is not None or found is not None or (live and self._is_mix))
        self._cancel.setText(tr("Stop") if recorded else tr("Cancel"))
        self._cancel.setToolTip(
            tr("Stop\nEnd the recording and keep it")
            if recorded
            else tr("Cancel\nEnd this job; the song stays as it was")
        )
        can = not stems and self._transcribing.can_transcribe(self._id)
        # Beside “Separate vocals” there is room for its icon alone; models are in the menu too.
        alone = not (self._is_mix and self._separate.isVisibleTo(self))
        self._find.setVisible(can)
        self._models.setVisible(can and alone)
        sings = self._show_sing(lane)
        self._find.setText(f" {tr('Transcribe')}" if alone and not sings else "")
        self._state.setVisible(live or ((job or found) is not None and not stems))
        if found is not None and self._session.melody(self._id) is not None:
            self._state.set_text(_percent(tr("Transcribing"), self._studio.jobs.status(found)))
        elif live:
            done = sum(b - a for a, b in lane.filled or ()) / max(lane.track.clip.frames, 1)
            word = tr("Opening") if self._is_mix else tr("Being made")
            if (voicing := lane.track.voicing) is not None:
                word = tr("Speaking") if voicing.text else tr("Singing")
            self._state.set_text(f"{word}  {done * 100:.0f} %")
            if lane.track.role == "recording":
                self._state.set_text(tr("Recording, {time}", time=_length(lane)))
        elif (making := job or found) is not None:
            status = self._studio.jobs.status(making)
            word = tr("Separating") if job is not None else tr("Transcribing")
            waits = status.state is State.QUEUED
            self._state.set_text(
                tr("Waiting for its turn") if waits else word if job else _percent(word, status)
            )
        verbs = (self._find, self._cancel, self._state)
        self.setVisible(
            (self._is_mix and lane.track.role != "notes")
            or sings
            or any(not v.isHidden() for v in verbs)
        )

    def _show_sing(self, lane: Lane) -> bool:
        """Offer that a voice sings the notes, where that is what a person may want next."""
        track = lane.track
        melody = None if lane.filled is not None else track.melody
        wanted = (
            melody is not None
            and bool(melody.notes)
            and track.role not in ("mix", "voice")
            and self._transcribing.job(self._id) is None
        )
        if wanted and self._sing is None:
            action = self._actions["voice_sing"]
            self._sing = TextButton(tr("Sing"), "mic-vocal", "quiet")
            self._sing.explains(action)
            self._sing.clicked.connect(lambda: self._select_then(action.trigger))
            self._row.insertWidget(self._row.indexOf(self._state), self._sing)
        if self._sing is not None:
            self._sing.setVisible(wanted)
        return wanted

    def _choose_model(self) -> None:
        self._session.select(self._id)
        menu = self._actions["transcribe_with"].menu()
        if isinstance(menu, QMenu):
            menu.popup(self._models.mapToGlobal(QPoint(0, self._models.height())))

    def _end_job(self) -> None:
        job = self._studio.separation_job(self._id) or self._transcribing.job(self._id)
        lane = self._session.lane(self._id)
        if lane is not None and lane.filled is not None and lane.track.role == "recording":
            self._record.trigger()
        elif job is not None:
            self._studio.cancel(job)
        else:
            self._studio.remove(self._id)

    def _select_then(self, act: Callable[[], object]) -> None:
        self._session.select(self._id)
        self._actions.refresh()
        act()


class TrackHeader(QWidget):
    """Name, mute, solo, gain, pan, level and verbs of one track; its name can be dragged out."""

    def __init__(
        self,
        session: Session,
        studio: Studio,
        actions: Actions,
        track_id: int,
        takeout: TakeOut,
        levels: TrackLevels,
        transcribing: Transcribing,
    ) -> None:
        super().__init__()
        self._session, self._studio, self._id = session, studio, track_id
        self._takeout = takeout
        self.setFixedWidth(WIDTH)
        self._hue = "mix"
        self._selected = False
        self._silent = False

        self._name = Elided()
        self._name.setFont(theme.tabular(self._name.font(), theme.BASE_FONT, bold=True))
        self._mute = _Toggle("M", tr("Mute"), tr("Silence this lane"), "sound")
        self._solo = _Toggle("S", tr("Solo"), tr("Hear this lane alone"), "accent")
        self._mute.clicked.connect(lambda: studio.toggle("muted", track_id))
        self._solo.clicked.connect(lambda: studio.toggle("solo", track_id))
        self._remove = IconButton("x", tr("Remove lane"), size=24, role="dim")
        self._remove.setToolTip(tr("Remove lane\nTake it away; Undo brings it back"))
        self._remove.clicked.connect(lambda: studio.remove(track_id))
        self._grips = Grip(takeout, track_id), Grip(takeout, track_id, marked=True)
        self._pull = Pull(self, takeout, track_id, lambda: None)
        takeout.changed.connect(self._took)
        takeout.marked.connect(self._grips[1].refresh)
        top = QHBoxLayout()
        top.setSpacing(4)
        top.addWidget(self._name, 1)
        for widget in (*self._grips, self._mute, self._solo, self._remove):
            top.addWidget(widget)

        self._fader = Fader(round(SILENT_DB * 10), round(TOP_DB * 10), 0, round(SILENT_DB * 10))
        self._fader.setSingleStep(5)
        self._fader.setPageStep(30)
        self._fader.setToolTip(tr("Gain\nArrow keys change it by 0.5 dB; double-click for 0 dB"))
        self._fader.valueChanged.connect(self._set_gain)
        self._gain = _figure(tr("Gain"))
        gain = QHBoxLayout()
        gain.addWidget(self._fader, 1)
        gain.addWidget(self._gain)

        self._pan = Fader(-100, 100, 0, 0)
        self._pan.setSingleStep(5)
        self._pan.setPageStep(25)
        self._pan.setToolTip(tr("Pan\nLeft to right; double-click for the centre"))
        self._pan.valueChanged.connect(self._set_pan)
        self._place = _figure(tr("Pan"))
        self._pan_row = QWidget()
        pan = QHBoxLayout(self._pan_row)
        pan.setContentsMargins(0, 0, 0, 0)
        pan.addWidget(self._pan, 1)
        pan.addWidget(self._place)

        self._verbs = _Verbs(session, studio, transcribing, actions, track_id)

        self._notes = Elided(kind="small")
        self._meter = LaneMeter(levels, track_id, self)
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

    @property
    def role(self) -> str:
        """The track's role."""
        return self._hue

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
        heard = track in audible(self._session.tracks)
        self._name.set_dim(not heard)
        self._silent = not heard
        self.setAccessibleName(
            tr("Lane {name}", name=track.name)
            if heard
            else tr("Lane {name}, silent", name=track.name)
        )
        for grip in self._grips:
            grip.refresh()
        self._mute.setChecked(track.muted)
        self._solo.setChecked(track.solo)
        gain = gain_text(track.gain_db)
        self._gain.setText(gain)
        self._fader.setAccessibleName(tr("Gain of {name}, {value}", name=track.name, value=gain))
        self._place.setText(pan_text(track.pan))
        self._pan.setAccessibleName(
            tr("Pan of {name}, {value}", name=track.name, value=pan_text(track.pan))
        )
        self._remove.setAccessibleName(tr("Remove {name}", name=track.name))
        for slider, value in (
            (self._fader, round(max(track.gain_db, SILENT_DB) * 10)),
            (self._pan, round(track.pan * 100)),
        ):
            slider.blockSignals(True)
            slider.setValue(value)
            slider.blockSignals(False)
        self._verbs.refresh(lane)
        self._show_notes()
        self.set_selected(self._session.selected == self._id)
        self._fold()
        self.update()

    def _show_notes(self) -> None:
        lane = self._session.lane(self._id)
        notes = lane.track.clip.origin.notes if lane is not None else ()
        told = self._takeout.said.get(self._id, "")
        self._notes.set_text(told or "; ".join(said(note) for note in notes))

    def _took(self, id: int) -> None:
        if id == self._id:
            self._show_notes()
            self._fold()

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
        self._meter.setGeometry(6, 8, self._meter.width(), max(self.height() - 14, 8))
        self._fold()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._session.select(self._id)
        if self._name.geometry().contains(event.position().toPoint()):
            self._pull.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._pull.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pull.release()

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.of(self)
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(tokens.raised if self._selected else tokens.panel))
        hue = QColor(tokens.faint if self._silent else tokens.role(self._hue))
        painter.fillRect(QRectF(0, 0, 4 if self._selected else 3, self.height()), hue)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.update()


def _percent(word: str, status: Status) -> str:
    """How far a job is, in words."""
    done = status.progress.done if status.progress is not None else math.nan
    return f"{word}  {done * 100:.0f} %" if math.isfinite(done) else word


def _length(lane: Lane) -> str:
    """How long a recording is by now."""
    clip, filled = lane.track.clip, lane.filled or ()
    stop = filled[-1][1] / clip.rate if filled else 0.0
    return clock_text(max(stop - clip.origin.settings.get("start", 0.0), 0.0), 0)


def _figure(name: str) -> QLabel:
    label = QLabel()
    label.setAccessibleName(name)
    label.setProperty("kind", "small")
    label.setFont(theme.tabular(label.font(), 12))
    label.setFixedWidth(58)
    label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return label
