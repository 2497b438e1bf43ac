"""Which model transcribes a lane or separates songs: as menus, for the mouse and for keys."""

from __future__ import annotations

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu, QWidget

from app.modelling import Modelling
from app.session import Session
from app.studio import Studio
from app.transcribing import MANY_VOICES, Transcribing
from app.words import tr
from engine.cards import ModelCard
from engine.types import Track


class ModelMenu(QMenu):
    """The models for the selected lane; choosing one transcribes with it, now and from now on."""

    def __init__(self, transcribing: Transcribing, session: Session, parent: QWidget) -> None:
        super().__init__(tr("Transcribe with"), parent)
        self.setToolTipsVisible(True)
        self._transcribing, self._session = transcribing, session
        self.aboutToShow.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """List what can be done with the selected lane as things are now."""
        self.clear()
        lane = self._session.lane(self._session.selected)
        if lane is None or not self._transcribing.can_transcribe():
            self.addAction(tr("No finished lane is selected")).setEnabled(False)
            return
        track, usual = lane.track, self._transcribing.model_for(lane.track)
        first = self._transcribing.separates_first(track)
        for card in self._transcribing.models():
            chosen = usual is not None and card.id == usual.id
            if first and card.family != MANY_VOICES:
                words = tr("{model}, the singer of this song", model=card.title)
                self._add(words, track, card, chosen)
                words = tr("{model}, the song as it is", model=card.title)
                self._add(words, track, card, False, as_it_is=True)
            else:
                self._add(card.title, track, card, chosen)

    def drop(self) -> None:
        """Open in the middle of the window, for keys."""
        self.refresh()
        _drop(self)

    def _add(
        self, text: str, track: Track, card: ModelCard, chosen: bool, as_it_is: bool = False
    ) -> None:
        action = self.addAction(text.replace("&", "&&"))
        action.setCheckable(True)
        action.setChecked(chosen)
        action.setToolTip(f"{card.data}\n{card.licence}")
        action.triggered.connect(lambda: self._take(track, card, as_it_is))

    def _take(self, track: Track, card: ModelCard, as_it_is: bool) -> None:
        self._transcribing.choose(track, card)
        self._transcribing.transcribe(track.id, card, as_it_is)


class SeparatorMenu(QMenu):
    """The models that take songs apart; choosing one separates the selected song, if that can be.

    It is used from then on.
    """

    def __init__(self, modelling: Modelling, studio: Studio, parent: QWidget) -> None:
        super().__init__(tr("Separate with"), parent)
        self.setToolTipsVisible(True)
        self._modelling, self._studio = modelling, studio
        self.aboutToShow.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """List the models as they are now."""
        self.clear()
        for card in self._modelling.separators():
            action = self.addAction(card.title.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(self._modelling.in_use(card))
            action.setToolTip(f"{', '.join(card.outputs)}\n{card.licence}")
            action.triggered.connect(lambda _=False, c=card: self._take(c))

    def drop(self) -> None:
        """Open in the middle of the window, for keys."""
        self.refresh()
        _drop(self)

    def _take(self, card: ModelCard) -> None:
        self._modelling.use(card)
        self._studio.separate()


def _drop(menu: QMenu) -> None:
    window = menu.parentWidget()
    middle = window.rect().center() - QPoint(menu.sizeHint().width() // 2, 0)
    menu.popup(window.mapToGlobal(middle))
    if menu.actions():
        menu.setActiveAction(menu.actions()[0])
