"""How a voice lane is sung or spoken: voice, pitch, energy, speed and seed, in the inspector."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app import theme
from app.commands import Actions
from app.session import Session
from app.singing import Singing
from app.views.controls import Chooser, Elided, Fader, IconButton, TextButton, heading
from app.views.selection import Figure
from app.words import said, tr

MOST_SEED = 9999
MUTES = 3  # reasons that are named


class VoicePanel(QWidget):
    """Shown while a lane is selected whose sound a voice makes."""

    def __init__(self, singing: Singing, session: Session, actions: Actions) -> None:
        super().__init__()
        self._singing, self._session = singing, session
        self.setAccessibleName(tr("Voice"))
        self.voice = Chooser(tr("Voice"), tr("Who sings or speaks this lane"))
        self.voice.setSizeAdjustPolicy(
            Chooser.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.voice.setMinimumContentsLength(10)
        self.voice.activated.connect(
            lambda i: singing.voice(tr("Voice of {name}"), voice=self.voice.itemData(i))
        )
        self.pitch = Fader(-24, 24, home=0, origin=0)
        self.pitch.setToolTip(tr("Pitch\nHow many semitones higher or lower than it is written"))
        self.pitch.valueChanged.connect(
            lambda value: singing.voice(
                tr("Pitch of {name}"), ("fader", self.pitch.gesture), pitch=float(value)
            )
        )
        self.energy = Fader(25, 200, home=100, origin=100)
        self.energy.setToolTip(tr("Energy\nSofter and darker, or louder and brighter"))
        self.energy.valueChanged.connect(
            lambda value: singing.voice(
                tr("Energy of {name}"), self.energy.gesture, energy=value / 100
            )
        )
        self.speed = Fader(50, 200, home=100, origin=100)
        self.speed.setToolTip(tr("Speed\nHow fast the text is spoken"))
        self.speed.valueChanged.connect(
            lambda value: singing.voice(
                tr("Speed of {name}"), self.speed.gesture, speed=value / 100
            )
        )
        for fader in (self.energy, self.speed):
            fader.setSingleStep(5)
            fader.setPageStep(25)
        self.seed = Figure(
            tr("Seed"), tr("The same seed makes the same sound again"), 0, MOST_SEED, 0, 1
        )
        self.seed.valueChanged.connect(
            lambda value: singing.voice(tr("Another take of {name}"), "seed", seed=round(value))
        )
        take = IconButton("rotate-ccw", tr("Another take"), actions["voice_take"], size=28)
        self._text = Elided(kind="small")
        self._edit = TextButton(tr("Edit what is spoken…"), kind="link")
        self._edit.runs(actions["voice_edit"])
        self.mute = QLabel()
        self.mute.setWordWrap(True)
        self.mute.setProperty("kind", "small")

        column = QVBoxLayout(self)
        column.setContentsMargins(0, 10, 0, 0)
        column.setSpacing(6)
        column.addWidget(heading(tr("VOICE")))
        column.addWidget(self.voice)
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        self._figures: list[QLabel] = []
        self._names: list[QLabel] = []
        rows = ((tr("Pitch"), self.pitch), (tr("Energy"), self.energy), (tr("Speed"), self.speed))
        for row, (name, fader) in enumerate(rows):
            label, figure = QLabel(name), QLabel()
            for each in (label, figure):
                each.setProperty("kind", "small")
            label.setBuddy(fader)
            figure.setFont(theme.tabular(figure.font(), 12))
            figure.setFixedWidth(48)
            grid.addWidget(label, row, 0)
            grid.addWidget(fader, row, 1)
            grid.addWidget(figure, row, 2)
            self._names.append(label)
            self._figures.append(figure)
        name = QLabel(tr("Seed"))
        name.setProperty("kind", "small")
        name.setBuddy(self.seed)
        seed = QHBoxLayout()
        seed.setSpacing(4)
        seed.addWidget(self.seed, 1)
        seed.addWidget(take)
        grid.addWidget(name, 3, 0)
        grid.addLayout(seed, 3, 1, 1, 2)
        column.addLayout(grid)
        column.addWidget(self._text)
        column.addWidget(self._edit, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.mute)
        session.lanes_changed.connect(self.refresh)
        session.selection_changed.connect(self.refresh)
        singing.rendering.phrasing.laid.connect(self.refresh)
        self.refresh()

    def refresh(self, *_: object) -> None:
        """Show the selected lane's voice."""
        track = self._singing.track
        self.setVisible(track is not None)
        if track is None or track.voicing is None:
            return
        voicing = track.voicing
        self._show_voices(voicing.voice)
        speaks = bool(voicing.text)
        values = (
            (self.pitch, round(voicing.pitch), _signed(voicing.pitch)),
            (self.energy, round(100 * voicing.energy), f"{100 * voicing.energy:.0f} %"),
            (self.speed, round(100 * voicing.speed), f"{100 * voicing.speed:.0f} %"),
        )
        for (fader, value, text), name, figure in zip(
            values, self._names, self._figures, strict=True
        ):
            fader.blockSignals(True)
            fader.setValue(value)
            fader.blockSignals(False)
            fader.setAccessibleName(f"{name.text()}: {text}")
            figure.setText(text)
        for widget in (self.speed, self._names[2], self._figures[2], self._text, self._edit):
            widget.setVisible(speaks)
        self.seed.show_value(voicing.seed)
        self._text.set_text(f"“{' '.join(voicing.text.split())}”" if speaks else "")
        self._show_mute(track.id)

    def _show_voices(self, chosen: str) -> None:
        known = [(card.title, card.id) for card in self._singing.voices()]
        if chosen not in [id for _, id in known]:
            known.append((tr("{voice} (missing)", voice=chosen or "–"), chosen))
        shown = [
            (self.voice.itemText(i), self.voice.itemData(i)) for i in range(self.voice.count())
        ]
        if shown != known:
            self.voice.clear()
            for title, id in known:
                self.voice.addItem(title, id)
        self.voice.setCurrentIndex(self.voice.findData(chosen))

    def _show_mute(self, id: int) -> None:
        """Say which notes stay silent, and why."""
        laid = self._singing.rendering.of(id)
        reasons = [why for why in laid.mute if why] if laid is not None else []
        self.mute.setVisible(bool(reasons))
        if reasons:
            count = len(reasons)
            head = (
                tr("1 note is not sung as it is written.")
                if count == 1
                else tr("{count} notes are not sung as they are written.", count=count)
            )
            each = list(dict.fromkeys(map(said, reasons)))
            more = ["…"] if len(each) > MUTES else []
            self.mute.setText("\n".join([f"⚠ {head}", *each[:MUTES], *more]))


def _signed(semitones: float) -> str:
    text = f"{semitones:+g}" if semitones else "0"
    return tr("{semitones} st", semitones=text.replace("-", "−"))
