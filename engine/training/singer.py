"""A singer whose notes are known exactly: the bundled voice sings the vocal lines of scores.

    python main.py train singer --scores DATA/scores --out CACHE/singer --minutes 60

Each score is sung in a key and at a tempo chosen at random. Beside a `.flac` lies a `.csv` with a
row for each note: start and stop in seconds, MIDI pitch. `train melody` takes in what it finds in
CACHE/singer: what recordings of singers do not tell is where a syllable begins on the pitch of the
one before.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import soundfile

from engine import note_files, tasks
from engine.cards import card
from engine.errors import EngineError
from engine.melody import Melody, Note
from engine.phrases import Phrases
from engine.training.melody_peers import run
from engine.types import Scratch, Sung, Voicing

VOICE = "kathleen"
LONGEST = 90.0  # seconds of one score
FEWEST = 10  # notes that are worth singing
MIDDLE = 55.0, 72.0  # MIDI numbers between which the middle of a line is moved
TYPICAL = 0.16, 0.5  # seconds between which the length of the middle note is moved


def arranged(rng: np.random.Generator, notes: Sequence[Note]) -> list[Note]:
    """Some of a line from a note on, from 1 s on, in another key and tempo."""
    pitch = float(np.median([note.pitch for note in notes]))
    length = float(np.median([note.length for note in notes]))
    up = round(rng.uniform(*MIDDLE) - pitch)
    slower = float(np.exp(rng.uniform(*np.log(TYPICAL)))) / length
    first = notes[int(rng.integers(0, max(len(notes) * 3 // 4, 1)))].start
    moved = (
        replace(
            note,
            start=1.0 + (note.start - first) * slower,
            length=note.length * slower,
            pitch=note.pitch + up,
            velocity=float(rng.uniform(0.5, 1.0)),
        )
        for note in notes
        if note.start >= first
    )
    return [note for note in moved if note.stop < LONGEST]


def main(arguments: Sequence[str]) -> int:
    """Parse the command line and sing; returns the exit code."""
    parser = argparse.ArgumentParser(description="Sing the vocal lines of scores.")
    parser.add_argument("--scores", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(options.seed)
    scores = sorted(p for p in options.scores.rglob("*") if p.suffix in (".mxl", ".musicxml"))
    done, number, began = 0.0, 0, time.monotonic()
    while scores and done < options.minutes * 60:
        path = scores[int(rng.integers(len(scores)))]
        try:
            line = note_files.read(path).melody.notes
        except EngineError as error:
            print(f"{path.name}: {error}")
            scores.remove(path)
            continue
        notes = arranged(rng, line) if any(note.lyric for note in line) else []
        if len(notes) < FEWEST:
            scores.remove(path)
            continue
        done += _written(options.out / f"{number:03d}", notes, int(rng.integers(2**31)))
        number += 1
        print(f"{done / 60:.1f} min in {time.monotonic() - began:.0f} s", flush=True)
    if not number:
        print(f"No score in {options.scores} has a line to sing.", file=sys.stderr)
    return 0 if number else 1


def _written(path: Path, notes: Sequence[Note], seed: int) -> float:
    """Sing the notes to `path` with two suffixes; returns the length in seconds."""
    voice, scratch = card(VOICE), Scratch()
    seconds = notes[-1].stop + 0.5
    work = tasks.sing(
        Melody().with_notes(notes),
        Voicing(VOICE, seed=seed),
        voice,
        scratch,
        Phrases(scratch.folder),
        "auto",
        lambda: 0.0,
        seconds,
    )
    sung: Sung = run(work)
    rows = [(note.start, note.stop, note.pitch) for note in notes]
    np.savetxt(path.with_suffix(".csv"), rows, "%.4f", ",", header="start_s,stop_s,pitch")
    soundfile.write(path.with_suffix(".flac"), sung.clip.read(0, sung.clip.frames).T, voice.rate)
    scratch.close()
    return seconds


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
