"""A lane's melody on the screen: drawn layers that are kept, the hand that writes, the words."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QPointF, QRectF, Qt, QTimer
from PySide6.QtGui import QAction, QColor, QCursor, QImage, QPainter, QPen
from PySide6.QtWidgets import QWidget

from app.note_values import hertz
from app.selecting import MARKERS, NOTE_TOOLS
from app.views.lyrics import LyricLine
from app.views.note_tools import NoteHand, touched
from app.views.notes import Ink, Scale, Score, draw_curve, draw_grid, draw_notes, draw_words
from app.views.sung import draw_mute, draw_phones, draw_phrases, draw_spoken
from app.words import tr
from engine.melody import Melody, Note
from engine.spectrogram import to_unit

if TYPE_CHECKING:
    from app.notation import Notation
    from app.selecting import Selection
    from app.session import Session
    from app.views.display import Display
    from app.views.plane import Plane
    from app.views.time_axis import TimeAxis

GROWTH_MS = 80  # a curve being made is drawn again at most this often


def lane_help() -> str:
    """What can be done on a lane, for a screen reader."""
    return tr(
        "Click to move the playhead. Ctrl and wheel zooms time, Alt and wheel zooms "
        "frequency, Shift and wheel scrolls time."
    )


class Layer:
    """A picture that lies over another; made again only when what it shows is something else."""

    def __init__(self) -> None:
        self._image: QImage | None = None
        self._for: object = None

    def draw(
        self, painter: QPainter, area: QRectF, wanted: object, fill: Callable[[QPainter], None]
    ) -> None:
        """Draw what `fill` draws in the coordinates of `painter`, for as long as `wanted` holds."""
        ratio = painter.device().devicePixelRatioF()
        key = (wanted, area, ratio)
        if self._image is None or self._for != key:
            size = (round(area.width() * ratio), round(area.height() * ratio))
            if self._image is None or self._image.size().toTuple() != size:
                self._image = QImage(*size, QImage.Format.Format_ARGB32_Premultiplied)
            self._image.setDevicePixelRatio(ratio)
            self._image.fill(Qt.GlobalColor.transparent)
            pen = QPainter(self._image)
            pen.translate(-area.topLeft())
            pen.setFont(painter.font())
            fill(pen)
            pen.end()
            self._for = key
        painter.drawImage(area.topLeft(), self._image)


class MelodyView(QObject):
    """What one lane's canvas shows of its melody and lets be done with it."""

    def __init__(
        self,
        canvas: QWidget,
        session: Session,
        notation: Notation,
        selection: Selection,
        display: Display,
        axis: TimeAxis,
        track: int,
        plane: Callable[[], Plane],
    ) -> None:
        super().__init__(canvas)
        self._canvas, self._session, self._notation = canvas, session, notation
        self._selection, self._display, self._plane = selection, display, plane
        self._axis, self._track = axis, track
        self.hand = NoteHand(notation, selection, track)
        self._line: LyricLine | None = None
        self._phones_typed = False  # the line is for phonemes, not for words
        self._score: Score | None = None
        self._notes, self._curve, self._words, self._sung = Layer(), Layer(), Layer(), Layer()
        self._grown = 0  # how often more of the curve came
        self._growth = QTimer(self, interval=GROWTH_MS, singleShot=True)
        self._growth.timeout.connect(self._grow)
        session.melody_grew.connect(self._grew)
        notation.changed.connect(canvas.update)
        notation.changed.connect(self._describe)
        notation.lyrics.lyric_wanted.connect(self._type)
        notation.lyrics.phones_wanted.connect(self._type_phones)
        notation.went.connect(self._go_to)
        selection.tool_changed.connect(self._take_up)

    @property
    def line(self) -> LyricLine:
        """Where words are typed; made when it is first wanted, as a lane must be made quickly."""
        if self._line is None:
            self._line = LyricLine(self._canvas)
            self._line.given.connect(self._give)
            self._line.went_on.connect(self._go_on)
            self._line.left.connect(self._canvas.setFocus)
        return self._line

    @property
    def score(self) -> Score | None:
        """The notes that are shown, or that a gesture would make; None without a melody."""
        melody = self._notation.melody(self._track)
        if melody is None:
            self._score = None
        elif self._score is None or self._score.melody is not melody:
            self._score = Score(melody)
        return self._score

    @property
    def in_hand(self) -> bool:
        """Whether the tool in the hand writes notes."""
        return self._selection.tool in NOTE_TOOLS

    @property
    def chosen(self) -> bool:
        """Whether notes of this lane are selected."""
        return self._notation.track == self._track and bool(self._notation.chosen)

    # What is shown

    def draw(self, painter: QPainter, plane: Plane, role: str) -> None:
        """Draw over the spectrogram: the grid while a tool is in the hand, notes, pitch."""
        score = self.score
        if score is None and (words := self._notation.lyrics.spoken(self._track)):
            font = painter.font()
            wanted = (id(words), font, plane)
            self._sung.draw(
                painter, plane.area, wanted, lambda pen: draw_spoken(pen, plane, words, font)
            )
        if score is None and not self.in_hand:
            return
        melody = score.melody if score is not None else Melody()
        if unsung := self._notation.lyrics.unsung(self._track):
            draw_phrases(painter, plane, unsung)
        if self.in_hand:
            draw_grid(painter, plane, melody.beat)
        if score is not None:
            self._draw_melody(painter, plane, score, role)
        if (band := self.hand.band) is not None:
            painter.setPen(QPen(QColor(255, 255, 255, 200), 1))
            painter.setBrush(QColor(255, 255, 255, 30))
            painter.drawRect(band & plane.area)
        line = self._line
        if line is not None and line.isVisible() and (rect := self._place()) is not None:
            line.place(rect)

    def _draw_melody(self, painter: QPainter, plane: Plane, score: Score, role: str) -> None:
        """Draw in layers, so that a drag of notes leaves the curve as it is, for one."""
        melody, area, font = score.melody, plane.area, painter.font()
        picked = self._notation.picked(self._track)
        ink = Ink.of(role, int(self._display.lut[0]))
        notes = (melody.notes, melody.quantised, melody.beat, melody.key, plane)
        self._notes.draw(
            painter,
            area,
            (notes, picked, ink),
            lambda pen: draw_notes(pen, plane, score, ink, picked),
        )
        curve = (melody.curves, melody.drawn, melody.settings.voiced, plane, self._grown)
        self._curve.draw(painter, area, curve, lambda pen: draw_curve(pen, plane, melody))
        self._words.draw(
            painter, area, (notes, font), lambda pen: draw_words(pen, plane, score, font)
        )
        laid = self._notation.lyrics.laid(self._track)
        if laid is not None:
            phones, mute = laid.phones, laid.mute

            def draw_sung(pen: QPainter) -> None:
                draw_phones(pen, plane, score, phones, font)
                draw_mute(pen, plane, score, mute, font)

            self._sung.draw(painter, area, (notes, font, phones, mute), draw_sung)

    def _grew(self, track: int) -> None:
        if track == self._track and not self._growth.isActive():
            self._growth.start()

    def _grow(self) -> None:
        self._grown += 1
        self._canvas.update()

    def _describe(self) -> None:
        if self.chosen:
            self._canvas.setAccessibleDescription(self._notation.words())
        else:
            self._canvas.setAccessibleDescription(lane_help())

    # Hands

    @property
    def listens(self) -> bool:
        """Whether keys are for notes: some are selected here, or a tool for them is in the hand."""
        return self.chosen or (self.in_hand and self.score is not None)

    def run(self, action: QAction, held: bool) -> None:
        """Run what a key does; `held`: the key goes on with what it did before."""
        self._notation.holding = held
        action.trigger()
        self._notation.holding = False

    def press(self, at: QPointF, held: Qt.KeyboardModifier) -> bool:
        """Begin to write; False when nothing can be done here."""
        self.hand.cancel()  # what was held before may never have been let go of
        return self.hand.press(at, self._plane(), self.score, held)

    def move(self, at: QPointF, limit: float, held: Qt.KeyboardModifier) -> None:
        """Go on; `limit` is the lane's length in seconds."""
        self.hand.move(at, self._plane(), limit, held)

    def release(self) -> bool:
        """End; False when it was a click on nothing."""
        return self.hand.release(self._plane())

    def cursor(self, at: QPointF | None) -> QCursor:
        """The pointer's shape."""
        return self.hand.cursor(at, self._plane(), self.score)

    def _take_up(self) -> None:
        """Let the keys be for what the tool in the hand is for: notes here, or a region."""
        if self.in_hand and self._session.selected == self._track:
            self._take_focus()
        elif self._selection.tool in MARKERS and self.chosen:
            self._notation.clear()

    def _go_to(self, note: Note) -> None:
        """Bring a note that was gone to into view."""
        if not self.chosen:
            return
        axis, display = self._axis, self._display
        if note.start < axis.start or note.stop > axis.stop:
            before = min(max((axis.span - note.length) / 2, 0.0), axis.span / 3)
            axis.set_range(note.start - before, note.start - before + axis.span)
        unit = to_unit(hertz(note.pitch), display.settings)
        if not display.low <= unit <= display.high:
            display.scroll_frequency(unit - (display.low + display.high) / 2)
        self._take_focus()

    def _take_focus(self) -> None:
        """Focus the lane, unless somebody is busy with a control elsewhere."""
        focus = self._canvas.window().focusWidget()
        busy = focus is not None and focus.focusPolicy() & Qt.FocusPolicy.TabFocus
        if not busy or isinstance(focus, type(self._canvas)):
            self._canvas.setFocus()

    # Words

    def double_click(self, at: QPointF) -> bool:
        """Type the words of the note that is there; False where there is none."""
        score = self.score
        if score is None or self._selection.tool not in ("notes", "pen"):
            return False
        touch = touched(score, self._plane(), at)
        if touch is None:
            return False
        self._notation.select(self._track, [touch.index], tell=False)
        self._notation.lyrics.ask_lyric()
        return True

    def _place(self) -> QRectF | None:
        """Where the first selected note is."""
        score = self.score
        if score is None or not self.chosen:
            return None
        plane, first = self._plane(), self._notation.chosen[0]
        return QRectF(*score.rects(plane, Scale(plane), np.array([first]))[0].tolist())

    def _type(self, track: int) -> None:
        rect = self._place() if track == self._track else None
        if rect is not None:
            self._phones_typed = False
            self.line.open_at(rect, self._notation.lyrics.line, self._notation.words())

    def _type_phones(self, track: int) -> None:
        rect = self._place() if track == self._track else None
        if rect is not None:
            self._phones_typed = True
            self.line.open_at(
                rect, self._notation.lyrics.phones, self._notation.words(), phones=True
            )

    def _give(self, text: str) -> None:
        if self._phones_typed:
            self._notation.lyrics.set_phones(text)
        else:
            self._notation.lyrics.set_line(text)

    def tip(self, at: QPointF) -> str:
        """Why the note at a point stays mute; "" where none does."""
        score = self.score
        touch = touched(score, self._plane(), at) if score is not None else None
        return self._notation.lyrics.why_mute(self._track, touch.index) if touch is not None else ""

    def _go_on(self, by: int) -> None:
        before = self._notation.chosen
        self._notation.step(by)
        if self._notation.chosen != before and self.chosen:
            if self._phones_typed:
                self._notation.lyrics.ask_phones()
            else:
                self._notation.lyrics.ask_lyric()
        else:
            self._canvas.setFocus()
