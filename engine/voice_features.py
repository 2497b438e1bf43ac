"""What a voice is made of, frame by frame: its spectral envelope, its pitch, and how voiced it is.

The envelope is smoothed over the partials of the pitch, so it tells the vowel and not the note:
the same envelope is sung at any pitch. The networks of a voice speak of nothing else.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy.fft import irfft, next_fast_len, rfft

from engine.models.voice import Config, band_centres

CONFIG = Config()
RATE, HOP, BANDS = CONFIG.rate, CONFIG.hop, CONFIG.bands  # frame k is centred at k * HOP
N_FFT = 4096
UNVOICED_HZ = 200.0  # how wide an envelope is smoothed where there is no pitch
FLOOR = 1e-9  # power of full scale 1, spread over the spectrum: -90 dB


@lru_cache(maxsize=4)
def _bands(bins: int) -> np.ndarray:
    """Weights `(BANDS, bins)` that take the mean over the triangle around each band's centre."""
    centres = np.concatenate([[0.0], band_centres(CONFIG), [RATE / 2]])
    hz = np.linspace(0.0, RATE / 2, bins)
    rising = (hz - centres[:-2, None]) / np.diff(centres)[:-1, None]
    falling = (centres[2:, None] - hz) / np.diff(centres)[1:, None]
    weights = np.maximum(np.minimum(rising, falling), 0.0)
    return (weights / weights.sum(1, keepdims=True)).astype(np.float32)


def envelope(sound: np.ndarray, hz: np.ndarray) -> np.ndarray:
    """Log power `(frames, BANDS)` of mono sound `(samples,)` with the pitch `hz` `(frames,)`, 0
    where there is none.

    Power is that of full scale 1 if it were spread evenly over the spectrum. A window of three
    periods, smoothing over two thirds of the pitch and a lifter that takes out what repeats with
    it: after Morise, "CheapTrick, a spectral envelope estimator" (2015).
    """
    pitch = np.where(hz > 0, np.clip(hz, 60.0, 1500.0), UNVOICED_HZ)
    reach = int(1.5 * RATE / 60.0) + 1
    padded = np.pad(np.asarray(sound, np.float32), (reach, reach + HOP))
    out = np.empty((len(hz), BANDS), np.float32)
    for start in range(0, len(hz), 128):
        part = slice(start, min(start + 128, len(hz)))
        out[part] = _envelope(padded, np.arange(part.start, part.stop) * HOP, pitch[part], reach)
    return out


def _envelope(padded: np.ndarray, at: np.ndarray, hz: np.ndarray, reach: int) -> np.ndarray:
    """The same of frames centred at `at` in a sound with `reach` samples before it."""
    offsets = np.arange(-reach, reach + 1)
    half = 1.5 * RATE / hz[:, None]
    window = np.where(np.abs(offsets) < half, 0.5 + 0.5 * np.cos(np.pi * offsets / half), 0.0)
    index = np.minimum(at[:, None] + reach + offsets, len(padded) - 1)
    frames = padded[index] * window
    power = np.abs(rfft(frames, N_FFT)) ** 2 / np.square(window).sum(1, keepdims=True) + FLOOR

    # The mean over a third of the pitch to either side, from the running sum.
    bins = power.shape[1]
    mirrored = np.concatenate([power[:, bins - 1 : 0 : -1], power, power[:, -2::-1]], 1)
    total = np.cumsum(mirrored, 1)
    width = hz[:, None] / 3.0 / (RATE / N_FFT)
    rows = np.arange(len(hz))[:, None]

    def running(position: np.ndarray) -> np.ndarray:
        whole = np.floor(position).astype(int)
        share = position - whole
        return total[rows, whole] * (1 - share) + total[rows, whole + 1] * share

    centre = np.arange(bins) + bins - 1.5
    smooth = (running(centre + width) - running(centre - width)) / (2 * width)

    cepstrum = irfft(np.log(smooth), N_FFT)
    quefrency = np.minimum(np.arange(N_FFT), N_FFT - np.arange(N_FFT)) / RATE
    lifted = rfft(cepstrum * np.sinc(hz[:, None] * quefrency), N_FFT).real
    return lifted @ _bands(bins).T


def fine_pitch(sound: np.ndarray, rough_hz: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pitch in Hz and how periodic the sound is (0 … 1), both `(frames,)`, near a rough pitch.

    The peak of the normalised cross-correlation of two neighbouring stretches of sound, a period
    apart, each two periods long, within 6 % of the rough period. Frames where `rough_hz` is 0
    stay so.
    """
    hz, periodic = np.zeros(len(rough_hz)), np.zeros(len(rough_hz))
    for k in np.flatnonzero(rough_hz > 0):
        period = RATE / rough_hz[k]
        lags = np.arange(int(period * 0.94), int(period * 1.06) + 2)
        length = int(2 * period)
        first = k * HOP - (length + int(period)) // 2
        if first < 0 or first + length + lags[-1] > len(sound):
            hz[k] = rough_hz[k]
            continue
        x = sound[first : first + length].astype(np.float64)
        y = sound[first + lags[0] : first + lags[-1] + length].astype(np.float64)
        size = next_fast_len(len(y), real=True)
        products = irfft(np.conj(rfft(x, size)) * rfft(y, size), size)[: len(lags)]
        energy = np.concatenate([[0.0], np.cumsum(y * y)])
        norm = np.sqrt((x @ x) * (energy[length:] - energy[:-length])[: len(lags)]) + 1e-12
        likeness = products / norm
        top = int(likeness.argmax())
        shift = 0.0
        if 0 < top < len(lags) - 1:
            left, middle, right = likeness[top - 1 : top + 2]
            bend = left - 2 * middle + right
            shift = 0.5 * (left - right) / bend if bend < 0 else 0.0
        hz[k] = RATE / (lags[top] + shift)
        periodic[k] = max(likeness[top], 0.0)
    return hz, periodic


def filled(hz: np.ndarray) -> np.ndarray:
    """The pitch with its gaps bridged in log Hz, so that it is above 0 everywhere."""
    known = np.flatnonzero(hz > 0)
    if not len(known):
        return np.full(len(hz), UNVOICED_HZ)
    return np.exp(np.interp(np.arange(len(hz)), known, np.log(hz[known])))
