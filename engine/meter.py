"""How the time of a song is counted, and its key: estimated from its sound and its notes.

Tempo: how much sound begins in each hundredth of a second is compared with itself some time later,
and a prior prefers tempi that people tap (D. Ellis, "Beat tracking by dynamic programming", J. New
Music Research 36, 2007). Then the phase of that pulse is followed through the song, and one line
through all of it gives tempo and first beat, so that the last bar fits as well as the first.
"""

from __future__ import annotations

import math
import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import fft, ndimage

from engine.events import Progress, Work
from engine.keys import classes_of, key_of_classes
from engine.melody import Beat, Note
from engine.types import AudioClip

FRAMES = 100  # moments a second, about
GRAIN = 0.046  # seconds of sound in a moment
BANDS = 36
BLOCK = 5.0  # seconds read at once
BASS = 170.0  # Hz: what lies below helps to find the first beat of a bar
DYNAMICS = 1000.0  # of the loudest, down to which a beginning counts
EARLY = 0.008  # seconds that a beginning is seen before it is
TELL = 0.1  # seconds between two reports of progress

SLOWEST, FASTEST = 45.0, 220.0  # beats a minute
USUAL, SPREAD = 112.0, 0.65  # of the prior; octaves
WINDOW, STEP = 12.0, 3.0  # seconds in which the tempo is taken to be steady, and between those
# Weight of a likeness so many beats later. Half a beat tells beats from groups of three quarters of
# one, eight tell bars from what only looks like them.
ECHOES = {0.5: 0.3, 1: 1.0, 2: 0.8, 3: 0.7, 4: 0.6, 8: 0.4}
LINES = 6  # times that moments which fit a line badly are given less weight

COLOUR = 10  # moments between two looks at harmony
LONG_GRAIN = 0.186  # seconds of sound in one
LOW_TONE, HIGH_TONE = 110.0, 2000.0  # Hz
FINE = 120  # parts of an octave
HARMONY = 3.0  # weight of its changes against the bass, in finding where bars begin
CLEARLY = 0.08  # how much more alike bars of three must be
NOTES_WEIGHT = 0.5  # of the notes against the sound, where a key is told from both


def estimate(clip: AudioClip, notes: Sequence[Note] = ()) -> Work:
    """Listen to a clip, in blocks; returns `(Beat, key)`, the key "" where it cannot be told.

    The tempo is one for the whole clip. Where the clip is silent the notes are all there is.
    """
    heard = yield from _listen(clip)
    beat = _beat(heard, notes, clip.seconds)
    yield Progress(1.0, "Finding tempo and key", seconds_left=0.0)
    return beat, _key(heard, notes)


# -- listening ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Heard:
    """`begins` and `bass` `(n,)` at `rate` moments a second; `colours` `(n // COLOUR, 12)`."""

    rate: float
    begins: np.ndarray  # how much sound begins
    bass: np.ndarray  # the same, of the low tones
    colours: np.ndarray  # how strong each pitch class is
    tones: np.ndarray  # (FINE,): how strong each part of an octave is, from A on


