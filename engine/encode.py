"""Sound out: names, formats, dither, tags; a file appears whole or not at all."""

from __future__ import annotations

import errno
import math
import os
import re
import secrets
import shutil
import time
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from engine.errors import EngineError, UnwritableTarget
from engine.events import Progress, Work
from engine.silences import silenced
from engine.tags import Tags, read_tags, write_tags
from engine.types import AudioClip, Origin, Track

if TYPE_CHECKING:
    import soundfile

BLOCK_SECONDS = 1.0  # of sound between two chances to cancel; LAME takes its time
TELL = 0.1  # seconds between two reports of progress
RIFF_LIMIT = 2**32 - 2**20  # bytes; past it a WAV file must be RF64
SPARE = 8 * 2**20  # bytes of the target's disk that are left free
MP3_RATES = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000)
RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])\s*(\.|$)", re.IGNORECASE)
NAME_BYTES = 255 - len(" (99)")  # what file systems allow, less what `free_name` may add


@dataclass(frozen=True, slots=True)
class Encoding:
    """How a file is written: `format` wav, flac or mp3; `subtype` float, 24 or 16 (not for mp3).

    FLAC has no float: it then takes 24 bits. `mp3_kbps` 0 means V0, the best variable bit rate.
    """

    format: str = "wav"
    subtype: str = "24"
    mp3_kbps: int = 320

    def __post_init__(self) -> None:
        if self.format not in {"wav", "flac", "mp3"} or self.subtype not in {"float", "24", "16"}:
            raise ValueError(f"no such encoding: {self}")
        if self.mp3_kbps and not 32 <= self.mp3_kbps <= 320:
            raise ValueError(f"MP3 has 32 to 320 kbit/s, or 0 for V0, not {self.mp3_kbps}")

    @property
    def bits(self) -> int:
        """Bits of an integer sample; 0 where samples stay float."""
        if self.format == "mp3" or (self.format == "wav" and self.subtype == "float"):
            return 0
        return 16 if self.subtype == "16" else 24

    def rate(self, rate: int) -> int:
        """Return the rate to write at: this one, or what the format can hold instead."""
        if self.format != "mp3" or rate in MP3_RATES:
            return rate
        whole = [fits for fits in MP3_RATES if rate % fits == 0]
        above = [fits for fits in MP3_RATES if fits > rate]
        return whole[-1] if whole else (above[0] if above else MP3_RATES[-1])

    def size(self, frames: int, channels: int, rate: int) -> int:
        """Return the most bytes that the sound can take."""
        if self.format == "mp3":
            return math.ceil(frames / rate * (self.mp3_kbps or 320) * 125)
        return frames * channels * (self.bits or 32) // 8


# -- names --------------------------------------------------------------------------------------


def stem_name(template: str, source: str | Path, stem: str, ext: str, model: str = "") -> str:
    """Return a file name that every system takes, such as `Song_(Vocals).wav`.

    The template knows {song} (also called {source}: the source's name without its suffix), {stem},
    {model} and {format}. A name too long loses the end of the song's part.
    """
    song = source.stem if isinstance(source, Path) else source
    template = template or "{song}_({stem})"
    words = {"stem": stem, "model": model, "format": ext}
    while True:
        name = f"{_fill(template, {**words, 'song': song, 'source': song})}.{ext}"
        excess = len(name.encode("utf-8", "surrogateescape")) - NAME_BYTES
        if excess <= 0:
            return name
        if not song:  # the template itself is too long
            raise ValueError("the name template is too long")
        kept = song.encode("utf-8", "surrogateescape")[: -excess or None]
        song = kept.decode("utf-8", "ignore").rstrip("\u200d\ufe0f ")


def _fill(template: str, words: Mapping[str, str]) -> str:
    name = re.sub(r"\{(\w+)\}", lambda match: words.get(match[1], match[0]), template)
    name = re.sub(r'[\x00-\x1f\x7f<>:"/\\|?*]', "_", name).strip() or "Sound"
    return f"_{name}" if RESERVED.match(name) else name


def free_name(path: Path) -> Path:
    """Return the path itself, or with " (2)", " (3)" … the first that nothing has."""
    free, number = path, 2
    while os.path.lexists(free):
        free = path.with_name(f"{path.stem} ({number}){path.suffix}")
        number += 1
    return free


