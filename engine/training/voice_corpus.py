"""Recordings of voices with their envelope and pitch, measured once and kept in a folder."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
import soxr
from scipy.signal import istft, stft

from engine.voice_features import HOP, RATE, envelope, fine_pitch

HELD_OUT = 37  # every n-th sentence is for measuring only
SURE = 0.6  # of the pitch tracker, from which on a frame is taken to be voiced
PERIODIC = 0.35
LEVEL_DB = -23.0  # of the loud half of every recording


def sentences(data: Path) -> list[tuple[str, str]]:
    """`(id, text)` of all sentences of the speaker, in order."""
    with (data / "kathleen" / "metadata.csv").open(encoding="utf-8", newline="") as file:
        return [(row[0], row[1]) for row in csv.reader(file, delimiter="|", quotechar=None)]


def held_out(data: Path) -> list[tuple[str, str]]:
    """The sentences that no voice is trained on."""
    return sentences(data)[HELD_OUT // 2 :: HELD_OUT]


def recordings(data: Path) -> Iterator[tuple[str, Path]]:
    """`(name, file)` of every recording: the speaker's sentences, then singers for breadth."""
    for id, _ in sentences(data):
        path = data / "kathleen" / f"{id}.opus"
        if path.exists():
            yield f"kathleen-{id}", path
    for path in sorted((data / "makam").rglob("*.opus")):
        yield f"makam-{path.parent.name}-{path.stem}", path


def sound_of(path: Path) -> np.ndarray:
    """Mono float32 `(samples,)` at `RATE`, brought to one level."""
    sound, rate = soundfile.read(path, dtype="float32", always_2d=True)
    mono = soxr.resample(sound.mean(1), rate, RATE)
    blocks = np.sqrt(np.mean(np.square(mono[: len(mono) // HOP * HOP].reshape(-1, HOP)), 1))
    loud = np.sqrt(np.mean(np.square(np.sort(blocks)[len(blocks) // 2 :])))
    return (mono * np.float32(10 ** (LEVEL_DB / 20) / max(loud, 1e-6))).astype(np.float32)


def cleaned(sound: np.ndarray) -> np.ndarray:
    """A room's steady noise taken off: its spectrum is that of the quietest tenth of the frames.

    A Wiener gain, smoothed over time and frequency so that nothing tinkles, never below -9 dB:
    taking off more costs weak consonants (a recogniser's errors go up by half).
    """
    size = 2048
    _, _, spectrum = stft(sound, nperseg=size, noverlap=size * 3 // 4)
    power = np.abs(spectrum) ** 2
    total = power.sum(0)
    quiet = total <= np.quantile(total, 0.1)
    noise = power[:, quiet].mean(1, keepdims=True)
    smooth = power.copy()
    for axis, reach in ((0, 2), (1, 1)):
        smooth = sum(np.roll(smooth, k, axis) for k in range(-reach, reach + 1)) / (2 * reach + 1)
    gain = np.clip(1 - noise / np.maximum(smooth, 1e-20), 10 ** (-9 / 20), 1.0)
    _, out = istft(spectrum * gain, nperseg=size, noverlap=size * 3 // 4)
    return out[: len(sound)].astype(np.float32)


def measure(data: Path, cache: Path) -> list[Path]:
    """Measure what is not there yet; returns a file a recording, `.npz`, with `sound` as int16
    `(samples,)`, `envelope` `(frames, BANDS)`, `hz` and `voiced` `(frames,)`.
    """
    from swift_f0 import SwiftF0  # only where a voice is trained

    cache.mkdir(parents=True, exist_ok=True)
    tracker = None
    paths = []
    for name, source in recordings(data):
        path = cache / f"{name}.npz"
        paths.append(path)
        if path.exists():
            continue
        tracker = tracker or SwiftF0(threads=1)
        sound = sound_of(source)
        if name.startswith("kathleen"):
            sound = cleaned(sound)
        values = features(sound, tracker)
        part = path.with_name(f"part-{path.name}")
        np.savez(part, sound=np.round(np.clip(sound, -1, 1) * 32_767).astype(np.int16), **values)
        part.replace(path)
        if len(paths) % 100 == 0:
            print(f"{len(paths)} recordings measured", flush=True)
    return paths


def features(sound: np.ndarray, tracker: Any) -> dict[str, np.ndarray]:
    """`envelope`, `hz` and `voiced` of a sound."""
    frames = len(sound) // HOP + 1
    found = tracker.detect(soxr.resample(sound, RATE, 16_000), 16_000)
    times = np.arange(frames) * HOP / RATE
    rough = np.interp(times, found.timestamps, np.asarray(found.pitch_hz, float))
    sure = np.interp(times, found.timestamps, np.asarray(found.confidence, float))
    hz, periodic = fine_pitch(sound, np.where(sure > SURE, rough, 0.0))
    hz = np.where(periodic > PERIODIC, hz, 0.0)
    return {
        "envelope": envelope(sound, hz).astype(np.float16),
        "hz": hz.astype(np.float32),
        "voiced": (hz > 0).astype(np.float32),
    }
