"""What is heard: all tracks with gain, pan, mute and solo at one rate, for playing and export."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import soxr

from engine.melody import Melody
from engine.quantise import shown
from engine.silences import silenced
from engine.tone import Tone
from engine.types import AudioClip, Track

PREROLL = 256  # frames a rate converter hears before its output is that of one that began at 0
CHUNK = 4096  # frames given to a rate converter at once


def balance(gain_db: float, pan: float) -> tuple[float, float]:
    """Return the linear gains `(left, right)` of a track.

    Pan is a balance: the side that is panned towards keeps its level, the other follows a cosine
    down to silence. At the centre both are exactly the gain, so an untouched stereo track passes
    bit for bit and stems still add up to their mix; nothing ever gets louder by panning. (A
    constant-power law would change every centred track by 3 dB.)
    """
    gain = 10.0 ** (gain_db / 20.0)
    pan = min(max(pan, -1.0), 1.0)
    fade = 0.0 if abs(pan) == 1.0 else math.cos(abs(pan) * math.pi / 2)
    return (gain * fade, gain) if pan > 0 else (gain, gain * fade)


def audible(tracks: Sequence[Track]) -> list[Track]:
    """Return the tracks that sound: the soloed ones if there are any, else those not muted.

    Solo beats mute, so that the muted mix can be compared with its stems in one gesture.
    """
    soloed = [track for track in tracks if track.solo]
    return soloed or [track for track in tracks if not track.muted]


class Mixdown:
    """The sum of tracks as a stream at `rate` that starts anywhere and never ends.

    Clips are read as they are asked for, so one that is still being made sounds as far as it got.
    A track with a melody sounds as its `blend` says: the recording, its notes, or some of both.
    `peaks` holds `{track id: (left, right)}` of the block read last, after gain and pan.
    """

    def __init__(self, tracks: Sequence[Track], rate: int) -> None:
        self.rate = rate
        self.position = 0  # the frame that `read` gives next
        self.peaks: dict[int, tuple[float, float]] = {}
        self._clips = [track.clip for track in tracks]
        self._voices = [
            (
                track.id,
                _voice(track, rate),
                balance(track.gain_db, track.pan),
                track.silences,
            )
            for track in audible(tracks)
        ]

    @property
    def frames(self) -> int:
        """Length of the longest track, audible or not, in frames at `rate`."""
        return max((round(clip.frames * self.rate / clip.rate) for clip in self._clips), default=0)

    def seek(self, seconds: float) -> None:
        """Go on from the frame nearest to `seconds`."""
        self.position = max(round(seconds * self.rate), 0)

    def read(self, frames: int) -> np.ndarray:
        """Return the next float32 `(2, frames)`; silence past the end. Not limited to ±1."""
        total: np.ndarray | None = None
        self.peaks = {}
        for id, voice, gains, silences in self._voices:
            block = voice.read(self.position, frames)
            if silences:
                block = silenced(block, self.position, self.rate, silences)
            if gains != (1.0, 1.0):
                block *= np.array(gains, np.float32)[:, None]
            if frames:
                high, low = block.max(1), block.min(1)
                self.peaks[id] = (float(max(high[0], -low[0])), float(max(high[1], -low[1])))
            total = block if total is None else np.add(total, block, out=total)
        self.position += frames
        return np.zeros((2, frames), np.float32) if total is None else total


def _voice(track: Track, rate: int) -> _Voice | _Blend:
    if track.melody is None or not track.melody.blend > 0:
        return _Voice(track.clip, rate)
    return _Blend(track.clip, track.melody, rate)


class _Blend:
    """A clip and its notes at equal power, so that the fader between them changes no loudness."""

    def __init__(self, clip: AudioClip, melody: Melody, rate: int) -> None:
        share = min(melody.blend, 1.0)
        angle = share * math.pi / 2
        self._levels = np.float32(math.cos(angle)), np.float32(math.sin(angle))
        self._voice = _Voice(clip, rate) if share < 1.0 else None
        self._tone = Tone(shown(melody), rate, melody.sound)

    def read(self, start: int, frames: int) -> np.ndarray:
        """Return a fresh float32 `(2, frames)` from frame `start`."""
        block = self._tone.read(start, frames)
        if self._voice is not None:
            block *= self._levels[1]
            block += self._voice.read(start, frames) * self._levels[0]
        return block


class _Voice:
    """One clip in stereo at another rate, readable from any frame.

    After a jump the converter starts a little earlier, on a frame where both rates meet, so what
    it gives does not depend on where reading began.
    """

    def __init__(self, clip: AudioClip, rate: int) -> None:
        self._clip = clip
        self._rate = rate
        self._next = -1  # the frame the converter gives next
        self._source = 0  # the frame of the clip it takes next
        self._ready = np.zeros((2, 0), np.float32)

    def read(self, start: int, frames: int) -> np.ndarray:
        """Return a fresh float32 `(2, frames)` from frame `start`."""
        if self._clip.rate == self._rate:
            return self._stereo(start, start + frames)
        if start != self._next:
            self._jump(start)
        parts, have = [self._ready], self._ready.shape[1]
        while have < frames:
            chunk = self._stereo(self._source, self._source + CHUNK)
            self._source += CHUNK
            part = self._converter.resample_chunk(np.ascontiguousarray(chunk.T)).T
            parts.append(part)
            have += part.shape[1]
        joined = np.concatenate(parts, 1)
        self._ready = joined[:, frames:].copy()
        self._next = start + frames
        return joined[:, :frames].copy()

    def _jump(self, start: int) -> None:
        common = math.gcd(self._clip.rate, self._rate)
        step_in, step_out = self._clip.rate // common, self._rate // common
        preroll = PREROLL * max(1, math.ceil(self._clip.rate / self._rate))
        meeting = max(start // step_out - math.ceil(preroll / step_in), 0)
        self._converter = soxr.ResampleStream(
            self._clip.rate, self._rate, 2, dtype="float32", quality="HQ"
        )
        self._source = meeting * step_in
        self._ready = np.zeros((2, 0), np.float32)
        self._next = meeting * step_out
        if start > self._next:
            self.read(self._next, start - self._next)

    def _stereo(self, start: int, stop: int) -> np.ndarray:
        samples = self._clip.read(start, stop)
        return samples[:2] if self._clip.channels > 1 else np.repeat(samples, 2, 0)
