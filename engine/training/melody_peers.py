"""The trackers that the melody network is held against, and how all of them are asked.

A tracker is called with float32 `(frames,)` and its rate, and returns what it `Heard`. None of them
is part of the program: the extra "bench" in pyproject.toml brings them.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import soxr

from engine import tasks
from engine.cards import ModelCard
from engine.events import Work
from engine.melody import CURVES
from engine.training.instruments import heard, published
from engine.types import AudioClip, Origin, Scratch

RATE = 16_000  # of the sound that the trackers of one voice get
LOWEST, HIGHEST = 65.0, 1047.0  # Hz; a voice, C2 to C6
CELL = 0.125  # seconds; a sixteenth at 120 beats a minute
CONFIDENT = 0.4  # from which on UltraSinger counts a frame
SHORTEST = 0.08  # seconds; as the program's own notes
BINS = 3  # of Basic Pitch's contours in a semitone
SHARP = 0.31  # semitones its contours are above thirteen steady tones, 110 to 659 Hz
CLEAR = 0.3  # the salience from which on Basic Pitch counts a frame


class Heard(NamedTuple):
    """What a tracker made of a sound.

    `times` in seconds; `hz` there: negative where nobody is said to sing but a pitch was guessed,
    0 where none was; `notes` `(notes, 3)`: start and stop in seconds, pitch as a MIDI number.
    """

    times: np.ndarray
    hz: np.ndarray
    notes: np.ndarray


Tracker = Callable[[np.ndarray, int], Heard]


def midi(hz: np.ndarray) -> np.ndarray:
    """MIDI numbers of frequencies, whichever their sign; 0 where they are 0."""
    sizes = np.abs(np.nan_to_num(np.asarray(hz, np.float64)))
    return np.where(sizes > 0, 69 + 12 * np.log2(np.maximum(sizes, 1e-9) / 440), 0.0)


def frequencies(pitches: np.ndarray) -> np.ndarray:
    """Hz of MIDI numbers; 0 stays 0, which means that nobody sings."""
    pitches = np.asarray(pitches, np.float64)
    return np.where(pitches > 0, 440 * 2 ** ((pitches - 69) / 12), 0.0)


def simple_notes(times: np.ndarray, pitches: np.ndarray, voiced: np.ndarray) -> np.ndarray:
    """Read notes off a pitch curve: 0.1 s median, nearest semitones, what is under 0.08 s dropped.

    A dropped piece goes to the note before it when it touches that one. Returns `(notes, 3)`, each
    at the median of its pitches.
    """
    hop = _hop(times)
    half = round(0.05 / hop)
    keys = np.zeros(len(times), int)
    for start, stop in _runs(voiced.astype(int)):
        padded = np.pad(pitches[start:stop], half, mode="edge")
        windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * half + 1)
        keys[start:stop] = np.round(np.median(windows, axis=1))
    pieces: list[list[int]] = []
    for start, stop in _runs(keys):
        if (stop - start) * hop >= SHORTEST:
            pieces.append([start, stop])
        elif pieces and pieces[-1][1] == start:
            pieces[-1][1] = stop
    found = [
        (times[start] - hop / 2, times[stop - 1] + hop / 2, np.median(pitches[start:stop]))
        for start, stop in pieces
    ]
    return _rows(found)


def cell_notes(times: np.ndarray, pitches: np.ndarray, confidence: np.ndarray) -> np.ndarray:
    """Read notes as UltraSinger does, as far as that goes without its recogniser of speech.

    It cuts sung syllables into sixteenths, gives each the semitone that most of its confident
    frames are nearest to, and joins neighbours of one semitone; what is shorter than half a
    sixteenth goes to the cell before. Its syllables come from recognised words; here unbroken
    singing stands in for them, and 120 beats a minute for its estimate of the tempo.
    """
    hop = _hop(times)
    long = max(round(CELL / hop), 1)
    notes: list[list[float]] = []
    for start, stop in _runs((confidence > CONFIDENT).astype(int)):
        edges = [*range(start, stop, long), stop]
        if len(edges) > 2 and edges[-1] - edges[-2] < long / 2:
            del edges[-2]
        if stop - start < long / 2:
            continue
        fresh = True
        for left, right in itertools.pairwise(edges):
            keys, counts = np.unique(np.round(pitches[left:right]), return_counts=True)
            key = float(keys[np.argmax(counts)])
            if not fresh and notes[-1][2] == key:
                notes[-1][1] = times[right - 1] + hop / 2
            else:
                notes.append([times[left] - hop / 2, times[right - 1] + hop / 2, key])
            fresh = False
    return _rows(notes)


def loudest_note(notes: np.ndarray, weights: np.ndarray, seconds: float) -> Heard:
    """A pitch each 0.01 s from notes that may sound together: that of the heaviest one."""
    times = np.arange(int(seconds * 100) + 1) / 100
    pitches, heaviest = np.zeros(len(times)), np.zeros(len(times))
    for (start, stop, pitch), weight in zip(notes, weights, strict=True):
        at = slice(*np.searchsorted(times, (start, stop)))
        wins = weight > heaviest[at]
        pitches[at] = np.where(wins, pitch, pitches[at])
        heaviest[at] = np.maximum(weight, heaviest[at])
    return Heard(times, frequencies(pitches), notes)


def swift_f0(own_notes: bool) -> Tracker:
    """SwiftF0, with its package's segmentation into notes or with UltraSinger's."""
    import swift_f0 as package

    detector = package.SwiftF0(threads=1)

    def track(sound: np.ndarray, rate: int) -> Heard:
        found = detector.detect(_at(sound, rate, RATE), RATE)
        times, hz = np.asarray(found.timestamps), np.asarray(found.pitch_hz)
        if own_notes:
            pieces = [
                (n.start, n.end, float(midi(n.pitch_hz))) for n in package.segment_notes(found)
            ]
            notes = _rows(pieces)
        else:
            notes = cell_notes(times, midi(hz), np.asarray(found.confidence))
        return Heard(times, np.where(found.confidence >= 0.5, hz, -hz), notes)

    return track


def pyin(sound: np.ndarray, rate: int) -> Heard:
    """Probabilistic YIN (Mauch and Dixon, 2014) with librosa at a 20 ms hop; simple notes."""
    import librosa

    hz, voiced, _ = librosa.pyin(
        _at(sound, rate, RATE),
        fmin=LOWEST,
        fmax=HIGHEST,
        sr=RATE,
        frame_length=1024,
        hop_length=RATE // 50,
        fill_na=None,
    )
    times = np.arange(len(hz)) / 50
    return Heard(times, np.where(voiced, hz, -hz), simple_notes(times, midi(hz), voiced))


def published_curves(network: Path) -> Callable[[np.ndarray], tuple[np.ndarray, ...]]:
    """Basic Pitch as published (Bittner et al., 2022): returns note, onset and contour curves.

    They are `(frames, 88)`, `(frames, 88)` and `(frames, 264)` of float32 `(samples,)` at
    22,050 Hz, put together from overlapping windows of two seconds as its package does.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(network, options, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    outputs = [f"StatefulPartitionedCall:{number}" for number in (1, 2, 0)]
    size, hop, edge, kept = 43_844, 36_164, 15, 142  # samples and frames of a window

    def curves(sound: np.ndarray) -> tuple[np.ndarray, ...]:
        padded = np.pad(sound, (3_840, size)).astype(np.float32)
        starts = range(0, len(sound) + 3_840, hop)
        parts = [
            session.run(outputs, {name: padded[None, start : start + size, None]})
            for start in starts
        ]
        frames = int(len(sound) / hop * kept)
        return tuple(
            np.concatenate([part[row][0, edge:-edge] for part in parts])[:frames]
            for row in range(3)
        )

    return curves


def basic_pitch(network: Path) -> Tracker:
    """Basic Pitch as published: the strongest of its contours in a voice's range, and its notes.

    It hears many notes at once and does not say which ones are the voice's: all of them count.
    """
    curves = published_curves(network)
    net = published(network)
    low, high = (round(BINS * (float(midi(hz)) - 21)) for hz in (LOWEST, HIGHEST))

    def track(sound: np.ndarray, rate: int) -> Heard:
        contour = curves(_at(sound, rate, 22_050))[2][:, low : high + 1]
        frames = np.arange(len(contour))
        # A window of 172 frames is a little longer than its 43,844 samples; 1.8 ms is measured.
        late = 256 / 22_050 * (172 - 43_844 / 256) + 0.0018
        times = frames * 256 / 22_050 - late * (frames // 172)
        top = np.clip(contour.argmax(1), 1, contour.shape[1] - 2)
        near = np.stack([contour[frames, top + step] for step in (-1, 0, 1)])
        middle = (near[2] - near[0]) / np.maximum(near.sum(0), 1e-9)  # between the bins
        hz = frequencies(21 - SHARP + (low + top + middle) / BINS)
        notes = [(n.start, n.stop, n.pitch) for n in heard(net, _at(sound, rate, 22_050))]
        rows = np.array(notes, np.float64).reshape(-1, 3)
        return Heard(times, np.where(contour.max(1) >= CLEAR, hz, -hz), rows)

    return track


def available(peers: Path) -> Iterator[tuple[str, Tracker]]:
    """Yield the trackers that can be asked here; `peers` is the folder of published networks."""
    yield "SwiftF0, UltraSinger's notes", swift_f0(own_notes=False)
    yield "SwiftF0, its own notes", swift_f0(own_notes=True)
    yield "pYIN, simple notes", pyin
    network = peers / "basic_pitch_nmp.onnx"
    if not network.is_file():
        print(f"left out: Basic Pitch, as there is no {network}")
    else:
        yield "Basic Pitch, published", basic_pitch(network)


class Timed(NamedTuple):
    """What was heard, in how many seconds of sound, and how many seconds that took."""

    heard: Heard
    sound: float
    took: float


class Asking:
    """Asks every system about a sound; `cache` keeps what trackers and the separator said."""

    def __init__(
        self,
        trackers: Mapping[str, Tracker],
        models: Sequence[ModelCard],
        separator: ModelCard | None,
        device: str = "auto",
        cache: Path | None = None,
    ) -> None:
        self.trackers = trackers
        self.models = models
        self.separator = separator
        self.device = device
        self.cache = cache
        self.kept = 0  # answers taken from the cache
        self._warm: set[str] = set()

    def ask(self, name: str, sound: np.ndarray, rate: int, alone: bool) -> dict[str, Timed]:
        """Return by system what is in `(channels, frames)`.

        Unless the voice is `alone`, every system is also given what the separator takes for it.
        """
        length = sound.shape[1] / rate
        answers = {
            title: Timed(heard, length, took)
            for title in self.trackers
            for heard, took in [self._track(title, name, sound.mean(0), rate)]
        }
        for model in self.models:
            answers[model.id] = Timed(*self._transcribe(model, None, sound, rate))
        if alone or self.separator is None:
            return answers
        first, sha = self.separator.id, self.separator.weights.sha256[:8]
        if self.trackers:
            voice, before = self._separate(self.separator, name, sound, rate)
            for title in self.trackers:
                heard, took = self._track(title, f"{name} {first} {sha}", voice, rate)
                answers[f"{first} + {title}"] = Timed(heard, length, before + took)
        for model in self.models:
            answers[f"{first} + {model.id}"] = Timed(
                *self._transcribe(model, self.separator, sound, rate)
            )
        return answers

    def _track(self, title: str, name: str, mono: np.ndarray, rate: int) -> tuple[Heard, float]:
        path = self._path(title, name)
        if path and path.is_file():
            self.kept += 1
            with np.load(path) as kept:
                heard = Heard(kept["times"], kept["hz"], kept["notes"])
                return heard, float(kept["took"])
        if title not in self._warm:  # what is compiled and loaded at first use is not counted
            self.trackers[title](mono[: 2 * rate], rate)
            self._warm.add(title)
        began = time.monotonic()
        heard = self.trackers[title](mono, rate)
        took = time.monotonic() - began
        if path:
            np.savez(path, **heard._asdict(), took=took)
        return heard, took

    def _separate(
        self, separator: ModelCard, name: str, sound: np.ndarray, rate: int
    ) -> tuple[np.ndarray, float]:
        """The voice as the program takes it out, `(frames,)`, and how long that took."""
        path = self._path(f"{separator.id} {separator.weights.sha256[:8]}", name)
        if path and path.is_file():
            self.kept += 1
            with np.load(path) as kept:
                return kept["voice"].astype(np.float32), float(kept["took"])
        run(tasks.warm_up(separator, self.device))
        scratch = Scratch()
        clip = clip_of(scratch, sound, rate)
        began = time.monotonic()
        result = run(tasks.separate(clip, separator, scratch, self.device))
        took = time.monotonic() - began
        voice = result.clips["vocals"].read(0, clip.frames).mean(0)
        scratch.close()
        if path:
            np.savez(path, voice=voice.astype(np.float16), took=took)
        return voice, took

    def _transcribe(
        self, model: ModelCard, separator: ModelCard | None, sound: np.ndarray, rate: int
    ) -> tuple[Heard, float, float]:
        """Transcribe as the program does; also returns the length and how long it took."""
        from engine import notes

        for each in (model, separator):
            if each is not None:
                run(tasks.warm_up(each, self.device))
        scratch = Scratch()
        clip = clip_of(scratch, sound, rate)
        began = time.monotonic()
        if separator is None:
            result = run(tasks.transcribe(clip, model, scratch, self.device))
        else:
            _, result = run(
                tasks.separate_and_transcribe(clip, separator, model, scratch, self.device)
            )
        melody = result.melody
        found = notes.read(melody)
        took = time.monotonic() - began
        rows = _rows([(note.start, note.stop, note.pitch) for note in found])
        if melody.curves is None or melody.curves.channels != CURVES:  # of many voices
            weights = np.array([note.velocity * note.confidence for note in found])
            return loudest_note(rows, weights, clip.seconds), clip.seconds, took
        times, pitches, voiced = notes.contour(melody, 0.0, clip.seconds)
        hz = frequencies(pitches)
        hz = np.where(voiced >= melody.settings.voiced, hz, -hz)
        return Heard(times, hz, rows), clip.seconds, took

    def _path(self, title: str, name: str) -> Path | None:
        if self.cache is None:
            return None
        folder = self.cache / "".join(c if c.isalnum() or c in " -" else "_" for c in title)
        folder.mkdir(parents=True, exist_ok=True)
        return folder / f"{name}.npz"


def run(work: Work) -> Any:
    """Run a verb to its end; returns its result."""
    while True:
        try:
            next(work)
        except StopIteration as stop:
            return stop.value


def clip_of(scratch: Scratch, sound: np.ndarray, rate: int) -> AudioClip:
    """A clip of `(channels, frames)`."""
    clip = scratch.clip(len(sound), sound.shape[1], rate, Origin())
    clip.write(0, sound.astype(np.float32))
    return clip


def _hop(times: np.ndarray) -> float:
    return float(np.median(np.diff(times))) if len(times) > 1 else 0.01


def _runs(values: np.ndarray) -> list[tuple[int, int]]:
    """Where a whole number other than 0 stays the same: `(start, stop)` each."""
    edges = np.flatnonzero(np.diff(values, prepend=0, append=0))
    return [(int(a), int(b)) for a, b in itertools.pairwise(edges) if values[a]]


def _rows(notes: list[tuple[float, float, float]] | list[list[float]]) -> np.ndarray:
    return np.array(notes, np.float64).reshape(-1, 3)


def _at(sound: np.ndarray, rate: int, wanted: int) -> np.ndarray:
    return soxr.resample(sound, rate, wanted) if rate != wanted else sound
