"""The practice strip under the transport, and the badge that says what is not as usual."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtWidgets import QDoubleSpinBox, QHBoxLayout, QWidget

from app import theme
from app.commands import Actions
from app.practice import Practice
from app.session import Session
from app.views.controls import (
    Chooser,
    Fader,
    IconButton,
    Rule,
    TextButton,
    caption,
    keeps_key,
)
from app.words import tr
from engine.metronome import FASTEST as FASTEST_TEMPO
from engine.metronome import MOST_BEATS
from engine.metronome import SLOWEST as SLOWEST_TEMPO
from engine.stretch import FASTEST, SLOWEST, WIDEST_CENTS

REST_MS = 400  # without a change before it is announced
RETURN = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})


class PracticeStrip(QWidget):
    """Speed, transposition, count-in and the comparison of two lanes in one row."""

    def __init__(self, practice: Practice, session: Session, actions: Actions) -> None:
        super().__init__()
        self._practice, self._session = practice, session
        self.setAccessibleName(tr("Practice"))
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 8, 6)
        row.setSpacing(4)

        self.speed = Fader(round(100 * SLOWEST), round(100 * FASTEST), home=100, origin=100)
        self.speed.setAccessibleName(tr("Speed in percent"))
        self.speed.setToolTip(tr("Speed\nFrom a quarter to twice as fast; the pitch stays"))
        self.speed.setSingleStep(5)
        self.speed.setPageStep(25)
        self.speed.setMinimumWidth(64)
        self.speed.setMaximumWidth(160)
        self.speed.valueChanged.connect(lambda value: practice.set_pace(speed=value / 100))
        self.figure = TextButton("", kind="quiet")
        self.figure.setFont(theme.tabular(self.figure.font()))
        self.figure.setFixedWidth(64)
        self.figure.runs(actions["normal_speed"])
        row.addWidget(caption(tr("Speed"), self.speed))
        row.addWidget(self.speed, 4)
        row.addWidget(self.figure)
        row.addWidget(Rule())

        widest = round(WIDEST_CENTS / 100)
        self.semitones = Number(
            tr("Transposition in semitones"),
            tr("Higher or lower; the speed stays"),
            (-widest, widest),
            signed=True,
            unit=tr("st"),
        )
        self.cents = Number(
            tr("Fine transposition in cents"),
            tr("Hundredths of a semitone, to meet a song that is out of tune"),
            (-50, 50),
            signed=True,
            unit=tr("ct"),
        )
        self.semitones.valueChanged.connect(self._transpose)
        self.cents.valueChanged.connect(self._transpose)
        row.addWidget(caption(tr("Transpose"), self.semitones))
        row.addWidget(IconButton("minus", tr("Lower"), actions["transpose_down"], size=28))
        row.addWidget(self.semitones)
        row.addWidget(IconButton("plus", tr("Higher"), actions["transpose_up"], size=28))
        row.addWidget(self.cents)
        row.addWidget(Rule())

        self.count_in = TextButton(tr("Count-in"), kind="quiet")
        self.count_in.setCheckable(True)
        self.count_in.explains(actions["count_in"])
        self.count_in.clicked.connect(practice.toggle_count_in)
        self.beats = Number(
            tr("Beats of the count-in"), tr("Clicks before playing begins"), (1, MOST_BEATS)
        )
        self.beats.valueChanged.connect(lambda value: practice.set_beats(round(value)))
        self.tempo = Number(
            tr("Tempo in beats per minute"),
            tr("How fast the count-in clicks; it is kept with the project"),
            (SLOWEST_TEMPO, FASTEST_TEMPO),
            decimals=1,
        )
        self.tempo.valueChanged.connect(practice.set_tempo)
        tap = TextButton(tr("Tap"), kind="quiet")
        tap.runs(actions["tap"])
        row.addWidget(self.count_in)
        row.addWidget(self.beats)
        row.addWidget(caption("♩ =", self.tempo))
        row.addWidget(self.tempo)
        row.addWidget(tap)
        row.addWidget(Rule())

        self.swap = TextButton(tr("A/B"), kind="quiet")
        self.swap.setCheckable(True)
        self.swap.explains(actions["compare"])
        self.swap.clicked.connect(self._swap)
        self.partner = Chooser(
            tr("Compare with"), tr("The lane that takes turns with the selected one")
        )
        self.partner.setMinimumContentsLength(9)
        self.partner.setSizeAdjustPolicy(
            Chooser.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.partner.activated.connect(
            lambda index: practice.compare_with(self.partner.itemData(index))
        )
        self.end = IconButton("x", tr("End the comparison"), actions["compare_end"], size=28)
        row.addWidget(self.swap)
        row.addWidget(self.partner)
        row.addWidget(self.end)
        row.addStretch(1)

        self.setVisible(practice.shown)
        practice.shown_changed.connect(self.setVisible)
        practice.changed.connect(self.refresh)
        practice.counting.connect(self._show_count)
        session.lanes_changed.connect(self.refresh)
        session.selection_changed.connect(self.refresh)
        self.refresh()

    def refresh(self, *_: object) -> None:
        """Show how things are."""
        practice, pace = self._practice, self._practice.pace
        self.speed.blockSignals(True)
        self.speed.setValue(round(100 * pace.speed))
        self.speed.blockSignals(False)
        self.figure.setText(_times(pace.speed))
        self.figure.setAccessibleName(tr("Speed {speed}, back to normal", speed=_times(pace.speed)))
        semitones = round(pace.cents / 100)
        self.semitones.show_value(semitones)
        self.cents.show_value(pace.cents - 100 * semitones)
        self.count_in.setChecked(practice.counts_in)
        self.beats.show_value(practice.beats)
        self.tempo.show_value(practice.tempo)
        self._show_pair()

    def _show_pair(self) -> None:
        practice, pair = self._practice, self._practice.comparison
        first = pair.a if pair is not None else self._session.selected
        others = practice.partners(first)
        shown = [self.partner.itemData(index) for index in range(self.partner.count())]
        names = [self._name(id) for id in others]
        if shown != others or names != [
            self.partner.itemText(index) for index in range(self.partner.count())
        ]:
            self.partner.clear()
            for id, name in zip(others, names, strict=True):
                self.partner.addItem(name, id)
        self.partner.setCurrentIndex(others.index(pair.b) if pair and pair.b in others else 0)
        self.partner.setEnabled(bool(others))
        self.swap.setEnabled(bool(others))
        self.swap.setChecked(pair is not None)
        self.end.setEnabled(pair is not None)

    def _name(self, id: int) -> str:
        lane = self._session.lane(id)
        return lane.track.name if lane is not None else ""

    def _transpose(self, _value: float) -> None:
        self._practice.set_pace(cents=100 * self.semitones.value() + self.cents.value())
        self.refresh()  # an octave and some cents more is an octave

    def _swap(self) -> None:
        self._practice.swap()
        self.refresh()  # the click has unchecked the button

    def _show_count(self, left: int) -> None:
        self.count_in.setText(tr("Count-in {left}", left=left) if left else tr("Count-in"))


class PracticeBadge(TextButton):
    """What is heard otherwise than usual: speed, pitch, the count, one lane of two and its gain.

    Hidden as long as all is as usual. Pressing it shows the strip.
    """

    told = Signal(str)  # what it says, once that has come to rest

    def __init__(self, practice: Practice, session: Session, actions: Actions) -> None:
        super().__init__("", kind="quiet")
        self._practice, self._session = practice, session
        self.setFont(theme.tabular(self.font()))
        self._rest = QTimer(self, interval=REST_MS, singleShot=True)
        self._rest.timeout.connect(self._tell)
        self.runs(actions["practice"])
        practice.changed.connect(self.refresh)
        practice.counting.connect(self.refresh)
        session.lanes_changed.connect(self.refresh)
        self.refresh()

    def refresh(self, *_: object) -> None:
        """Say how things are."""
        practice = self._practice
        said: list[str] = []
        if practice.beats_left:
            said.append(f"● {practice.beats_left}")
        if practice.pace.speed != 1.0:
            said.append(_times(practice.pace.speed))
        if practice.pace.cents:
            said.append(tr("{semitones} st", semitones=_signed(practice.pace.cents / 100)))
        if practice.comparison is not None:
            said.append(self._heard())
        text = "   ".join(said)
        if text != self.text():
            self.setText(text)
            self.setAccessibleName(tr("Practice: {what}", what=text) if text else tr("Practice"))
            if not practice.beats_left:  # numbers spoken into the beats would be in the way
                self._rest.start()
        self.setVisible(bool(text))

    def _tell(self) -> None:
        self.told.emit(self.text() or tr("Heard as usual"))

    def _heard(self) -> str:
        pair = self._practice.comparison
        assert pair is not None
        lane = self._session.lane(pair.heard)
        name = lane.track.name if lane is not None else ""
        name = name if len(name) <= 16 else f"{name[:15]}…"
        gain = self._practice.matched_gain(pair.heard)
        level = f"{_signed(round(gain, 1))} dB" if gain is not None else "… dB"
        return f"{'B' if pair.second else 'A'} {name} {level}"


class Number(QDoubleSpinBox):
    """A number to type or to step with the arrow keys; the wheel leaves it alone."""

    def __init__(
        self,
        name: str,
        why: str,
        bounds: tuple[float, float],
        decimals: int = 0,
        signed: bool = False,
        unit: str = "",
    ) -> None:
        super().__init__()
        self._signed = signed
        self.setProperty("kind", "figure")  # without buttons: the arrow keys step
        self.setAccessibleName(name)
        self.setToolTip(f"{name}\n{why}")
        self.setRange(*bounds)
        self.setDecimals(decimals)
        self.setKeyboardTracking(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setFont(theme.tabular(self.font()))
        widest = max((self.textFromValue(edge) for edge in bounds), key=len) + "0" * decimals
        self.setSuffix(f" {unit}" if unit else "")
        self.setFixedWidth(self.fontMetrics().horizontalAdvance(widest + self.suffix()) + 16)

    def textFromValue(self, value: float) -> str:
        """The number, with a sign where that matters and no needless zeros."""
        text = self.locale().toString(abs(float(value)), "f", self.decimals())
        if self.decimals() and value == round(value):
            text = self.locale().toString(round(abs(value)))
        sign = "-" if value < 0 else ("+" if self._signed and value > 0 else "")
        return f"{sign}{text}"

    def event(self, event: QEvent) -> bool:
        if keeps_key(event, RETURN):
            event.accept()
            return True
        return super().event(event)

    def wheelEvent(self, event: QEvent) -> None:
        event.ignore()

    def show_value(self, value: float) -> None:
        """Show a value nobody typed."""
        self.blockSignals(True)
        self.setValue(value)
        self.blockSignals(False)


def _signed(value: float) -> str:
    return f"{value:+g}".replace("-", "−") if value else "0"


def _times(speed: float) -> str:
    return f"{speed:.2f}×"
