"""Take someone's checkpoint in: check it, try it out, keep its weights and a card of it."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tempfile
import time
import unicodedata
from collections.abc import Generator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from engine import checkpoints, loader, polyphony, vocoding
from engine.cards import (
    FOLDER,
    ModelCard,
    WeightFile,
    own_cards,
    own_folder,
    unused,
    write_card,
)
from engine.checkpoints import Said
from engine.errors import EngineError, UnusableModel, UnwritableTarget
from engine.events import Progress, Work
from engine.hearing import stems
from engine.models import basic_pitch, fastspeech2
from engine.weights import folders

BLOCK = 1 << 23  # bytes
ROOM = 64e6  # bytes that stay free on the disk
NOT_STATED = "not stated"
STALE = 86_400  # seconds after which a part of an import that was killed is thrown away
DTYPES = {torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16"}


@dataclass(frozen=True, slots=True)
class Added:
    """A network that was taken in, and what had to be assumed of it, in words."""

    card: ModelCard
    notes: tuple[str, ...]


def add_model(
    path: Path,
    yaml: Path | None = None,
    title: str = "",
    licence: str = "",
    source: str = "",
    outputs: Sequence[str] = (),
) -> Work:
    """Take a checkpoint in; see `tasks.add_model`."""
    yield Progress(0.0, f"Reading {path.name}")
    found = checkpoints.tensors(path)
    digest = yield from _digest(path)
    usable, broken = own_cards()
    for card in usable:
        if digest in card.source:
            raise EngineError(
                f"{path.name} is already here: {card.title} ({card.id}).",
                f"Remove it first to add it in another way: models remove {card.id}",
            )
    kind, state = checkpoints.network(found, path.name)
    told = _said(path, yaml)
    config = checkpoints.sizes(kind, state, told, path.name)
    use = _use(kind, config, told, outputs)
    taken = {p.stem for p in (*FOLDER.glob("*.toml"), *broken, *folders()[0].glob("*"))}
    id = _free_id(title or path.stem, taken | {card.id for card in usable})
    card = ModelCard(
        id=id,
        title=_line(title) or path.stem.replace("_", " ")[:60],
        task=use.task,
        family=kind,
        rate=use.rate,
        channels=use.channels,
        outputs=use.outputs,
        window=use.window,
        overlap=use.overlap,
        licence=_line(licence) or NOT_STATED,
        source=f"{_line(source) or NOT_STATED} ({_line(path.name)}, SHA-256 {digest})",
        data=NOT_STATED,
        measure=NOT_STATED,
        weights=WeightFile(f"{id}.safetensors", "", 0),
        config={key: value for key, value in asdict(config).items() if "dropout" not in key},
        figures={},
    )
    remarks = tuple(remark for remark in (*use.notes, unused(card)) if remark)
    return Added((yield from _keep(card, state)), remarks)


@dataclass(frozen=True, slots=True)
class _Use:
    """What a network is for and how it is run, as on its card, and what had to be assumed."""

    task: str
    rate: int
    channels: int
    outputs: tuple[str, ...]
    window: float
    overlap: float
    notes: tuple[str, ...] = ()


def _use(kind: str, config: Any, told: Said, wanted: Sequence[str]) -> _Use:
    if kind in ("mel_band_roformer", "bs_roformer"):
        return _separator(config, told, wanted)
    if wanted:
        raise UnusableModel(
            "A network that parts nothing gives no stems.", "Add it without naming any."
        )
    if kind == "basic_pitch":
        rate = basic_pitch.RATE
        window, overlap = basic_pitch.WINDOW / rate, 2 * polyphony.LEAD / rate
        return _Use("transcribe", rate, 1, ("curves",), window, overlap)
    if getattr(config, "adanorm_num_embeddings", 0):
        raise UnusableModel(
            "This Vocos turns codes of EnCodec into sound, and Melic has no EnCodec.",
            "The Vocos for mel spectrograms (mel-24khz) can be added.",
        )
    key = "sample_rate" if kind == "vocos" else "sampling_rate"
    rate = getattr(config, key)
    notes = [f"{told.name} agrees with the weights."] if told.name else []
    if key not in told.sizes:
        notes.append(f"Nothing says its rate: {rate} Hz is taken, as published.")
    if kind == "fastspeech2":
        return _Use("speak", rate, 1, ("mel",), 0.0, 0.0, tuple(notes))
    return _Use("vocode", rate, 1, ("voice",), vocoding.WINDOW, vocoding.OVERLAP, tuple(notes))


def _separator(config: Any, told: Said, wanted: Sequence[str]) -> _Use:
    names, notes = _outputs(config, told, wanted)
    if told.name:
        notes.append(f"{told.name} agrees with the weights.")
    if "stft_hop_length" not in told.sizes:
        notes.append(f"Nothing says its hop: {config.stft_hop_length} is taken, as published.")
    rate = int(getattr(config, "sample_rate", told.sizes.get("sample_rate", 44_100)))
    window = min(max(told.window / rate, 1.0), 30.0) if told.window else 8.0
    channels = 2 if config.stereo else 1
    return _Use("separate", rate, channels, names, window, window / 8, tuple(notes))


def _keep(card: ModelCard, state: Mapping[str, Tensor]) -> Generator[Any, None, ModelCard]:
    """Write and try out the weights, then the card; all of it or nothing stays."""
    folder = folders()[0]
    kept = folder / card.weights.name
    part: Path | None = None
    try:
        for each in (folder, own_folder()):
            each.mkdir(parents=True, exist_ok=True)
        for old in folder.glob("import-*.part"):
            if time.time() - old.stat().st_mtime > STALE:
                old.unlink()
        _check_room(folder, sum(tensor.nbytes for tensor in state.values()))
        with tempfile.NamedTemporaryFile(
            dir=folder, prefix="import-", suffix=".part", delete=False
        ) as file:
            part = Path(file.name)
            digest = yield from _write(state, file, card.title)
        card = replace(card, weights=WeightFile(kept.name, digest, part.stat().st_size))
        yield Progress(0.85, "Trying it on one second")
        _try_out(card, part)
        yield Progress(0.99, "Keeping it")
        part.replace(kept)
        part = kept  # until it has a card, it is not kept
        write_card(card, own_folder())
        part = None
    except OSError as error:
        raise UnwritableTarget(
            f"{card.title} could not be kept: {error.strerror or error}.",
            f"It would be in {folder}.",
        ) from error
    finally:
        if part is not None:
            part.unlink(missing_ok=True)
    return card


def _check_room(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < needed + ROOM:
        raise UnwritableTarget(
            f"There is not enough room: {needed / 1e6:.0f} MB are needed in {folder}, "
            f"{free / 1e6:.0f} MB are free.",
            "Free some space on the disk and try again.",
        )


def _digest(path: Path) -> Generator[Any, None, str]:
    """SHA-256 of the file as it was given."""
    sha, done = hashlib.sha256(), 0
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            while block := file.read(BLOCK):
                sha.update(block)
                done += len(block)
                yield Progress(0.25 * done / max(size, done), f"Reading {path.name}")
    except OSError as error:
        raise UnusableModel(f"{path.name} cannot be read: {error.strerror or error}.") from error
    return sha.hexdigest()


def _write(state: Mapping[str, Tensor], file: Any, title: str) -> Generator[Any, None, str]:
    """Write weights as safetensors, block by block; returns the file's SHA-256.

    Raises `UnusableModel` when a weight is not a number.
    """
    header: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    plain: dict[str, Tensor] = {}
    end = 0
    for name, tensor in state.items():
        kept = tensor.detach()
        plain[name] = kept if kept.dtype in DTYPES else kept.float()
        dtype = plain[name].dtype
        start, end = end, end + prod(tensor.shape) * dtype.itemsize
        header[name] = {
            "dtype": DTYPES[dtype], "shape": list(tensor.shape), "data_offsets": [start, end],
        }  # fmt: skip
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    sha = hashlib.sha256()

    def put(block: bytes | memoryview) -> None:
        file.write(block)
        sha.update(block)

    put(len(text).to_bytes(8, "little") + text)
    done = said = 0
    for name, tensor in plain.items():
        if not tensor.isfinite().all():
            raise UnusableModel(
                f"The weights of {title} are damaged: {name} holds values that are no numbers.",
                checkpoints.AGAIN,
            )
        raw = tensor.contiguous().reshape(-1).view(torch.uint8).numpy().data
        for start in range(0, len(raw), BLOCK):
            put(raw[start : start + BLOCK])
            done += len(raw[start : start + BLOCK])
            if done - said >= BLOCK:
                said = done
                yield Progress(0.25 + 0.6 * done / end, f"Converting {title}")
    return sha.hexdigest()


def _try_out(card: ModelCard, path: Path) -> None:
    """Let the network hear one second of noise; raises `UnusableModel` when nothing comes out."""
    net = loader.build(card, path)
    noise = np.random.default_rng(0).standard_normal((2, card.rate)).astype(np.float32) / 10
    try:
        with loader.interruptible(net):
            if card.task == "transcribe":
                made = polyphony.curves_of(net, np.resize(noise, basic_pitch.WINDOW), "cpu")
            elif card.task == "vocode":
                made = vocoding.through(net, noise[0])
            elif card.task == "speak":
                made = _speech(net)
            else:
                made = stems(net, noise, card.rate, card, "cpu")
    except loader.MISFITS as error:
        line = (str(error).splitlines() or [""])[0][:200]
        raise UnusableModel(
            f"{card.title} cannot run: {line}",
            "Its hop and window may be wrong: give the configuration that belongs to it.",
        ) from error
    if not np.isfinite(made).all():
        raise UnusableModel(f"{card.title} gives values that are no numbers.", checkpoints.AGAIN)
    if not made.any():
        raise UnusableModel(f"{card.title} gives silence.", checkpoints.AGAIN)


@torch.inference_mode()
def _speech(net: Any) -> np.ndarray:
    """A few symbols said for five frames each, `(1, frames, mels)`."""
    text = torch.arange(1, min(net.config.symbols, 30))[None]
    speaker = torch.zeros(1, dtype=torch.int64)
    said = net(text, speaker, wanted=fastspeech2.Wanted(torch.full_like(text, 5)))
    return np.asarray(said.refined)


def _said(path: Path, yaml: Path | None) -> Said:
    """What the configuration says: the one given, else the one beside the file, else nothing."""
    beside = [path.with_suffix(ending) for ending in (".yaml", ".yml")]
    for each in (yaml,) if yaml is not None else beside:
        if yaml is not None or each.is_file():
            return checkpoints.said(each)
    return Said()


def _outputs(config: Any, told: Said, wanted: Sequence[str]) -> tuple[tuple[str, ...], list[str]]:
    """Names for the stems, and what had to be assumed.

    A network of one stem gets a second output for what that leaves of the mix.
    """
    count = config.num_stems
    known = tuple(wanted) or ((told.target,) if told.target else told.stems)
    notes = []
    if len(known) != count and (wanted or told.target or (count > 1 and known)):
        raise UnusableModel(
            f"The network gives {count} stems, but {len(known)} are named: {', '.join(known)}.",
            "Name as many as it gives, in its order.",
        )
    if len(known) != count:
        known = ("vocals",) if count == 1 else tuple(f"stem {n + 1}" for n in range(count))
        notes.append(f"Nothing says what it gives: it is called {', '.join(known)}.")
    names = [_stem(name) for name in known]
    if count == 1:
        names = _pair(names[0], [_stem(name) for name in told.stems])
    unique: list[str] = []
    for name in names:
        while name in unique:
            name += " 2"
        unique.append(name)
    return tuple(unique), notes


def _pair(target: str, both: list[str]) -> list[str]:
    """A stem and the name of what it leaves of the mix."""
    others = [name for name in both if name != target]
    if target == "vocals":
        return ["vocals", "instrumental"]
    if target == "instrumental" or (target == "other" and others in ([], ["vocals"])):
        return ["instrumental", "vocals"]
    return [target, others[0] if len(others) == 1 else f"without {target}"]


def _stem(name: str) -> str:
    """A stem's name in lower case that can be part of a file's name."""
    return re.sub(r"[^\w +-]+", " ", _line(name).lower()).strip()[:40] or "stem"


def _line(text: str) -> str:
    """One line of printable text, at most 300 characters."""
    words = "".join(c if c.isprintable() else " " for c in text).split()
    return " ".join(words)[:300]


def _free_id(title: str, taken: set[str]) -> str:
    """A short name for files and terminals that is not taken."""
    ascii_ = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    plain = re.sub(r"[^a-z0-9]+", "-", ascii_).strip("-")[:40].strip("-") or "model"
    if re.fullmatch(r"con|prn|aux|nul|(com|lpt)\d", plain):  # names of devices on Windows
        plain = f"model-{plain}"
    numbered = (plain if n == 1 else f"{plain}-{n}" for n in range(1, len(taken) + 2))
    return next(each for each in numbered if each not in taken)


def remove_model(id: str) -> Work:
    """Remove a network that was added; see `tasks.remove_model`."""
    yield Progress(float("nan"), f"Removing {id}")
    usable, _ = own_cards()
    here = {path.stem: path for path in own_folder().glob("*.toml")}
    if id not in here:
        own = (FOLDER / f"{id}.toml") in FOLDER.glob("*.toml")
        names = ", ".join(sorted(here)) or "none"
        raise EngineError(
            f"{id} is Melic's own." if own else f"There is no model called {id!r}.",
            f"Models that can be removed: {names}.",
        )
    known = {card.id: card.weights.name for card in usable}
    weights = folders()[0] / (known.get(id) or f"{id}.safetensors")  # an ensemble has none
    loader.unload()  # it may be the one in memory
    try:
        here[id].unlink()
        if weights.name not in [name for other, name in known.items() if other != id]:
            weights.unlink(missing_ok=True)
    except OSError as error:
        raise UnwritableTarget(f"{id} could not be removed: {error.strerror or error}.") from error
