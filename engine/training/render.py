"""Bands without limit: accompaniments of scores, arranged at random and rendered by FluidSynth.

    python main.py train bands --scores DATA/scores --out CACHE/rendered --minutes 60

Needs the program `fluidsynth` and a General MIDI soundfont (Debian: fluidsynth,
fluid-soundfont-gm). The sung line of a score goes to a flute, a violin, a horn
(what plays a melody is what a network takes for a singer first), the rest to guitars, keys, strings
or synthesisers; a bass doubles the lowest note, and drums keep the beat.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import mido
import music21
import numpy as np
import soundfile

SOUNDFONT = Path("/usr/share/sounds/sf2/FluidR3_GM.sf2")
TICKS = 480
# General MIDI programs, from 0.
COLOURS = {
    "rock": ([29, 30, 30, 28, 27], [29, 30, 18, 62]),
    "pop": ([0, 4, 5, 25, 27, 11], [48, 50, 88, 89, 4]),
    "electronic": ([80, 81, 90, 62, 87], [89, 90, 94, 50]),
    "acoustic": ([24, 25, 0, 46, 21], [24, 40, 48, 0]),
    "band": ([61, 65, 66, 16, 56], [16, 61, 48, 0]),
}
SOLOISTS = (22, 40, 41, 42, 56, 59, 64, 65, 66, 68, 71, 72, 73, 75, 77, 78, 79, 80, 81, 85, 110)
BASSES = (32, 33, 34, 36, 38, 39)
KICK, SNARE, CLAP, CLOSED, OPEN, RIDE, CRASH = 36, 38, 39, 42, 46, 51, 49
Event = tuple[float, float, int]  # start and length in quarters, MIDI pitch


def read_score(path: Path) -> tuple[list[list[Event]], list[Event]]:
    """The notes of each part that nobody sings, and the sung line."""
    score = music21.converter.parse(path)
    parts: list[list[Event]] = []
    sung: list[Event] = []
    for part in score.parts:
        notes = list(part.flatten().stripTies().notes)
        events = [
            (float(note.offset), float(note.quarterLength), pitch.midi)
            for note in notes
            for pitch in note.pitches
            if note.quarterLength > 0
        ]
        if any(note.lyrics for note in notes):
            sung = events
        elif events:
            parts.append(events)
    return parts, sung


def drums(rng: np.random.Generator, quarters: float) -> Iterator[Event]:
    """A plain beat with some variation, bar by bar."""
    cymbal = int(rng.choice([CLOSED, CLOSED, OPEN, RIDE]))
    back = int(rng.choice([SNARE, SNARE, CLAP]))
    step = float(rng.choice([0.5, 0.5, 0.25, 1.0]))
    kicks = sorted(rng.choice(np.arange(0, 4, 0.5), int(rng.integers(2, 5)), replace=False))
    for bar in np.arange(0, quarters, 4):
        if bar % 32 == 0:
            yield float(bar), 0.5, CRASH
        for beat in np.arange(0, 4, step):
            if rng.random() < 0.95:
                yield float(bar + beat), 0.1, cymbal
        for beat in [*kicks, 0.0]:
            yield float(bar + beat), 0.1, KICK
        for beat in (1.0, 3.0):
            yield float(bar + beat), 0.1, back


def arrange(rng: np.random.Generator, parts: list[list[Event]], sung: list[Event]) -> mido.MidiFile:
    """Give the parts random instruments, add bass and drums."""
    style = list(COLOURS)[int(rng.integers(len(COLOURS)))]
    lead, pad = COLOURS[style]
    shift = int(rng.integers(-5, 6))
    quarters = max(start + length for part in parts for start, length, _ in part)
    voices: list[tuple[int, int, list[Event]]] = []
    for number, part in enumerate(parts[:6]):
        program = int(rng.choice(lead if number % 2 == 0 else pad))
        voices.append((number, program, part))
    if sung and rng.random() < 0.8:
        voices.append((8, int(rng.choice(SOLOISTS)), sung))
    lowest: dict[float, Event] = {}
    for event in sorted(event for part in parts for event in part):
        beat = float(np.floor(event[0]))
        if beat not in lowest or event[2] < lowest[beat][2]:
            lowest[beat] = (beat, max(event[1], 0.5), event[2])
    bass = [(start, length, 28 + (pitch - 28) % 12) for start, length, pitch in lowest.values()]
    voices.append((7, int(rng.choice(BASSES)), bass))
    if style != "acoustic":
        voices.append((9, 0, list(drums(rng, quarters))))
    tempo = mido.bpm2tempo(float(rng.uniform(75, 160)))
    messages: list[tuple[int, int, mido.Message]] = []
    for channel, program, events in voices:
        messages.append((0, 0, mido.Message("program_change", channel=channel, program=program)))
        pan = 64 if channel in (7, 9) else int(rng.integers(15, 113))
        messages.append(
            (0, 0, mido.Message("control_change", channel=channel, control=10, value=pan))
        )
        loud = int(rng.integers(85, 127) if channel == 8 else rng.integers(55, 110))
        for start, length, pitch in events:
            note = pitch if channel == 9 else pitch + shift
            velocity = int(np.clip(loud + rng.normal(0, 8), 20, 127))
            begin, end = int(start * TICKS), int((start + max(length, 0.1)) * TICKS)
            args = {"channel": channel, "note": int(np.clip(note, 0, 127))}
            messages.append((begin, 2, mido.Message("note_on", velocity=velocity, **args)))
            messages.append((end, 1, mido.Message("note_off", velocity=0, **args)))
    messages.sort(key=lambda item: item[:2])
    track = mido.MidiTrack([mido.MetaMessage("set_tempo", tempo=tempo)])
    now = 0
    for tick, _, message in messages:
        track.append(message.copy(time=tick - now))
        now = tick
    return mido.MidiFile(ticks_per_beat=TICKS, tracks=[track])


def render(midi: mido.MidiFile, path: Path, seconds: float) -> float:
    """Render to a 44.1 kHz stereo FLAC of at most `seconds`; return its length in seconds."""
    with tempfile.TemporaryDirectory() as folder:
        score, sound = Path(folder) / "a.mid", Path(folder) / "a.wav"
        midi.save(score)
        command = [
            "fluidsynth",
            "-ni",
            "-q",
            "-g",
            "0.5",
            "-r",
            "44100",
            "-F",
            sound,
            SOUNDFONT,
            score,
        ]
        subprocess.run(command, check=True, capture_output=True)
        samples, rate = soundfile.read(sound, dtype="float32")
    samples = samples[: int(seconds * rate)]
    peak = float(np.abs(samples).max(initial=1e-6))
    soundfile.write(path, samples * (0.9 / peak), rate)
    return len(samples) / rate


def main(arguments: Sequence[str]) -> int:
    """Parse the command line and render; returns the exit code."""
    parser = argparse.ArgumentParser(description="Render accompaniments of scores at random.")
    parser.add_argument("--scores", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(options.seed)
    scores = sorted(options.scores.rglob("*.mxl"))
    rng.shuffle(scores)
    done = 0.0
    for number, path in enumerate(scores):
        if done >= options.minutes * 60:
            break
        try:
            parts, sung = read_score(path)
        except music21.exceptions21.Music21Exception as error:
            print(f"{path.name}: {error}")
            continue
        if parts:
            done += render(arrange(rng, parts, sung), options.out / f"{number:03d}.flac", 90)
            print(f"{done / 60:.1f} min", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