# -- the verbs ----------------------------------------------------------------------------------


def common_gain(clips: Sequence[AudioClip]) -> float:
    """Return the gain in dB, at most 0, that keeps every one of these clips within full scale.

    Stems of one song must share it, or they no longer add up to their mix.
    """
    peaks = [float(np.abs(clip.peaks.query(0, clip.frames, 1)).max()) for clip in clips]
    peak = max(peaks, default=0.0)
    return -20 * math.log10(peak) if peak > 1.0 else 0.0


def export_clip(
    clip: AudioClip,
    path: Path,
    encoding: Encoding,
    overwrite: bool = False,
    tags: Mapping[str, str] | None = None,
    stem: str = "",
    gain_db: float = 0.0,
    silences: Sequence[tuple[float, float]] = (),
    span: tuple[float, float] | None = None,
) -> Work:
    """Write one clip to a file; see `tasks.export_clip`."""
    gain = np.float32(10 ** (gain_db / 20))
    first, last = 0, clip.frames
    if span is not None:
        first = max(round(span[0] * clip.rate), 0)
        last = min(max(round(span[1] * clip.rate), first), clip.frames)

    def blocks() -> Iterator[np.ndarray]:
        size = max(round(BLOCK_SECONDS * clip.rate), 1)
        for start in range(first, last, size):
            block = clip.read(start, min(start + size, last))
            block = silenced(block, start, clip.rate, silences)
            yield block if gain == 1.0 else block * gain

    words = clip_tags(clip.origin, stem, tags)
    sound = _Sound(blocks(), max(last - first, 0), clip.channels, clip.rate)
    return (yield from _write(sound, path, encoding, overwrite, words))


def export_mix(
    tracks: Sequence[Track],
    rate: int,
    path: Path,
    encoding: Encoding,
    overwrite: bool = False,
    gain_db: float = 0.0,
    tags: Mapping[str, str] | None = None,
) -> Work:
    """Write what is heard to a stereo file; see `tasks.export_mix`."""
    from engine.mixer import Mixdown

    mix = Mixdown(tracks, rate)
    frames, gain = mix.frames, np.float32(10 ** (gain_db / 20))

    def blocks() -> Iterator[np.ndarray]:
        size = max(round(BLOCK_SECONDS * rate), 1)
        for start in range(0, frames, size):
            yield mix.read(min(size, frames - start)) * gain

    words = mix_tags(tracks, tags)
    return (yield from _write(_Sound(blocks(), frames, 2, rate), path, encoding, overwrite, words))


def mix_tags(tracks: Sequence[Track], changes: Mapping[str, str] | None = None) -> Tags:
    """Return the tags of a mix: those of its song, if all tracks come from one."""
    if len({track.clip.origin.path for track in tracks}) != 1:
        return _changed(Tags(), changes)
    made = [track.clip.origin for track in tracks if track.clip.origin.model]
    return clip_tags(made[0] if made else tracks[0].clip.origin, "Mix", changes)


def clip_tags(origin: Origin, stem: str, changes: Mapping[str, str] | None = None) -> Tags:
    """Return the tags of what was made from a song: its own, its part's name, how it was made."""
    tags = read_tags(origin.path) if origin.path is not None else Tags()
    text = dict(tags.text)
    if stem and origin.path is not None:
        title = text.get("title", (origin.path.stem,))[0]
        text["title"] = (f"{title} ({stem})",)
    if origin.model:
        text["comment"] = (*text.get("comment", ()), _stamp(origin.model))
    return _changed(replace(tags, text=text), changes)


def _changed(tags: Tags, changes: Mapping[str, str] | None) -> Tags:
    """Return tags with single ones changed; an empty word takes one away."""
    text = {**tags.text, **{name: (value,) for name, value in (changes or {}).items()}}
    return replace(tags, text={name: words for name, words in text.items() if words != ("",)})


def _stamp(model: str) -> str:
    from engine.cards import card

    try:
        return f"Made with Melic, model {model} ({card(model).licence})"
    except EngineError:
        return f"Made with Melic, model {model}"


# -- writing ------------------------------------------------------------------------------------


