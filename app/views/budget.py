"""With what, and with how much work, the selected song is separated: a part of the inspector."""

from __future__ import annotations

import math

from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.commands import Actions
from app.modelling import Modelling, bytes_text
from app.session import Session
from app.studio import Studio
from app.views.controls import Chooser, Fader, TextButton, heading
from app.words import marked, tr
from engine.effort import EFFORTS

NAMES = {"fast": marked("Fast"), "balanced": marked("Balanced"), "best": marked("Best")}


class BudgetPanel(QWidget):
    """Shown while a song is selected that can be separated."""

    def __init__(
        self, modelling: Modelling, studio: Studio, session: Session, actions: Actions
    ) -> None:
        super().__init__()
        self._modelling, self._studio, self._session = modelling, studio, session
        self.setAccessibleName(tr("Separation"))
        self.model = Chooser(tr("Model that separates"), tr("What takes this song apart"))
        self.model.setSizeAdjustPolicy(
            Chooser.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.model.setMinimumContentsLength(10)
        self.model.activated.connect(self._choose)
        middle = EFFORTS.index("balanced")
        self.budget = Fader(0, len(EFFORTS) - 1, home=middle, origin=0)
        self.budget.setPageStep(1)
        self.budget.setToolTip(tr("Budget\nMore time for a better result, or less for a quick one"))
        self.budget.valueChanged.connect(lambda value: modelling.set_effort(EFFORTS[value]))
        self.name = QLabel()
        self.name.setProperty("kind", "small")
        self.name.setFixedWidth(84)
        self.cost = QLabel()
        self.cost.setProperty("kind", "small")
        self.cost.setWordWrap(True)
        self.measure = TextButton(tr("Measure this computer"), kind="link")
        self.measure.setToolTip(
            tr("Measure this computer\nRun the model once, to tell how long a song will take")
        )
        self.measure.clicked.connect(lambda: modelling.measure(studio.separator()))
        more = TextButton(tr("All models…"), kind="link")
        more.runs(actions["models"])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 10, 0, 0)
        column.setSpacing(6)
        column.addWidget(heading(tr("SEPARATION")))
        column.addWidget(self.model)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.budget, 1)
        row.addWidget(self.name)
        column.addLayout(row)
        column.addWidget(self.cost)
        links = QHBoxLayout()
        links.setSpacing(16)
        links.addWidget(more)
        links.addWidget(self.measure)
        links.addStretch(1)
        column.addLayout(links)
        modelling.changed.connect(self.refresh)
        session.selection_changed.connect(self.refresh)
        session.lanes_changed.connect(self.refresh)
        self.refresh()

    def refresh(self, *_: object) -> None:
        """Show what is chosen, and what it will take for the selected song."""
        mix = self._studio.mix_of()
        wanted = mix is not None and self._studio.can_separate(mix.id)
        self.setVisible(wanted)
        if mix is None or not wanted:
            return
        card = self._studio.separator()
        known = [(each.title, each.id) for each in self._modelling.separators()]
        if card.id not in [id for _, id in known]:
            known.append((card.title, card.id))
        shown = [
            (self.model.itemText(k), self.model.itemData(k)) for k in range(self.model.count())
        ]
        if shown != known:
            self.model.clear()
            for title, id in known:
                self.model.addItem(title, id)
        self.model.setCurrentIndex(self.model.findData(card.id))
        effort = self._modelling.effort
        self.budget.blockSignals(True)
        self.budget.setValue(EFFORTS.index(effort))
        self.budget.blockSignals(False)
        self.name.setText(tr(NAMES[effort]))
        cost = self._modelling.cost(mix)
        self.measure.setVisible(cost is None)
        self.measure.setEnabled(self._modelling.job(card.id) is None)
        if cost is None:
            self.cost.setText(tr("How long it takes is not known on this computer yet."))
        else:
            words = tr("about {time}", time=time_text(cost.seconds))
            if cost.bytes:
                words += ", " + tr("{memory} of memory", memory=bytes_text(cost.bytes))
            self.cost.setText(words)
        self.budget.setAccessibleName(
            tr("Budget: {name}, {cost}", name=self.name.text(), cost=self.cost.text())
        )

    def _choose(self, index: int) -> None:
        for card in self._modelling.separators():
            if card.id == self.model.itemData(index):
                self._modelling.use(card)


def time_text(seconds: float) -> str:
    """A time to come for a person."""
    if seconds < 90:
        return tr("{count} s", count=max(math.ceil(seconds), 1))
    return tr("{count} min", count=math.ceil(seconds / 60))
