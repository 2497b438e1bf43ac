"""What a region holds: its sound alone, the sound without it, how loud it is, where its tone runs.

The inside of a region is cut out of short, overlapping windows whose spectra are weighed with
`Region.cover`; the outside is the sound minus the inside, so that both together are the sound
again. Everything goes block by block: an hour takes no more memory than a second.
"""

from __future__ import annotations

import math
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from engine.errors import EngineError, UnwritableTarget
from engine.events import Filled, Opened, Progress, Work
from engine.jobs import check_cancelled
from engine.regions import Box, Point, Region
from engine.spectrogram import TOP_HZ, note_of
from engine.types import AudioClip, Origin, Scratch

OVERLAP = 4  # windows over each frame
WINDOW = 2048 / 44100  # seconds of the shortest window
LONGEST = 4  # times as long may a window be where a region is narrow in pitch
BLOCK = 1 << 17  # frames worked on at a time
FADE = 0.005  # seconds in which an extracted sound begins and ends
SOFT_BINS = 2.0  # width of a mask's edges
SILENCE_DB = -160.0  # less is not told apart
NEAR = 2 ** (1 / 12)  # a ridge is looked for a semitone around its stroke
STEP = 512 / 44100  # seconds from point to point of a ridge, at least
POINTS = 4000  # of a ridge, at most
LEAST_TONE = 16.0  # Hz; what is lower is no tone to the ear
PAD = 4  # times a spectrum is refined by zeros before its peak is sought


@dataclass(frozen=True, slots=True)
class Level:
    """How loud the inside of a region is, in dB re a sine of full scale, and its strongest tone.

    `rms_db` is the mean over the region's time and all channels, `peak_db` the highest sample.
    `hz` with its `note` and `cents` is the strongest tone, heard at `seconds`; 0 in silence.
    """

    rms_db: float
    peak_db: float
    hz: float = 0.0
    note: str = ""
    cents: float = 0.0
    seconds: float = 0.0


def window_for(region: Region, rate: int) -> int:
    """Frames of the shortest window (a power of 2) that can tell the region from what is beside it.

    Its main lobe, two bins to each side, fits into the narrowest shape as far as `LONGEST` allows.
    """
    shortest = 2 ** max(round(math.log2(WINDOW * rate)), 6)
    wanted = 2 * rate / max(region.fineness, 1e-3)
    return min(max(2 ** math.ceil(math.log2(wanted)), shortest), LONGEST * shortest)


