"""What is measured of a voice, from sound and numbers alone: words, timbre, pitch, onsets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import librosa
import numpy as np
import soxr
from scipy.fft import dct
from scipy.ndimage import gaussian_filter1d

from engine.intonation import curve
from engine.phonemes import PAUSE, VOWELS
from engine.singing import Phrase

CEPSTRA, MEL_BANDS, MEL_TOP_HZ = 24, 80, 16_000.0
LOUD_DB = 40.0  # below the loudest frame: what is quieter is not compared
VOICED = 0.5  # of the tracker: from which on it calls a frame voiced
NEAR = 0.12  # seconds around a note's start in which its onset is looked for
STEP = 1.0  # semitones from the note before, from which on a change of pitch tells the onset
BAND_HZ = (400.0, 2500.0)  # where vowels are loud and consonants are not
CLOSE = 0.05  # seconds between a consonant's end and the start of the note it leads into, at most
ON_TIME = 0.03  # seconds that an onset may be off


class Words(NamedTuple):
    """How a text was understood, in words: of `said`, how many were `swapped` for others and how
    many `dropped`; `added` ones were not in the text, and `repeated` of these stand beside the
    same word.
    """

    said: int
    swapped: int
    dropped: int
    added: int
    repeated: int

    @property
    def errors(self) -> int:
        """What the word error rate counts."""
        return self.swapped + self.dropped + self.added


def spelled(text: str) -> list[str]:
    """The words of a text as a recogniser writes them: small letters and apostrophes."""
    found = re.findall(r"[a-z']+", text.lower().replace("’", "'"))
    return [word for part in found if (word := part.strip("'"))]


def compared(said: Sequence[str], heard: Sequence[str]) -> Words:
    """Align two lists of words with the fewest errors, swapped words first among equals."""
    rows, columns = len(said) + 1, len(heard) + 1
    costs = np.zeros((rows, columns), int)
    costs[:, 0], costs[0] = np.arange(rows), np.arange(columns)
    for i in range(1, rows):
        for k in range(1, columns):
            swap = costs[i - 1, k - 1] + (said[i - 1] != heard[k - 1])
            costs[i, k] = min(swap, costs[i - 1, k] + 1, costs[i, k - 1] + 1)
    i, k = len(said), len(heard)
    swapped = dropped = added = repeated = 0
    while i or k:
        wrong = i > 0 and k > 0 and said[i - 1] != heard[k - 1]
        if i and k and costs[i, k] == costs[i - 1, k - 1] + wrong:
            swapped += wrong
            i, k = i - 1, k - 1
        elif k and costs[i, k] == costs[i, k - 1] + 1:
            added += 1
            repeated += heard[k - 1] in (*heard[max(k - 2, 0) : k - 1], *heard[k : k + 1])
            k -= 1
        else:
            dropped += 1
            i -= 1
    return Words(len(said), int(swapped), dropped, added, repeated)


def distortion(one: np.ndarray, other: np.ndarray, rate: int) -> float:
    """Mel-cepstral distortion in dB of two sounds `(samples,)` that run in step.

    The cepstra are the cosine transform of the log amplitude in 80 mel bands up to 16 kHz (windows
    of 2048 samples, 512 apart). Of each frame `20 / ln 10 * sqrt(mean over bands of the squared
    difference)` is taken, as far as cepstra 1 to 24 tell it: level does not count, nor do single
    partials. That is `10 / ln 10 * sqrt(2 * sum of squared differences)` of cepstra whose cosines
    add up to the log spectrum. Returned is the mean over frames within 40 dB of the loudest one.
    """
    size = min(len(one), len(other))
    logs = []
    for sound in (one[:size], other[:size]):
        amplitude = librosa.feature.melspectrogram(
            y=np.asarray(sound, np.float32),
            sr=rate,
            n_fft=2048,
            hop_length=512,
            n_mels=MEL_BANDS,
            fmax=min(MEL_TOP_HZ, rate / 2),
            power=1.0,
        )
        logs.append(np.log(np.maximum(amplitude, 1e-5)))
    apart = dct(logs[0] - logs[1], axis=0, norm="ortho")[1 : CEPSTRA + 1]
    each = 20 / np.log(10) * np.sqrt(np.square(apart).sum(0) / MEL_BANDS)
    level = 10 / np.log(10) * np.log(np.exp(2 * logs[0]).sum(0))
    return float(each[level > level.max() - LOUD_DB].mean())


def levelled(sound: np.ndarray, rate: int, level_db: float = -23.0) -> np.ndarray:
    """A sound whose louder half (blocks of 10 ms) has the given level re full scale."""
    size = rate // 100
    blocks = np.asarray(sound[: len(sound) // size * size], np.float64).reshape(-1, size)
    power = np.sort(np.square(blocks).mean(1))[len(blocks) // 2 :]
    loud = np.sqrt(power.mean()) if len(power) else 0.0
    return (sound * (10 ** (level_db / 20) / max(loud, 1e-6))).astype(np.float32)


class Asked(NamedTuple):
    """What a voice is to sing: the pitch `hz` at `times`, 0 at rests, and which of these lie in
    vowels; `notes` `(notes, 3)` as start and stop in seconds and MIDI pitch; of each note
    `onsets`, how its onset is told: "level", "pitch", or "" if it cannot be.
    """

    times: np.ndarray
    hz: np.ndarray
    vowels: np.ndarray
    notes: np.ndarray
    onsets: tuple[str, ...]


def asked(
    phrases: Sequence[Phrase], frame: float, curves: Sequence[np.ndarray] | None = None
) -> Asked:
    """Put together what is asked; `curves` are those of the phrases, if others than the plain.

    A vowel that follows a consonant or a rest is told by a rise of level, one that follows a vowel
    by the pitch halfway from the note before, if that is a semitone away at least.
    """
    times, hz, vowels, notes, told = [], [], [], [], []
    for place, phrase in enumerate(phrases):
        pitch = curve(phrase, frame) if curves is None else curves[place]
        at = phrase.start + np.arange(len(pitch)) * frame
        sung, sounding = np.zeros(len(at), bool), np.zeros(len(at), bool)
        for phone, start, length in phrase.phones:
            within = (at >= start) & (at < start + length)
            sung |= within & (phone in VOWELS)
            sounding |= within & (phone != PAUSE)
        times.append(at)
        hz.append(np.where(sounding, pitch, 0.0))
        vowels.append(sung)
        before = None
        for tone in phrase.tones:
            closed = any(
                abs(start + length - tone.start) < CLOSE and phone not in VOWELS
                for phone, start, length in phrase.phones
            )
            notes.append((tone.start, tone.stop, tone.pitch))
            if before is None or closed:
                told.append("level")
            else:
                told.append("pitch" if abs(tone.pitch - before.pitch) >= STEP else "")
            before = tone
    return Asked(
        np.concatenate([*times, np.zeros(0)]),
        np.concatenate([*hz, np.zeros(0)]),
        np.concatenate([*vowels, np.zeros(0, bool)]),
        np.array(notes, np.float64).reshape(-1, 3),
        tuple(told),
    )


class Tracked(NamedTuple):
    """What a tracker of pitch heard: Hz and how sure it is, 0 … 1, at `times` in seconds."""

    times: np.ndarray
    hz: np.ndarray
    sure: np.ndarray


class Kept(NamedTuple):
    """Of a sung score, all frame by frame or note by note, to be put together over scores."""

    to_curve: np.ndarray  # cents from the pitch asked, of frames in vowels that are heard voiced
    to_notes: np.ndarray  # cents from the note's pitch, of the same frames
    voiced: np.ndarray  # whether a frame in a vowel is heard voiced
    late: np.ndarray  # seconds by which a note's onset is heard late, nan where it is not heard


def kept(sound: np.ndarray, rate: int, tracked: Tracked, wanted: Asked) -> Kept:
    """Hold sound `(samples,)` and the pitch in it against what was asked."""
    index = np.clip(np.searchsorted(wanted.times, tracked.times), 1, len(wanted.times) - 1)
    index -= tracked.times - wanted.times[index - 1] < wanted.times[index] - tracked.times
    step = np.median(np.diff(wanted.times)) if len(wanted.times) > 1 else 0.01
    near = np.abs(wanted.times[index] - tracked.times) < step
    vowels = near & wanted.vowels[index]
    heard = vowels & (tracked.sure >= VOICED)
    start, stop, pitch = wanted.notes.T
    note = np.clip(np.searchsorted(start, tracked.times, side="right") - 1, 0, len(start) - 1)
    inside = (tracked.times >= start[note]) & (tracked.times < stop[note])
    cents = 1200 * np.log2(np.maximum(tracked.hz, 1.0) / 440.0)
    target = 1200 * np.log2(np.maximum(wanted.hz[index], 1.0) / 440.0)
    return Kept(
        np.abs(cents - target)[heard],
        np.abs(cents - 100 * (pitch[note] - 69))[heard & inside],
        (tracked.sure >= VOICED)[vowels],
        onsets(sound, rate, tracked, wanted),
    )


def onsets(sound: np.ndarray, rate: int, tracked: Tracked, wanted: Asked) -> np.ndarray:
    """Seconds by which the notes whose onset can be told are late, nan where none is heard.

    By level: where the loudness (power to the 0.3) between 400 and 2500 Hz rises fastest within
    0.12 s of the note's start. By pitch: where the tracked pitch comes to lie halfway from the note
    before, the crossing that is nearest to the start, as far away at most.
    """
    times, slope = _rise(sound, rate)
    late = []
    for place, (start, _, pitch) in enumerate(wanted.notes):
        if wanted.onsets[place] == "level":
            span = slice(*np.searchsorted(times, (start - NEAR, start + NEAR)))
            rises = slope[span]
            found = times[span][rises.argmax()] if len(rises) and rises.max() > 0 else np.nan
            late.append(found - start)
        elif wanted.onsets[place] == "pitch":
            half = (pitch + wanted.notes[place - 1, 2]) / 2
            up = pitch > half
            late.append(_crossing(tracked, start, half, up) - start)
    return np.array(late)


def _rise(sound: np.ndarray, rate: int) -> tuple[np.ndarray, np.ndarray]:
    """How fast the loudness of vowels rises, each 5 ms."""
    hop, size = 80, 400  # of 16 kHz
    mono = soxr.resample(np.asarray(sound, np.float32), rate, 16_000)
    spectrum = np.abs(librosa.stft(mono, n_fft=512, hop_length=hop, win_length=size)) ** 2
    hz = np.linspace(0, 8000, len(spectrum))
    band = spectrum[(hz >= BAND_HZ[0]) & (hz <= BAND_HZ[1])].sum(0)
    loudness = gaussian_filter1d(band**0.3, 2.0)
    return np.arange(len(loudness)) * hop / 16_000, np.gradient(loudness)


def _crossing(tracked: Tracked, start: float, half: float, up: bool) -> float:
    """When the pitch passes `half` (MIDI) in the right direction nearest to `start`, else nan."""
    pitch = 69 + 12 * np.log2(np.maximum(tracked.hz, 1.0) / 440.0)
    above = (pitch - half) * (1 if up else -1)
    sure = tracked.sure >= VOICED
    passes = np.flatnonzero((above[:-1] < 0) & (above[1:] >= 0) & sure[:-1] & sure[1:])
    if not len(passes):
        return float("nan")
    share = above[passes] / (above[passes] - above[passes + 1])
    found = tracked.times[passes] + share * np.diff(tracked.times)[passes]
    nearest = found[np.abs(found - start).argmin()]
    return float(nearest) if abs(nearest - start) <= NEAR else float("nan")
