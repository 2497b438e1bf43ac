"""The notes of a lane in the hand: which are selected, and what can be done with them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Signal

from app.lyrics import Lyrics
from app.note_values import (
    SHORTEST,
    cuttable,
    describe,
    drawn_over,
    hertz,
    nearest,
    same,
    sung_pitch,
    touched,
    undrawn,
)
from app.words import tr
from engine import bends, note_edits, quantise
from engine.melody import CURVES, Drawn, Melody, Note

if TYPE_CHECKING:
    from app.phrasing import Laid
    from app.playback import Player
    from app.session import Session
    from app.settings import Settings
    from app.views.display import Display

UNSURE = 0.6  # confidence below which a note is worth a look
BLIP_SECONDS = 0.35
AIR, LEAST_SPAN = 3.0, 18.0  # semitones beside the notes, and in all, that are zoomed to
Edit = Callable[[Melody, tuple[int, ...]], Melody]


class Singer(Protocol):
    """Who sings the notes of voice lanes: see `app.rendering`."""

    def audition(self, id: int, note: Note, drawn: tuple[Drawn, ...] = ()) -> bool:
        """Let a note of a lane be heard, bent as `drawn`; False where it is no voice's lane."""

    def of(self, id: int) -> Laid | None:
        """The phones and phrases of a lane, as far as they are known."""

    def unsung(self, id: int) -> Sequence[tuple[float, float]]:
        """The phrases of a lane, in seconds, that are not sung yet."""

    def words(self, id: int) -> Sequence[tuple[float, float, str]]:
        """What a lane says: start and stop in seconds, and text."""


