"""Read other people's checkpoints as numbers and names; nothing in a file is ever run."""

from __future__ import annotations

import pickle
import re
import warnings
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from math import isclose
from pathlib import Path
from typing import Any

import torch
import yaml
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from engine import onnx_files
from engine.errors import UnusableModel
from engine.models import FAMILIES, basic_pitch, family, istftnet
from engine.models.outline import outline

AGAIN = "Get the file again: a download may have been cut off."
*_FIRST, _LAST = FAMILIES.values()
RUNS = f"Melic runs {', '.join(_FIRST)} and {_LAST} networks."

_SIGNS = (  # how files begin that are often taken for checkpoints
    (rb"\s*<(!doctype|html|\?xml)", "is a web page", "Download the file itself, not its page."),
    (rb"version https://git-lfs", "is only a Git LFS pointer", "Download the file itself."),
    (rb"\x89HDF", "is a Keras (HDF5) file", RUNS),
    (rb"Rar!|7z\xbc\xaf|\x1f\x8b", "is a packed archive", "Unpack it first."),
)
_ONNX = re.compile(rb"\x08[\x00-\x0a]\x12.*(pytorch|onnx)", re.IGNORECASE | re.DOTALL)
_LARGEST_ONNX = 16e6  # bytes; the one that is known has a quarter of a million
_LOOKS = (  # parts of tensor names or of class names, and what they belong to
    (r"to_value_residual|hyper_conn|to_v_mix|branch\.", "a later kind of RoFormer"),
    (r"^layers\.\d+\.2\.", "a RoFormer with linear attention"),
    (r"crosstransformer|tencoder|demucs", "Demucs"),
    (r"tfc_tdf|first_conv\.", "MDX23C (TFC-TDF)"),
    (r"stg\d_(low|high|full)|low_band_net|aspp\.", "a VR network of Ultimate Vocal Remover"),
    (r"norm_fc_modules", "Bandit"),
    (r"separation_net|SDlayer", "SCNet"),
    (r"lstm\.weight_ih_l0$", "Open-Unmix"),
    (r"conv_tasnet|separator\.network", "Conv-TasNet"),
    (r"lora_[AB]|unet|text_encoder", "an image network"),
    (r"noise_convs\.|m_source\.", "a vocoder with a source of pitch (NSF)"),
    (r"resblocks\.\d+\.activations|snakes?[._]", "BigVGAN or another vocoder with Snake"),
    (r"^enc_[pq]\.|^flow\.flows\.", "VITS"),
)
_HEADS = re.compile(r"^(.*?)(?:band_split\.to_features|mask_estimators)\.")
_LANDMARKS = (  # families by a tensor that each has, and another in the same place
    ("basic_pitch", "contour.0.weight", ""),
    ("fastspeech2", "encoder.src_word_emb.weight", "mel_linear.weight"),
    ("vocos", "backbone.embed.weight", "head.out.weight"),
    ("istftnet", "ups.0.bias", "conv_pre.bias"),
)
_ENCODEC = "feature_extractor.encodec."
_COUNT = "num_batches_tracked"  # a whole number, and of no use after training
_AVERAGE = re.compile(r"(^|[._])ema([._]|$)")
_BUFFERS = ("freq_indices", "freqs_per_band", "num_freqs_per_band", "num_bands_per_freq")


