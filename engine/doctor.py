"""Look at this machine and say what works, what does not, and what to do.

Only the standard library at import, because set-up asks for `missing_libraries` on a bare Python.
"""

from __future__ import annotations

import ctypes
import os
import platform
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

LIBRARIES = {  # what the wheels of Qt and sounddevice load from the system → its package on Debian
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11.so.6": "libx11-6",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libbrotlidec.so.1": "libbrotli1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libportaudio.so.2": "libportaudio2",
    "libstdc++.so.6": "libstdc++6",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
    "libxcb.so.1": "libxcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-glx.so.0": "libxcb-glx0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libz.so.1": "zlib1g",
    "libzstd.so.1": "libzstd1",
}
SCRATCH_PER_HOUR = 3 * 3600 * 44_100 * 2 * 4  # bytes: the mix and two stems, stereo float32


@dataclass(frozen=True, slots=True)
class Check:
    """One finding. `ok` is True, False (the main job fails) or None (something lesser does)."""

    name: str
    ok: bool | None
    text: str
    hint: str = ""


def missing_libraries() -> dict[str, str]:
    """Return the system libraries that cannot be loaded: file name to Debian package, in order."""
    if not sys.platform.startswith("linux"):
        return {}
    missing = {}
    for name, package in LIBRARIES.items():
        try:
            ctypes.CDLL(name)
        except OSError:
            missing[name] = package
    return missing


def checks() -> Iterator[Check]:
    """Yield every finding as it is made; takes some seconds, most of them for loading torch."""
    parts: tuple[Callable[[], Check | Iterator[Check]], ...] = (
        _python, _packages, _libraries, _screen, _sound, _compute, _disk, _weights,
    )  # fmt: skip
    for part in parts:
        try:
            found = part()
            yield from (found,) if isinstance(found, Check) else found
        except Exception as error:  # noqa: BLE001 - whatever is broken, the rest is still of use
            name = getattr(part, "__name__", "Check").strip("_").capitalize()
            yield Check(name, False, f"the check itself failed: {type(error).__name__}: {error}")


def _python() -> Check:
    text = f"{platform.python_version()} on {platform.platform(terse=True)}, {sys.executable}"
    return Check("Python", sys.version_info >= (3, 11), text, "Melic needs Python 3.11 or newer.")


def _packages() -> Check:
    import tomllib
    from importlib.metadata import PackageNotFoundError, version

    project = Path(__file__).resolve().parent.parent / "pyproject.toml"
    pins = tomllib.loads(project.read_text("utf-8"))["project"]["dependencies"]
    absent, other = [], []
    for pin in pins:
        name, wanted = pin.split("==")
        try:
            found = version(name).split("+")[0]
        except PackageNotFoundError:
            absent.append(name)
            continue
        if found != wanted:
            other.append(f"{name} {found} instead of {wanted}")
    again = "Delete the folder .venv and start again."
    if absent:
        return Check("Packages", False, f"missing: {', '.join(absent)}", again)
    if other:
        return Check("Packages", None, "; ".join(other), again)
    return Check("Packages", True, f"all {len(pins)} there, in the versions asked for")


def _libraries() -> Check:
    missing = missing_libraries()
    if not missing:
        return Check("System libraries", True, "nothing missing")
    packages = " ".join(dict.fromkeys(missing.values()))
    return Check(
        "System libraries",
        None,
        f"missing: {', '.join(missing)}; the window or the sound may not work",
        f"On Debian: sudo apt-get install {packages}",
    )


def _screen() -> Check:
    if not sys.platform.startswith("linux"):
        return Check("Screen", True, "the system's own")
    for variable in ("WAYLAND_DISPLAY", "DISPLAY"):
        if os.environ.get(variable):
            return Check("Screen", True, f"{variable} is {os.environ[variable]}")
    return Check(
        "Screen",
        None,
        "no display in this session, so no window; verbs such as separate work",
        "Start from a desktop session, or with ssh -X.",
    )


def _sound() -> Check:
    try:
        import sounddevice
    except OSError as error:  # PortAudio itself is not there
        return Check("Sound", None, str(error), "On Debian: sudo apt-get install libportaudio2")
    except ImportError as error:
        return Check("Sound", None, str(error))
    hint = "Plug in or switch on a device; everything but listening works without one."
    try:
        outputs = [d for d in sounddevice.query_devices() if d["max_output_channels"] > 0]
        if not outputs:
            return Check("Sound", None, "PortAudio found no device that plays", hint)
        chosen = sounddevice.query_devices(kind="output")
        rate = int(chosen["default_samplerate"])
        channels = min(2, chosen["max_output_channels"])
        with sounddevice.OutputStream(samplerate=rate, channels=channels):
            pass
    except (sounddevice.PortAudioError, ValueError) as error:
        return Check("Sound", None, f"no device opens: {error}", hint)
    others = f", {len(outputs) - 1} more" if len(outputs) > 1 else ""
    return Check("Sound", True, f"{chosen['name']} opens at {rate} Hz{others}")