@dataclass
class _Sound:
    """What is to be written: float32 `(channels, n)` blocks that add up to `frames`."""

    blocks: Iterator[np.ndarray]
    frames: int
    channels: int
    rate: int


class _Quantiser:
    """From float to what the file holds; never wraps, and counts what had to be cut.

    16 bits get triangular dither of ±1 step, independent in each channel and, by the file's name,
    in each stem, the same at every run. A block that is on the 16-bit grid already passes
    untouched. 24 bits get none: their step, -138 dB, is as fine as the float samples themselves.
    """

    def __init__(self, bits: int, name: str) -> None:
        self.bits = bits
        self.cut = 0
        self.peak = 0.0
        self._random = np.random.default_rng(zlib.crc32(name.encode("utf-8", "surrogateescape")))

    def __call__(self, block: np.ndarray) -> np.ndarray:
        """Take float32 `(channels, n)`, return `(n, channels)` as soundfile wants it."""
        peak = float(np.abs(block).max(initial=0.0))
        self.peak = max(self.peak, peak)
        if peak > 1.0:
            self.cut += int(np.count_nonzero(np.abs(block) > 1.0))
        if not self.bits:
            return np.ascontiguousarray(block.T)
        full = 2.0 ** (self.bits - 1)
        # 24 bits are what a float32 holds, so nothing is lost by staying in it.
        steps = block * np.float32(full) if self.bits == 24 else block.astype(np.float64) * full
        if self.bits == 16 and (steps != np.rint(steps)).any():
            noise = self._random.random((2, *steps.shape))
            steps += noise[0] - noise[1]
        whole = np.clip(np.rint(steps), -full, full - 1)
        if self.bits == 16:
            return np.ascontiguousarray(whole.T, np.int16)
        return np.ascontiguousarray(whole.T, np.int32) << 8  # libsndfile takes the upper 24 bits


def _write(sound: _Sound, path: Path, encoding: Encoding, overwrite: bool, words: Tags) -> Work:
    """Write beside the target, then move it there; yields `Progress`, returns the path.

    The last `Progress` holds, for a person, what had to be changed.
    """
    import mutagen
    import soundfile

    rate = encoding.rate(sound.rate)
    need = encoding.size(round(sound.frames * rate / sound.rate), sound.channels, rate)
    _check_folder(path, need)
    part = path.with_name(f".melic-{secrets.token_hex(6)}.part")
    quantise = _Quantiser(encoding.bits, path.name)
    notes: list[str] = []
    try:
        with open(part, "xb"):
            pass  # says why, if this folder takes no files
        with _open(part, encoding, sound.channels, rate, need) as file:
            yield from _pour(sound, rate, quantise, file, path)
            big = file.format == "RF64"
        if encoding.format != "mp3" and soundfile.info(part).frames != sound.frames:
            raise OSError(errno.ENOSPC, "the file came out shorter than it should")
        if big:
            notes.append("Over 4 GB, so written as RF64, without tags.")
        else:
            write_tags(part, encoding.format, words)
        with open(part, "r+b") as written:
            os.fsync(written.fileno())
        path = _publish(part, path, overwrite)
    except (OSError, AssertionError, soundfile.LibsndfileError, mutagen.MutagenError) as error:
        raise _unwritable(path, need, error) from error
    finally:
        part.unlink(missing_ok=True)
    if rate != sound.rate:
        notes.append(f"MP3 cannot hold {sound.rate} Hz, so it was resampled to {rate} Hz.")
    if quantise.cut and encoding.format == "mp3":
        level = f"{20 * math.log10(quantise.peak):+.1f} dBFS"
        notes.append(f"Peaks reach {level}; players will cut them.")
    elif quantise.cut and encoding.bits:
        over = f"{20 * math.log10(quantise.peak):.1f} dB"
        notes.append(f"{quantise.cut} samples, up to {over} above full scale, were cut.")
    yield Progress(1.0, " ".join(notes) or f"Written: {path.name}", seconds_left=0.0)
    return path


