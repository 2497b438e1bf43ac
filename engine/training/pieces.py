"""Pieces of music whose notes are known exactly: scores and made-up music, played by FluidSynth.

Needs the program `fluidsynth` and a General MIDI soundfont (Debian: fluidsynth,
fluid-soundfont-gm), as `engine.training.render` does.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import mido
import numpy as np
import soundfile
from scipy.signal import fftconvolve

from engine.training.render import SOUNDFONT, TICKS, Event, drums

RATE = 22_050
LOWEST, HIGHEST = 21, 108  # MIDI numbers of a piano's keys
SECONDS = 50.0  # of a piece at most
# General MIDI programs, from 0, by how a part may be played.
COLOURS = (
    (0, 0, 0, 1, 2, 3, 4, 5),  # pianos
    (24, 25, 26, 27, 28, 29),  # guitars
    (40, 41, 42, 44, 45, 48, 49),  # strings
    (56, 57, 58, 60, 61, 64, 65, 66, 67, 68, 69, 70, 71, 72, 73, 74, 75),  # winds
    (6, 7, 8, 9, 10, 11, 12, 13, 16, 17, 19, 21, 46, 105, 107),  # other keys and plucked ones
    (32, 33, 34, 36, 38, 50, 51, 52, 53, 80, 81, 88, 89),  # basses, choirs, synthesisers
)
SCALES = ((0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 11), (0, 2, 4, 7, 9), tuple(range(12)))


class Voice(NamedTuple):
    """Notes `(start, length, pitch)` in quarters for one General MIDI program."""

    program: int
    events: list[Event]


def excerpt(rng: np.random.Generator, parts: list[list[Event]]) -> list[list[Event]]:
    """Some of a score's parts from a random quarter on, moved to begin at 0."""
    last = max(start for part in parts for start, _, _ in part)
    begin = float(rng.uniform(0, max(last - 60, 0.1)))
    some = []
    for part in parts:
        rest = [(at - begin, length, pitch) for at, length, pitch in part if at >= begin]
        if rest:
            some.append(rest)
    if len(some) > 1 and rng.random() < 0.3:
        some = [some[int(rng.integers(len(some)))]]
    return some


def made_up(rng: np.random.Generator) -> list[list[Event]]:
    """One to five parts that wander over a scale, some in chords, with rests, in any register."""
    scale = SCALES[int(rng.integers(len(SCALES)))]
    lengths = rng.choice([0.25, 0.5, 0.5, 1.0, 1.5, 2.0, 4.0], int(rng.integers(2, 5)))
    parts = []
    for _ in range(int(rng.integers(1, 6))):
        place = int(rng.integers(2, 8)) * len(scale)
        chord = int(rng.choice([1, 1, 1, 2, 3, 4]))
        now, part = 0.0, []
        while now < 120:
            length = float(rng.choice(lengths))
            place = int(np.clip(place + rng.integers(-3, 4), 0, 9 * len(scale)))
            if rng.random() < 0.88:
                for step in range(chord):
                    octave, degree = divmod(place + 2 * step, len(scale))
                    held = length * float(rng.choice([0.5, 0.9, 1.0, 1.0]))
                    part.append((now, held, 12 + 12 * octave + scale[degree]))
            now += length
        parts.append(part)
    return parts


def voices(rng: np.random.Generator, parts: Sequence[list[Event]]) -> list[Voice]:
    """Give parts instruments, one colour for all or each its own, and transpose them."""
    shift = int(rng.integers(-6, 7)) + 12 * int(rng.choice([0, 0, 0, 1, -1]))
    common = int(rng.choice(len(COLOURS), p=[0.4, 0.15, 0.15, 0.15, 0.1, 0.05]))
    alike = rng.random() < 0.6
    out = []
    for part in parts[:8]:
        colour = COLOURS[common if alike else int(rng.integers(len(COLOURS)))]
        moved = [(at, length, pitch + shift) for at, length, pitch in part]
        heard = [event for event in moved if LOWEST <= event[2] <= HIGHEST]
        out.append(Voice(int(rng.choice(colour)), heard))
    return [voice for voice in out if voice.events]