class Notation(QObject):
    """Selected notes and their verbs; each verb is one undo step, a held key as well.

    `track` is the lane whose notes are meant, `chosen` their places in its `Melody.notes`. While a
    gesture goes on, `preview` shows on the lane what it would make of the melody.
    """

    changed = Signal()  # others are selected, or what a lane shows is another melody
    told = Signal(str)  # words for a screen reader
    went = Signal(object)  # the note that was gone to, as it is shown

    def __init__(self, session: Session, player: Player, settings: Settings) -> None:
        super().__init__(session)
        self._session, self._player, self._settings = session, player, settings
        self.track = 0
        self.chosen: tuple[int, ...] = ()
        self.holding = False  # a key is held down: what it does goes on with the same undo step
        self._seen: Melody | None = None  # the melody whose notes are chosen
        self._preview: Melody | None = None
        self._picked: tuple[int, ...] = ()  # places in the preview
        self._step = 0
        self.singer: Singer | None = None  # who sings the notes of voice lanes
        self.lyrics = Lyrics(self)
        session.lanes_changed.connect(self._follow)
        session.melody_grew.connect(self._grew)

    # What is there

    def melody(self, track: int) -> Melody | None:
        """What a lane shows now: a gesture's outcome, what is transcribed so far, or its melody."""
        if track == self.track and self._preview is not None:
            return self._preview
        return self._session.melody(track)

    def picked(self, track: int) -> tuple[int, ...]:
        """Places of the notes of `melody(track)` that are shown as selected."""
        if track != self.track:
            return ()
        return self.chosen if self._preview is None else self._picked

    def editable(self, track: int) -> bool:
        """Whether notes of a lane may be changed: it is finished, and nobody transcribes it."""
        kept = self._session.project.track(track)
        if kept is None or self._session.melody(track) is not kept.melody:
            return False
        return kept.voicing is None or not kept.voicing.text  # what is spoken has no notes

    def sung(self, track: int) -> bool:
        """Whether a voice sings the notes of a lane."""
        kept = self._session.project.track(track)
        return kept is not None and kept.voicing is not None

    @property
    def here(self) -> int:
        """The lane that verbs without selected notes mean."""
        return self.track if self.chosen else self._session.selected

    @property
    def any(self) -> bool:
        """Whether the lane in question has notes."""
        melody = self._session.melody(self.here)
        return melody is not None and bool(melody.notes) and self.editable(self.here)

    @property
    def many(self) -> bool:
        """Whether several notes are selected."""
        return len(self.chosen) > 1

    @property
    def notes(self) -> tuple[Note, ...]:
        """The selected notes, as sung."""
        melody = self._session.melody(self.track)
        return tuple(melody.notes[k] for k in self.chosen) if melody is not None else ()

    @property
    def has_curve(self) -> bool:
        """Whether the lane of the selected notes has a pitch curve of one voice."""
        melody = self._session.melody(self.track) if self.chosen else None
        if melody is None:
            return False
        return bool(melody.drawn) or (
            melody.curves is not None and melody.curves.channels == CURVES
        )

    # Selecting

    def select(self, track: int, notes: Iterable[int], tell: bool = True) -> None:
        """Select these notes of a lane and no others; what the lane no longer has is left out."""
        melody = self._session.melody(track)
        there = range(len(melody.notes)) if melody is not None else ()
        chosen = tuple(sorted(k for k in set(notes) if k in there))
        track = track if chosen else 0
        self._seen = melody if chosen else None
        if (track, chosen) == (self.track, self.chosen):
            return
        self.drop()
        self.track, self.chosen = track, chosen
        self.changed.emit()
        if tell and chosen:
            self.told.emit(self.words())

    def clear(self) -> None:
        """Select no note."""
        self.select(0, ())

    def select_all(self) -> None:
        """Select every note of the lane."""
        melody = self._session.melody(self.here)
        if melody is not None:
            self.select(self.here, range(len(melody.notes)))

    def step(self, by: int, near: float = 0.0) -> None:
        """Select the note after (or before) the selected ones, else the first from `near` on."""
        melody = self._session.melody(self.here)
        if melody is None or not melody.notes:
            return
        if self.chosen:
            at = (self.chosen[-1] if by > 0 else self.chosen[0]) + by
        else:
            later = [k for k, note in enumerate(melody.notes) if note.stop > near]
            at = later[0] if later else len(melody.notes) - 1
        self._go_to(min(max(at, 0), len(melody.notes) - 1))

    def next_unsure(self, near: float = 0.0) -> None:
        """Select the next note that nobody is sure of, from the start again after the last."""
        melody = self._session.melody(self.here)
        if melody is None:
            return
        later = [k for k, note in enumerate(melody.notes) if note.start >= near]
        first = self.chosen[-1] + 1 if self.chosen else later[0] if later else 0
        order = [*range(first, len(melody.notes)), *range(first)]
        unsure = [k for k in order if melody.notes[k].confidence < UNSURE]
        if unsure:
            self._go_to(unsure[0])
        else:
            self.told.emit(tr("No uncertain note."))

    def _go_to(self, index: int) -> None:
        self.select(self.here, (index,))
        melody = self._session.melody(self.track)
        if melody is not None:
            self.went.emit(quantise.shown(melody)[index])
        self.sound()

    def words(self) -> str:
        """The selected notes as they are said: `C sharp 4, 0.35 s, syllable fish, …`."""
        notes = self.notes
        if len(notes) == 1:
            return ". ".join(filter(None, (describe(notes[0]), self.lyrics.why_mute(self.track))))
        return tr("{count} notes selected", count=len(notes)) if notes else ""

    def zoom(self, display: Display) -> None:
        """Bring the pitches of the lane's notes into view."""
        melody = self._session.melody(self.here)
        if melody is not None and melody.notes:
            pitches = [note.pitch for note in melody.notes]
            low, high = min(pitches), max(pitches)
            spare = max(AIR, (LEAST_SPAN - (high - low)) / 2)
            display.show_band(hertz(low - spare), hertz(high + spare))

    def sound(self, pitch: float | None = None, always: bool = False) -> None:
        """Let a pitch be heard, or the first selected note, if a person wants notes to sound."""
        melody = self.melody(self.here) or Melody()
        if not (self._settings.sound_notes or always):
            return
        first = self.picked(self.here)[:1]
        note = quantise.shown(melody)[first[0]] if first else None
        if pitch is None:
            pitch = note.pitch if note is not None else None
        if pitch is None:
            return
        sung = replace(note or Note(0.0, BLIP_SECONDS, pitch), pitch=pitch)
        bent = bends.of(melody, sung) if sung == note and not melody.quantised else ()
        if self.singer is None or not self.singer.audition(self.here, sung, bent):
            self._player.blip(pitch, BLIP_SECONDS, melody.sound)

    def toggle_sound(self) -> None:
        """Let notes sound when they are touched, or no longer."""
        self._settings.sound_notes = not self._settings.sound_notes

    # Gestures

    def show(self, track: int, melody: Melody, picked: Iterable[int]) -> None:
        """Show what a gesture would make of a lane's melody, and which notes it is about."""
        if track != self.track:
            self.clear()  # what is selected on another lane
        self.track, self._preview, self._picked = track, melody, tuple(picked)
        self.changed.emit()

    def drop(self) -> bool:
        """Forget what a gesture would have made; False when there was none."""
        if self._preview is None:
            return False
        self._preview = None
        if not self.chosen:
            self.track = 0
        self.changed.emit()
        return True

    @property
    def previewing(self) -> bool:
        """Whether a gesture's outcome is shown; it no longer is once somebody dropped it."""
        return self._preview is not None

    def commit(self, name: str, track: int, melody: Melody, chosen: Iterable[int]) -> None:
        """Make a melody that of a lane, as one undo step, and select these of its notes.

        A held key's presses are one step.
        """
        if not self.holding:
            self._step += 1
        before = self._session.melody(track)
        self._preview = None
        self.track, self.chosen = track, tuple(sorted(set(chosen)))
        self._seen = melody
        merge = ("notes", self._step)
        if melody != before:
            self._session.set_tracks(name, {track: {"melody": melody}}, merge)
        self._seen = self._session.melody(track)
        self.changed.emit()

    def edit(
        self,
        name: str,
        edit: Edit,
        whole: bool = False,
        tell: bool = True,
        wanted: Callable[[Note], Note] | None = None,
    ) -> None:
        """Change the selected notes; `whole`: all of the lane's where none is selected.

        `wanted` tells how each is expected to be, so that it is found again among its neighbours.
        """
        track, melody = self.here, self._session.melody(self.here)
        if melody is None or not self.editable(track):
            return
        notes = self.chosen or (tuple(range(len(melody.notes))) if whole else ())
        if notes:
            after = edit(melody, notes)
            goal = None if wanted is None else [wanted(melody.notes[k]) for k in self.chosen]
            self.commit(name, track, after, same(melody, after, self.chosen, goal))
            if tell:
                self.told.emit(self.words())

    # Verbs

    def transpose(self, semitones: float) -> None:
        """Move the selected notes, or all, in pitch."""
        name = tr("Transpose notes")
        self.edit(
            name,
            lambda m, k: note_edits.transposed(m, k, semitones),
            whole=True,
            wanted=lambda note: replace(note, pitch=note.pitch + semitones),
        )
        self.sound()

    def shift(self, seconds: float) -> None:
        """Move the selected notes in time, as far as there is room."""
        notes, kept = self.notes, self._session.project.track(self.track)
        if notes and kept is not None:
            last = kept.clip.seconds - max(note.stop for note in notes)
            seconds = min(max(seconds, -min(note.start for note in notes)), max(last, 0.0))
            self.edit(
                tr("Move notes"),
                lambda m, k: note_edits.moved(m, k, seconds, 0.0),
                wanted=lambda note: replace(note, start=note.start + seconds),
            )

    def shift_steps(self, steps: int) -> None:
        """Move the selected notes by parts of a beat."""
        self.shift(steps * self._grid())

    def lengthen(self, steps: int) -> None:
        """Let the selected notes end later (or earlier) by parts of a beat."""
        by = steps * self._grid()

        def edit(melody: Melody, notes: tuple[int, ...]) -> Melody:
            for k in reversed(notes):  # a note that grows may swallow the next
                note = melody.notes[k]
                stop = max(note.stop + by, note.start + SHORTEST)
                melody = note_edits.resized(melody, k, note.start, stop)
            return melody

        self.edit(tr("Resize notes"), edit)

    def _grid(self) -> float:
        """Seconds of a part of a beat."""
        melody = self._session.melody(self.track)
        return melody.beat.seconds / melody.beat.grid if melody is not None else 0.0

    def split(self, at: float) -> None:
        """Split the selected note that `at` (seconds) lies in; else each in its middle."""

        melody, notes = self._session.melody(self.track), self.chosen
        if melody is None or not notes or not self.editable(self.track):
            return
        after = melody
        inside = [k for k in notes if cuttable(melody.notes[k], at)]
        for k in reversed(inside or notes):
            note = melody.notes[k]
            after = note_edits.split(after, k, at if inside else note.start + note.length / 2)
        chosen = touched(melody, after, notes)
        self.commit(tr("Split notes"), self.track, after, chosen)
        self.told.emit(self.words())

    def merge(self) -> None:
        """Make one note of the selected ones; of one, also the note after it."""

        def edit(melody: Melody, notes: tuple[int, ...]) -> Melody:
            if len(notes) == 1:
                notes = (notes[0], min(notes[0] + 1, len(melody.notes) - 1))
            return note_edits.merged(melody, notes) if notes[0] != notes[-1] else melody

        self.edit(tr("Merge notes"), edit)

    def snap(self) -> None:
        """Put the selected notes where the pitch curve is."""
        self.edit(tr("Snap notes to the pitch"), note_edits.snapped)
        self.sound()

    def quantise(self) -> None:
        """Put the selected notes, or all, on the beat grid."""
        self.edit(tr("Quantise notes to the grid"), note_edits.to_grid, whole=True)

    def to_key(self) -> None:
        """Put the selected notes, or all, on the nearest pitch of the key."""
        self.edit(tr("Quantise notes to the key"), note_edits.to_key, whole=True)

    def delete(self) -> None:
        """Delete the selected notes."""
        count = len(self.chosen)
        track, melody = self.track, self._session.melody(self.track)
        if count and melody is not None and self.editable(track):
            after = note_edits.without(melody, self.chosen)
            self.commit(tr("Delete notes"), track, after, ())
            one = count == 1
            self.told.emit(tr("Note deleted") if one else tr("{count} notes deleted", count=count))

    def add(self, start: float) -> None:
        """Add a note of a beat at a time, at the pitch that is sung there."""
        track = self.here
        kept = self._session.project.track(track)
        if kept is None or not self.editable(track) or start >= kept.clip.seconds:
            return
        melody = kept.melody or Melody()
        stop = min(start + melody.beat.seconds, kept.clip.seconds)
        later = [note.start for note in melody.notes if note.start > start + SHORTEST]
        stop = min([stop, *later[:1]])
        pitch = sung_pitch(melody, start, stop) or (self.notes[0].pitch if self.notes else 60.0)
        self.insert(track, Note(start, max(stop - start, SHORTEST), round(pitch)))
        self.sound()

    def insert(self, track: int, note: Note, bend: Drawn | None = None) -> None:
        """Add a note to a lane and select it."""
        melody = note_edits.added(self._session.melody(track) or Melody(), note)
        if bend is not None:
            melody = note_edits.with_drawn(melody, bend)
        self.commit(tr("Draw a note"), track, melody, nearest(melody, [note]))
        self.told.emit(self.words())

    def bend(self, semitones: float) -> None:
        """Let the selected notes end higher or lower: their pitch slides there."""

        def edit(melody: Melody, notes: tuple[int, ...]) -> Melody:
            for k in notes:
                melody = bends.bent(melody, k, bends.end_of(melody, k) + semitones)
            return melody

        self.edit(tr("Bend notes"), edit)
        self.sound()

    @property
    def bendable(self) -> bool:
        """Whether notes are selected that a voice sings as they are drawn."""
        melody = self._session.melody(self.track) if self.chosen else None
        return melody is not None and self.sung(self.track) and not melody.quantised

    # The pitch curve

    def draw(self, track: int, drawn: Drawn) -> None:
        """Lay pitch drawn by hand over a lane's curve."""
        melody = note_edits.with_drawn(self._session.melody(track) or Melody(), drawn)
        name = tr("Draw pitch") if any(drawn.pitches) else tr("Erase pitch")
        self.commit(name, track, melody, self.chosen if track == self.track else ())

    def flatten(self) -> None:
        """Let the curve run straight through the selected notes."""
        self.edit(tr("Straighten the pitch"), lambda m, k: drawn_over(m, k, sung=True))

    def silence(self) -> None:
        """Let nobody sing during the selected notes, as far as the curve goes."""
        self.edit(tr("Erase pitch"), lambda m, k: drawn_over(m, k, sung=False))

    def forget_drawn(self) -> None:
        """Take back what was drawn by hand during the selected notes."""

        def edit(melody: Melody, notes: tuple[int, ...]) -> Melody:
            return undrawn(melody, [(melody.notes[k].start, melody.notes[k].stop) for k in notes])

        self.edit(tr("Forget drawn pitch"), edit)

    # Keeping in step

    def _grew(self, _track: int) -> None:
        self._follow()
        self.changed.emit()

    def _follow(self) -> None:
        """Keep the same notes selected when the melody is another one."""
        if not self.track:
            return
        now = self._session.melody(self.track)
        if now is self._seen:
            return
        self._preview = None
        before, self._seen = self._seen, now
        if now is None or before is None:
            self.track, self.chosen = 0, ()
        else:
            self.chosen = same(before, now, self.chosen)
            self.track = self.track if self.chosen else 0
        self.changed.emit()
