"""A melody as a value: its notes, the pitch curve behind them, and how its time is counted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.types import AudioClip

# Rows of the curves of one voice, kept like sound in a clip of `CURVES` channels: see `Melody`.
PITCH, VOICED, ONSET, OFFSET, LEVEL = range(5)
CURVES = 5
CURVE_RATE = 100  # frames a second; frame k is centred at k / CURVE_RATE

HELD = "-"  # the lyric of a note that goes on with the syllable before it
LOWEST, HIGHEST = 0.0, 127.0  # MIDI numbers; 60 is C4, 69 is A4 at 440 Hz


@dataclass(frozen=True, slots=True)
class Note:
    """`start` and `length` in seconds, `pitch` as a MIDI number with its fraction (60 is C4).

    A lyric that ends with "-" is a syllable whose word goes on in the next note; `HELD` alone goes
    on with the syllable before. `own` notes were made or changed by hand: settings leave them.
    `phones` are sounds given by hand for this note, in ARPAbet ("HH AH0"); "" takes them from the
    lyric.
    """

    start: float
    length: float
    pitch: float
    velocity: float = 0.8  # 0 … 1
    lyric: str = ""
    confidence: float = 1.0  # 0 … 1
    own: bool = False
    phones: str = ""

    @property
    def stop(self) -> float:
        """Where it ends, in seconds."""
        return self.start + self.length


@dataclass(frozen=True, slots=True)
class NoteSettings:
    """How notes are read off curves: what the sliders move. The network is not run for them.

    `voiced` and `onset` are probabilities from which on somebody sings and a new note begins;
    `shortest` is the least length in seconds, `smoothing` the width in seconds of the pitch that
    notes are read from, and `merge` the step in semitones below which two notes that touch are
    one.
    """

    voiced: float = 0.4
    onset: float = 0.6
    shortest: float = 0.1
    smoothing: float = 0.1
    merge: float = 0.4


@dataclass(frozen=True, slots=True)
class Beat:
    """How time is counted: `tempo` beats a minute, `first` the second of a bar's first beat.

    `per_bar` beats make a bar, `grid` parts make a beat: notes are quantised to those.
    """

    tempo: float = 120.0
    first: float = 0.0
    per_bar: int = 4
    grid: int = 4

    @property
    def seconds(self) -> float:
        """Length of a beat."""
        return 60.0 / self.tempo

    def at(self, seconds: float) -> float:
        """The beat, counted from `first`, at a time."""
        return (seconds - self.first) / self.seconds

    def time(self, beat: float) -> float:
        """The time in seconds of a beat."""
        return self.first + beat * self.seconds


@dataclass(frozen=True, slots=True)
class Drawn:
    """Pitch drawn by hand: MIDI numbers from `start` (seconds) on, one each 1 / CURVE_RATE s.

    0 means that nobody sings there.
    """

    start: float
    pitches: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Melody:
    """What is sung on a lane: as sung in `notes`; `engine.quantise` shows them on the grid.

    `curves` is what the network said, kept on disk like sound: of one voice, `CURVES` channels
    (rows `PITCH` as MIDI numbers, `VOICED`, `ONSET` and `OFFSET` as probabilities, `LEVEL` as RMS
    re full scale) at `CURVE_RATE`; of many voices, what `engine.polyphony` says. `drawn` lies over
    them, later strokes on top. `settled` are `(start, stop, pitch)` of notes that were read off the
    curves and then taken away or moved by hand: they are not read again.
    `key` is "C", "A minor" …, or "" as long as nobody knows. `quantised` tells which of two views
    of the melody is shown, heard and exported.
    `blend` goes from 0, the recording alone, to 1, the notes alone, which are played as `sound`.
    """

    notes: tuple[Note, ...] = ()
    curves: AudioClip | None = None
    drawn: tuple[Drawn, ...] = ()
    settled: tuple[tuple[float, float, float], ...] = ()
    settings: NoteSettings = field(default_factory=NoteSettings)
    beat: Beat = field(default_factory=Beat)
    key: str = ""
    quantised: bool = False
    blend: float = 0.0
    sound: str = "piano"  # "tone" | "piano"

    def with_notes(self, notes: Iterable[Note]) -> Melody:
        """The melody with other notes, in order of their starts."""
        return replace(self, notes=tuple(sorted(notes, key=lambda n: (n.start, n.pitch))))
