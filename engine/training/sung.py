"""Endless training examples for melody: singers over bands, with what is sung and when.

What is sung comes from MIR-1K's own labels; for other singers alone, SwiftF0 (Nieradzik, 2025)
tells the pitch of the clean recording. Where notes begin without a rest and without another pitch,
no such curve tells: that is taught by scores that the bundled voice sings, and by UltraStar songs.
As the octaves of the latter are not reliable, they teach which tone of the scale is sung; they are
heard as they are and as the bundled network separates them, since both are transcribed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import numpy as np
import soxr
import torch
from torch import Tensor

from engine import tasks
from engine.cards import cards
from engine.melody import CURVE_RATE, NoteSettings
from engine.notes import one_voice
from engine.training.corpus import RATE, Recording, decode, open_recording
from engine.training.evaluate_melody import read_song
from engine.training.melody_peers import run
from engine.training.remix import BEDS, KARAOKE, VOICES, Remixes, level_db
from engine.types import Origin, Scratch

HOP = 882  # samples at 44.1 kHz between labels: 20 ms
PER_SECOND = RATE // HOP
# Rows of the labels; `SURE` is 1 where pitch is known, `TOLD` where all onsets are.
PITCH, VOICED, ONSET, OFFSET, SURE, TOLD = range(6)
ROWS = 6
SINGERS = VOICES | {"mir1k": 0.9, "singer": 0.3}  # the pitch of MIR-1K was labelled by people
SONGS = 0.35  # share of examples that are UltraStar songs
HELD_OUT_SONGS = 3  # the last UltraStar songs are for evaluation only


class Sung(Remixes):
    """Yields `(mix, voice, labels)` without end: float32 `(2, samples)` twice, `(ROWS, frames)`.

    The voice is silent where it is not known by itself (UltraStar).
    """

    def __init__(self, data: Path, cache: Path, seconds: float, seed: int) -> None:
        super().__init__(data, cache, seconds, seed)
        self.frames = int(seconds * PER_SECOND) * HOP
        folder = cache / "sung"
        folder.mkdir(exist_ok=True)
        self.labels: dict[str, np.ndarray] = {}
        tracker: Any = None
        known = np.load(data / "mir1k" / "pitch.npz") if (data / "mir1k").is_dir() else {}
        for (kind, source), recordings in self.by_source.items():
            for recording in recordings if kind == "voice" else ():
                path = folder / f"{recording.file}.labels.npy"
                if not path.exists():
                    if source == "mir1k":
                        pitches = np.concatenate([[0.0], known[recording.song.split("/")[-1]]])
                    else:
                        tracker = tracker or _tracker()
                        pitches = _tracked(tracker, self._whole(recording))
                    labels = with_notes(pitches)
                    if source == "singer":
                        score = np.loadtxt(cache / f"{recording.song}.csv", delimiter=",", ndmin=2)
                        _mark(labels, score[:, :2])
                        labels[TOLD] = 1
                    with _written(path) as file:
                        np.save(file, labels)
                self.labels[recording.file] = np.load(path)
        self.songs = list(_songs(data, folder))

    def _whole(self, recording: Recording) -> np.ndarray:
        sound = open_recording(self.cache, recording)
        return np.asarray(sound, np.float32).mean(1) / 32_768

    def __iter__(self) -> Iterator[tuple[Tensor, ...]]:
        worker = torch.utils.data.get_worker_info()
        rng = np.random.default_rng([self.seed, worker.id if worker else 0])
        while True:
            song = bool(self.songs) and rng.random() < SONGS
            made = self._of_song(rng) if song else self._of_singer(rng)
            yield tuple(torch.from_numpy(np.ascontiguousarray(part, np.float32)) for part in made)

    def _of_song(self, rng: np.random.Generator) -> tuple[np.ndarray, ...]:
        """A song as it is, or its separated singer over the rest turned down, or another band."""
        song = self.songs[int(rng.integers(len(self.songs)))]
        speed = self._speed(rng)
        need = int(self.frames * speed) + 2
        at = int(rng.integers(0, max(song.frames - need, 1)))
        whole, vocals = (
            self._resampled(np.asarray(sound[at : at + need], np.float32).T / 32_768, speed)
            for sound in (
                np.memmap(path, np.int16, "r", shape=(song.frames, 2)) for path in song.files
            )
        )
        chance = rng.random()
        if chance < 0.35:
            mix = whole
        elif chance < 0.65:
            mix = vocals + np.float32(rng.uniform(0, 0.7)) * (whole - vocals)
        else:
            bed, _ = self._band(rng, BEDS)
            level = rng.normal(-3.0, 4.0) + max(level_db(vocals), -50) - level_db(bed)
            mix = vocals + self._arrange(rng, bed) * np.float32(10 ** (level / 20))
        mix = self._tone(rng, mix, 22_050.0)
        gain = rng.uniform(0.3, 1.0) / max(float(np.abs(mix).max()), 1e-3)
        return mix * gain, np.zeros_like(mix), self._labelled(song.labels, at, speed)

    def _of_singer(self, rng: np.random.Generator) -> tuple[np.ndarray, ...]:
        singer = self._choose(rng, "voice", SINGERS)
        at, speed = self._place(rng, singer), self._speed(rng)
        voice = self._excerpt(singer, at, speed)
        labels = self._labelled(self.labels[singer.file], at, speed)
        own = self.bands.get(singer.song)
        band_hz = singer.band_hz
        if own is not None and rng.random() < 0.35:
            bed = self._excerpt(own, at, speed)
        else:
            odds = KARAOKE if singer.source == "mir1k" and rng.random() < 0.8 else BEDS
            bed, highest = self._band(rng, odds)
            band_hz = min(band_hz, highest)
            bed = self._arrange(rng, bed)
            voice = self._produce(rng, voice)
        voice, bed = self._tone(rng, voice, band_hz), self._tone(rng, bed, band_hz)
        level = rng.normal(0.0, 4.0) + level_db(bed) - max(level_db(voice), -50)
        chance = rng.random()
        if chance < 0.25:  # alone, or as a separation leaves it: with a little of the band
            level += rng.uniform(12, 60)
        elif chance < 0.29:
            voice, labels = np.zeros_like(voice), np.zeros_like(labels)
            level = 0.0
        voice = voice * np.float32(10 ** (level / 20))
        if rng.random() < (0.7 if singer.source == "mir1k" else 0.3):
            voice, bed = (np.repeat(part.mean(0, keepdims=True), 2, 0) for part in (voice, bed))
        mix = voice + bed
        gain = rng.uniform(0.2, 1.0) * rng.choice([-1, 1]) / max(float(np.abs(mix).max()), 1e-4)
        return mix * gain, voice * gain, labels

    def _labelled(self, labels: np.ndarray, at: int, speed: float) -> np.ndarray:
        """The labels `(ROWS, frames)` of an excerpt that begins at sample `at`, played faster."""
        frames = self.frames // HOP + 1
        source = at / HOP + np.arange(frames) * speed
        nearest = np.round(source).astype(int)
        inside = nearest < labels.shape[1]
        out = np.zeros((ROWS, frames), np.float32)
        out[:, inside] = labels[:, nearest[inside]]
        out[PITCH] += (out[PITCH] > 0) * 12 * np.log2(speed)
        for row in (ONSET, OFFSET):  # moments, not stretches: none may fall between two frames
            places = np.flatnonzero(labels[row]) - at / HOP
            places = np.round(places / speed).astype(int)
            out[row] = 0
            out[row, places[(places >= 0) & (places < frames)]] = 1
        return out


def with_notes(pitches: np.ndarray) -> np.ndarray:
    """Labels `(ROWS, frames)` of a pitch curve (MIDI numbers each 20 ms, 0 where nobody sings).

    Notes begin and end where the curve read as notes does.
    """
    labels = np.zeros((ROWS, len(pitches)), np.float32)
    sung = pitches > 0
    labels[PITCH], labels[VOICED], labels[SURE] = pitches, sung, sung
    twice = CURVE_RATE // PER_SECOND
    fine = np.repeat(pitches, twice)
    nothing = np.zeros(len(fine))
    notes = one_voice(fine, np.repeat(sung, twice).astype(float), nothing, nothing, NoteSettings())
    _mark(labels, [(note.start, note.stop) for note in notes])
    return labels


def _mark(labels: np.ndarray, spans: np.ndarray | list[tuple[float, float]]) -> None:
    """Mark where notes begin and end, and nowhere else."""
    labels[[ONSET, OFFSET]] = 0
    last = labels.shape[1] - 1
    for start, stop in spans:
        labels[ONSET, min(round(start * PER_SECOND), last)] = 1
        labels[OFFSET, min(round(stop * PER_SECOND), last)] = 1


@contextmanager
def _written(path: Path) -> Iterator[BinaryIO]:
    """A file to write that has its name only when it is whole: others may pack the same."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    with part.open("wb") as file:
        yield file
    part.replace(path)