def _open(
    part: Path, encoding: Encoding, channels: int, rate: int, need: int
) -> soundfile.SoundFile:
    import soundfile

    if encoding.format == "mp3":
        kbps = encoding.mp3_kbps
        # LAME by way of libsndfile: level 0 is 320 kbit/s or V0; below 32 kHz MP3 ends at 160.
        top = 320 if rate >= 32000 else 160 if rate >= 16000 else 64
        low = 32 if rate >= 32000 else 8
        level = min(max((top - kbps) / (top - low), 0.0), 1.0) if kbps else 0.0
        return soundfile.SoundFile(
            part,
            "w",
            rate,
            channels,
            "MPEG_LAYER_III",
            format="MP3",
            bitrate_mode="CONSTANT" if kbps else "VARIABLE",
            compression_level=level,
        )
    subtype = f"PCM_{encoding.bits}" if encoding.bits else "FLOAT"
    format = "FLAC" if encoding.format == "flac" else "RF64" if need > RIFF_LIMIT else "WAV"
    return soundfile.SoundFile(part, "w", rate, channels, subtype, format=format)


def _pour(
    sound: _Sound, rate: int, quantise: _Quantiser, file: soundfile.SoundFile, path: Path
) -> Iterator[Progress]:
    import soxr

    converter = None
    if rate != sound.rate:
        converter = soxr.ResampleStream(sound.rate, rate, sound.channels, "float32", "VHQ")
    started = told = time.monotonic()
    done = 0
    note = f"Writing {path.name}"
    yield Progress(0.0, note)
    for block in sound.blocks:
        done += block.shape[1]
        if converter is not None:
            block = converter.resample_chunk(
                np.ascontiguousarray(block.T), last=done == sound.frames
            ).T
        file.write(quantise(block))
        now = time.monotonic()
        if now - told >= TELL:
            told = now
            speed = done / sound.rate / (now - started)
            left = (sound.frames - done) / sound.rate / speed
            yield Progress(done / sound.frames, note, speed, left)


def write_bytes(path: Path, data: bytes, overwrite: bool = False) -> Path:
    """Write a small file whole or not at all; returns its path, which `free_name` may have changed.

    Raises `UnwritableTarget`; what was there stays.
    """
    _check_folder(path, len(data))
    part = path.with_name(f".melic-{secrets.token_hex(6)}.part")
    try:
        with open(part, "xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        return _publish(part, path, overwrite)
    except OSError as error:
        raise _unwritable(path, len(data), error) from error
    finally:
        part.unlink(missing_ok=True)


def _publish(part: Path, path: Path, overwrite: bool) -> Path:
    """Give a finished file its name; without leave to overwrite, one that nobody has."""
    if overwrite:
        os.replace(part, path)
        return path
    while True:
        path = free_name(path)
        try:
            with open(path, "xb"):
                pass  # takes the name, so that two exports at once cannot both have it
        except FileExistsError:
            continue
        try:
            os.replace(part, path)
        except OSError:
            path.unlink(missing_ok=True)
            raise
        return path


def _check_folder(path: Path, need: int) -> None:
    folder = path.parent
    if not folder.is_dir():
        what = f"The folder “{folder}” is not there."
        raise UnwritableTarget(what, "Make it, or choose another one.")
    if path.is_dir():
        raise UnwritableTarget(f"“{path}” is a folder.", "Choose another name.")
    free = shutil.disk_usage(folder).free
    if free < need + SPARE:
        raise UnwritableTarget(
            f"There is too little room for “{path.name}”: it may need {need / 1e6:,.0f} MB in "
            f"{folder}, where {free / 1e6:,.0f} MB are free.",
            "Free some space, choose another folder, or export as FLAC or MP3.",
        )


def _unwritable(path: Path, need: int, error: Exception) -> UnwritableTarget:
    number = error.errno if isinstance(error, OSError) else None
    if number in {errno.EACCES, errno.EPERM, errno.EROFS}:
        what = f"“{path.name}” may not be written to {path.parent}."
        return UnwritableTarget(what, "Choose a folder of your own.")
    free = shutil.disk_usage(path.parent).free if path.parent.is_dir() else need
    if number in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG} or free < need:
        what = f"The disk was full before “{path.name}” was done; nothing was left behind."
        hint = f"It needs {need / 1e6:,.0f} MB. Free some, or choose another folder."
        return UnwritableTarget(what, hint)
    reason = getattr(error, "strerror", None) or str(error) or "no reason given"
    what = f"“{path.name}” could not be written to {path.parent}: {reason}."
    return UnwritableTarget(what, "Choose another folder or format.")
