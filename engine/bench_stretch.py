"""Measure how true slower, faster, higher and lower playing is.

    python main.py bench stretch

A tone, a sung note with vibrato (made here, so that its true pitch is known) and clicks are played
at other speeds and pitches. Told are: the error of the length, of the pitch and of the places of
the clicks, what is not tone in the tone, and how many times real time one core can do it.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import signal

from engine.stretch import Stretcher, ratio

RATE = 44_100
SECONDS = 6.0
HZ = 440.0
NOTE_HZ, VIBRATO_HZ, VIBRATO_CENTS = 220.0, 5.5, 50.0
CLICKS = np.arange(0.5, 5.6, 0.37)
WAYS = (
    *((speed, 0.0) for speed in (0.25, 0.5, 0.75, 1.25, 2.0)),
    *((1.0, cents) for cents in (300.0, -300.0, 1200.0, -1200.0)),
    (0.5, 300.0),
)


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured at one speed and transposition."""

    length: int  # frames too many
    tone_cents: float
    noise_db: float  # what is not the tone, against it
    note_cents: float  # middle error of the sung note's pitch
    vibrato_cents: float  # root mean square error of its course
    click_ms: float  # the largest error of a place
    real_time: float  # seconds of output in a second of one core


def measure(speed: float, cents: float) -> Figures:
    """Play the three signals at `speed`, `cents` higher."""
    times = np.arange(round(SECONDS * RATE)) / RATE
    began = time.thread_time()
    tone = played(0.5 * np.sin(2 * np.pi * HZ * times), speed, cents)
    took = time.thread_time() - began
    hz = HZ * ratio(cents)
    tone_hz = _loudest(tone[RATE // 2 : -RATE // 2], hz)
    note = played(sung_note(times), speed, cents)
    middle, course = _course(note, speed, cents)
    clicks = np.zeros(len(times))
    wanted = np.round(CLICKS * RATE).astype(int)
    clicks[wanted] = 0.9
    out = played(clicks, speed, cents)
    errors = []
    for place in wanted / speed:
        start = int(place) - RATE // 20
        errors.append(start + np.argmax(np.abs(out[start : start + RATE // 10])) - place)
    return Figures(
        length=len(tone) - round(len(times) / speed),
        tone_cents=1200 * float(np.log2(tone_hz / hz)),
        noise_db=_rest(tone[RATE // 2 : -RATE // 2], tone_hz),
        note_cents=middle,
        vibrato_cents=course,
        click_ms=1000 * float(np.abs(errors).max()) / RATE,
        real_time=len(tone) / RATE / took,
    )


def played(sound: np.ndarray, speed: float, cents: float) -> np.ndarray:
    """Stretch a mono sound block by block, as the player does."""
    at = 0

    def source(frames: int) -> np.ndarray:
        nonlocal at
        start = at - stretcher.lead
        at += frames
        part = np.zeros(frames, np.float32)
        first, last = max(start, 0), min(start + frames, len(sound))
        if last > first:
            part[first - start : last - start] = sound[first:last]
        return np.stack([part, part])

    stretcher = Stretcher(source, RATE, speed, cents)
    frames = round(len(sound) / speed)
    blocks = [stretcher.read(min(1024, frames - done)) for done in range(0, frames, 1024)]
    return np.asarray(np.concatenate(blocks, 1)[0], np.float64)


def sung_note(times: np.ndarray) -> np.ndarray:
    """An "ah" with vibrato, float64 `(frames)`: 24 partials under three formants, and breath."""
    sway = VIBRATO_CENTS / 1200 * np.log(2) * NOTE_HZ / VIBRATO_HZ
    phase = 2 * np.pi * NOTE_HZ * times - sway * np.cos(2 * np.pi * VIBRATO_HZ * times)
    note = np.random.default_rng(0).standard_normal(len(times)) * 0.002
    for number in range(1, 25):
        hz = number * NOTE_HZ
        level = sum(
            height / (1 + ((hz - place) / width) ** 2)
            for place, width, height in ((750, 120, 1.0), (1200, 150, 0.5), (2700, 300, 0.2))
        )
        note += 0.2 * (level + 0.3 / number) * np.sin(number * phase)
    return note


def _course(note: np.ndarray, speed: float, cents: float) -> tuple[float, float]:
    """Return the middle and the root mean square error of the note's pitch, in cents."""
    hz = NOTE_HZ * ratio(cents)
    times = np.arange(len(note)) / RATE
    low = signal.firwin(2047, 0.45 * hz, fs=RATE)
    carrier = signal.fftconvolve(note * np.exp(-2j * np.pi * hz * times), low, "same")
    turning = np.angle(carrier[1:] * carrier[:-1].conj()) * RATE / (2 * np.pi)
    heard = 1200 * np.log2((hz + turning) / hz)
    moments = times[1:] * speed
    wanted = VIBRATO_CENTS * np.sin(2 * np.pi * VIBRATO_HZ * moments)
    error = (heard - wanted)[RATE // 2 : -RATE // 2]
    return float(np.median(error)), float(np.sqrt((error**2).mean()))


def _loudest(sound: np.ndarray, near: float) -> float:
    """The frequency in Hz of the loudest partial within a semitone of `near`."""
    size = 8 * len(sound)
    spectrum = np.abs(np.fft.rfft(sound * np.blackman(len(sound)), size))
    low, high = (round(near * edge * size / RATE) for edge in (0.944, 1.06))
    top = low + int(np.argmax(spectrum[low:high]))
    a, b, c = np.log(spectrum[top - 1 : top + 2])
    return float((top + (a - c) / (2 * (a - 2 * b + c))) * RATE / size)


def _rest(sound: np.ndarray, hz: float) -> float:
    """What is left when a tone of `hz` is taken out, in dB against it."""
    angle = 2 * np.pi * hz * np.arange(len(sound)) / RATE
    window = np.hanning(len(sound))
    waves = np.stack([np.sin(angle), np.cos(angle)], 1) * window[:, None]
    fit = waves @ np.linalg.lstsq(waves, sound * window, rcond=None)[0]
    return float(10 * np.log10(((sound * window - fit) ** 2).sum() / (fit**2).sum()))


def main(arguments: Sequence[str]) -> int:
    """Print the table; returns the exit code."""
    del arguments
    print("speed  cents   length    tone    noise    note  vibrato  clicks  real time")
    print("                frames   cents       dB   cents    cents      ms          x")
    for speed, cents in WAYS:
        f = measure(speed, cents)
        print(
            f"{speed:5.2f} {cents:+6.0f} {f.length:8d} {f.tone_cents:+7.3f} {f.noise_db:8.1f} "
            f"{f.note_cents:+7.2f} {f.vibrato_cents:8.2f} {f.click_ms:7.2f} {f.real_time:10.0f}"
        )
    return 0