def _tracker() -> Any:
    from swift_f0 import SwiftF0

    return SwiftF0(threads=1)


def _tracked(tracker: Any, sound: np.ndarray) -> np.ndarray:
    """MIDI numbers each 20 ms of someone singing alone, 0 where nobody sings."""
    small = soxr.resample(sound, RATE, 16_000)
    found = tracker.detect(small, 16_000)
    times = np.arange(int(len(sound) / HOP) + 1) / PER_SECOND
    at = np.clip(np.searchsorted(found.timestamps, times), 0, len(found.timestamps) - 1)
    sung = np.asarray(found.confidence)[at] > 0.85
    hz = np.maximum(np.asarray(found.pitch_hz)[at], 1.0)
    blocks = np.pad(np.abs(sound), (0, HOP - len(sound) % HOP)).reshape(-1, HOP).max(1)
    level = np.maximum(blocks, np.concatenate([[0.0], blocks[:-1]]))
    sung &= level > 10 ** (-50 / 20)
    return np.where(sung, 69 + 12 * np.log2(hz / 440), 0.0)


class Song(NamedTuple):
    """An UltraStar song: int16 files `(frames, 2)` of all of it and of the separated singer."""

    files: tuple[Path, Path]
    frames: int
    labels: np.ndarray  # (ROWS, frames of 20 ms)