def tensors(path: Path) -> dict[str, Tensor]:
    """Return all tensors of a `.ckpt`, `.pt`, `.pth`, `.bin` or `.safetensors` file.

    Of an `.onnx` file they are the weights of Basic Pitch, by its family's names. What kind it is
    shows in its bytes, not in its name. Names inside dictionaries are joined with dots. Large files
    stay on the disk until a tensor is used. Raises `UnusableModel`.
    """
    if path.is_dir():
        raise UnusableModel(f"{path.name} is a folder.", "Choose the checkpoint file in it.")
    try:
        with path.open("rb") as file:
            start = file.read(512)
        size = path.stat().st_size
    except OSError as error:
        raise UnusableModel(f"{path.name} cannot be read: {error.strerror or error}.") from error
    if not start:
        raise UnusableModel(f"{path.name} is empty.", AGAIN)
    for sign, what, hint in _SIGNS:
        if re.match(sign, start, re.IGNORECASE | re.DOTALL):
            raise UnusableModel(f"{path.name} {what}.", hint)
    if _ONNX.match(start):
        return _onnx(path, size)
    zipped = start.startswith(b"PK")
    if start[8:9] != b"{" and not zipped and not start.startswith(b"\x80"):
        raise UnusableModel(f"{path.name} is no checkpoint that Melic knows.", RUNS)
    try:
        if zipped:
            _check_archive(path)
        if start[8:9] == b"{" and not zipped:
            found = load_file(path)
        else:
            with warnings.catch_warnings(action="ignore"):  # about odd files, for programmers
                saved = torch.load(path, map_location="cpu", weights_only=True, mmap=zipped)
            found = _flatten(saved)
    except pickle.UnpicklingError as error:
        if name := re.search(r"GLOBAL (\S+)", str(error)):
            look = _look([name[1]])
            raise UnusableModel(
                f"{path.name} holds Python code ({name[1]})" + (f" of {look}." if look else "."),
                "Melic never runs code from a file. Save its weights alone, as safetensors.",
            ) from error
        raise UnusableModel(f"{path.name} is damaged.", AGAIN) from error
    except (SafetensorError, zipfile.BadZipFile) as error:
        raise UnusableModel(f"{path.name} is cut off or damaged.", AGAIN) from error
    except (
        OSError, RuntimeError, ValueError, TypeError, LookupError, EOFError, AttributeError,
        AssertionError, ArithmeticError, MemoryError, NotImplementedError,
    ) as error:  # fmt: skip
        raise UnusableModel(f"{path.name} is damaged.", AGAIN) from error
    if any(each.numel() * each.element_size() > size for each in found.values()):
        raise UnusableModel(f"{path.name} is damaged.", AGAIN)  # a few bytes, shown as many
    return found


def _onnx(path: Path, size: int) -> dict[str, Tensor]:
    """The weights in an ONNX file, if it is the published network of Basic Pitch."""
    found: dict[str, Tensor] = {}
    try:
        if size <= _LARGEST_ONNX:
            graph = onnx_files.read(path.read_bytes())
            found = basic_pitch.convert(graph.nodes, graph.tensors)
    except (OSError, ValueError) as error:
        raise UnusableModel(
            f"{path.name} is an ONNX file that is cut off or damaged.", AGAIN
        ) from error
    if not any(name.endswith("weight") for name in found):
        raise UnusableModel(f"{path.name} is an ONNX file of another network.", RUNS)
    return found


def _check_archive(path: Path) -> None:
    """Refuse zip archives that are no plain checkpoints; raises also `zipfile.BadZipFile`."""
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
    names = [entry.filename.rpartition("/")[2] for entry in entries]
    if "constants.pkl" in names:
        raise UnusableModel(
            f"{path.name} holds a program (TorchScript).", "Save its weights alone, as safetensors."
        )
    if "data.pkl" not in names:
        raise UnusableModel(f"{path.name} is a packed archive.", "Unpack it first.")
    if any(entry.compress_type != zipfile.ZIP_STORED for entry in entries):
        raise zipfile.BadZipFile  # no checkpoint is, and a few bytes could unpack to many


def _flatten(saved: Any) -> dict[str, Tensor]:
    """The tensors in nested dictionaries by dotted names; each dictionary counts once."""
    found: dict[str, Tensor] = {}
    seen: set[int] = set()
    waiting: list[tuple[str, Any]] = [("", saved)]
    while waiting:
        name, value = waiting.pop()
        if isinstance(value, Tensor):
            found[name] = value
        elif isinstance(value, Mapping) and id(value) not in seen:
            seen.add(id(value))
            waiting += [(f"{name}.{key}" if name else str(key), value[key]) for key in value]
    return found


