"""Keys of music: their names, their scales, and which one a melody or a sound is in."""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np

from engine.melody import Note

MAJOR = ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
MINOR = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "G#", "A", "Bb", "B")
KEYS = (*MAJOR, *(f"{tonic} minor" for tonic in MINOR))

ALL = frozenset(range(12))
NATURAL = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
STEPS = {"major": (0, 2, 4, 5, 7, 9, 11), "minor": (0, 2, 3, 5, 7, 8, 10)}
FEWEST = 3  # pitch classes that must be heard before a key can be told

# How well each of the twelve notes from the tonic on fits a key, as listeners rate it:
# C. Krumhansl and E. Kessler, Psychological Review 89 (1982).
FIT_MAJOR = (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88)
FIT_MINOR = (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17)


def scale(key: str) -> frozenset[int]:
    """Return the pitch classes (0 is C) of a key's scale, a minor one's without raised steps.

    Any spelling is understood ("Gb", "A# minor", "C major"); of "", or what is no key, all twelve.
    """
    found = re.fullmatch(r"([A-G])([#♯b♭]*)(?: (major|minor))?", key.strip())
    if found is None:
        return ALL
    letter, signs, mode = found.groups()
    tonic = NATURAL[letter] + sum(1 if sign in "#♯" else -1 for sign in signs)
    return frozenset((tonic + step) % 12 for step in STEPS[mode or "major"])


def key_of(notes: Iterable[Note]) -> str:
    """Return the key that notes are in, one of `KEYS`; "" where they are too few to tell."""
    return key_of_classes(classes_of(notes))


def classes_of(notes: Iterable[Note]) -> np.ndarray:
    """Return `(12,)`: for how many seconds each pitch class is sung, a common mistuning taken off.

    Sure notes count for more; a long one for less than its length says.
    """
    rows = [(note.pitch, note.length, note.confidence) for note in notes if note.length > 0]
    classes = np.zeros(12)
    if not rows:
        return classes
    pitches, lengths, sure = np.array(rows, float).T
    weights = np.sqrt(lengths) * np.maximum(sure, 0.1)
    turn = np.sum(weights * np.exp(2j * np.pi * pitches))
    tuning = np.angle(turn) / (2 * np.pi) if abs(turn) > 0.3 * weights.sum() else 0.0
    np.add.at(classes, np.floor(pitches - tuning + 0.5).astype(int) % 12, weights)
    return classes


def key_of_classes(classes: np.ndarray) -> str:
    """Return the key that `(12,)` weights of pitch classes fit best; "" for too few of them."""
    if np.count_nonzero(classes > 0.01 * classes.sum()) < FEWEST:
        return ""
    fits = np.array([np.roll(fit, k) for fit in (FIT_MAJOR, FIT_MINOR) for k in range(12)])
    fits -= fits.mean(1, keepdims=True)
    fits /= np.linalg.norm(fits, axis=1, keepdims=True)
    return KEYS[int(np.argmax(fits @ (classes - classes.mean())))]
