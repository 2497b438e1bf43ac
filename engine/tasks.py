"""The verbs: generators that yield events, can be cancelled at any yield, and return a result.

Bodies import what they need when they run, on their lane's thread, so this module is light.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from engine.events import Progress, Work

if TYPE_CHECKING:
    from engine.audio import Encoding
    from engine.cards import ModelCard
    from engine.spectrogram import TileKey
    from engine.types import AudioClip, Scratch, Track


def decode(path: Path, scratch: Scratch) -> Work:
    """Read a file's sound into a clip, at its own rate; returns the `AudioClip`.

    Opens one clip named "audio" at once and fills it from the start. More than two channels are
    mixed down to stereo and NaN/Inf become silence, both said in `clip.origin.notes`.
    Raises `UnreadableAudio`, `UnwritableTarget` (the scratch disk is full).
    """
    from engine import audio

    return (yield from audio.decode(path, scratch))


def separate(
    clip: AudioClip,
    card: ModelCard,
    scratch: Scratch,
    device: str = "auto",
    focus: Callable[[], float] = lambda: 0.0,
) -> Work:
    """Take the singer out of a clip; returns a `Separation` with "vocals" and "instrumental".

    Opens both clips at once and fills them around `focus()` (seconds) first. Their rate, channels
    and length are those of the mix, and their sum is the mix.
    Raises `WeightsMissing`, `DeviceUnavailable`, `UnwritableTarget`.
    """
    from engine import separation

    return (yield from separation.separate(clip, card, scratch, device, focus))


def export_clip(
    clip: AudioClip,
    path: Path,
    encoding: Encoding,
    overwrite: bool = False,
    tags: Mapping[str, str] | None = None,
    stem: str = "",
    gain_db: float = 0.0,
) -> Work:
    """Write one clip to a file, at its own rate; returns the path written.

    Tags and cover come from `clip.origin.path`; `stem` ("Vocals") is added to the title, `tags`
    change single ones. The file appears whole or not at all; unless `overwrite`, under the first
    free name. The level stays as it is unless `gain_db` (see `audio.common_gain`); what is above
    full scale is cut in integer formats. The last `Progress` says what had to be changed.
    Raises `UnwritableTarget`.
    """
    from engine import audio

    return (yield from audio.export_clip(clip, path, encoding, overwrite, tags, stem, gain_db))


def export_mix(
    tracks: Sequence[Track],
    rate: int,
    path: Path,
    encoding: Encoding,
    overwrite: bool = False,
    gain_db: float = 0.0,
) -> Work:
    """Write what is heard (gain, pan, mute, solo) to a file; returns the path written.

    In all else like `export_clip`. Raises `UnwritableTarget`.
    """
    from engine import audio

    return (yield from audio.export_mix(tracks, rate, path, encoding, overwrite, gain_db))


def tile(clip: AudioClip, key: TileKey) -> Work:
    """Compute one tile of a spectrogram; returns `uint8` `(rows, columns)`, low pitch first."""
    from engine import spectrogram

    return spectrogram.tile(clip, key)
    yield  # a generator like every verb, with nothing to say on the way


def warm_up(card: ModelCard, device: str = "auto") -> Work:
    """Load a card's network ahead of its first use; returns nothing.

    Raises `WeightsMissing`, `DeviceUnavailable`.
    """
    yield Progress(float("nan"), f"Loading {card.title}")
    from engine import loader

    loader.load(card, loader.choose(device)[0])
