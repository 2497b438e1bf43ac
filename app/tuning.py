"""How a melody is read off its curves, counted, seen and heard: what the melody strip sets."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.notation import UNSURE
from app.practice import Taps
from app.studio import trouble_of
from app.words import marked, tr
from engine.events import Ended, Event, Progress, State, Work
from engine.keys import KEYS
from engine.melody import HIGHEST, LOWEST, Beat, Melody, NoteSettings
from engine.metronome import FASTEST, SLOWEST
from engine.project import Project
from engine.types import Track

if TYPE_CHECKING:
    from app.session import Session
    from app.settings import Settings
    from app.studio import Studio
    from engine.jobs import Job

SOUNDS = ("piano", "tone")
GRIDS = (1, 2, 3, 4, 6, 8, 12)  # parts of a beat that notes are quantised to
MOST_PER_BAR = 16
BARS = (2, 3, 4, 5, 6, 7)  # beats of a bar that keys go through
BLEND_STEP = 0.1
_STEPS = {
    "voiced": marked("Voicing of {name}"),
    "onset": marked("Onset of {name}"),
    "shortest": marked("Shortest note of {name}"),
    "smoothing": marked("Smoothing of {name}"),
    "merge": marked("Merging of {name}"),
}


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Settings that a lane's notes are to be read with; steps of an equal `merge` are one."""

    id: int
    settings: NoteSettings
    name: str
    merge: object


