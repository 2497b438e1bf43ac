"""Sound that comes in, as a picture that scrolls and a curve of its pitch."""

from __future__ import annotations

import math

import numpy as np

from engine.pitch import SILENT, Pitch, PitchTracker
from engine.spectrogram import SpectrumSettings, columns

SPAN = 8.0  # seconds in the picture
HOP = 0.0116  # seconds from column to column
STEADY = 5  # estimates whose median is the figure shown: 58 ms


class Scope:
    """The last `SPAN` seconds of one sound. One thread feeds it, another may look at any time.

    `image` is uint8 `(rows, columns)`, values as in a tile, `pitch` float32 `(columns,)` in Hz or
    NaN; both are rings, and column `count - 1` is the newest. What column k shows ends at frame
    `k * hop` of what was fed: the picture's windows are `settings.n_fft` frames long, those of the
    pitch `pitch_frames`.
    """

    def __init__(self, rate: int, settings: SpectrumSettings) -> None:
        self.rate, self.settings = rate, settings
        self.hop = max(round(HOP * rate), 1)
        self.columns = round(SPAN * rate / self.hop)
        self.image = np.zeros((settings.rows, self.columns), np.uint8)
        self.pitch = np.full(self.columns, np.nan, np.float32)
        self.count = 0
        self.latest = SILENT
        self._tracker = PitchTracker(rate)
        self._kept = np.zeros((0, 0), np.float32)  # the end of what was fed

    @property
    def pitch_frames(self) -> int:
        """Frames in one estimate of the pitch."""
        return self._tracker.frames

    @property
    def seconds(self) -> float:
        """The analysis window's length: what a change takes to be shown in full."""
        return max(self.settings.n_fft, self.pitch_frames) / self.rate

    def feed(self, sound: np.ndarray) -> None:
        """Take in the float32 `(channels, n)` that follow what was fed before."""
        longest = max(self.settings.n_fft, self.pitch_frames)
        if self._kept.shape[0] != sound.shape[0]:
            self._kept = np.zeros((sound.shape[0], longest - 1), np.float32)
        held = np.concatenate([self._kept, sound], 1)
        ready = (held.shape[1] - longest) // self.hop + 1 if held.shape[1] >= longest else 0
        if ready > self.columns:  # it was not fed for long: what has scrolled away is not drawn
            skipped = ready - self.columns
            held, ready = held[:, skipped * self.hop :], self.columns
            self.count += skipped
        for number in range(ready):
            stop = longest + number * self.hop
            self._draw(held[:, stop - longest : stop])
        self._kept = held[:, ready * self.hop :]

    def _draw(self, sound: np.ndarray) -> None:
        at = self.count % self.columns
        window = sound[:, -self.settings.n_fft :]
        self.image[:, at] = columns(window, self.rate, self.hop, self.settings)[:, 0]
        found = self._tracker.estimate(sound[:, -self.pitch_frames :].mean(0))
        self.pitch[at] = found.hz
        self.latest = found
        self.count += 1

    def picture(self) -> np.ndarray:
        """The columns from the oldest to the newest, uint8 `(rows, columns)`."""
        return np.roll(self.image, -(self.count % self.columns), axis=1)

    def curve(self) -> np.ndarray:
        """The pitch of each column from the oldest to the newest, float32 Hz or NaN."""
        return np.roll(self.pitch, -(self.count % self.columns))

    def steady(self) -> Pitch:
        """The median of the last few estimates; silent if the voice has stopped."""
        recent = self.curve()[-STEADY:]
        sung = recent[np.isfinite(recent)]
        if not math.isfinite(self.latest.hz) or len(sung) < 2:
            return SILENT
        return Pitch(float(np.median(sung)), self.latest.clarity)
