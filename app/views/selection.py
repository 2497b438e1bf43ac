"""The selection in figures: edges to type, what was measured inside, what can be done with it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import (
    QDoubleSpinBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app import theme
from app.closer import Closer
from app.commands import Actions
from app.selecting import (
    BRUSH_SECONDS,
    BRUSH_SEMITONES,
    MARKERS,
    NOTE_TOOLS,
    PARTIAL_SEMITONES,
    TOOLS,
    Selection,
)
from app.session import Session
from app.views.controls import IconButton, heading, keeps_key
from app.words import tr
from engine.regions import Box
from engine.selection import SILENCE_DB, Level
from engine.spectrogram import TOP_HZ

RETURN = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})
ICONS = {
    "navigate": "mouse-pointer",
    "box": "box-select",
    "brush": "brush",
    "harmonic": "harmonics",
    "notes": "notes",
    "pen": "pencil",
    "knife": "scissors",
    "curve": "spline",
}
VERBS = (
    ("selection_play", "play"),
    ("selection_zoom", "scan"),
    ("selection_extract", "split"),
    ("selection_remove", "trash-2"),
    ("selection_export", "download"),
)


class ToolRow(QWidget):
    """The tools, one of them in the hand."""

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for tool in TOOLS:
            if tool == NOTE_TOOLS[0]:
                row.addSpacing(8)
            action = actions[f"tool_{tool}"]
            row.addWidget(IconButton(ICONS[tool], action.text(), action, size=28))


class Figure(QDoubleSpinBox):
    """A number to type; Return takes it, the wheel scrolls what is around it."""

    def __init__(
        self, name: str, why: str, low: float, high: float, decimals: int, step: float
    ) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setToolTip(f"{name}\n{why}")
        self.setRange(low, high)
        self.setDecimals(decimals)
        self.setSingleStep(step)
        self.setKeyboardTracking(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("kind", "figure")  # without buttons: the arrow keys step
        self.setFont(theme.tabular(self.font(), 12))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

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


class SelectionPanel(QWidget):
    """Shown while something is marked, or a tool that marks is in the hand."""

    def __init__(
        self, selection: Selection, closer: Closer, session: Session, actions: Actions
    ) -> None:
        super().__init__()
        self._selection, self._closer, self._session = selection, closer, session
        exact = tr("Type it, or use the arrow keys")
        self._edges = (
            Figure(tr("Start in seconds"), exact, 0.0, 1e6, 3, 0.01),
            Figure(tr("End in seconds"), exact, 0.0, 1e6, 3, 0.01),
            Figure(tr("Lowest frequency in Hz"), exact, 0.0, TOP_HZ, 1, 10.0),
            Figure(tr("Highest frequency in Hz"), exact, 0.0, TOP_HZ, 1, 10.0),
        )
        for edge in self._edges:
            edge.valueChanged.connect(self._typed)
        self._pitch = Figure(
            tr("Height of the brush in semitones"), exact, *BRUSH_SEMITONES, 2, 0.5
        )
        self._pitch.valueChanged.connect(lambda v: selection.set_brush(semitones=v))
        low, high = (1000 * edge for edge in BRUSH_SECONDS)
        self._time = Figure(tr("Width of the brush in milliseconds"), exact, low, high, 0, 10.0)
        self._time.valueChanged.connect(lambda v: selection.set_brush(seconds=v / 1000))
        self._partials = Figure(
            tr("Width of each partial in semitones"), exact, *PARTIAL_SEMITONES, 2, 0.1
        )
        self._partials.valueChanged.connect(selection.set_partials)

        column = QVBoxLayout(self)
        column.setContentsMargins(0, 10, 0, 0)
        column.setSpacing(6)
        column.addWidget(heading(tr("SELECTION")))
        start, stop, bottom, top = self._edges
        column.addWidget(_row(tr("Time"), start, stop, "s"))
        column.addWidget(_row(tr("Pitch"), bottom, top, "Hz"))
        self._brush = _row(tr("Brush"), self._pitch, self._time, tr("st, ms"), dash=False)
        self._width = _row(tr("Partials"), self._partials, None, tr("st"))
        column.addWidget(self._brush)
        column.addWidget(self._width)
        self._told = [QLabel() for _ in range(3)]
        for label in self._told:
            label.setFont(theme.tabular(label.font(), 12))
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        facts = QGridLayout()
        facts.setHorizontalSpacing(12)
        facts.setVerticalSpacing(4)
        facts.setColumnStretch(1, 1)
        self._names = (tr("Level"), tr("Peak"), tr("Strongest"))
        for row, (name, value) in enumerate(zip(self._names, self._told, strict=True)):
            facts.addWidget(_small(name), row, 0)
            facts.addWidget(value, row, 1)
        column.addLayout(facts)
        verbs = QHBoxLayout()
        verbs.setSpacing(4)
        for id, icon in VERBS:
            verbs.addWidget(IconButton(icon, actions[id].text(), actions[id]))
        verbs.addStretch(1)
        column.addLayout(verbs)
        for signal in (selection.changed, selection.tool_changed, session.selection_changed):
            signal.connect(self.refresh)
        closer.measured.connect(self._show_level)
        self.refresh()

    def refresh(self, *_: object) -> None:
        """Show the edges of what is marked, or those that a first box would have."""
        selection = self._selection
        lane = self._session.lane(selection.track or self._session.selected)
        here = lane is not None and (selection.region is not None or selection.tool in MARKERS)
        self.setVisible(here)
        if not here or lane is None:
            return
        box = selection.box
        if box is None and selection.region is None:
            box = self._closer.suggestion(lane.track.clip.seconds)
        span, band = selection.span, selection.band
        if box is not None:
            span, band = box.span, box.band
        for edge, value in zip(self._edges, (*(span or (0, 0)), *(band or (0, 0))), strict=True):
            edge.setEnabled(box is not None)
            edge.show_value(value)
        self._brush.setVisible(selection.tool == "brush")
        self._width.setVisible(selection.tool == "harmonic")
        self._pitch.show_value(selection.brush_semitones)
        self._time.show_value(1000 * selection.brush_seconds)
        self._partials.show_value(selection.partial_semitones)
        self._show_level()

    def _typed(self, _value: float) -> None:
        self._closer.set_box(Box(*(edge.value() for edge in self._edges)))

    def _show_level(self) -> None:
        level = self._closer.level
        texts = ("–", "–", "–")
        if self._selection.region is not None:
            texts = level_texts(level) if level is not None else ("…", "…", "…")
        for name, label, text in zip(self._names, self._told, texts, strict=True):
            label.setText(text)
            label.setAccessibleName(f"{name}: {text}")


def level_texts(level: Level) -> tuple[str, str, str]:
    """Level, peak and strongest tone, for a person."""
    rms = tr("silence") if level.rms_db <= SILENCE_DB else f"{level.rms_db:.1f} dB"
    peak = "–" if level.peak_db <= SILENCE_DB else f"{level.peak_db:.1f} dB"
    tone = "–" if level.hz <= 0 else f"{level.hz:.1f} Hz   {level.note} {level.cents:+.0f} ct"
    return rms.replace("-", "−"), peak.replace("-", "−"), tone.replace("-", "−")


def _small(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("kind", "small")
    return label


def _row(
    name: str, first: QWidget, second: QWidget | None, unit: str, dash: bool = True
) -> QWidget:
    """Two figures and their unit under one name."""
    out = QWidget()
    row = QHBoxLayout(out)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(6)
    label = _small(name)
    label.setFixedWidth(52)
    row.addWidget(label)
    row.addWidget(first, 1)
    if second is not None:
        row.addWidget(_small("–" if dash else " "))
        row.addWidget(second, 1)
    row.addWidget(_small(unit))
    return out
