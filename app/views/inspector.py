"""What is selected, what is under the pointer, what sounds."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from app import theme
from app.commands import Actions
from app.session import Session
from app.studio import Studio
from app.views.controls import Hairline, TextButton, heading
from app.views.meters import LiveSpectrum, NullMeter
from app.views.time_axis import Cursor, TimeAxis
from app.views.transport import clock_text
from app.words import marked, said, tr
from engine.errors import EngineError
from engine.types import Track

WIDTH = 272
CHANNELS = {1: marked("mono"), 2: marked("stereo")}


class _Facts(QWidget):
    """Pairs of a name and a value."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 1)
        self._rows: list[tuple[QLabel, QLabel]] = []

    def show_pairs(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Show these and no others."""
        while len(self._rows) < len(pairs):
            name, value = QLabel(), QLabel()
            name.setProperty("kind", "small")
            name.setAlignment(Qt.AlignmentFlag.AlignTop)
            value.setWordWrap(True)
            value.setTextFormat(Qt.TextFormat.PlainText)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            font = theme.tabular(value.font(), 12)
            value.setFont(font)
            row = len(self._rows)
            self._grid.addWidget(name, row, 0)
            self._grid.addWidget(value, row, 1)
            self._rows.append((name, value))
        for number, (name, value) in enumerate(self._rows):
            here = number < len(pairs)
            name.setVisible(here)
            value.setVisible(here)
            if here:
                name.setText(pairs[number][0])
                value.setText(pairs[number][1])
                value.setAccessibleName(f"{pairs[number][0]}: {pairs[number][1]}")


def track_facts(track: Track) -> list[tuple[str, str]]:
    """File facts of a track."""
    clip = track.clip
    channels = (
        tr(CHANNELS[clip.channels])
        if clip.channels in CHANNELS
        else tr("{count} channels", count=clip.channels)
    )
    pairs = [(tr("Length"), clock_text(clip.seconds))]
    if track.role != "notes":
        pairs.append((tr("Sound"), f"{clip.rate / 1000:g} kHz, {channels}"))
    if track.melody is not None:
        pairs.append((tr("Notes"), f"{len(track.melody.notes)}"))
    if clip.origin.path is not None:
        pairs.append(
            (tr("File") if track.role in ("mix", "notes") else tr("From"), clip.origin.path.name)
        )
    if clip.origin.model:
        pairs.append((tr("Made by"), clip.origin.model))
    pairs += [
        (tr("Note") if n == 0 else "", said(note)) for n, note in enumerate(clip.origin.notes)
    ]
    return pairs


class Inspector(QWidget):
    """The panel on the right."""

    def __init__(self, session: Session, studio: Studio, axis: TimeAxis, actions: Actions) -> None:
        super().__init__()
        self._session, self._studio = session, studio
        self.setFixedWidth(WIDTH)
        self._residual = TextButton(tr("Hear the residual"), kind="link")
        self._residual.runs(actions["residual"])
        self._name = QLabel()
        self._name.setProperty("kind", "title")
        self._name.setWordWrap(True)
        self._name.setTextFormat(Qt.TextFormat.PlainText)
        self._track, self._model, self._cursor = _Facts(), _Facts(), _Facts()
        self._model_head = heading(tr("MODEL"))
        self._null_head = heading(tr("NULL METER"))
        self._null = NullMeter(self._null_db)
        self._null.setToolTip(
            tr("How much of the mix the stems left out: mix − vocals − instrumental")
        )
        spectrum = LiveSpectrum(studio.player.recent, lambda: studio.player.rate)
        spectrum.setToolTip(tr("What is heard now, by pitch"))
        spectrum.setMinimumHeight(110)
        spectrum.setMaximumHeight(180)

        inside = QWidget()
        self._column = column = QVBoxLayout(inside)
        column.setContentsMargins(16, 14, 16, 12)
        column.setSpacing(6)
        column.addWidget(self._name)
        column.addWidget(self._track)
        column.addSpacing(10)
        column.addWidget(heading(tr("UNDER THE POINTER")))
        column.addWidget(self._cursor)
        column.addSpacing(10)
        column.addWidget(self._null_head)
        column.addWidget(self._null)
        column.addWidget(self._residual, 0, Qt.AlignmentFlag.AlignLeft)
        column.addSpacing(10)
        column.addWidget(self._model_head)
        column.addWidget(self._model)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inside)
        bottom = QVBoxLayout()
        bottom.setContentsMargins(16, 10, 16, 12)
        bottom.setSpacing(6)
        bottom.addWidget(heading(tr("HEARD NOW")))
        bottom.addWidget(spectrum)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(scroll, 1)
        whole.addWidget(Hairline())  # where the list is cut off, it is meant to be
        whole.addLayout(bottom)
        self._late = QTimer(self, singleShot=True)
        self._late.timeout.connect(self.refresh)
        session.lanes_changed.connect(self._soon)
        session.selection_changed.connect(self._soon)
        axis.cursor_changed.connect(self._show_cursor)
        self._show_cursor(None)
        self.refresh()

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, 400)

    def add_panel(self, panel: QWidget) -> None:
        """Put a panel below the facts of the track."""
        self._column.insertWidget(self._column.indexOf(self._track) + 1, panel)

    def _soon(self, *_: object) -> None:
        """Refresh once, however much changes together."""
        if not self._late.isActive():
            self._late.start(0)

    def refresh(self) -> None:
        """Show the selected track."""
        lane = self._session.lane(self._session.selected)
        self._name.setText(lane.track.name if lane is not None else tr("Nothing selected"))
        self._track.show_pairs(track_facts(lane.track) if lane is not None else [])
        shown = lane is not None and lane.track.group in self._studio.separations
        self._null.setVisible(shown)
        self._null_head.setVisible(shown)
        self._residual.setVisible(shown and self._studio.can_hear_residual())
        sung = lane is not None and lane.track.voicing is not None  # nothing to separate
        pairs = [] if sung else self._model_facts()
        self._model.show_pairs(pairs)
        self._model_head.setVisible(bool(pairs))

    def _model_facts(self) -> list[tuple[str, str]]:
        """The card of the model that separates."""
        try:
            card = self._studio.separator()
        except (EngineError, IndexError):
            return []
        pairs = [(tr("Name"), card.title)]
        for name, figure in list(card.figures.items())[:4]:
            usual, *_ = f"{figure}".split(";")  # behind it stand other ways to run the model
            pairs.append((name, usual.replace(", ", "\n")))
        return [*pairs, (tr("Licence"), card.licence), (tr("Source"), card.source)]

    def _null_db(self) -> float:
        lane = self._session.lane(self._session.selected)
        result = self._studio.separations.get(lane.track.group) if lane is not None else None
        return result.null_db if result is not None else math.nan

    def _show_cursor(self, cursor: Cursor | None) -> None:
        if cursor is None:
            self._cursor.show_pairs([(tr("Time"), "–"), (tr("Pitch"), "–"), (tr("Level"), "–")])
            return
        pitch, level = "–", "–"
        if cursor.hz is not None:
            pitch = f"{cursor.hz:.1f} Hz"
            if cursor.note:
                pitch += f"   {cursor.note} {cursor.cents:+.0f} ct".replace("-", "−")
        if cursor.db is not None:
            level = f"{cursor.db:.1f} dB".replace("-", "−")
        self._cursor.show_pairs(
            [
                (tr("Time"), clock_text(cursor.seconds)),
                (tr("Pitch"), pitch),
                (tr("Level"), level),
            ]
        )