def _compute() -> Iterator[Check]:
    try:
        import torch
    except (ImportError, OSError) as error:
        hint = "Delete the folder .venv and start again."
        yield Check("Processor", False, f"torch does not load: {error}", hint)
        return
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    reference, seconds = _product(torch.device("cpu"))
    threads = f"torch {torch.__version__} uses {torch.get_num_threads()} threads"
    speed = f"{cores} cores, {threads}, {_speed(seconds):.0f} GFLOP/s"
    yield Check("Processor", True, f"{speed}, {_fewer_bits()}")
    yield _graphics(reference, seconds)


def _fewer_bits() -> str:
    """What the processor multiplies faster than floats of 32 bits."""
    from engine.models import half, int8

    for gain, worth, kind in (
        (half.gain("cpu"), half.WORTH, "floats of 16 bits"),
        (int8.gain(), int8.WORTH, "integers of 8 bits"),
    ):
        if gain >= worth:
            return f"{kind} {gain:.1f} times as fast"
    return "fewer bits are no faster"


def _graphics(reference: torch.Tensor, cpu_seconds: float) -> Check:
    """Run a real kernel on the graphics card and compare it with the processor's answer."""
    import torch

    name = "Graphics card"
    if not torch.cuda.is_available():
        return Check(name, None, *_why_no_cuda())
    try:
        card = torch.cuda.get_device_name(0)
        answer, seconds = _product(torch.device("cuda"))
        error = float((answer - reference).abs().max() / reference.abs().max())
        free, total = torch.cuda.mem_get_info()
    except RuntimeError as problem:  # "no kernel image", out of memory, a lost device
        first = str(problem).strip().splitlines()[0]
        hint = "Separation runs on the processor. A newer driver or card may be needed."
        return Check(name, None, f"there is one, but a test computation failed: {first}", hint)
    if not error < 1e-2:  # TF32 is good for about 1e-3
        return Check(name, None, f"{card} computes wrongly (error {error:.2g}) and is not used")
    memory = f"{free / 2**30:.1f} of {total / 2**30:.1f} GiB free"
    gain = f"{_speed(seconds):.0f} GFLOP/s, {cpu_seconds / seconds:.1f} times the processor"
    return Check(name, True, f"{card}, {memory}, {gain}, same result to {error:.1g}")


def _why_no_cuda() -> tuple[str, str]:
    import torch

    there = Path("/proc/driver/nvidia/version").exists() or shutil.which("nvidia-smi") is not None
    if torch.version.cuda is None and there:
        return (
            f"there is an NVIDIA card, but torch {torch.__version__} is built without CUDA",
            "Separation runs on the processor. Install torch's CUDA build to use the card.",
        )
    if torch.version.cuda is None:
        return f"not used: torch {torch.__version__} is built without CUDA, and none was found", ""
    try:
        torch.zeros(1, device="cuda")
    except (RuntimeError, AssertionError) as error:
        reason = str(error).strip().splitlines()[0]
        return f"not used: {reason}", "Update the driver." if there else ""
    return "none found", ""


def _product(device: torch.device) -> tuple[torch.Tensor, float]:
    """Multiply two fixed matrices `(1024, 1024)`; return the product on the CPU and the seconds."""
    import torch

    numbers = torch.Generator().manual_seed(0)
    left, right = (torch.randn(1024, 1024, generator=numbers).to(device) for _ in range(2))
    answer = (left @ right).cpu()  # also the warm-up
    began = time.perf_counter()
    for _ in range(4):
        again = left @ right
    again[0, 0].item()  # waits for the card
    return answer, (time.perf_counter() - began) / 4


def _speed(seconds: float) -> float:
    return 2 * 1024**3 / seconds / 1e9


def _disk() -> Iterator[Check]:
    import platformdirs

    places = {
        "Scratch space": platformdirs.user_cache_path("Melic"),
        "Data folder": platformdirs.user_data_path("Melic"),
    }
    for name, folder in places.items():
        existing = next(p for p in (folder, *folder.parents) if p.exists())
        free = shutil.disk_usage(existing).free
        text = f"{folder}, {free / 1e9:.1f} GB free"
        if not os.access(existing, os.W_OK):
            yield Check(name, False, f"{folder} cannot be written", f"Make {existing} writable.")
        elif name == "Data folder":
            yield Check(name, True, text)
        else:
            hours = free / SCRATCH_PER_HOUR
            ok = True if hours >= 1 else None if hours >= 0.1 else False
            hint = f"An hour of music needs {SCRATCH_PER_HOUR / 1e9:.1f} GB while it is open."
            yield Check(name, ok, f"{text}, room for {hours:.1f} hours of music", hint)


def _weights() -> Iterator[Check]:
    from engine import cards, weights
    from engine.errors import EngineError

    for number, card in enumerate(each for each in cards.cards() if not each.members):
        try:
            path = weights.resolve(card)
        except EngineError as error:
            yield Check(f"Model {card.id}", None if number else False, error.message, error.hint)
        else:
            size = path.stat().st_size / 1e6
            yield Check(f"Model {card.id}", True, f"{card.title}, {size:.1f} MB, digest matches")