class Tuning(QObject):
    """Acts on the melody at hand: that of the selected lane, else of one beside it in its song."""

    changed = Signal()  # another melody is at hand, or it is another value now
    shown_changed = Signal(bool)  # the strip
    adjust_asked = Signal()  # a person wants to move the sliders now

    def __init__(self, studio: Studio, settings: Settings) -> None:
        super().__init__(studio)
        self._studio, self._settings = studio, settings
        self._session: Session = studio.session
        self._wanted: _Wanted | None = None
        self._reading: Job | None = None
        self._taps = Taps()
        self._session.lanes_changed.connect(self.changed)
        self._session.selection_changed.connect(self.changed)

    # Which melody

    @property
    def track(self) -> Track | None:
        """The track whose melody is at hand."""
        project = self._session.project
        lane = self._session.lane(self._session.selected)
        if lane is None:
            return None
        own = project.track(lane.track.id)
        mates = [own, *(t for t in project.tracks if t.group == lane.track.group)]
        return next((t for t in mates if t is not None and t.melody is not None), None)

    @property
    def melody(self) -> Melody | None:
        """The melody at hand."""
        track = self.track
        return track.melody if track is not None else None

    def counts(self) -> tuple[int, int]:
        """How many notes it has, and how many of them are uncertain."""
        notes = self.melody.notes if self.melody is not None else ()
        return len(notes), sum(note.confidence < UNSURE for note in notes)

    # Reading notes off the curves

    @property
    def can_read(self) -> bool:
        """Whether there are curves that notes can be read off anew."""
        return self.melody is not None and self.melody.curves is not None

    @property
    def settings(self) -> NoteSettings:
        """The settings of the melody at hand, those being read with included."""
        track, wanted = self.track, self._wanted
        if track is None or track.melody is None:
            return NoteSettings()
        if wanted is not None and wanted.id == track.id:
            return wanted.settings
        return track.melody.settings

    def read_with(self, gesture: object = None, **changes: float) -> None:
        """Read the notes with other settings; changes of one gesture are one undo step."""
        track = self.track
        settings = replace(self.settings, **changes)
        if track is None or not self.can_read or settings == self.settings:
            return
        (changed, *_) = changes
        merge = ("read", track.id, changed, gesture)
        name = tr(_STEPS[changed], name=track.name)
        self._wanted = _Wanted(track.id, settings, name, merge)
        self._read()
        self.changed.emit()

    def _read(self) -> None:
        """Read with the newest wish, unless that is being done."""
        wanted = self._wanted
        track = self._session.project.track(wanted.id) if wanted is not None else None
        if self._reading is not None or wanted is None:
            return
        if track is None or track.melody is None or track.melody.curves is None:
            self._wanted = None
            return
        before = track.melody

        def work() -> Work:
            from engine import notes

            yield Progress(math.nan)
            asked = replace(before, settings=wanted.settings)
            return asked.with_notes(notes.read(asked))

        def on_event(event: Event) -> None:
            if not isinstance(event, Ended):
                return
            self._reading = None
            now = self._session.project.track(wanted.id)
            if event.state is State.FAILED:
                self._studio.trouble.emit(trouble_of(event.error, wanted.id))
            untouched = now is not None and now.melody is before
            undone = now is None or now.melody is None or now.melody.settings != before.settings
            if event.state is not State.DONE or undone:
                self._wanted = None
            elif untouched:
                if self._wanted is wanted:
                    self._wanted = None
                made = {wanted.id: {"melody": event.result}}
                self._session.set_tracks(wanted.name, made, wanted.merge)
            self._read()  # a newer wish, or the same once more: a note was changed meanwhile
            self.changed.emit()

        self._reading = self._studio.jobs.submit("Read notes", work, "ears", on_event, listed=False)

    # Counting time

    @property
    def beat(self) -> Beat:
        """How the time of the melody at hand is counted."""
        return self.melody.beat if self.melody is not None else Beat()

    def set_tempo(self, tempo: float) -> None:
        """Count so many beats a minute; changes in a row are one undo step."""
        tempo = round(min(max(tempo, SLOWEST), FASTEST), 2)
        self._count(tr("Tempo {tempo}", tempo=f"{tempo:g}"), "tempo", tempo=tempo)

    def scale_tempo(self, factor: float) -> None:
        """Count twice or half as many beats, if that is a tempo still."""
        if SLOWEST <= self.beat.tempo * factor <= FASTEST:
            self.set_tempo(self.beat.tempo * factor)

    def tap(self) -> None:
        """Take this moment for a beat; from the second one on they tell the tempo."""
        tempo = self._taps.tap()
        if tempo is not None:
            self.set_tempo(tempo)

    def set_first(self, seconds: float) -> None:
        """Let a bar begin at this second."""
        name = tr("First beat at {seconds} s", seconds=f"{seconds:.3f}")
        self._count(name, "first", first=round(seconds, 3))

    def first_here(self) -> None:
        """Let a bar begin where the playhead is."""
        self.set_first(self._studio.axis.playhead)

    def set_per_bar(self, beats: int) -> None:
        """Give bars so many beats."""
        beats = min(max(beats, 1), MOST_PER_BAR)
        self._count(tr("{count} beats a bar", count=beats), "per_bar", per_bar=beats)

    def next_bar(self) -> None:
        """Give bars the next usual number of beats, and round again."""
        longer = [beats for beats in BARS if beats > self.beat.per_bar]
        self.set_per_bar(next(iter([*longer, *BARS])))

    def set_grid(self, parts: int) -> None:
        """Quantise to so many parts of a beat."""
        self._count(tr("Grid of {count} a beat", count=parts), "grid", grid=parts)

    def next_grid(self) -> None:
        """Go to the next finer grid, and round again."""
        finer = [parts for parts in GRIDS if parts > self.beat.grid]
        self.set_grid(next(iter([*finer, *GRIDS])))

    def _count(self, name: str, merge: str, **changes: float) -> None:
        """Change the beat, which all lanes of a song share as long as nobody parts them."""
        track, before = self.track, self.beat
        if track is None:
            return
        after = replace(before, **changes)
        if after == before:
            return
        project = self._session.project
        for mate in project.tracks:
            if mate.melody is not None and mate.group == track.group and mate.melody.beat == before:
                project = project.replaced(mate.id, melody=replace(mate.melody, beat=after))
        self._session.edit(name, _in_step(project, before, after), merge=("beat", merge, track.id))

    # Key

    def set_key(self, key: str) -> None:
        """Name the key ("": nobody knows), for all lanes of a song that had the same."""
        track = self.track
        if track is None or track.melody is None or track.melody.key == key:
            return
        before, project = track.melody.key, self._session.project
        for mate in project.tracks:
            if mate.melody is not None and mate.group == track.group and mate.melody.key == before:
                project = project.replaced(mate.id, melody=replace(mate.melody, key=key))
        name = tr("Key {key}", key=key_text(key)) if key else tr("No key")
        self._session.edit(name, project, merge=("key", track.id))

    def next_key(self, by: int) -> None:
        """Go to the next key of the list, or the one before."""
        if self.melody is not None:
            keys = ("", *KEYS)
            at = keys.index(self.melody.key) if self.melody.key in keys else 0
            self.set_key(keys[(at + by) % len(keys)])

    # Seeing and hearing

    def set_quantised(self, quantised: bool) -> None:
        """Show, play and export the notes on the grid and in key, or as they are sung."""
        name = tr("{name} quantised") if quantised else tr("{name} as sung")
        self._set(name, quantised=quantised)

    def toggle_quantised(self) -> None:
        """Go from one of the two views to the other."""
        if self.melody is not None:
            self.set_quantised(not self.melody.quantised)

    def transpose(self, semitones: int) -> None:
        """Move all notes up or down; presses in a row are one undo step."""
        melody = self.melody
        if melody is None or not melody.notes:
            return
        from engine import note_edits

        pitches = [note.pitch + semitones for note in melody.notes]
        if min(pitches) >= LOWEST and max(pitches) <= HIGHEST:
            moved = note_edits.transposed(melody, range(len(melody.notes)), semitones)
            self._replace(tr("Transpose {name}"), moved, "transpose")

    def set_blend(self, blend: float, gesture: object = None) -> None:
        """Hear the recording (0), the notes (1), or some of both."""
        blend = round(min(max(blend, 0.0), 1.0), 3)
        self._set(tr("Recording and notes of {name}"), ("blend", gesture), blend=blend)

    def step_blend(self, by: int) -> None:
        """Hear a tenth more of the notes, or of the recording."""
        if self.melody is not None:
            self.set_blend(self.melody.blend + by * BLEND_STEP, "keys")

    def set_sound(self, sound: str) -> None:
        """Play the notes as this."""
        self._set(tr("Sound of {name}"), sound=sound)

    def next_sound(self) -> None:
        """Play the notes with the other sound."""
        if self.melody is not None:
            at = SOUNDS.index(self.melody.sound) if self.melody.sound in SOUNDS else -1
            self.set_sound(SOUNDS[(at + 1) % len(SOUNDS)])

    def remove(self) -> None:
        """Take the melody off its lane; a lane that is nothing but notes goes with them."""
        track = self.track
        if track is not None and track.role in ("notes", "voice"):
            self._studio.remove(track.id)
        elif track is not None:
            name = tr("Remove notes of {name}", name=track.name)
            self._session.set_tracks(name, {track.id: {"melody": None}})

    def _set(self, name: str, merge: object | None = None, **changes: object) -> None:
        melody = self.melody
        if melody is not None:
            self._replace(name, replace(melody, **changes), merge)  # type: ignore[arg-type]

    def _replace(self, name: str, melody: Melody, merge: object | None) -> None:
        track = self.track
        if track is not None:
            step = None if merge is None else ("melody", track.id, merge)
            named = name.format(name=track.name)
            self._session.set_tracks(named, {track.id: {"melody": melody}}, step)

    # The strip

    @property
    def shown(self) -> bool:
        """Whether the strip is wanted where there is a melody."""
        return self._settings.melody_strip

    @property
    def adjusting(self) -> bool:
        """Whether its second row is wanted."""
        return self._settings.melody_sliders

    def toggle_strip(self) -> None:
        """Show or hide the strip."""
        self._settings.melody_strip = not self._settings.melody_strip
        self.shown_changed.emit(self.shown)

    def toggle_sliders(self) -> None:
        """Show or hide its second row."""
        self._settings.melody_sliders = not self._settings.melody_sliders
        self.shown_changed.emit(self.shown)

    def adjust(self) -> None:
        """Show the sliders and put the keyboard on them."""
        self._settings.melody_strip = self._settings.melody_sliders = True
        self.shown_changed.emit(True)
        self.adjust_asked.emit()


def key_text(key: str) -> str:
    """A key of `engine.keys.KEYS` for a person; empty as long as it is not known."""
    tonic, _, mode = key.partition(" ")
    if not tonic:
        return tr("unknown")
    return tr("{tonic} minor", tonic=tonic) if mode == "minor" else tr("{tonic} major", tonic=tonic)


def _in_step(project: Project, before: Beat, after: Beat) -> Project:
    """Let the count-in of the document follow the song's tempo, where it has done so far."""
    same = math.isclose(project.tempo, round(before.tempo, 1))
    return replace(project, tempo=round(after.tempo, 1)) if same else project
