"""Write down instruments that sound together: a clip to curves, and curves to notes.

Curves of many voices are a clip of `ROWS` channels at `CURVE_RATE` (a whole number near the true
rate: `times` tells when a frame is): how probable it is that each of 88 keys is struck, then that
it sounds. Notes are read off them as Basic Pitch's package does it (Bittner et al., 2022), so what
it finds in the same curves is found here; settings act without the network.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from math import gcd

import numpy as np
import soxr
import torch
from torch import nn

from engine.cards import ModelCard
from engine.chunking import Plan
from engine.errors import UnwritableTarget
from engine.events import Filled, Opened, Progress, Work
from engine.jobs import check_cancelled
from engine.loader import Clock, choose, load
from engine.melody import CURVES, Melody, Note, NoteSettings
from engine.models.basic_pitch import FRAMES, HOP, LOWEST, RATE, SEMITONES, WINDOW
from engine.types import AudioClip, Origin, Scratch, Transcription
from engine.windows import side_by_side

ROWS = 2 * SEMITONES
CURVE_RATE = RATE // HOP
SETTINGS = NoteSettings(voiced=0.3, onset=0.5, shortest=0.1277)  # what the package begins with

EDGE = 15  # frames at both ends of a window that are not used
KEPT = FRAMES - 2 * EDGE
LEAD = EDGE * HOP  # samples of silence before the sound, so that its first frame is used
STEP = WINDOW - 2 * LEAD  # samples from one window to the next
LATE = HOP / RATE * (FRAMES - WINDOW / HOP) + 0.0018  # seconds that FRAMES frames are too long
MARGIN = 2_048  # samples at RATE that a change of rate needs on both sides
SILENCE = 1e-5  # a window whose peak is below this (-100 dBFS) holds no notes

GAP = 11  # frames for which a key may be quiet within a note
RISES = 2  # frames over which a rise of a key's curve counts as an onset
PART = 30_000  # frames that notes are read from at once, about six minutes


def is_poly(curves: AudioClip) -> bool:
    """Whether curves are of many voices."""
    return curves.channels > CURVES


def times(frames: np.ndarray) -> np.ndarray:
    """Seconds at frames of the curves.

    Windows of `KEPT` frames are a little shorter than those frames; the package's formula, with
    the lateness it measured, undoes that in steps.
    """
    return frames * (HOP / RATE) - LATE * np.floor(frames / FRAMES)


def transcribe(
    clip: AudioClip, card: ModelCard, scratch: Scratch, device: str, focus: Callable[[], float]
) -> Work:
    """Transcribe a clip of instruments; see `tasks.transcribe`."""
    yield Progress(float("nan"), f"Loading {card.title}")
    began = time.monotonic()
    chosen, why = choose(device)
    made = Origin(clip.origin.path, "transcribe", card.id, {"device": chosen}, clip.origin.notes)
    try:
        curves = scratch.clip(ROWS, frames_of(clip), CURVE_RATE, made)
        yield Opened({"curves": curves})
        net = load(card, chosen)
        clock = Clock(clip.seconds)
        for start, values in listen(net, clip, chosen, focus):
            stop = start + values.shape[1]
            curves.write(start, values)
            clock.add(clip.seconds * (stop - start) / curves.frames)
            yield Filled("curves", start, stop)
            share = min(clock.done / max(clock.total, 1e-9), 1.0)
            yield Progress(share, f"{card.title} · {chosen}", clock.rate, max(clock.left, 0.0))
    except OSError as error:
        raise UnwritableTarget(
            f"The notes could not be written: {error.strerror or error}.",
            f"About {frames_of(clip) * ROWS * 4 / 1e6:.0f} MB are needed in {scratch.folder}.",
        ) from error
    found = Melody(curves=curves, settings=SETTINGS).with_notes(notes(curves, SETTINGS))
    return Transcription(found, chosen, why, time.monotonic() - began)


def frames_of(clip: AudioClip) -> int:
    """How many frames the curves of a clip have."""
    return max(round(clip.frames * RATE / clip.rate) * KEPT // STEP, 1)


def listen(
    net: nn.Module,
    clip: AudioClip,
    device: str,
    focus: Callable[[], float] = lambda: 0.0,
) -> Iterator[tuple[int, np.ndarray]]:
    """Yield `(first frame, curves (ROWS, frames))` window by window, those at the focus first.

    Windows do not depend on each other, so neither does the result on their order.
    """
    frames = frames_of(clip)
    windows = side_by_side(
        Plan(frames, KEPT, 0),
        device,
        lambda: int(focus() * RATE) // STEP * KEPT,
        lambda index: _window(net, clip, index, device),
    )
    for index, curves in windows:
        start = index * KEPT
        yield start, curves[:, : frames - start]


def _window(net: nn.Module, clip: AudioClip, index: int, device: str) -> np.ndarray:
    """The curves of one window, float32 `(ROWS, KEPT)`."""
    check_cancelled()
    return curves_of(net, sound(clip, index * STEP - LEAD, WINDOW), device)[:, EDGE:-EDGE]


@torch.inference_mode()
def curves_of(net: nn.Module, window: np.ndarray, device: str) -> np.ndarray:
    """What a network says of float32 `(WINDOW,)`: `(ROWS, FRAMES)`."""
    if np.abs(window).max(initial=0.0) < SILENCE:
        return np.zeros((ROWS, FRAMES), np.float32)
    onset, note, _ = net(torch.from_numpy(window)[None].to(device))
    made: np.ndarray = torch.cat((onset[0], note[0]), -1).float().T.cpu().numpy()
    return made


def sound(clip: AudioClip, start: int, count: int) -> np.ndarray:
    """`count` samples of a clip at `RATE`, mono, from sample `start` on; outside it is silence.

    Read anywhere the same as if the whole clip were brought to that rate.
    """
    if clip.rate == RATE:
        return clip.read(start, start + count).mean(0)
    shared = gcd(clip.rate, RATE)
    block, made = clip.rate // shared, RATE // shared  # frames of the clip, and what they become
    first = (start - MARGIN) // made
    last = -(-(start + count + MARGIN) // made)
    mono = clip.read(first * block, last * block).mean(0)
    whole = soxr.resample(mono, clip.rate, RATE)
    out = np.zeros(count, np.float32)
    got = whole[start - first * made :][:count]
    out[: len(got)] = got
    return out


def notes(curves: AudioClip, settings: NoteSettings = SETTINGS) -> list[Note]:
    """Read notes off curves of many voices.

    A key's note begins where its onset curve peaks above `settings.onset`, or out of a loud rest
    of its note curve, and lasts while that is above `settings.voiced`; those that are not longer
    than `settings.shortest` are dropped. The other settings are for one voice.
    """
    shortest = round(settings.shortest * RATE / HOP)
    found: list[Note] = []
    scale = _scale(curves)
    for first, last in _parts(curves):
        values = curves.read(first, last).T
        onset, note = values[:, :SEMITONES], values[:, SEMITONES:]
        events = note_events(onset, note, settings.onset, settings.voiced, shortest, scale=scale)
        for start, stop, pitch, amplitude in events:
            begin, end = times(np.array([first + start, first + stop], np.float64)).tolist()
            loud = min(max(amplitude, 0.0), 1.0)
            found.append(Note(max(begin, 0.0), end - begin, float(pitch), loud, "", loud))
    return sorted(found, key=lambda each: (each.start, each.pitch))


def _parts(curves: AudioClip) -> Iterator[tuple[int, int]]:
    """Frames of the curves to read notes from at once, parted where it is quietest."""
    first = 0
    while first < curves.frames:
        last = min(first + PART, curves.frames)
        if last < curves.frames:
            middle = first + PART // 2
            loudest = curves.read(middle, last)[SEMITONES:].max(0)
            last = middle + int(loudest.argmin()) + 1
        yield first, last
        first = last


def _scale(curves: AudioClip) -> float:
    """What rises of the note curves are multiplied by to be compared with onsets."""
    struck = rise = 0.0
    for first in range(0, curves.frames, PART):
        values = curves.read(first - RISES, first + PART).T
        before = RISES if first else 0
        struck = max(struck, float(values[RISES:, :SEMITONES].max(initial=0.0)))
        rises = _rises(values[RISES - before :, SEMITONES:])[before:]
        rise = max(rise, float(rises.max(initial=0.0)))
    return struck / rise if rise > 0 else 0.0


def _rises(note: np.ndarray) -> np.ndarray:
    """How much each key's curve rises over one and over two frames, whichever is less, or 0."""
    out = np.full_like(note, np.inf)
    for lag in range(1, RISES + 1):
        step = note.copy()
        step[lag:] -= note[:-lag]
        np.minimum(out, step, out=out)
    out[:RISES] = 0.0
    return np.maximum(out, 0.0)