def network(found: Mapping[str, Tensor], title: str) -> tuple[str, dict[str, Tensor]]:
    """Find the network among a file's tensors: its family and its state by the family's names.

    Wrappings such as "state_dict.", "model." and "module." are taken off; of several copies the
    averaged one (EMA) is taken. `title` is what the file is called in messages. Raises
    `UnusableModel` naming the kind of network it looks like.
    """
    names = {name.replace("_orig_mod.", ""): tensor for name, tensor in found.items()}
    for kind, landmark, beside in _LANDMARKS:
        places = {name.removesuffix(landmark) for name in names if name.endswith(landmark)}
        places = {home for home in places if not beside or home + beside in names}
        if places:
            home = _best(places)
            state = {n.removeprefix(home): t for n, t in names.items() if n.startswith(home)}
            if look := _look(state):
                raise UnusableModel(f"{title} looks like {look}.", RUNS)
            return kind, _plain(_tidy(kind, state), title)
    homes = {match[1] for name in names if (match := _HEADS.match(name))}
    if not homes:
        look = _look(names)
        raise UnusableModel(
            f"{title} looks like {look}." if look else f"{title} holds no network Melic knows.",
            RUNS,
        )
    home = _best(homes)
    state = {
        name.removeprefix(home): tensor
        for name, tensor in names.items()
        if name.startswith(home) and name.removeprefix(home) not in _BUFFERS
    }
    if look := _look(state):
        raise UnusableModel(f"{title} looks like {look}.", RUNS)
    mel = any(re.fullmatch(r"layers\.\d+\.\d+\.norm\.gamma", name) for name in state)
    return "mel_band_roformer" if mel else "bs_roformer", _plain(state, title)


def _best(homes: set[str]) -> str:
    """Of several copies the averaged one, else the one that is wrapped least."""
    return min(homes, key=lambda each: (not _AVERAGE.search(each), len(each), each))


def _tidy(kind: str, state: dict[str, Tensor]) -> dict[str, Tensor]:
    """A state as its family keeps it: weight norm folded, counts as numbers like all others."""
    if kind == "istftnet":
        return istftnet.fold(state)
    if kind == "vocos":
        return {name: each for name, each in state.items() if not name.startswith(_ENCODEC)}
    return {name: each.float() if name.endswith(_COUNT) else each for name, each in state.items()}


def _plain(state: dict[str, Tensor], title: str) -> dict[str, Tensor]:
    """The same; raises `UnusableModel` unless all of it is plain numbers."""
    if any(not tensor.is_floating_point() or tensor.is_sparse for tensor in state.values()):
        raise UnusableModel(f"{title} holds weights that are no plain numbers.", RUNS)
    return state


def _look(names: Any) -> str:
    """What kind of network has such names, "" when nobody knows."""
    names = list(names)
    for part, look in _LOOKS:
        if any(re.search(part, name, re.IGNORECASE) for name in names):
            return look
    return ""


@dataclass(frozen=True, slots=True)
class Said:
    """What a configuration file says of a network; empty when there is no file."""

    name: str = ""
    sizes: Mapping[str, Any] = field(default_factory=dict)  # as the family's Config calls them
    window: int = 0  # frames
    target: str = ""
    stems: tuple[str, ...] = ()


_MOST = dict.fromkeys(("stft_n_fft", "stft_hop_length", "stft_win_length"), 65_536)
_MOST |= dict.fromkeys(("n_fft", "hop_size", "win_size", "filter_length", "hop_length"), 65_536)
_MOST |= dict.fromkeys(("sample_rate", "sampling_rate"), 768_000)


class _Plain(yaml.SafeLoader):  # type: ignore[misc]
    """Plain values only, Python's tuples among them: published configurations have them."""


_Plain.add_constructor(
    "tag:yaml.org,2002:python/tuple",
    lambda loader, node: tuple(loader.construct_sequence(node)),
)