def mask(region: Region, n_fft: int, hop: int, rate: int, first: int, count: int) -> np.ndarray:
    """Weight of each bin in windows `first … first + count`, float32 `(count, n_fft // 2 + 1)`.

    Window `k` has its middle at frame `k * hop`. Edges are soft: two bins wide in frequency, two
    hops in time. A single box is not cut in time here: its edges are cut to the frame, afterwards.
    """
    box = region.box
    if box is not None:
        region = Region.of(replace(box, start=-math.inf, stop=math.inf))
    times = (first + np.arange(count)) * hop / rate
    hz = np.arange(n_fft // 2 + 1) * rate / n_fft
    return region.cover(times, hz, 2 * hop / rate, SOFT_BINS * rate / n_fft).T


def frames_of(region: Region, clip: AudioClip) -> tuple[int, int]:
    """First frame of a clip inside the region's time, and the frame after the last.

    Raises `EngineError` when there is none.
    """
    start, stop = (min(max(round(edge * clip.rate), 0), clip.frames) for edge in region.span)
    if stop <= start:
        raise EngineError(
            "There is no sound inside the selection.", "Select a part of the lane that has sound."
        )
    return start, stop


def extract(
    clip: AudioClip,
    region: Region,
    scratch: Scratch,
    keep: str = "inside",
    in_place: bool = False,
) -> Work:
    """Make a clip of what is inside a region, or of all the rest; see `tasks.extract`."""
    start, stop = frames_of(region, clip)
    outside = keep == "outside"
    whole = outside or in_place
    frames = clip.frames if whole else stop - start
    shift = 0 if whole else start
    about = {"start": start / clip.rate, "stop": stop / clip.rate, "keep": keep}
    origin = Origin(clip.origin.path, "selection", clip.origin.model, about, clip.origin.notes)
    try:
        out = scratch.clip(clip.channels, frames, clip.rate, origin)
        yield Opened({"selection": out})
        for done, part in _kept(clip, region, start, stop, outside):
            out.write(done - shift, part)
            yield Filled("selection", done - shift, done - shift + part.shape[1])
            at = done + part.shape[1] - (0 if outside else start)
            yield Progress(at / (clip.frames if outside else stop - start))
    except OSError as error:
        raise _no_room(frames * clip.channels * 4, scratch, error) from error
    if whole and not outside:
        yield Filled("selection", 0, start)
        yield Filled("selection", stop, frames)
    return out


def _kept(
    clip: AudioClip, region: Region, start: int, stop: int, outside: bool
) -> Iterator[tuple[int, np.ndarray]]:
    """First frame and samples of each piece of what is kept."""
    if not outside:
        for at, part, _ in _pieces(clip, region, start, stop):
            part *= _gate(clip, region, at, part.shape[1])
            yield at, part
        return
    for at in range(0, start, BLOCK):
        yield at, clip.read(at, min(at + BLOCK, start))
    for at, part, _ in _pieces(clip, region, start, stop):
        part *= _gate(clip, region, at, part.shape[1])
        yield at, clip.read(at, at + part.shape[1]) - part
    for at in range(stop, clip.frames, BLOCK):
        yield at, clip.read(at, min(at + BLOCK, clip.frames))


def _gate(clip: AudioClip, region: Region, at: int, count: int) -> np.ndarray:
    """How far the inside is open in each frame: it fades in and out, but not where the clip ends.

    The fades lie inside the region's time, so that nothing begins with a click.
    """
    start, stop = frames_of(region, clip)
    fade = min(FADE * clip.rate, (stop - start) / 4)
    frame = at + np.arange(count)
    gate = np.ones(count, np.float32)
    if start > 0:
        gate *= _fade((frame - start) / fade)
    if stop < clip.frames:
        gate *= _fade((stop - 1 - frame) / fade)
    return gate


def _fade(place: np.ndarray) -> np.ndarray:
    return (0.5 - 0.5 * np.cos(np.pi * np.clip(place, 0, 1))).astype(np.float32)


def _pieces(
    clip: AudioClip, region: Region, start: int, stop: int
) -> Iterator[tuple[int, np.ndarray, np.ndarray | None]]:
    """The sound inside a region from frame `start` to `stop`, not yet faded, piece by piece.

    Each piece is its first frame, samples `(channels, n)` and the weighed spectra
    `(channels, windows, bins)` of the windows whose middle lies in it; None where all passes.
    """
    box = region.box
    if box is not None and box.low <= 0 and box.high >= min(clip.rate / 2, TOP_HZ):
        for at in range(start, stop, BLOCK):
            check_cancelled()
            yield at, clip.read(at, min(at + BLOCK, stop)), None
        return
    n_fft = window_for(region, clip.rate)
    hop = n_fft // OVERLAP
    for at in range(start - start % hop, stop, BLOCK):
        check_cancelled()
        end = min(at + BLOCK, stop + (-stop) % hop)
        first = at // hop - OVERLAP // 2 + 1  # the first window that reaches frame `at`
        count = (end - at) // hop + OVERLAP - 1
        spectra = windows(clip, n_fft, hop, first, count)
        spectra *= mask(region, n_fft, hop, clip.rate, first, count)
        sound = _joined(spectra, n_fft, hop)[:, :, OVERLAP - 1 : OVERLAP - 1 + (end - at) // hop]
        sound = sound.transpose(0, 2, 1).reshape(clip.channels, -1)
        low, high = max(start - at, 0), min(stop, end) - at
        lead = OVERLAP // 2 - 1  # windows whose middle lies before this piece
        yield at + low, sound[:, low:high].copy(), spectra[:, lead : lead + (end - at) // hop]


def windows(clip: AudioClip, n_fft: int, hop: int, first: int, count: int) -> np.ndarray:
    """Spectra of windows `first … first + count`, complex64 `(channels, count, bins)`.

    Window `k` has its middle at frame `k * hop`.
    """
    from scipy.fft import rfft  # half a second to import: on the lane, not at the start

    begin = first * hop - n_fft // 2
    sound = clip.read(begin, begin + (count - 1) * hop + n_fft)
    framed = sliding_window_view(sound, n_fft, axis=1)[:, ::hop]
    return rfft(framed * _hann(n_fft), axis=2, workers=1)


def _joined(spectra: np.ndarray, n_fft: int, hop: int) -> np.ndarray:
    """Overlap windows and add them: float32 `(channels, hop, hops)`, from the first one's start."""
    from scipy.fft import irfft

    sound = irfft(spectra, n_fft, axis=2, workers=1)
    sound *= _hann(n_fft) / np.float32(0.375 * OVERLAP)  # the mean of a squared Hann window is 3/8
    channels, count, _ = sound.shape
    out = np.zeros((channels, hop, count + OVERLAP - 1), np.float32)
    parts = sound.reshape(channels, count, OVERLAP, hop)
    for k in range(OVERLAP):
        out[:, :, k : k + count] += parts[:, :, k].transpose(0, 2, 1)
    return out


@lru_cache(maxsize=8)
def _hann(n_fft: int) -> np.ndarray:
    return (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(n_fft) / n_fft)).astype(np.float32)


def level(clip: AudioClip, region: Region) -> Work:
    """Measure what is inside a region; returns its `Level`. See `tasks.level`."""
    start, stop = frames_of(region, clip)
    n_fft = window_for(region, clip.rate)
    hop = n_fft // OVERLAP
    power, peak, best, best_at = 0.0, 0.0, 0.0, (start + stop) / 2
    for at, sound, spectra in _pieces(clip, region, start, stop):
        power += float(np.square(sound, dtype=np.float64).sum())
        peak = max(peak, float(abs(sound).max(initial=0.0)))
        if spectra is None:
            first, count = -(-at // hop), max(sound.shape[1] // hop, 1)
            spectra = windows(clip, n_fft, hop, first, count)
        else:
            first = at // hop
        audible = spectra[:, :, math.ceil(LEAST_TONE * n_fft / clip.rate) :]
        loudest = (audible.real**2 + audible.imag**2).max(axis=(0, 2))
        place = int(loudest.argmax())
        if loudest[place] > best:
            best, best_at = float(loudest[place]), float((first + place) * hop)
        yield Progress((at + sound.shape[1] - start) / (stop - start))
    mean = power / (clip.channels * (stop - start))
    rms_db, peak_db = _db(2 * mean), _db(peak**2)
    if rms_db <= SILENCE_DB:
        return Level(rms_db, peak_db)
    hz, at_frame = _tone(clip, region, start, stop, best_at)
    if hz < LEAST_TONE:
        return Level(rms_db, peak_db)
    note, cents = note_of(hz)
    return Level(rms_db, peak_db, hz, note, cents, at_frame / clip.rate)


def _db(power: float) -> float:
    return max(10 * math.log10(max(power, 1e-30)), SILENCE_DB)


def _tone(clip: AudioClip, region: Region, start: int, stop: int, at: float) -> tuple[float, float]:
    """Hz of the strongest tone near frame `at`, and where it was measured: a second, longer look.

    The window is four times the usual one where the region is long enough, and refined with zeros
    so that a parabola through its logarithm finds the peak to a fraction of a cent.
    """
    from scipy.fft import rfft

    longest = LONGEST * 2 ** max(round(math.log2(WINDOW * clip.rate)), 6)
    n_fft = max(min(longest, 2 ** int(math.log2(stop - start))), 64)
    middle = min(max(at, start + n_fft / 2), max(stop - n_fft / 2, start))
    begin = round(middle) - n_fft // 2
    spectrum = rfft(clip.read(begin, begin + n_fft) * _hann(n_fft), PAD * n_fft, axis=1)
    power = (spectrum.real**2 + spectrum.imag**2).sum(0)
    hz = np.arange(len(power)) * clip.rate / (PAD * n_fft)
    box = region.box
    around = region if box is None else Region.of(replace(box, start=-math.inf, stop=math.inf))
    inside = power * around.cover(np.array([middle / clip.rate]), hz)[:, 0]
    inside[hz < LEAST_TONE] = 0
    place = int(inside.argmax())
    low, high = region.band
    found = (place + _vertex(power, place)) * clip.rate / (PAD * n_fft)
    return float(min(max(found, low), max(high, low))), middle


def _vertex(power: np.ndarray, place: int) -> float:
    """How far the top of a parabola through the logarithm lies from a peak, in places."""
    if not 0 < place < len(power) - 1:
        return 0.0
    left, here, right = np.log(np.maximum(power[place - 1 : place + 2], 1e-30))
    bend = left - 2 * here + right
    return float(np.clip(0.5 * (left - right) / bend, -0.5, 0.5)) if bend < 0 else 0.0


def ridge(
    clip: AudioClip, stroke: Sequence[Point], band: tuple[float, float] | None = None
) -> Work:
    """Follow the tone near a stroke; see `tasks.ridge`."""
    from scipy.fft import rfft

    places = dict(sorted((at, math.log(max(hz, LEAST_TONE))) for at, hz in stroke))
    drawn_at, drawn = np.array(list(places)), np.array(list(places.values()))
    step = max(STEP, (drawn_at[-1] - drawn_at[0]) / POINTS)
    times = np.linspace(
        drawn_at[0], drawn_at[-1], max(math.ceil((drawn_at[-1] - drawn_at[0]) / step), 1) + 1
    )
    n_fft = 2 * 2 ** max(round(math.log2(WINDOW * clip.rate)), 6)
    size = PAD * n_fft
    guide = np.exp(np.interp(times, drawn_at, drawn))
    lows, highs = guide / NEAR, guide * NEAR
    if band is not None:
        lows, highs = np.full_like(guide, band[0]), np.full_like(guide, band[1])
    found = np.full(len(times), math.nan)
    for number, seconds in enumerate(times):
        begin = round(seconds * clip.rate) - n_fft // 2
        spectrum = rfft(clip.read(begin, begin + n_fft) * _hann(n_fft), size, axis=1)
        power = (spectrum.real**2 + spectrum.imag**2).sum(0)
        low = max(math.ceil(max(lows[number], LEAST_TONE) * size / clip.rate), 1)
        near = power[low : int(highs[number] * size / clip.rate) + 1]
        if len(near):
            place = low + int(near.argmax())
            around = power[place - 1 : place + 2]
            if len(around) == 3 and around[1] > 0 and around[1] == around.max():
                found[number] = (place + _vertex(power, place)) * clip.rate / size
        if number % 64 == 63:
            yield Progress((number + 1) / len(times))
    found = _bridged(found, guide, keep_drawn=band is None)
    if len(found) >= 3:  # a single point beside all others is a slip
        found[1:-1] = np.median(sliding_window_view(found, 3), axis=1)
    found = np.clip(found, lows, highs)
    return tuple(zip(times.tolist(), found.tolist(), strict=True))


def _bridged(found: np.ndarray, guide: np.ndarray, keep_drawn: bool) -> np.ndarray:
    """Where no tone was found: as it was drawn, or from the last one to the next."""
    known = np.isfinite(found)
    if keep_drawn or not known.any():
        return np.where(known, found, guide)
    places = np.arange(len(found))
    return np.exp(np.interp(places, places[known], np.log(found[known])))


def _no_room(size: int, scratch: Scratch, error: OSError) -> UnwritableTarget:
    free = shutil.disk_usage(scratch.folder).free / 1e6
    return UnwritableTarget(
        f"The selection cannot be kept in {scratch.folder.parent}: it needs {size / 1e6:,.0f} MB, "
        f"and {free:,.0f} MB are free ({error.strerror or error}).",
        "Free some space, or choose another folder for working files.",
    )


def whole(clip: AudioClip) -> Region:
    """All of a clip: from start to end, every frequency."""
    return Region.of(Box(0.0, clip.seconds, 0.0, TOP_HZ))
