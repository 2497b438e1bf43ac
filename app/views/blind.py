"""The window of the blind comparison: A, B, X, two answers and a score."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.blind import Blind, chance
from app.views.controls import Chooser, TextButton, caption, keeps_key
from app.views.forms import present
from app.words import tr

if TYPE_CHECKING:
    from PySide6.QtCore import QEvent

    from app.main_window import MainWindow

WIDTH = 520
SURE = 0.05  # by guessing alone somebody is so good this often


class BlindDialog(QDialog):
    """Stays beside the window; closing it lets the lanes be heard as they are set."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.blind: Blind = window.blind
        self.setWindowTitle(tr("Blind comparison"))
        self.setModal(False)
        self.setFixedWidth(WIDTH)
        self.first = Chooser(tr("A"), tr("One of the two lanes"))
        self.second = Chooser(tr("B"), tr("The other lane"))
        lanes = QGridLayout()
        lanes.setHorizontalSpacing(8)
        lanes.setColumnStretch(1, 1)
        for row, (name, chooser) in enumerate((("A", self.first), ("B", self.second))):
            chooser.setSizeAdjustPolicy(
                Chooser.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            chooser.activated.connect(self._begin)
            lanes.addWidget(caption(name, chooser), row, 0)
            lanes.addWidget(chooser, row, 1)
        about = QLabel(
            tr(
                "X is A or B. Hear all three as often as you like, then say which X is. What"
                " repeats in the loop is compared, at one loudness."
            )
        )
        about.setWordWrap(True)
        about.setProperty("kind", "dim")
        hear = QHBoxLayout()
        hear.setSpacing(8)
        self.buttons: dict[str, TextButton] = {}
        for which, text, why in (
            ("a", "A", tr("Hear A (key A)")),
            ("b", "B", tr("Hear B (key B)")),
            ("x", "X", tr("Hear the unknown one (key X)")),
        ):
            button = TextButton(text)
            button.setCheckable(True)
            button.setAccessibleName(why)
            button.setToolTip(f"{text}\n{why}")
            button.clicked.connect(lambda _=False, w=which: self.blind.hear(w))
            self.buttons[which] = button
            hear.addWidget(button, 1)
        answers = QHBoxLayout()
        answers.setSpacing(8)
        self.answers: dict[str, TextButton] = {}
        for which, text, why in (
            ("a", tr("X is A"), tr("Answer that X is A (key 1)")),
            ("b", tr("X is B"), tr("Answer that X is B (key 2)")),
        ):
            button = TextButton(text)
            button.setToolTip(f"{text}\n{why}")
            button.clicked.connect(lambda _=False, w=which: self._answer(w))
            self.answers[which] = button
            answers.addWidget(button, 1)
        self.told = QLabel()
        self.told.setAccessibleName(tr("Last answer"))
        self.score = QLabel()
        self.score.setWordWrap(True)
        self.again = TextButton(tr("Start again"), "rotate-ccw", "quiet")
        self.again.setToolTip(tr("Start again\nForget the score"))
        self.again.clicked.connect(self._begin)
        self.difference = TextButton(tr("Show the difference"), "blend", "quiet")
        self.difference.setToolTip(
            tr("Show the difference\nA muted lane of A minus B: what is left is where they differ")
        )
        self.difference.clicked.connect(self.blind.difference)
        close = TextButton(tr("Close"))
        close.setToolTip(tr("Close\nHear the lanes again as they are set"))
        close.clicked.connect(self.close)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        for widget in (self.again, self.difference):
            foot.addWidget(widget)
        foot.addStretch(1)
        foot.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(12)
        column.addLayout(lanes)
        column.addWidget(about)
        column.addLayout(hear)
        column.addLayout(answers)
        column.addWidget(self.told)
        column.addWidget(self.score)
        column.addLayout(foot)
        for button in self.findChildren(TextButton):
            button.setAutoDefault(False)
        self.blind.changed.connect(self.refresh)

    def offer(self) -> None:
        """Open with the two lanes that are most likely meant."""
        tracks = self._window.session.project.tracks
        for chooser, id in zip((self.first, self.second), self.blind.pair(), strict=True):
            chooser.clear()
            for track in tracks:
                chooser.addItem(track.name, track.id)
            chooser.setCurrentIndex(max(chooser.findData(id), 0))
        self._begin()
        present(self)

    def refresh(self) -> None:
        """Show what is heard and how well it goes."""
        blind = self.blind
        same = blind.a == blind.b
        for which, button in self.buttons.items():
            lit = blind.heard == which
            button.setChecked(lit)
            _dress(button, "primary" if lit else "")
            button.setEnabled(blind.ready)
        for button in (*self.answers.values(), self.difference):
            button.setEnabled(blind.ready)
        if same:
            self.score.setText(tr("Choose two lanes."))
        elif not blind.count:
            words = tr("No answer yet.") if blind.ready else tr("Measuring how loud they are…")
            self.score.setText(words)
        else:
            luck = chance(blind.right, blind.count)
            words = tr(
                "{right} of {count} right; who guesses is as good in {percent} % of all cases.",
                right=blind.right,
                count=blind.count,
                percent=f"{100 * luck:.0f}" if luck >= 0.01 else "<1",
            )
            self.score.setText(f"{words} {tr('You hear it.') if luck <= SURE else ''}".strip())

    def _begin(self, *_: object) -> None:
        self.told.setText("")
        self.blind.compare(self.first.currentData() or 0, self.second.currentData() or 0)

    def _answer(self, which: str) -> None:
        if not self.blind.ready:
            return
        right = self.blind.answer(which)
        self.told.setText(tr("That was right.") if right else tr("That was the other one."))
        _dress(self.told, "good" if right else "danger")
        self._window.helping.voice.say(f"{self.told.text()} {self.score.text()}")

    def event(self, event: QEvent) -> bool:
        keys = (Qt.Key.Key_A, Qt.Key.Key_B, Qt.Key.Key_X, Qt.Key.Key_1, Qt.Key.Key_2)
        if keeps_key(event, frozenset(keys)):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_A | Qt.Key.Key_B | Qt.Key.Key_X:
                self.blind.hear(event.text().lower())
            case Qt.Key.Key_1:
                self._answer("a")
            case Qt.Key.Key_2:
                self._answer("b")
            case _:
                super().keyPressEvent(event)

    def hideEvent(self, event: QEvent) -> None:
        super().hideEvent(event)
        self.blind.end()


def _dress(widget: QWidget, kind: str) -> None:
    """Let the style sheet show a widget as another kind."""
    if widget.property("kind") != kind:
        widget.setProperty("kind", kind)
        widget.style().polish(widget)