def _listen(clip: AudioClip) -> Generator[Progress, None, _Heard]:
    hop = max(round(clip.rate / FRAMES), 1)
    size, long = (2 ** round(math.log2(max(clip.rate * s, 16))) for s in (GRAIN, LONG_GRAIN))
    bands = _bands(size, clip.rate)
    low = int(np.searchsorted(_centres(clip.rate), BASS)) or 1
    window, wide = (np.hanning(n + 1)[:n].astype(np.float32) for n in (size, long))
    loudest = float(np.abs(clip.peaks.query(0, clip.frames, 1)).max(initial=0.0)) or 1.0
    scale_ = DYNAMICS / (loudest * size / 4)
    moments = clip.frames // hop + 1
    per_block = max(round(BLOCK * clip.rate / hop) // COLOUR, 1) * COLOUR
    begins, bass, colours = [], [], []
    tones = np.zeros(FINE)
    last: np.ndarray | None = None
    started = told = time.monotonic()
    yield Progress(0.0, "Finding tempo and key")
    for first in range(0, moments, per_block):
        count = min(per_block, moments - first)
        start = first * hop - long // 2
        sound = clip.read(start, start + (count - 1) * hop + long).mean(0)
        grains = np.lib.stride_tricks.sliding_window_view(sound, size)
        grains = grains[(long - size) // 2 :: hop][:count]
        levels = np.log1p(scale_ * (np.abs(fft.rfft(grains * window, axis=1)) @ bands))
        before = levels[:1] if last is None else last
        rises = np.maximum(np.diff(np.concatenate([before, levels]), axis=0), 0.0)
        last = levels[-1:]
        begins.append(rises.mean(1))
        bass.append(rises[:, :low].mean(1))
        grains = np.lib.stride_tricks.sliding_window_view(sound, long)[:: hop * COLOUR]
        colour = _tones(np.abs(fft.rfft(grains * wide, axis=1)), clip.rate, tones)
        colours.append(colour)
        now = time.monotonic()
        if now - told >= TELL:
            told = now
            done = (first + count) / moments
            speed = done * clip.seconds / max(now - started, 1e-6)
            yield Progress(done, "Finding tempo and key", speed, clip.seconds * (1 - done) / speed)
    return _Heard(
        clip.rate / hop,
        np.concatenate(begins),
        np.concatenate(bass),
        np.concatenate(colours),
        tones,
    )


def _centres(rate: int) -> np.ndarray:
    """Middles of the bands in Hz, with one more at each end: even in mel."""
    top = min(10_000.0, rate / 2)
    mel = np.linspace(1127 * np.log1p(40 / 700), 1127 * np.log1p(top / 700), BANDS + 2)
    return 700 * np.expm1(mel / 1127)


def _bands(size: int, rate: int) -> np.ndarray:
    """Return float32 `(bins, BANDS)`: triangles whose weights add up to one."""
    hz = np.fft.rfftfreq(size, 1 / rate)[:, None]
    middles = _centres(rate)
    wide = np.maximum(np.diff(middles), rate / size)
    rise = 1 + (hz - middles[1:-1]) / wide[:-1]
    fall = 1 - (hz - middles[1:-1]) / wide[1:]
    weights = np.maximum(np.minimum(rise, fall), 0.0)
    return (weights / np.maximum(weights.sum(0), 1e-9)).astype(np.float32)


def _tones(spectra: np.ndarray, rate: int, tones: np.ndarray) -> np.ndarray:
    """Return `(n, 12)`: strength of each pitch class in spectra; add to `tones` where they are."""
    bins = spectra.shape[1]
    first = max(int(LOW_TONE * 2 * (bins - 1) / rate), 1)
    last = min(int(HIGH_TONE * 2 * (bins - 1) / rate), bins - 2)
    middle = spectra[:, first:last]
    left, right = spectra[:, first - 1 : last - 1], spectra[:, first + 1 : last + 1]
    high = middle > np.maximum(0.02 * middle.max(1, keepdims=True, initial=0.0), 1e-9)
    row, column = np.nonzero(high & (middle >= left) & (middle > right))
    a, b, c = (np.log(each[row, column] + 1e-12) for each in (left, middle, right))
    shift = 0.5 * (a - c) / np.minimum(a - 2 * b + c, -1e-9)
    hz = (first + column + np.clip(shift, -0.5, 0.5)) * rate / (2 * (bins - 1))
    octaves = np.log2(hz / 440.0)
    weights = np.sqrt(middle[row, column] / middle.max(1, initial=1e-9)[row])
    np.add.at(tones, np.floor(octaves * FINE + 0.5).astype(int) % FINE, weights)
    out = np.zeros((len(spectra), 12), np.float32)
    np.add.at(out, (row, (np.floor(octaves * 12 + 0.5).astype(int) + 9) % 12), weights)
    return out


# -- tempo and beat -----------------------------------------------------------------------------


def _beat(heard: _Heard, notes: Sequence[Note], seconds: float) -> Beat:
    rate = heard.rate
    pulse, bass, colours = heard.begins, heard.bass, heard.colours
    if not pulse.max(initial=0.0) > 1e-6:
        seconds = max([seconds, *(note.stop for note in notes)])
        pulse = bass = _beginnings(notes, seconds, rate)
        colours = np.zeros((0, 12))
    if not pulse.max(initial=0.0) > 1e-6 or len(pulse) < 4 * rate:
        return Beat()
    pulse, bass = _levelled(pulse, rate), _levelled(bass, rate)
    hz = _tempo(pulse, rate)
    hz, _ = _line(pulse, rate, hz)
    first = _phase(pulse + 0.5 * bass, rate, hz)
    beats = np.arange(first, (len(pulse) - 1) / rate, 1 / hz)
    per_bar, downbeat = _bars(beats, bass, colours, rate)
    start = first + downbeat / hz + EARLY
    bar = per_bar / hz
    return Beat(60.0 * hz, float(start % bar), per_bar)


def _beginnings(notes: Sequence[Note], seconds: float, rate: float) -> np.ndarray:
    """The starts of notes as if they had been heard; longer ones more."""
    out = np.zeros(round(seconds * rate) + 1)
    for note in notes:
        at = round((note.start - EARLY) * rate)
        if 0 <= at < len(out):
            out[at] += math.sqrt(note.length)
    return ndimage.gaussian_filter1d(out, 1.5)


def _levelled(rises: np.ndarray, rate: float) -> np.ndarray:
    """What stands out of its surroundings, quiet passages as much as loud ones."""
    rises = rises - ndimage.uniform_filter1d(rises, round(rate))
    rises = ndimage.gaussian_filter1d(np.maximum(rises, 0.0), 1.0)
    power = ndimage.uniform_filter1d(np.square(rises, dtype=np.float64), round(8 * rate))
    around = np.sqrt(np.maximum(power, 0.0))  # a running sum may end just below 0
    whole = math.sqrt(float(np.square(rises).mean())) or 1.0
    return rises / (around + 0.1 * whole)


def _windows(pulse: np.ndarray, rate: float) -> tuple[np.ndarray, np.ndarray]:
    """Pieces of `WINDOW` seconds, `(m, n)`, and the moments they begin at."""
    size = min(round(WINDOW * rate), len(pulse))
    starts = np.arange(0, len(pulse) - size + 1, max(round(STEP * rate), 1))
    pieces = np.lib.stride_tricks.sliding_window_view(pulse, size)[starts]
    return pieces, starts


def _tempo(pulse: np.ndarray, rate: float) -> float:
    """The beats a second that fit best, within a few per cent."""
    pieces, _ = _windows(pulse, rate)
    size = pieces.shape[1]
    likeness = np.zeros(size)
    for piece in pieces:
        spectrum = fft.rfft(piece - piece.mean(), 2 * size)
        same = fft.irfft(np.square(np.abs(spectrum)))[:size]
        likeness += same / max(same[0], 1e-9)
    likeness /= np.arange(size, 0, -1) / size  # less of a piece overlaps at longer lags
    tempi = np.geomspace(SLOWEST, FASTEST, 400)
    lags = 60.0 * rate / tempi
    score = np.zeros(len(tempi))
    for number, weight in ECHOES.items():
        inside = lags * number < 0.8 * size
        score += weight * np.where(inside, np.interp(lags * number, np.arange(size), likeness), 0.0)
    prior = np.exp(-0.5 * np.square(np.log2(tempi / USUAL) / SPREAD))
    return float(tempi[np.argmax(np.maximum(score, 0.0) * prior)]) / 60.0


def _line(pulse: np.ndarray, rate: float, hz: float) -> tuple[float, float]:
    """Follow the pulse's phase through the song: its true rate, and how clear it is (0 … 1)."""
    pieces, starts = _windows(pulse, rate)
    window = np.hanning(pieces.shape[1])
    times = np.arange(pieces.shape[1]) / rate
    best = hz, 0.0
    for harmonic in (1, 2, 4):
        trial = harmonic * hz * np.linspace(0.96, 1.04, 33)
        waves = np.exp(-2j * np.pi * np.outer(times, trial)) * window[:, None]
        strength = np.abs(pieces @ waves).sum(0)
        there = float(trial[np.argmax(strength)])
        wave = np.exp(-2j * np.pi * times * there) * window
        turns = (pieces @ wave) * np.exp(-2j * np.pi * there * starts / rate)
        weights = np.abs(turns)
        clear = float(weights.sum() / max((pieces * window).sum(), 1e-9))
        if clear <= best[1] or len(starts) < 2:
            continue
        phases = np.unwrap(np.angle(turns)) / (2 * np.pi)
        at = starts / rate
        fitting = weights.copy()
        for _ in range(LINES):
            slope, base = np.polyfit(at, phases, 1, w=np.sqrt(fitting) + 1e-9)
            miss = phases - (slope * at + base)
            fitting = weights / (1 + np.square(miss / 0.08))
        best = (there + float(slope)) / harmonic, clear
    return best


def _phase(pulse: np.ndarray, rate: float, hz: float) -> float:
    """Where in a beat most begins, in seconds: the whole song laid on one beat."""
    bins = max(round(rate / hz), 8)
    places = np.arange(len(pulse)) / rate * hz % 1.0 * bins
    laid = np.bincount(places.astype(int) % bins, pulse, bins)
    counts = np.bincount(places.astype(int) % bins, minlength=bins)
    laid = ndimage.gaussian_filter1d(laid / np.maximum(counts, 1), 1.5, mode="wrap")
    top = int(np.argmax(laid))
    left, middle, right = laid[top - 1], laid[top], laid[(top + 1) % bins]
    bend = left - 2 * middle + right
    shift = 0.5 * (left - right) / bend if bend < 0 else 0.0
    return float((top + 0.5 + shift) / bins / hz - 0.5 / rate)


def _bars(beats: np.ndarray, bass: np.ndarray, colours: np.ndarray, rate: float) -> tuple[int, int]:
    """How many beats make a bar, and which of the first ones begins one."""
    mark = _standard(_at(bass, beats, rate))
    if len(colours) > 4:
        mark = mark + HARMONY * _standard(_changes(colours, beats * rate / COLOUR))
    if len(mark) < 16:
        return 4, 0
    mark = mark - mark.mean()
    alike = {n: float(mark[n:] @ mark[:-n]) / float(mark @ mark + 1e-9) for n in (2, 3, 4, 6)}
    three = (alike[3] + alike[6]) / 2 > max(alike[2], alike[4]) + CLEARLY
    per_bar = 3 if three else 4
    return per_bar, int(np.argmax([mark[k::per_bar].mean() for k in range(per_bar)]))


def _standard(mark: np.ndarray) -> np.ndarray:
    return (mark - mark.mean()) / (mark.std() + 1e-9)


def _at(pulse: np.ndarray, beats: np.ndarray, rate: float) -> np.ndarray:
    """The most of a pulse within 50 ms of each beat."""
    near = ndimage.maximum_filter1d(pulse, 2 * round(0.05 * rate) + 1)
    return near[np.clip(np.rint(beats * rate).astype(int), 0, len(near) - 1)]


def _changes(colours: np.ndarray, places: np.ndarray) -> np.ndarray:
    """How much the harmony after each beat differs from that before."""
    sums = np.concatenate([np.zeros((1, 12)), np.cumsum(colours, 0)])
    width = float(np.diff(places).mean()) if len(places) > 1 else 1.0

    def mean(start: np.ndarray) -> np.ndarray:
        edges = np.clip([start, start + width], 0, len(colours)).T
        rows = [np.interp(edges, np.arange(len(sums)), column) for column in sums.T]
        whole = np.stack([row[:, 1] - row[:, 0] for row in rows], 1)
        return whole / np.maximum(np.linalg.norm(whole, axis=1, keepdims=True), 1e-9)

    return 1.0 - (mean(places - width) * mean(places)).sum(1)


# -- key ----------------------------------------------------------------------------------------


def _key(heard: _Heard, notes: Sequence[Note]) -> str:
    sung, sounding = classes_of(notes), _classes(heard.tones)
    if not sung.any():
        return key_of_classes(sounding)
    if not sounding.any():
        return key_of_classes(sung)
    both = NOTES_WEIGHT * sung / sung.sum() + (1 - NOTES_WEIGHT) * sounding / sounding.sum()
    return key_of_classes(both)


def _classes(tones: np.ndarray) -> np.ndarray:
    """Return `(12,)` pitch classes from C on, the tuning of the whole taken off."""
    steps = FINE // 12
    turn = tones @ np.exp(2j * np.pi * np.arange(FINE) / steps)
    off = round(float(np.angle(turn)) / (2 * np.pi) * steps)
    from_a = np.roll(tones, steps // 2 - off).reshape(12, steps).sum(1)
    return np.roll(from_a, 9)
