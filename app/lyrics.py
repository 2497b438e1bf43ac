"""Words under the notes in hand, and what a voice makes of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, SignalInstance

from app.words import said, tr
from engine import note_edits
from engine.melody import HELD, Melody

if TYPE_CHECKING:
    from app.notation import Notation
    from app.phrasing import Laid


class Lyrics(QObject):
    """Words and phonemes of the selected notes of a `Notation`, typed and as they are sung."""

    lyric_wanted = Signal(int)  # track id: the words of the selected notes are to be typed there
    phones_wanted = Signal(int)  # track id: the phonemes of the first selected note as well

    def __init__(self, notation: Notation) -> None:
        super().__init__(notation)
        self._notation = notation

    def ask_lyric(self) -> None:
        """Let the words of the selected notes be typed where they are."""
        self._ask(self.lyric_wanted)

    def ask_phones(self) -> None:
        """Let the phonemes of the first selected note be typed where it is."""
        self._ask(self.phones_wanted)

    def _ask(self, wanted: SignalInstance) -> None:
        here = self._notation
        if here.chosen and here.editable(here.track):
            wanted.emit(here.track)

    @property
    def phones(self) -> str:
        """The phonemes of the first selected note: given by hand, or those that are sung."""
        here = self._notation
        if here.notes and here.notes[0].phones:
            return here.notes[0].phones
        laid = self.laid(here.track)
        return laid.phones[here.chosen[0]] if laid is not None and here.chosen else ""

    def set_phones(self, text: str) -> None:
        """Give the first selected note phonemes ("HH AH0"); none: those of its lyric."""
        text = " ".join(text.upper().strip("[] ").split())
        if text == self.phones or not self._notation.chosen:
            return
        first = self._notation.chosen[0]

        def edit(melody: Melody, _notes: tuple[int, ...]) -> Melody:
            notes = list(melody.notes)
            notes[first] = replace(notes[first], phones=text, own=True)
            return melody.with_notes(notes)

        self._notation.edit(tr("Edit phonemes"), edit, tell=False)

    def laid(self, track: int) -> Laid | None:
        """The phonemes and phrases of what a lane shows, as far as they are known."""
        singer = self._notation.singer
        laid = singer.of(track) if singer is not None else None
        return laid if laid is not None and laid.melody is self._notation.melody(track) else None

    def unsung(self, track: int) -> Sequence[tuple[float, float]]:
        """The phrases of a lane, in seconds, that are not sung yet."""
        singer = self._notation.singer
        return singer.unsung(track) if singer is not None and self.laid(track) is not None else ()

    def spoken(self, track: int) -> Sequence[tuple[float, float, str]]:
        """What a lane says: start and stop in seconds, and text."""
        singer = self._notation.singer
        return singer.words(track) if singer is not None else ()

    def why_mute(self, track: int, note: int | None = None) -> str:
        """Why a note of a sung lane (the first selected one) is silent; "" if it is not."""
        laid, chosen = self.laid(track), self._notation.chosen
        at = note if note is not None else chosen[0] if chosen else None
        return said(laid.mute[at]) if laid is not None and at is not None else ""

    @property
    def line(self) -> str:
        """The words of the selected notes as they are typed."""
        notes = self._notation.notes
        if len(notes) == 1:
            return notes[0].lyric
        out = ""
        for note in notes:
            word = note.lyric or HELD
            open_word = out.endswith(HELD) and not out.endswith(f" {HELD}") and out != HELD
            joined = open_word and word != HELD
            out += word if joined or not out else f" {word}"
        return out

    def set_line(self, text: str) -> None:
        """Give the selected notes words: a syllable, or a line laid over the notes from there."""
        text = " ".join(text.split())
        several = self._notation.many or " " in text or HELD in text[:-1].strip(HELD)

        def edit(melody: Melody, notes: tuple[int, ...]) -> Melody:
            if several:
                return note_edits.with_lyrics(melody, notes[0], text)
            return note_edits.with_lyric(melody, notes[0], text)

        if text != self.line:
            self._notation.edit(tr("Edit lyrics"), edit, tell=False)