def said(path: Path) -> Said:
    """Read a configuration file (YAML); raises `UnusableModel` when it is none."""
    try:
        if path.stat().st_size > 1e6:
            raise ValueError("it is too long")
        # A subclass of the safe loader: it makes plain values only.
        read = yaml.load(path.read_text("utf-8-sig"), Loader=_Plain)
        parts = {key: read.get(key) or {} for key in ("model", "audio", "training", "inference")}
        model = {key: _frozen(each) for key, each in _leaves(parts["model"] or read).items()}
        if rate := parts["audio"].get("sample_rate"):
            model.setdefault("sample_rate", rate)
        for key, most in _MOST.items():
            if key in model and not (type(model[key]) is int and 0 < model[key] <= most):
                raise ValueError(f"{key} cannot be {model[key]!r}")
        window = parts["inference"].get("chunk_size") or parts["audio"].get("chunk_size") or 0
        stems = parts["training"].get("instruments") or ()
        if not isinstance(stems, list | tuple):
            raise ValueError(f"instruments cannot be {stems!r}")
        target = parts["training"].get("target_instrument") or ""
        return Said(path.name, model, int(window), str(target), tuple(map(str, stems)))
    except (
        OSError,
        yaml.YAMLError,
        ValueError,
        TypeError,
        AttributeError,
        ArithmeticError,
        RecursionError,
    ) as fault:
        line = " ".join(str(fault).split())[:200]
        raise UnusableModel(
            f"{path.name} is not the configuration of a network: {line}.",
            "Leave it out: the sizes show in the weights.",
        ) from fault


def _leaves(read: Mapping[str, Any]) -> dict[str, Any]:
    """All values of a configuration, however its makers group them; the first of a name counts."""
    found: dict[str, Any] = {}
    seen: set[int] = set()
    waiting: list[tuple[str, Mapping[str, Any]]] = [("", read)]
    while waiting:
        group, part = waiting.pop(0)
        if id(part) in seen:  # it may hold itself
            continue
        seen.add(id(part))
        for key, value in part.items():
            if isinstance(value, Mapping):
                waiting.append((str(key), value))
            else:
                found.setdefault(f"{group}_feature" if key == "feature" else key, value)
    return found


def _frozen(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    rows = [tuple(row) if isinstance(row, list) and len(row) < 100 else row for row in value]
    return tuple(rows)


def sizes(kind: str, state: Mapping[str, Tensor], told: Said, title: str) -> Any:
    """The `Config` of a network, read off its tensors; every name and shape fits it.

    Raises `UnusableModel` saying what is missing, too many, or contradicted by `told`.
    """
    which, name = family(kind), FAMILIES[kind]
    shapes = {key: tuple(tensor.shape) for key, tensor in state.items()}
    try:
        config = which.infer(shapes, told.sizes)
        built = outline(which.Net, config)
    except KeyError as error:
        raise UnusableModel(
            f"{title} is no complete {name}: the tensor {error.args[0]} is missing.", AGAIN
        ) from error
    except (ValueError, LookupError, ArithmeticError, RuntimeError, TypeError) as error:
        raise UnusableModel(f"{title} is no {name} that Melic can run: {error}.", RUNS) from error
    ours = {key: tuple(tensor.shape) for key, tensor in built.state_dict().items()}
    missing = [key for key in ours if key not in shapes]
    surplus = [key for key in shapes if key not in ours]
    other = [key for key in ours if key in shapes and shapes[key] != ours[key]]
    for keys, fault in (
        (missing, "are missing"),
        (surplus, "have no place in it"),
        (other, "have another shape than its sizes ask for"),
    ):
        if keys:
            raise UnusableModel(
                f"{title} is no complete {name}: "
                f"{len(keys)} of {len(ours)} tensors {fault}, the first is {keys[0]}.",
                "It may be damaged, or a variant that Melic does not know.",
            )
    _confirm(config, told)
    return config


def _confirm(config: Any, told: Said) -> None:
    """Raise `UnusableModel` if what is said of a network is not what its tensors show."""
    if told.sizes.get("skip_connection"):
        raise UnusableModel(
            f"{told.name} asks for skip connections, which Melic does not have.",
            "Results would be wrong without them.",
        )
    for key, found in asdict(config).items():
        claim = told.sizes.get(key, found)
        claim = found if claim is None else claim
        try:
            near = key in ("ff_mult", "mlp_expansion_factor") and isclose(
                claim, found, abs_tol=1 / config.dim
            )
        except TypeError:
            near = False
        if claim != found and not near and not key.endswith("_dropout"):
            raise UnusableModel(
                f"{told.name} is of another network: it says {key} {claim}, "
                f"and the weights show {found}.",
                "Choose the file that belongs to these weights, or leave it out.",
            )