Event = tuple[int, int, int, float]  # first frame, frame after the last, MIDI number, amplitude


def note_events(
    onset: np.ndarray,
    note: np.ndarray,
    onset_from: float,
    note_from: float,
    shortest: int,
    rises: bool = True,
    loud_rests: bool = True,
    keys: tuple[int, int] = (0, SEMITONES),
    scale: float | None = None,
) -> list[Event]:
    """Notes of curves `(frames, 88)` each, in the order in which they are found.

    Onsets are taken from the last to the first, each with what follows of its note curve; that
    takes the key and its neighbours out of what is left. With `loud_rests` ("melodia trick") the
    highest of what is left then grows to both sides, and so on. With `rises` a sudden rise counts
    as an onset, `scale` times as much as it rises (None: so that the highest is like the highest
    onset). `shortest` in frames; keys outside `keys` are not looked at.
    """
    frames = len(note)
    if frames < 3:
        return []
    heard = np.zeros(SEMITONES, bool)
    heard[slice(*keys)] = True
    onset, note = onset * heard, note * heard
    struck = onset
    if rises:
        rising = _rises(note)
        top = float(rising.max())
        if scale is None:
            scale = float(onset.max()) / top if top > 0 else 0.0
        struck = np.maximum(onset, rising * np.float32(scale))
    inner = struck[1:-1]
    peaks = (inner > struck[:-2]) & (inner > struck[2:]) & (inner >= onset_from)
    left = note.copy()
    events: list[Event] = []

    def stretch(frame: int, key: int, step: int) -> int:
        """Frames from `frame` on in which a key sounds, with quiet ones inside but not after."""
        line = left[frame + 1 : -1, key] if step > 0 else left[1:frame, key][::-1]
        sounds = np.flatnonzero(line >= note_from)
        if not len(sounds) or sounds[0] >= GAP:
            return 0
        wide = np.flatnonzero(np.diff(sounds) > GAP)
        return int(sounds[wide[0] if len(wide) else -1]) + 1

    def take(first: int, last: int, key: int) -> None:
        left[first:last, max(key - 1, 0) : key + 2] = 0.0

    for frame, key in np.argwhere(peaks)[::-1].tolist():
        frame += 1
        if frame >= frames - 1:
            continue
        stop = frame + 1 + stretch(frame, key, 1)
        if stop - frame > shortest:
            take(frame, stop, key)
            events.append((frame, stop, key + LOWEST, float(note[frame:stop, key].mean())))
    if not loud_rests:
        return events
    highest = left.max(1)
    while highest[frame := int(highest.argmax())] > note_from:
        key = int(left[frame].argmax())
        after, before = stretch(frame, key, 1), stretch(frame, key, -1)
        first, last = frame - before, frame + after
        low, high = max(first - GAP, 1), min(last + GAP + 1, frames - 1)
        left[frame, key] = 0.0
        take(low, frame, key)
        take(frame + 1, high, key)
        touched = slice(max(low - 1, 0), high + 1)
        highest[touched] = left[touched].max(1)
        if last - first > shortest:
            events.append((first, last, key + LOWEST, float(note[first:last, key].mean())))
    return events
