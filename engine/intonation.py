"""The pitch at which a phrase is sung, frame by frame."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

import numpy as np

from engine.melody import CURVE_RATE, Drawn
from engine.phonemes import VOWELS
from engine.singing import FRAME, HIGHEST_HZ, LOWEST_HZ, Phrase, Tone

# Seconds before and after a note's start in which the pitch moves to it: it is nearly there when a
# vowel begins after its consonants, and halfway on the beat where one vowel goes on into the next.
GLIDE, SLUR = (0.07, 0.03), (0.045, 0.04)
GLIDE_SHARE = (0.35, 0.2)  # of the notes on either side: the most that a glide takes of them
VIBRATO_HZ, VIBRATO_CENTS = 5.5, 30.0
VIBRATO_AFTER, VIBRATO_RISE, VIBRATO_FALL = 0.3, 0.5, 0.1  # seconds
WAVER = 0.25  # seconds: what moves more slowly in speech is its tune, which is not sung
WAVER_SHARE, WAVER_CENTS = 0.5, 30.0  # how much of the speech's movement is sung
DRAWN_EDGE = 0.03  # seconds over which drawn pitch takes over


def curve(
    phrase: Phrase, frame: float = FRAME, speech: tuple[np.ndarray, np.ndarray] | None = None
) -> np.ndarray:
    """The pitch in Hz of each frame of a phrase, float32 `(frames,)`, above 0 everywhere.

    Frame k is centred at `phrase.start + k * frame`. `speech` is the pitch that speech has on the
    phrase's phones and how voiced it is, as from `Voice.contour`: its quick movements, such as the
    dips at consonants, are laid over the notes without changing how high they are on average.
    """
    count = max(round((phrase.stop - phrase.start) / frame), 1)
    at = phrase.start + np.arange(count) * frame
    pitch = _notes(phrase.tones, at)
    for tone in phrase.tones:
        pitch += _vibrato(tone, at)
    if speech is not None:
        pitch += _waver(phrase.tones, at, *speech) / 100.0
    for stroke in phrase.drawn:
        pitch = _drawn(stroke, at, pitch)
    hz = 440.0 * 2.0 ** ((pitch - 69.0) / 12.0)
    return np.clip(hz, LOWEST_HZ, HIGHEST_HZ).astype(np.float32)


def _notes(tones: Sequence[Tone], at: np.ndarray) -> np.ndarray:
    """MIDI numbers of the notes, with a smooth way from each to the next."""
    pitch = np.full(len(at), tones[0].pitch, float)
    for before, after in itertools.pairwise(tones):
        reach = (
            min(seconds, share * (tone.stop - tone.start))
            for seconds, share, tone in zip(
                GLIDE if after.phones and after.phones[0] not in VOWELS else SLUR,
                GLIDE_SHARE,
                (before, after),
                strict=True,
            )
        )
        early, late = reach
        way = np.clip((at - after.start + early) / max(early + late, 1e-6), 0.0, 1.0)
        pitch += (after.pitch - before.pitch) * (0.5 - 0.5 * np.cos(np.pi * way))
    return pitch


def _vibrato(tone: Tone, at: np.ndarray) -> np.ndarray:
    """Semitones that a long note swings by: it begins late, grows, and ends with the note."""
    since, left = at - tone.start - VIBRATO_AFTER, tone.stop - at
    depth = np.clip(since / VIBRATO_RISE, 0.0, 1.0) * np.clip(left / VIBRATO_FALL, 0.0, 1.0)
    return VIBRATO_CENTS / 100.0 * depth * np.sin(2 * math.pi * VIBRATO_HZ * since)


def _waver(tones: Sequence[Tone], at: np.ndarray, hz: np.ndarray, voiced: np.ndarray) -> np.ndarray:
    """Cents by which speech moves quickly around its own tune; 0 on average over each note."""
    count = min(len(at), len(hz), len(voiced))
    out = np.zeros(len(at))
    heard = voiced[:count] > 0.5
    if heard.sum() < 2:
        return out
    frames = np.arange(count)
    cents = 1200.0 * np.log2(np.maximum(hz[:count], 1.0))
    cents = np.interp(frames, frames[heard], cents[heard])
    width = max(round(WAVER / max(at[1] - at[0], 1e-6)) | 1, 3)
    window = np.hanning(width + 2)[1:-1]
    # Not mode "same": that is as long as the window where the phrase is shorter.
    tune, full = (
        np.convolve(each, window)[width // 2 :][:count] for each in (cents, np.ones(count))
    )
    tune = tune / full
    quick = WAVER_CENTS * np.tanh(WAVER_SHARE * (cents - tune) / WAVER_CENTS)
    edges = np.searchsorted(at[:count], [t.start for t in tones] + [tones[-1].stop])
    means = [quick[a:b].mean() if b > a else 0.0 for a, b in itertools.pairwise(edges)]
    centres = (edges[:-1] + edges[1:]) / 2
    quick -= np.interp(frames, centres, means)
    out[:count] = np.clip(quick, -WAVER_CENTS, WAVER_CENTS)
    return out


def _drawn(stroke: Drawn, at: np.ndarray, pitch: np.ndarray) -> np.ndarray:
    """The pitch with what was drawn by hand laid over; where 0 was drawn it stays."""
    pitches = np.array(stroke.pitches)
    sings = pitches > 0
    if not sings.any():
        return pitch
    times = stroke.start + np.arange(len(pitches)) / CURVE_RATE
    laid = np.interp(at, times[sings], pitches[sings])
    edge = max(round(DRAWN_EDGE * CURVE_RATE), 1)
    around = np.pad(sings.astype(float), edge)  # full on what was drawn, fading beyond its ends
    reach = np.zeros(len(around))
    for k in range(-edge, edge + 1):
        shifted = np.roll(around, k) * (1.0 - abs(k) / (edge + 1))
        reach = np.maximum(reach, shifted)
    ends = stroke.start + (np.arange(len(reach)) - edge) / CURVE_RATE
    share = np.interp(at, ends, reach, left=0.0, right=0.0)
    return pitch * (1.0 - share) + laid * share
