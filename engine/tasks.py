"""The verbs: generators that yield events, can be cancelled at any yield, and return a result.

Bodies import what they need when they run, on their lane's thread, so this module is light.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from engine.events import Progress, Work

if TYPE_CHECKING:
    from engine.audio import Encoding
    from engine.cards import ModelCard
    from engine.document import Document
    from engine.downloads import Published
    from engine.locks import Lock
    from engine.melody import Melody
    from engine.preview import Preview
    from engine.regions import Region
    from engine.spectrogram import TileKey
    from engine.synthesis import Phrases
    from engine.types import AudioClip, Scratch, Track, Voicing
    from engine.workspace import Left, Workspace


def decode(path: Path, scratch: Scratch, watched: bool = False) -> Work:
    """Read a file's sound into a clip, at its own rate; returns the `AudioClip`.

    Opens one clip named "audio" at once and fills it from the start. More than two channels are
    mixed down to stereo and NaN/Inf become silence, both said in `clip.origin.notes`. Where it is
    `watched`, a long file can be pictured before it is read, and its first picture goes first.
    Raises `UnreadableAudio`, `UnwritableTarget` (the scratch disk is full).
    """
    from engine import audio

    return (yield from audio.decode(path, scratch, watched))


def separate(
    clip: AudioClip,
    card: ModelCard,
    scratch: Scratch,
    device: str = "auto",
    focus: Callable[[], float] = lambda: 0.0,
) -> Work:
    """Take a clip apart; returns a `Separation` with a clip for each of the card's outputs.

    Opens all clips at once and fills them around `focus()` (seconds) first. Their rate, channels
    and length are those of the mix. When the card names one output more than the network gives,
    such as "instrumental" beside "vocals", that is what the others leave of the mix.
    Raises `WeightsMissing`, `DeviceUnavailable`, `UnwritableTarget`.
    """
    from engine import separation

    return (yield from separation.separate(clip, card, scratch, device, focus))


def transcribe(
    clip: AudioClip,
    card: ModelCard,
    scratch: Scratch,
    device: str = "auto",
    focus: Callable[[], float] = lambda: 0.0,
    band: AudioClip | None = None,
) -> Work:
    """Write down what is sung or played on a clip; returns a `Transcription`.

    Opens one clip, "curves" (see `Melody`), and fills it around `focus()` (seconds) first. A card
    of the family "basic_pitch" hears many voices, the others one; of these, `band` is what a
    separation left of the song beside the singer in `clip`, where that is known.
    Raises `WeightsMissing`, `DeviceUnavailable`, `UnwritableTarget`.
    """
    if card.family == "basic_pitch":
        from engine import polyphony

        return (yield from polyphony.transcribe(clip, card, scratch, device, focus))
    from engine import transcription

    return (yield from transcription.transcribe(clip, card, scratch, device, focus, band))


def separate_and_transcribe(
    clip: AudioClip,
    separator: ModelCard,
    card: ModelCard,
    scratch: Scratch,
    device: str = "auto",
    focus: Callable[[], float] = lambda: 0.0,
) -> Work:
    """Take the singer out of a mix and write down what is sung, as one work with one progress.

    Returns `(Separation, Transcription)`; opens and fills clips like `separate`, then like
    `transcribe`. Raises what they raise.
    """
    from engine import transcription

    return (
        yield from transcription.separate_and_transcribe(
            clip, separator, card, scratch, device, focus
        )
    )


def and_sing(
    work: Work,
    voicing: Voicing,
    card: ModelCard,
    scratch: Scratch,
    phrases: Phrases,
    device: str = "auto",
    focus: Callable[[], float] = lambda: 0.0,
) -> Work:
    """Let a voice sing what a work writes down, as one work with one progress; returns its result.

    What is sung is kept in `phrases`, so that a lane of the same notes sounds at once. Where the
    voice cannot sing, the result is there all the same.
    """
    from engine import synthesis

    return (yield from synthesis.and_sing(work, voicing, card, scratch, phrases, device, focus))


def sing(
    melody: Melody,
    voicing: Voicing,
    card: ModelCard,
    scratch: Scratch,
    phrases: Phrases,
    device: str = "auto",
    focus: Callable[[], float] = lambda: 0.0,
    seconds: float = 0.0,
) -> Work:
    """Let a voice sing the notes of a melody; returns a `Sung`.

    Opens one mono clip, "voice", of `seconds` or as long as the notes need, and fills it phrase by
    phrase around `focus()` (seconds) first. Phrases that `phrases` has kept are not made again.
    Of `voicing`, pitch, energy and seed matter. Notes that cannot be sung are silent and told of.
    Raises `WeightsMissing`, `DeviceUnavailable`, `UnwritableTarget`.
    """
    from engine import synthesis

    return (
        yield from synthesis.sing(melody, voicing, card, scratch, phrases, device, focus, seconds)
    )


def speak(
    voicing: Voicing,
    card: ModelCard,
    scratch: Scratch,
    phrases: Phrases,
    device: str = "auto",
    focus: Callable[[], float] = lambda: 0.0,
) -> Work:
    """Let a voice speak the text of `voicing`; returns a `Spoken`.

    Opens one mono clip, "voice", and fills it sentence by sentence, the first at once unless
    `focus()` says otherwise. Sentences that `phrases` has kept are not made again.
    Raises `EngineError` when there is nothing that can be said, `WeightsMissing`,
    `DeviceUnavailable`, `UnwritableTarget`.
    """
    from engine import synthesis

    return (yield from synthesis.speak(voicing, card, scratch, phrases, device, focus))


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
    """Write one clip to a file, at its own rate; returns the path written.

    Tags and cover come from `clip.origin.path`; `stem` ("Vocals") is added to the title, `tags`
    change single ones ("" takes one away). The file appears whole or not at all; unless
    `overwrite`, under the first free name. The level stays as it is unless `gain_db` (see
    `audio.common_gain`); what is above full scale is cut in integer formats. `silences` are muted
    ranges in seconds, `span` the part of the clip to write, in seconds. The last `Progress` says
    what had to be changed.
    Raises `UnwritableTarget`.
    """
    from engine import audio

    return (
        yield from audio.export_clip(
            clip, path, encoding, overwrite, tags, stem, gain_db, silences, span
        )
    )


def loudness(clip: AudioClip, span: tuple[float, float] | None = None) -> Work:
    """Measure how loud a clip, or `span` of it (seconds), is to the ear; LUFS, -inf for silence."""
    from engine import matching

    return (yield from matching.loudness(clip, span))


def export_mix(
    tracks: Sequence[Track],
    rate: int,
    path: Path,
    encoding: Encoding,
    overwrite: bool = False,
    gain_db: float = 0.0,
    tags: Mapping[str, str] | None = None,
) -> Work:
    """Write what is heard (gain, pan, mute, solo) to a file; returns the path written.

    In all else like `export_clip`. Raises `UnwritableTarget`.
    """
    from engine import audio

    return (yield from audio.export_mix(tracks, rate, path, encoding, overwrite, gain_db, tags))


def extract(
    clip: AudioClip,
    region: Region,
    scratch: Scratch,
    keep: str = "inside",
    in_place: bool = False,
) -> Work:
    """Make a clip of what is inside a region (`keep` "inside"), or of all the rest ("outside").

    Opens and returns one clip, "selection", with the rate and channels of the sound. The inside is
    as long as the region unless `in_place`; then, like the outside, it is as long as the sound and
    silent elsewhere. Inside (in place) and outside add up to the sound.
    Raises `EngineError` (no sound there), `UnwritableTarget`.
    """
    from engine import selection

    return (yield from selection.extract(clip, region, scratch, keep, in_place))


def level(clip: AudioClip, region: Region) -> Work:
    """Measure what is inside a region; returns its `selection.Level`.

    The strongest tone is told within 1 cent for a steady tone above 50 Hz that lasts 0.2 s.
    Raises `EngineError` (no sound there).
    """
    from engine import selection

    return (yield from selection.level(clip, region))


def ridge(
    clip: AudioClip,
    stroke: Sequence[tuple[float, float]],
    band: tuple[float, float] | None = None,
) -> Work:
    """Follow the tone that runs near a stroke; returns its `(seconds, Hz)`, as long as the stroke.

    Each is the loudest frequency within a semitone of the stroke, or the stroke itself where there
    is no peak. With a `band` (Hz) it is the loudest anywhere inside that, wherever the stroke is.
    The stroke needs two moments at least.
    """
    from engine import selection

    return (yield from selection.ridge(clip, stroke, band))


def save_project(
    document: Document,
    folder: Path,
    names: Mapping[AudioClip, str] | None = None,
    lock: Lock | None = None,
    keep: Iterable[AudioClip] = (),
) -> Work:
    """Write a document and its sound into a project folder; returns a `store.Saved`.

    Sound is linked where the disk can, else copied; whenever this ends, the folder holds a whole
    project, the old one or the new one. `names` are those of the last save to this folder, `lock`
    the one held on it, `keep` clips that may be read from the folder still.
    Raises `UnwritableTarget`.
    """
    from engine import store

    return (yield from store.save(document, folder, names, lock, keep))


def open_project(path: Path, scratch: Scratch) -> Work:
    """Open a project folder, or the text inside it; returns a `store.Loaded`.

    Nothing but the text and the heads of the files is read: pictures come from `draw`. What is
    damaged or missing is left out and said in the document's notes.
    Raises `EngineError` when there is no project to be read.
    """
    from engine import store

    return (yield from store.load(path, scratch))


def draw(clips: Mapping[str, AudioClip]) -> Work:
    """Take in the peaks of clips that lie on disk already; `Filled` tells how far it got."""
    from engine import store

    return (yield from store.draw(clips))


def find_left(parent: Path) -> Work:
    """Find what killed programs left in `parent`; returns a tuple of `workspace.Left`."""
    from engine import workspace

    return (yield from workspace.left(parent))


def recover(folder: Path, scratch: Scratch) -> Work:
    """Bring back what a killed program had open; returns a `store.Loaded`.

    Raises `EngineError` when its journal cannot be read.
    """
    from engine import workspace

    return (yield from workspace.recover(folder, scratch))


def replace_left(folder: Path, workspace: Workspace, offer: Left | None) -> Work:
    """Delete what was recovered into `workspace`, once that holds it safely."""
    from engine import workspace as workspaces

    return (yield from workspaces.replace_left(folder, workspace, offer))


def discard_left(offer: Left) -> Work:
    """Delete what a killed program left."""
    from engine import workspace

    return (yield from workspace.discard(offer))


def sweep(parent: Path) -> Work:
    """Delete the scratch folders of programs that are gone."""
    from engine import workspace

    return (yield from workspace.sweep(parent))


def tile(clip: AudioClip | Preview, key: TileKey) -> Work:
    """Compute one tile of a spectrogram; returns `uint8` `(rows, columns)`, low pitch first."""
    from engine import spectrogram

    return spectrogram.tile(clip, key)
    yield  # a generator like every verb, with nothing to say on the way


def warm_up(card: ModelCard, device: str = "auto") -> Work:
    """Load a card's network ahead of its first use; a voice also sings a note that nobody hears.

    Returns nothing. Raises `WeightsMissing`, `DeviceUnavailable`.
    """
    yield Progress(float("nan"), f"Loading {card.title}")
    if card.task == "sing":
        from engine import synthesis

        synthesis.warm_up(card, device)
        return
    from engine import cards, loader

    for each in [cards.card(id) for id in card.members] or [card]:
        loader.load(each, loader.choose(device)[0])


def unload() -> Work:
    """Give back the memory of all loaded networks; the heavy lane does it between its jobs."""
    yield Progress(float("nan"), "Unloading the models")
    from engine import loader

    loader.unload()


def add_model(
    path: Path,
    yaml: Path | None = None,
    title: str = "",
    licence: str = "",
    source: str = "",
    outputs: Sequence[str] = (),
) -> Work:
    """Take someone's checkpoint in; returns an `importing.Added`: its card and remarks.

    Sizes are read off the tensors. A configuration (`yaml`, else the `.yaml` beside the file) only
    confirms them and adds what weights cannot show: hop, window, names of the stems. `outputs`
    names the stems where nothing else does. One second is tried before anything is kept; weights
    are kept as safetensors with their SHA-256, licence and source as they are given here.
    Raises `UnusableModel`, `UnwritableTarget`, and `EngineError` when the file is here already.
    """
    from engine import importing

    return (yield from importing.add_model(path, yaml, title, licence, source, outputs))


def remove_model(id: str) -> Work:
    """Delete the card and the weights of a model that was added; returns nothing.

    Raises `EngineError` for one of Melic's own or an unknown one, `UnwritableTarget`.
    """
    from engine import importing

    yield from importing.remove_model(id)


def fetch_model(wanted: Published) -> Work:
    """Download a published checkpoint and take it in; returns an `importing.Added`.

    Goes on where an earlier try broke off; size and SHA-256 are checked before anything is read.
    Proxies are those of the environment, `HF_ENDPOINT` names a mirror of the hub. Raises
    `DownloadFailed`, `UnwritableTarget`, `UnusableModel`, and `EngineError` when it is here.
    """
    from engine import downloads

    return (yield from downloads.fetch_model(wanted))


def measure_model(card: ModelCard, scratch: Scratch, device: str = "auto") -> Work:
    """Let a model hear ten seconds and more, and remember how fast it is; returns a `Speed`.

    For models that separate or transcribe. Raises what they raise.
    """
    from engine import speeds

    return (yield from speeds.measure(card, scratch, device))


def unload_model(card: ModelCard) -> Work:
    """Give back the memory of one model's networks, if they are loaded."""
    yield Progress(float("nan"), f"Unloading {card.title}")
    from engine import loader

    loader.unload(card.id)


def loaded_models() -> Work:
    """Find out which models are in memory; returns their ids."""
    import sys

    yield Progress(float("nan"))
    if "engine.loader" not in sys.modules:  # then nothing is, and it takes long to load
        return frozenset()
    from engine import loader

    return loader.loaded()


def try_model(
    clip: AudioClip,
    card: ModelCard,
    scratch: Scratch,
    start: float,
    seconds: float = 10.0,
    device: str = "auto",
) -> Work:
    """Let a model hear a part of a clip, from `start` on; returns a `trying.Tried`.

    Opens one clip, "try", as long as the whole and silent elsewhere. For models that separate
    (their first stem) or transcribe (the part itself, and its notes). Raises what those raise.
    """
    from engine import trying

    return (yield from trying.try_out(clip, card, scratch, start, seconds, device))


def difference(a: AudioClip, b: AudioClip, scratch: Scratch, gain_db: float = 0.0) -> Work:
    """Subtract `b`, raised by `gain_db`, from `a`; opens and returns one clip, "residual".

    Raises `EngineError` when their rates or channels differ, `UnwritableTarget`.
    """
    from engine import residual

    return (yield from residual.difference(a, b, scratch, gain_db))
