"""A text to be spoken: typed, weighed word by word, and made a lane."""

from __future__ import annotations

import difflib
import math
import random
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QListView,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QSizePolicy,
    QVBoxLayout,
)

from app import theme
from app.views.controls import Chooser, Fader, IconButton, TextButton, caption
from app.views.selection import Figure
from app.views.voice_panel import MOST_SEED
from app.words import said, tr
from engine.events import Ended, Event, Progress, State, Work
from engine.types import Track, Voicing

if TYPE_CHECKING:
    from app.main_window import MainWindow
    from engine.jobs import Job

WIDTH = 560
REST_MS = 250  # after the last key before the words are looked at
MOST_WORDS = 400  # that are weighed one by one; more would be lost in their list
PLAIN = (1.0, 0.0, 1.0)  # speed, pitch and energy of a word that is as all others
Weight = tuple[float, float, float]


class SpeakDialog(QDialog):
    """`Speak` makes the lane, or makes it anew as one undo step, and plays it."""

    def __init__(self, window: MainWindow, track: Track | None = None) -> None:
        super().__init__(window)
        self._window, self._singing = window, window.singing
        self.track = track.id if track is not None else 0
        fresh = Voicing(window.singing.usual(), seed=random.randrange(MOST_SEED))
        self._voicing = (track.voicing if track is not None else None) or fresh
        self._words: tuple[str, ...] = ()
        self._weights: list[Weight] = list(self._voicing.words)
        self._looking: Job | None = None
        self._plays = False
        self.setWindowTitle(tr("Speak text"))
        self.setModal(False)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFixedWidth(WIDTH)
        self._rest = QTimer(self, interval=REST_MS, singleShot=True)
        self._rest.timeout.connect(self._look)
        self._build()
        self.text.setPlainText(self._voicing.text)
        self._look()
        self._show_weights()
        self._singing.rendering.made.connect(self._made)
        self.finished.connect(self._leave)
        self.text.setFocus()

    def _build(self) -> None:
        voicing = self._voicing
        self.text = QPlainTextEdit()
        self.text.setAccessibleName(tr("Text"))
        self.text.setPlaceholderText(tr("Type what the voice is to say."))
        self.text.setTabChangesFocus(True)
        self.text.setFixedHeight(104)
        self.text.textChanged.connect(self._rest.start)
        self.text.textChanged.connect(self._enable)
        self._told = QLabel()
        self._told.setProperty("kind", "small")
        self._told.setWordWrap(True)
        self.voice = Chooser(tr("Voice"), tr("Who speaks"))
        for card in self._singing.voices():
            self.voice.addItem(card.title, card.id)
        self.voice.setCurrentIndex(max(self.voice.findData(voicing.voice), 0))
        self.seed = Figure(
            tr("Seed"), tr("The same seed makes the same sound again"), 0, MOST_SEED, 0, 1
        )
        self.seed.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.seed.setFixedWidth(72)
        self.seed.show_value(voicing.seed)
        roll = IconButton("rotate-ccw", tr("Another seed"), size=28)
        roll.setToolTip(tr("Another seed\nThe same words, said a little differently"))
        roll.clicked.connect(lambda: self.seed.setValue(random.randrange(MOST_SEED)))
        first = QHBoxLayout()
        first.setSpacing(8)
        first.addWidget(caption(tr("Voice"), self.voice))
        first.addWidget(self.voice)
        first.addSpacing(16)
        first.addWidget(caption(tr("Seed"), self.seed))
        first.addWidget(self.seed)
        first.addWidget(roll)
        first.addStretch(1)

        self.words = QListWidget()
        self.words.setAccessibleName(tr("Words"))
        self.words.setToolTip(tr("Words\nChoose one, and the sliders are for it alone"))
        self.words.setFlow(QListView.Flow.LeftToRight)
        self.words.setWrapping(True)
        self.words.setResizeMode(QListView.ResizeMode.Adjust)
        self.words.setUniformItemSizes(False)
        self.words.setSpacing(2)
        self.words.setFixedHeight(84)
        self.words.currentRowChanged.connect(self._show_weights)
        self.speed = Fader(50, 200, home=100, origin=100)
        self.pitch = Fader(-12, 12, home=0, origin=0)
        self.energy = Fader(25, 200, home=100, origin=100)
        self._names = (tr("Speed"), tr("Pitch"), tr("Energy"))
        self._figures = tuple(QLabel() for _ in self._names)
        sliders = QGridLayout()
        sliders.setHorizontalSpacing(12)
        sliders.setVerticalSpacing(6)
        sliders.setColumnStretch(1, 1)
        for row, (name, fader, figure) in enumerate(
            zip(self._names, self._faders, self._figures, strict=True)
        ):
            fader.setSingleStep(1 if fader is self.pitch else 5)
            fader.setPageStep(4 if fader is self.pitch else 25)
            fader.valueChanged.connect(self._weigh)
            figure.setFont(theme.tabular(figure.font(), 12))
            figure.setFixedWidth(56)
            sliders.addWidget(caption(name, fader), row, 0)
            sliders.addWidget(fader, row, 1)
            sliders.addWidget(figure, row, 2)
        self._about = QLabel()
        self._about.setProperty("kind", "small")
        self._speak = TextButton(tr("Speak"), "play", "primary")
        self._speak.setToolTip(tr("Speak  (Ctrl+Return)\nMake it a lane and hear it"))
        self._speak.setDefault(True)
        self._speak.clicked.connect(self.speak)
        close = TextButton(tr("Close"))
        close.clicked.connect(self.close)
        buttons = QHBoxLayout()
        buttons.addWidget(self._about, 1)
        buttons.addWidget(close)
        buttons.addWidget(self._speak)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(10)
        column.addWidget(self.text)
        column.addWidget(self._told)
        column.addLayout(first)
        column.addWidget(self.words)
        column.addLayout(sliders)
        column.addLayout(buttons)
        self._enable()

    @property
    def _faders(self) -> tuple[Fader, Fader, Fader]:
        return self.speed, self.pitch, self.energy

    # Words

    def _look(self) -> None:
        """Find the words of the text, as the voice will say them."""
        text = self.text.toPlainText()

        def work() -> Work:
            from engine import phonemes

            yield Progress(math.nan)
            words = tuple(word.text for word in phonemes.spoken(text))
            return words, phonemes.unspeakable(text)

        def on_event(event: Event) -> None:
            if not isinstance(event, Ended) or job is not self._looking:
                return
            self._looking = None
            if event.state is State.DONE:
                self._take(*event.result)
            elif event.state is State.FAILED:
                self._told.setText(said(str(event.error)))

        job = self._window.jobs.submit("Look at the words", work, "light", on_event, listed=False)
        self._looking = job

    def _leave(self) -> None:
        if self._looking is not None:
            self._window.jobs.cancel(self._looking)
            self._looking = None

    def _take(self, words: tuple[str, ...], left_out: str) -> None:
        """Show these words; those that were there before keep their weights."""
        weights = self._weights if len(self._weights) == len(self._words) else []
        if not self._words and len(self._weights) == len(words):
            weights = self._weights  # of a take that is edited
            self._words = words
        kept = [PLAIN] * len(words)
        if weights:
            same = difflib.SequenceMatcher(None, self._words, words, autojunk=False)
            for a, b, size in same.get_matching_blocks():
                kept[b : b + size] = weights[a : a + size]
        self._words, self._weights = words, kept
        row = self.words.currentRow()
        self.words.blockSignals(True)
        self.words.clear()
        self.words.addItem(tr("Whole text"))
        for word, weight in list(zip(words, kept, strict=True))[:MOST_WORDS]:
            self.words.addItem(QListWidgetItem(_shown(word, weight)))
        self.words.setCurrentRow(row if 0 <= row < self.words.count() else 0)
        self.words.blockSignals(False)
        self._told.setText(said(left_out))
        self._told.setVisible(bool(left_out))
        count = len(words)
        self._about.setText(tr("1 word") if count == 1 else tr("{count} words", count=count))
        self._show_weights()
        self._enable()

    @property
    def word(self) -> int:
        """Place of the chosen word; -1 for the whole text."""
        return max(self.words.currentRow(), 0) - 1

    def _show_weights(self, *_: object) -> None:
        voicing = self._voicing
        whole = (voicing.speed, voicing.pitch, voicing.energy)
        weight = self._weights[self.word] if 0 <= self.word < len(self._weights) else whole
        speed, pitch, energy = weight
        texts = (f"{100 * speed:.0f} %", _signed(pitch), f"{100 * energy:.0f} %")
        values = (round(100 * speed), round(pitch), round(100 * energy))
        of = self._words[self.word] if 0 <= self.word < len(self._words) else tr("Whole text")
        for name, fader, figure, value, text in zip(
            self._names, self._faders, self._figures, values, texts, strict=True
        ):
            fader.blockSignals(True)
            fader.setValue(value)
            fader.blockSignals(False)
            fader.setAccessibleName(f"{name}, {of}: {text}")
            figure.setText(text)

    def _weigh(self, *_: object) -> None:
        speed, pitch, energy = (fader.value() for fader in self._faders)
        weight = (speed / 100, float(pitch), energy / 100)
        at = self.word
        if 0 <= at < len(self._weights):
            self._weights[at] = weight
            self.words.item(at + 1).setText(_shown(self._words[at], weight))
        else:
            self._voicing = replace(
                self._voicing, speed=weight[0], pitch=weight[1], energy=weight[2]
            )
        self._show_weights()

    # Speaking

    def voicing(self) -> Voicing:
        """What is to be made, as the dialog stands."""
        weighed = any(weight != PLAIN for weight in self._weights)
        return replace(
            self._voicing,
            voice=self.voice.currentData() or self._voicing.voice,
            text=self.text.toPlainText().strip(),
            seed=round(self.seed.value()),
            words=tuple(self._weights) if weighed else (),
        )

    def speak(self) -> None:
        """Make the lane, or make it anew, and play it once it is there."""
        wanted, singing = self.voicing(), self._singing
        if not self._speak.isEnabled():
            return
        track = self._window.session.project.track(self.track)
        self._plays = True
        if track is None:
            self.track = singing.speak(wanted)
        elif track.voicing == wanted and singing.rendering.in_step(track.id):
            self._made(track.id)
        else:
            self._window.session.select(track.id)
            changes = {field: getattr(wanted, field) for field in wanted.__slots__}
            singing.voice(tr("Speak {name}"), **changes)

    def _made(self, id: int) -> None:
        if id == self.track and self._plays:
            self._plays = False
            studio = self._window.studio
            studio.axis.seek(0.0)
            if not studio.transport.playing:
                studio.transport.play_pause()

    def _enable(self) -> None:
        self._speak.setEnabled(bool(self.text.toPlainText().strip()) and self._looking is None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.speak()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            event.accept()  # what is typed here is no command of the window
            return True
        return super().event(event)


def _shown(word: str, weight: Weight) -> str:
    return word if weight == PLAIN else f"{word} •"


def _signed(semitones: float) -> str:
    text = f"{semitones:+g}" if semitones else "0"
    return tr("{semitones} st", semitones=text.replace("-", "−"))
