"""Endless training examples for separation: random singers over random bands.

What a listener drops in is a finished stereo song, while most recordings at hand are dry and mono;
six of ten examples therefore pass through random pitch and tempo, equaliser, room, distortion,
doubling and stereo placement before voice and band are added. The others are karaoke as it was
recorded: a network this small that only ever heard produced examples lost 1 dB on plain ones.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import soundfile
import soxr
import torch
from scipy.fft import irfft, next_fast_len, rfft, rfftfreq
from torch import Tensor
from torch.utils.data import IterableDataset

from engine.training.corpus import RATE, Recording, open_recording, pack

PLAIN = 0.4  # share of examples that are karaoke as recorded
VOICES = {"mir1k": 0.25, "eif": 0.2, "stems": 0.25, "gtsinger": 0.14, "makam": 0.1, "choir": 0.06}
BEDS = {"mir1k": 0.1, "eif": 0.17, "stems": 0.2, "beds": 0.17, "parts": 0.14, "rendered": 0.22}
KARAOKE = {"mir1k": 0.8, "rendered": 0.16, "beds": 0.02, "parts": 0.02}  # under 16 kHz singers
# Share of voices that are heard over their own band: karaoke often plays the sung line along.
TRUE_PAIR = {"mir1k": 0.4, "eif": 0.25, "stems": 0.25}


class Remixes(IterableDataset[tuple[Tensor, Tensor]]):
    """Yields `(mix, voice)`, float32 `(2, frames)` each, without end."""

    def __init__(self, data: Path, cache: Path, seconds: float, seed: int) -> None:
        self.frames = int(seconds * RATE)
        self.seed = seed
        self.cache = cache
        self.by_source: dict[tuple[str, str], list[Recording]] = defaultdict(list)
        self.bands: dict[str, Recording] = {}
        for recording in pack(data, cache):
            self.by_source[recording.kind, recording.source].append(recording)
            if recording.kind == "bed":
                self.bands[recording.song] = recording
        self.rooms = []
        for path in sorted((data / "rooms").glob("*.*")):
            if path.suffix in {".wav", ".flac", ".opus", ".ogg"}:
                response, rate = soundfile.read(path, dtype="float32", always_2d=True)
                response = soxr.resample(response[: rate * 2], rate, RATE).T[:2]
                self.rooms.append(response / np.sqrt((response**2).sum() + 1e-9))

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        worker = torch.utils.data.get_worker_info()
        rng = np.random.default_rng([self.seed, worker.id if worker else 0])
        while True:
            plain = self.by_source["voice", "mir1k"] and rng.random() < PLAIN
            mix, voice = self.karaoke(rng) if plain else self.example(rng)
            yield torch.from_numpy(mix), torch.from_numpy(voice)

    def karaoke(self, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Make one `(mix, voice)` of an amateur and a band of about equal power, in mono."""
        singer = self._choose(rng, "voice", {"mir1k": 1.0})
        at, speed = self._place(rng, singer), self._speed(rng) if rng.random() < 0.5 else 1.0
        voice = self._excerpt(singer, at, speed)
        if rng.random() < TRUE_PAIR["mir1k"]:
            bed = self._excerpt(self.bands[singer.song], at, speed)
        else:
            bed = np.zeros((2, self.frames), np.float32)
            for _ in range(rng.choice([1, 1, 2])):
                other = self._choose(rng, "bed", {"mir1k": 1.0})
                bed += self._excerpt(other, self._place(rng, other), 1.0)
        level = level_db(bed) - max(level_db(voice), -50) + rng.normal(0, 3)
        return self._levelled(rng, voice * np.float32(10 ** (level / 20)), bed)

    def example(self, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Make one `(mix, voice)` as a studio might have made it."""
        singer = self._choose(rng, "voice", VOICES)
        own = self.bands.get(singer.song)
        if own is not None and rng.random() < TRUE_PAIR[singer.source]:
            at, speed = self._place(rng, singer), self._speed(rng)
            voice = self._excerpt(singer, at, speed)
            bed = self._excerpt(own, at, speed)
            band_hz = singer.band_hz
            level = rng.normal(0.0, 3.0) if singer.source == "mir1k" else rng.normal(-0.5, 2.0)
            if singer.source == "mir1k":
                level += level_db(bed) - level_db(voice)
            voice = voice * 10 ** (level / 20)
        else:
            voice = self._excerpt(singer, self._place(rng, singer), self._speed(rng))
            if rng.random() < 0.15:  # a second singer: harmony or duet
                other = self._choose(rng, "voice", VOICES)
                second = self._excerpt(other, self._place(rng, other), self._speed(rng))
                voice = voice + second * 10 ** (rng.uniform(-9, 0) / 20)
            odds = KARAOKE if singer.source == "mir1k" and rng.random() < 0.9 else BEDS
            bed, highest = self._band(rng, odds)
            band_hz = min(singer.band_hz, highest)
            voice = self._produce(rng, voice)
            bed = self._arrange(rng, bed)
            level = rng.normal(-2.0, 5.0) + level_db(bed) - max(level_db(voice), -50)
            voice = voice * np.float32(10 ** (level / 20))
        # Both parts share the band of the narrower one: a missing treble is no sign of a singer.
        voice, bed = self._tone(rng, voice, band_hz), self._tone(rng, bed, band_hz)
        if (chance := rng.random()) < 0.06:
            voice = np.zeros_like(voice)
        elif chance < 0.09:
            bed = np.zeros_like(bed)
        if rng.random() < (0.7 if singer.source == "mir1k" else 0.2):  # place tells nothing in mono
            voice, bed = (np.repeat(part.mean(0, keepdims=True), 2, 0) for part in (voice, bed))
        if rng.random() < 0.5:
            voice, bed = voice[::-1], bed[::-1]
        return self._levelled(rng, voice, bed)

    def _levelled(
        self, rng: np.random.Generator, voice: np.ndarray, bed: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return `(mix, voice)` at a random level and polarity."""
        mix = voice + bed
        gain = rng.uniform(0.2, 1.0) * rng.choice([-1, 1]) / max(float(np.abs(mix).max()), 1e-4)
        mix, voice = (np.ascontiguousarray(part * np.float32(gain)) for part in (mix, voice))
        return mix, voice

    def _choose(self, rng: np.random.Generator, kind: str, odds: dict[str, float]) -> Recording:
        names = [name for name in odds if self.by_source[kind, name]]
        weights = np.array([odds[name] for name in names])
        source = names[rng.choice(len(names), p=weights / weights.sum())]
        recordings = self.by_source[kind, source]
        seconds = np.array([r.frames for r in recordings], float)
        return recordings[rng.choice(len(recordings), p=seconds / seconds.sum())]

    def _band(self, rng: np.random.Generator, odds: dict[str, float]) -> tuple[np.ndarray, float]:
        """A band `(2, frames)` of one or more recordings, and its highest frequency in Hz."""
        beds = [self._choose(rng, "bed", odds)]
        while beds[-1].source == "parts" and len(beds) < 4:
            beds.append(self._choose(rng, "bed", BEDS | {"parts": 1.0}))
        if rng.random() < 0.1:  # two bands at once: what is learnt by heart no longer helps
            beds.append(self._choose(rng, "bed", odds))
        band = np.zeros((2, self.frames), np.float32)
        for part in beds:
            sound = self._excerpt(part, self._place(rng, part), self._speed(rng))
            level = rng.uniform(-4, 4) - max(level_db(sound), -50)
            band += sound * np.float32(10 ** (level / 20))
        return band, max(part.band_hz for part in beds)

    def _place(self, rng: np.random.Generator, recording: Recording) -> int:
        """A frame to start at, preferably where something sounds."""
        sound = open_recording(self.cache, recording)
        best, loudest = 0, -1.0
        for _ in range(3):
            at = int(rng.integers(0, max(recording.frames - self.frames, 1)))
            energy = float(np.abs(sound[at : at + self.frames : 97].astype(np.float32)).mean())
            if energy > loudest:
                best, loudest = at, energy
            if energy > 300:
                break
        return best

    def _speed(self, rng: np.random.Generator) -> float:
        """Tape speed: few singers become many, as pitch and formants move together.

        By whole semitones: a song is in tune or heard as if it were (`engine.tuning`).
        """
        return float(2 ** (rng.integers(-3, 4) / 12))

    def _excerpt(self, recording: Recording, at: int, speed: float) -> np.ndarray:
        """Read float32 `(2, frames)` from frame `at`, tape speed changed."""
        need = int(self.frames * speed) + 2
        sound = open_recording(self.cache, recording)
        piece = np.asarray(sound[at : at + need], np.float32).T / 32_768
        if piece.shape[1] < need:
            piece = np.pad(piece, ((0, 0), (0, need - piece.shape[1])))
        piece = self._resampled(piece, speed)
        return np.repeat(piece, 2, 0) if len(piece) == 1 else piece

    def _resampled(self, piece: np.ndarray, speed: float) -> np.ndarray:
        """As many frames as an example has of `(channels, frames)`, tape speed changed."""
        if speed == 1.0:
            return piece[:, : self.frames]
        position = np.arange(self.frames) * speed
        whole = position.astype(np.int64)
        part = (position - whole).astype(np.float32)
        return piece.take(whole, 1) * (1 - part) + piece.take(whole + 1, 1) * part

    def _produce(self, rng: np.random.Generator, voice: np.ndarray) -> np.ndarray:
        """What a studio does to a singer: doubling, drive, room, placement."""
        if rng.random() < 0.2:  # doubled or echoed
            late = int(rng.uniform(0.008, 0.35) * RATE)
            copy = np.zeros_like(voice)
            copy[:, late:] = voice[:, :-late] * 10 ** (rng.uniform(-14, -3) / 20)
            if rng.random() < 0.5:
                copy[int(rng.integers(2))] *= 0.2
            voice = voice + copy
        if rng.random() < 0.12:
            drive = rng.uniform(1.5, 8) / max(float(np.abs(voice).max()), 1e-3)
            voice = np.tanh(voice * drive) / drive
        if rng.random() < 0.35:
            wet = self._convolve(voice, self._room(rng))
            voice = voice + wet * 10 ** ((rng.uniform(-18, -3)) / 20)
        if rng.random() < 0.25:
            angle = rng.uniform(-0.4, 0.4) + np.pi / 4
            voice = voice * (np.array([[np.cos(angle)], [np.sin(angle)]]) * np.sqrt(2))
        return voice.astype(np.float32)

    def _arrange(self, rng: np.random.Generator, bed: np.ndarray) -> np.ndarray:
        """What a mix does to a band: drive, width."""
        if rng.random() < 0.25:
            drive = rng.uniform(1, 7) / max(float(np.abs(bed).max()), 1e-3)
            bed = np.tanh(bed * drive) / drive
        if np.array_equal(bed[0], bed[1]):
            if rng.random() < 0.6:  # spread a mono band
                late = int(rng.uniform(0.003, 0.02) * RATE)
                side = np.zeros_like(bed[0])
                side[late:] = bed[0, :-late] * rng.uniform(0.2, 0.8)
                bed = np.stack([bed[0] + side, bed[1] - side])
        elif rng.random() < 0.3:  # narrower or wider
            middle, side = bed.mean(0), (bed[0] - bed[1]) / 2 * rng.uniform(0.0, 1.6)
            bed = np.stack([middle + side, middle - side])
        return bed.astype(np.float32)

    def _room(self, rng: np.random.Generator) -> np.ndarray:
        if self.rooms and rng.random() < 0.5:
            return self.rooms[int(rng.integers(len(self.rooms)))]
        seconds = rng.uniform(0.2, 1.6)
        time = np.arange(int(RATE * seconds)) / RATE
        tail = rng.standard_normal((2, len(time))) * np.exp(-6.9 * time / seconds)
        return (tail / np.sqrt((tail**2).sum() + 1e-9)).astype(np.float32)

    def _convolve(self, sound: np.ndarray, response: np.ndarray) -> np.ndarray:
        frames = sound.shape[1]
        size = next_fast_len(frames + response.shape[1] - 1, real=True)
        return irfft(rfft(_once(sound), size) * rfft(response, size), size)[:, :frames]

    def _tone(self, rng: np.random.Generator, sound: np.ndarray, band_hz: float) -> np.ndarray:
        """A smooth random equaliser, and nothing above `band_hz`."""
        shape = rng.random() < 0.7
        if not shape and band_hz > 20_000:
            return sound
        size = next_fast_len(sound.shape[1], real=True)
        hz = rfftfreq(size, 1 / RATE)
        curve = np.ones(len(hz), np.float32)
        if shape:
            knots = np.log([20, 120, 500, 2_000, 6_000, 20_000])
            decibels = rng.normal(0, 3.0, len(knots))
            curve = 10 ** (np.interp(np.log(hz + 1), knots, decibels) / 20).astype(np.float32)
        if band_hz < 20_000:
            curve[hz >= band_hz] = 0
        toned = irfft(rfft(_once(sound), size) * curve, size)[:, : sound.shape[1]]
        return np.repeat(toned, 2, 0) if len(toned) == 1 else toned


def _once(sound: np.ndarray) -> np.ndarray:
    """`(1, frames)` of a sound whose two channels are the same."""
    return sound[:1] if np.array_equal(sound[0], sound[1]) else sound


def level_db(sound: np.ndarray) -> float:
    """RMS level in dB re full scale."""
    return float(10 * np.log10(np.mean(np.square(sound, dtype=np.float32)) + 1e-10))


def relevelled(mix: Tensor, voice: Tensor) -> tuple[Tensor, Tensor]:
    """A batch `(b, 2, frames)` with each singer a little louder or softer than before.

    Where an example is used again (`loop.echoed`), it is not quite the same.
    """
    gain = 10 ** (0.1 * torch.randn(len(mix), 1, 1, device=mix.device))
    return mix + (gain - 1) * voice, gain * voice
