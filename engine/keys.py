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

# In how many passages of a key each of the twelve notes from the tonic on is heard: D. Temperley,
# "Music and Probability" (2007), counted in the examples of Kostka and Payne's textbook. On sung
# lines it finds the key much more often than listeners' ratings (Krumhansl and Kessler) do.
FIT_MAJOR = (0.748, 0.060, 0.488, 0.082, 0.670, 0.460, 0.096, 0.715, 0.104, 0.366, 0.057, 0.400)
FIT_MINOR = (0.712, 0.084, 0.474, 0.618, 0.049, 0.460, 0.105, 0.747, 0.404, 0.067, 0.133, 0.330)


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