def _songs(data: Path, folder: Path) -> Iterator[Song]:
    """Packed UltraStar songs for training."""
    for song in sorted((data / "ultrastar").glob("*/"))[:-HELD_OUT_SONGS]:
        files = folder / f"{song.name}.i16", folder / f"{song.name}.vocals.i16"
        for path, change in zip(files, (np.asarray, _vocals), strict=True):
            if not path.exists():
                samples = change(decode([song / "audio.opus"])[0])
                samples = np.broadcast_to(samples, (len(samples), 2))
                samples = samples * (32_000 / max(float(np.abs(samples).max()), 1.0))
                with _written(path) as file:
                    samples.round().astype(np.int16).tofile(file)
        frames = files[0].stat().st_size // 4
        labels = np.zeros((ROWS, frames // HOP + 1), np.float32)
        notes = read_song((song / "song.txt").read_text("utf-8", "replace"))
        for start, stop, pitch in notes:
            sung = slice(round(start * PER_SECOND), round(stop * PER_SECOND))
            labels[VOICED, sung], labels[PITCH, sung] = 1, pitch
        _mark(labels, notes[:, :2])
        labels[TOLD] = 1
        yield Song(files, frames, labels)


def _vocals(samples: np.ndarray) -> np.ndarray:
    """What the bundled network separates from a song `(frames, channels)`."""
    scratch = Scratch()
    clip = scratch.clip(samples.shape[1], len(samples), RATE, Origin())
    clip.write(0, samples.T.astype(np.float32))
    vocals = run(tasks.separate(clip, cards("separate")[0], scratch, "auto")).clips["vocals"]
    found = vocals.read(0, vocals.frames).T
    scratch.close()
    return found