def performance(
    rng: np.random.Generator, parts: Sequence[Voice], beat: bool
) -> tuple[mido.MidiFile, np.ndarray]:
    """Play at a random tempo, uneven in time and strength, with drums if `beat`.

    Returns the MIDI file and its notes `(notes, 3)`: start and stop in seconds, MIDI pitch.
    """
    tempo = mido.bpm2tempo(float(rng.uniform(60, 170)))
    second = 1e6 * TICKS / tempo  # ticks
    messages: list[tuple[int, int, mido.Message]] = []
    rows: list[tuple[float, float, int]] = []
    channels = [channel for channel in range(16) if channel != 9]
    for channel, voice in zip(channels, parts, strict=False):
        change = mido.Message("program_change", channel=channel, program=voice.program)
        messages.append((0, 0, change))
        loud = int(rng.integers(50, 115))
        keys: dict[int, list[list[int]]] = defaultdict(list)
        for start, length, pitch in sorted(voice.events):
            begin = max(round(start * TICKS + rng.normal(0, 0.008) * second), 0)
            end = begin + max(round(length * TICKS), round(0.06 * second))
            if begin / second > SECONDS - 1:
                break
            if keys[pitch] and begin < keys[pitch][-1][1] + 20:  # struck again
                keys[pitch][-1][1] = max(begin - 20, keys[pitch][-1][0] + 1)
            if not keys[pitch] or begin > keys[pitch][-1][0] + round(0.04 * second):
                keys[pitch].append([begin, end])
        for pitch, spans in keys.items():
            for begin, end in spans:
                velocity = int(np.clip(loud + rng.normal(0, 14), 15, 127))
                args = {"channel": channel, "note": pitch}
                messages.append((begin, 2, mido.Message("note_on", velocity=velocity, **args)))
                messages.append((end, 1, mido.Message("note_off", velocity=0, **args)))
                rows.append((begin / second, min(end / second, SECONDS), pitch))
    if beat:
        for start, length, pitch in drums(rng, SECONDS * second / TICKS):
            args = {"channel": 9, "note": pitch}
            hit = mido.Message("note_on", velocity=int(rng.integers(30, 90)), **args)
            messages.append((int(start * TICKS), 2, hit))
            messages.append((int((start + length) * TICKS), 1, mido.Message("note_off", **args)))
    messages.sort(key=lambda item: item[:2])
    track = mido.MidiTrack([mido.MetaMessage("set_tempo", tempo=tempo)])
    now = 0
    for tick, _, message in messages:
        track.append(message.copy(time=tick - now))
        now = tick
    midi = mido.MidiFile(ticks_per_beat=TICKS, tracks=[track])
    return midi, _distinct(np.array(rows, np.float64).reshape(-1, 3))


def _distinct(notes: np.ndarray) -> np.ndarray:
    """Notes in order; of those that several voices strike together the longest."""
    kept: list[np.ndarray] = []
    for note in notes[np.lexsort((-notes[:, 1], notes[:, 0]))]:
        if not any(n[2] == note[2] and note[0] - n[0] < 0.05 for n in kept[-40:]):
            kept.append(note)
    return np.array(kept).reshape(-1, 3)


def play(midi: mido.MidiFile, room: bool) -> np.ndarray:
    """Sound of a MIDI file: mono float32 `(samples,)` at `RATE`, at most `SECONDS` long."""
    with tempfile.TemporaryDirectory() as folder:
        score, sound = Path(folder) / "a.mid", Path(folder) / "a.wav"
        midi.save(score)
        effects = "1" if room else "0"
        command = ["fluidsynth", "-ni", "-q", "-g", "0.5", "-r", str(RATE)]
        command += ["-R", effects, "-C", effects, "-F", str(sound), str(SOUNDFONT), str(score)]
        subprocess.run(command, check=True, capture_output=True)
        samples, _ = soundfile.read(
            sound, frames=int(SECONDS * RATE), dtype="float32", always_2d=True
        )
    mono = samples.mean(1)
    return mono * (0.7 / max(float(np.abs(mono).max(initial=0.0)), 1e-6))


def roughen(rng: np.random.Generator, sound: np.ndarray) -> np.ndarray:
    """A recording of it: maybe another balance of treble, a room, and noise of any colour."""
    frames = len(sound)
    if rng.random() < 0.5:  # a gentle curve through points at octaves
        spectrum = np.fft.rfft(sound)
        hz = np.fft.rfftfreq(frames, 1 / RATE)
        points = 55 * 2.0 ** np.arange(9)
        curve = np.interp(np.log2(hz + 1), np.log2(points + 1), rng.normal(0, 5, len(points)))
        sound = np.fft.irfft(spectrum * 10 ** (curve / 20), frames)
    if rng.random() < 0.4:
        seconds = float(rng.uniform(0.15, 0.7))
        tail = rng.standard_normal(int(seconds * RATE))
        tail *= 10 ** (-3 * np.arange(len(tail)) / len(tail))
        wet = fftconvolve(sound, tail)[:frames]
        wet *= np.sqrt(np.mean(sound**2) / max(np.mean(wet**2), 1e-12))
        sound = sound + float(rng.uniform(0.05, 0.4)) * wet
    if rng.random() < 0.6:
        noise = np.fft.rfft(rng.standard_normal(frames))
        noise /= np.maximum(np.arange(len(noise)), 1.0) ** float(rng.uniform(0, 1))
        hiss = np.fft.irfft(noise, frames)
        level = np.sqrt(np.mean(sound**2) / max(np.mean(hiss**2), 1e-12))
        sound = sound + hiss * level * 10 ** (-float(rng.uniform(20, 60)) / 20)
    return (sound * (0.7 / max(float(np.abs(sound).max(initial=0.0)), 1e-6))).astype(np.float32)
