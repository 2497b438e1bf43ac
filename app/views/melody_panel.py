"""The strip of the melody at hand: how it is heard, counted and read, in two rows."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app import theme
from app.commands import Actions
from app.session import Session
from app.transcribing import Transcribing
from app.tuning import GRIDS, MOST_PER_BAR, SOUNDS, Tuning, key_text
from app.views.controls import Chooser, Elided, Fader, IconButton, Rule, TextButton, caption
from app.views.practice import Number
from app.views.selection import Figure
from app.words import marked, tr
from engine.keys import KEYS
from engine.melody import Melody, NoteSettings
from engine.metronome import FASTEST, SLOWEST

SOUND_NAMES = {"piano": marked("Piano"), "tone": marked("Tone")}
EARLIEST, LATEST = -60.0, 100_000.0  # seconds of a first beat


@dataclass(frozen=True, slots=True)
class _Setting:
    """One slider: the field of `NoteSettings`, its range in steps of `size`, what it is called."""

    field: str
    low: int
    high: int
    size: float
    step: int
    text: str
    name: str
    why: str


SETTINGS = (
    _Setting(
        "voiced", 5, 95, 0.01, 5, marked("Voicing {value}"), marked("Voicing in percent"),
        marked("How sure it must be that somebody sings: lower finds more notes"),
    ),
    _Setting(
        "onset", 5, 95, 0.01, 5, marked("Onset {value}"), marked("Onset in percent"),
        marked("How clear a start must be for a new note: lower parts repeated notes"),
    ),
    _Setting(
        "shortest", 2, 50, 0.01, 1, marked("Shortest {value} ms"),
        marked("Shortest note in milliseconds"),
        marked("What is shorter is no note of its own"),
    ),
    _Setting(
        "smoothing", 0, 30, 0.01, 1, marked("Smoothing {value} ms"),
        marked("Smoothing of the pitch in milliseconds"),
        marked("How much vibrato and scoops are evened out before notes are read"),
    ),
    _Setting(
        "merge", 0, 200, 0.01, 5, marked("Merge {value}"), marked("Merging in cents"),
        marked("Notes that touch and lie closer than this become one"),
    ),
)  # fmt: skip
IN_MS = {"shortest", "smoothing"}


class _Slider(QObject):
    """A caption with the value in it, and the fader that sets it."""

    def __init__(self, setting: _Setting, tuning: Tuning, row: QHBoxLayout) -> None:
        super().__init__()
        self._setting, self._tuning = setting, tuning
        home = round(getattr(NoteSettings(), setting.field) / setting.size)
        self.fader = Fader(setting.low, setting.high, home, setting.low)
        self.fader.setSingleStep(setting.step)
        self.fader.setPageStep(4 * setting.step)
        self.fader.setMinimumWidth(32)
        name, why = tr(setting.name), tr(setting.why)
        double = tr("Double-click for the usual value")
        self.fader.setToolTip(f"{name}\n{why}\n{double}")
        self.fader.valueChanged.connect(self._moved)
        self.label = caption("", self.fader)
        self.label.setFont(theme.tabular(self.label.font(), 12))
        widest = tr(setting.text).format(value=88 if setting.field in ("voiced", "onset") else 888)
        self.label.setFixedWidth(self.label.fontMetrics().horizontalAdvance(widest) + 2)
        row.addWidget(self.label)
        row.addWidget(self.fader, 1)
        row.addSpacing(6)

    def _moved(self, steps: int) -> None:
        value = round(steps * self._setting.size, 4)
        self._tuning.read_with(self.fader.gesture, **{self._setting.field: value})
        self._say(value)

    def show(self, settings: NoteSettings, enabled: bool) -> None:
        """Show a value that nobody set here."""
        value = getattr(settings, self._setting.field)
        self.fader.setEnabled(enabled)
        self.label.setEnabled(enabled)
        self.fader.blockSignals(True)
        self.fader.setValue(round(value / self._setting.size))
        self.fader.blockSignals(False)
        self._say(value)

    def _say(self, value: float) -> None:
        figure = round(1000 * value) if self._setting.field in IN_MS else round(100 * value)
        self.label.setText(tr(self._setting.text).format(value=figure))
        self.fader.setAccessibleName(f"{tr(self._setting.name)}: {figure}")


class MelodyStrip(QWidget):
    """Shown as long as a lane has a melody; what it sets belongs to the melody at hand."""

    def __init__(
        self, tuning: Tuning, transcribing: Transcribing, session: Session, actions: Actions
    ) -> None:
        super().__init__()
        self._tuning, self._transcribing, self._session = tuning, transcribing, session
        self._titles: dict[str, str] = {}  # what models are called, by id
        self.setAccessibleName(tr("Melody"))
        self._first_row = self._listening(actions)
        self._second = QWidget()
        self._second.setLayout(self._reading(actions))
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 6, 8, 6)
        column.setSpacing(4)
        column.addLayout(self._first_row)
        column.addWidget(self._second)
        tuning.changed.connect(self.refresh)
        tuning.shown_changed.connect(self.refresh)
        tuning.adjust_asked.connect(self._adjust)
        transcribing.changed.connect(self.refresh)
        session.melody_grew.connect(self.refresh)
        self.refresh()

    def _listening(self, actions: Actions) -> QHBoxLayout:
        """What is heard, how time is counted, and what there is."""
        tuning = self._tuning
        self.blend = Fader(0, 100, home=0, origin=0)
        self.blend.setSingleStep(5)
        self.blend.setPageStep(25)
        self.blend.setMinimumWidth(56)
        self.blend.setMaximumWidth(140)
        self.blend.setToolTip(
            tr("Recording and notes\nLeft: the recording alone; right: its notes alone")
        )
        self.blend.valueChanged.connect(
            lambda value: tuning.set_blend(value / 100, self.blend.gesture)
        )
        self.sound = Chooser(tr("Sound of the notes"), tr("What plays them"))
        for sound in SOUNDS:
            self.sound.addItem(tr(SOUND_NAMES[sound]), sound)
        self.sound.activated.connect(lambda i: tuning.set_sound(self.sound.itemData(i)))

        self.sung, self.quantised = (
            TextButton(tr("As sung"), kind="quiet"),
            TextButton(tr("Quantised"), kind="quiet"),
        )
        self.sung.setToolTip(tr("As sung\nEvery note when and how high it was sung"))
        self.quantised.setToolTip(tr("Quantised\nNotes on the beat grid and in the key"))
        views = QButtonGroup(self)
        for button, value in ((self.sung, False), (self.quantised, True)):
            button.setCheckable(True)
            views.addButton(button)
            button.clicked.connect(lambda _=False, v=value: tuning.set_quantised(v))

        self.key = Chooser(tr("Key"), tr("Notes are quantised to it, and scores are written in it"))
        self.key.addItem(key_text(""), "")
        for key in KEYS:
            self.key.addItem(key_text(key), key)
        self.key.setSizeAdjustPolicy(Chooser.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.key.setMinimumContentsLength(7)
        self.key.activated.connect(lambda i: tuning.set_key(self.key.itemData(i)))

        self.tempo = Number(
            tr("Tempo of the song in beats per minute"),
            tr("The grid that notes are quantised to, and the tempo of scores"),
            (SLOWEST, FASTEST),
            decimals=2,
        )
        self.tempo.valueChanged.connect(tuning.set_tempo)
        tap = TextButton(tr("Tap"), kind="quiet")
        tap.runs(actions["notes_tap"])
        half = TextButton("½", kind="quiet")
        half.setAccessibleName(tr("Half the tempo"))
        half.runs(actions["notes_half"])
        double = TextButton("2×", kind="quiet")
        double.setAccessibleName(tr("Twice the tempo"))
        double.runs(actions["notes_double"])
        for button in (self.sung, self.quantised, tap, half, double):
            button.setProperty("tight", True)

        self.summary = Elided(kind="small")
        self.more = IconButton(
            "sliders-horizontal", tr("Sliders"), actions["melody_sliders"], size=28
        )
        export = IconButton("download", tr("Export notes…"), actions["notes_export"], size=28)
        remove = IconButton("trash-2", tr("Remove notes"), actions["notes_remove"], size=28)

        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(caption(tr("Recording"), self.blend))
        row.addWidget(self.blend, 2)
        row.addWidget(caption(tr("Notes"), self.blend))
        row.addWidget(self.sound)
        row.addWidget(Rule())
        row.addWidget(self.sung)
        row.addWidget(self.quantised)
        row.addWidget(Rule())
        row.addWidget(caption(tr("Key"), self.key))
        row.addWidget(self.key)
        row.addWidget(Rule())
        row.addWidget(caption("♩ =", self.tempo))
        row.addWidget(self.tempo)
        for button in (tap, half, double):
            row.addWidget(button)
        row.addWidget(Rule())
        row.addWidget(self.summary, 3)
        for button in (self.more, export, remove):
            row.addWidget(button)
        self._settable: list[QWidget] = [
            self.blend, self.sound, self.sung, self.quantised, self.key, self.tempo,
        ]  # fmt: skip
        return row

    def _reading(self, actions: Actions) -> QHBoxLayout:
        """How notes are read off the curves, and the grid they can be quantised to."""
        tuning, row = self._tuning, QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        self._sliding = QWidget()
        sliding = QHBoxLayout(self._sliding)
        sliding.setContentsMargins(0, 0, 0, 0)
        sliding.setSpacing(4)
        self.sliders = {s.field: _Slider(s, tuning, sliding) for s in SETTINGS}
        sliding.addWidget(Rule())
        row.addWidget(self._sliding, 1)
        self.per_bar = Number(
            tr("Beats of a bar"), tr("Where bar lines stand in scores"), (1, MOST_PER_BAR)
        )
        self.per_bar.valueChanged.connect(lambda value: tuning.set_per_bar(round(value)))
        self.grid = Chooser(tr("Grid"), tr("The parts of a beat that notes are quantised to"))
        for parts in GRIDS:
            self.grid.addItem(f"1/{parts}" if parts > 1 else "1", parts)
        self.grid.activated.connect(lambda i: tuning.set_grid(self.grid.itemData(i)))
        self.first = Figure(
            tr("First beat in seconds"), tr("Where a bar begins; all others follow from it"),
            EARLIEST, LATEST, 3, 0.01,
        )  # fmt: skip
        self.first.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.first.setFixedWidth(56)
        self.first.valueChanged.connect(tuning.set_first)
        here = IconButton("skip-back", tr("First beat here"), actions["notes_first"], size=28)
        action = actions["note_transpose"]
        transpose = IconButton("chevrons-up-down", action.text(), action, size=28)
        row.addWidget(caption(tr("Bar"), self.per_bar))
        row.addWidget(self.per_bar)
        row.addWidget(caption(tr("Grid"), self.grid))
        row.addWidget(self.grid)
        row.addWidget(caption(tr("1st beat"), self.first))
        row.addWidget(self.first)
        row.addWidget(here)
        row.addSpacing(4)
        row.addWidget(transpose)
        row.addStretch(0)
        self._settable += [self.per_bar, self.grid, self.first]
        return row

    def refresh(self, *_: object) -> None:
        """Show how things are."""
        tuning = self._tuning
        lanes = self._session.tracks
        self.setVisible(tuning.shown and any(self._session.melody(t.id) is not None for t in lanes))
        self._second.setVisible(tuning.adjusting)
        if not self.isVisibleTo(self.parentWidget()):
            return
        melody = tuning.melody
        track = tuning.track
        here = track is not None and self._transcribing.job(track.id) is None
        # Nothing was heard on a lane that is sung, so there is nothing to read its notes off.
        self._sliding.setVisible(track is None or track.voicing is None)
        for control in self._settable:
            control.setEnabled(here)
        shown = melody or Melody()
        self._show(self.blend, round(100 * shown.blend))
        self.sound.setCurrentIndex(max(self.sound.findData(shown.sound), 0))
        self.sung.setChecked(not shown.quantised)
        self.quantised.setChecked(shown.quantised)
        if self.key.findData(shown.key) < 0:  # of a file that names one which is not in the list
            self.key.addItem(key_text(shown.key), shown.key)
        self.key.setCurrentIndex(self.key.findData(shown.key))
        self.tempo.show_value(shown.beat.tempo)
        self.per_bar.show_value(shown.beat.per_bar)
        if self.grid.findData(shown.beat.grid) < 0:
            self.grid.addItem(f"1/{shown.beat.grid}", shown.beat.grid)
        self.grid.setCurrentIndex(self.grid.findData(shown.beat.grid))
        self.first.show_value(shown.beat.first)
        for slider in self.sliders.values():
            slider.show(tuning.settings, here and tuning.can_read)
        self.summary.set_text(self._summary())
        percent = round(100 * shown.blend)
        self.blend.setAccessibleName(
            tr("Notes against the recording: {percent} %", percent=percent)
        )

    def _show(self, fader: Fader, value: int) -> None:
        fader.blockSignals(True)
        fader.setValue(value)
        fader.blockSignals(False)

    def _summary(self) -> str:
        """How many notes there are, how many of them are uncertain, and what found them."""
        lane = self._session.lane(self._session.selected)
        if lane is not None and self._transcribing.job(lane.track.id) is not None:
            growing = self._session.melody(lane.track.id)
            count = len(growing.notes) if growing is not None else 0
            return tr("{count} notes so far", count=count)
        track, melody = self._tuning.track, self._tuning.melody
        if track is None or melody is None:
            return tr("This lane has no notes")
        count, unsure = self._tuning.counts()
        words = tr("1 note") if count == 1 else tr("{count} notes", count=count)
        if unsure:
            words += ", " + tr("{count} uncertain", count=unsure)
        said = [words, track.name]
        if melody.curves is not None:
            said.append(self._title(melody.curves.origin.model))
        return "  ·  ".join(filter(None, said))

    def _title(self, id: str) -> str:
        if id not in self._titles:
            self._titles |= {card.id: card.title for card in self._transcribing.models()}
        return self._titles.setdefault(id, id)

    def _adjust(self) -> None:
        self.sliders["voiced"].fader.setFocus()
