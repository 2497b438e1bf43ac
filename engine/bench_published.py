"""A separation network of the published size, beside its reference: time, memory, agreement.

    python main.py bench separation --published [--seconds S] [--rounds N] [--device cpu|cuda]

Melic's network in float32 and in reduced precision (8-bit integers and 16-bit floats, on a graphics
card the latter) and the network of `bs-roformer` get the same random weights and hear the same
music, as many windows as there are cores: Melic side by side, the reference one after another with
all cores on each; where 16 bits are faster it also runs in those (autocast). On a graphics card all
hear one window after another, and Melic's are replayed as in the program.
They run in turn, each in a process of its own so that its memory is its own.
Beside them stand the arithmetic that the network needs and what a large matrix product reaches.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
import soxr

WAYS = {
    "cpu": ("reference", "float32", "int8"),
    "cpu with units for 16 bits": ("reference", "reference16", "float32", "int8", "bfloat16"),
    "cuda": ("reference", "reference16", "float32", "float16"),
}
SIZES = {"dim": 384, "depth": 6, "num_bands": 60, "mask_estimator_depth": 2}
LARGE = 2048  # rows and columns of the large product


def compare(song: Path, seconds: float, rounds: int, device: str) -> int:
    """Run all of them in turn on "cpu" or "cuda" and print the table; returns the exit code."""
    from engine.models import half

    quick = device == "cpu" and half.gain(device) >= half.WORTH
    ways = WAYS["cpu with units for 16 bits" if quick else device]
    runs: dict[str, list[dict[str, float]]] = {way: [] for way in ways}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        music, rate = soundfile.read(song, dtype="float32", always_2d=True)
        start, length = len(music) // 3, round(seconds * 44_100)
        music = soxr.resample(music[start : start + round((seconds + 1) * rate)], rate, 44_100)
        np.save(folder / "music.npy", music[:length].T[:2])
        for number in range(rounds):
            for way in ways:
                told = subprocess.run(
                    [sys.executable, "-W", "ignore", "-m", __name__, way, name, device],
                    check=True,
                    stdout=subprocess.PIPE,
                    cwd=Path(__file__).parents[1],
                )
                runs[way].append(json.loads(told.stdout.splitlines()[-1]))
                print(f"round {number + 1}, {way}: {runs[way][-1]['seconds']:.1f} s", flush=True)
        made = {way: np.load(folder / f"{way}.npy") for way in ways}
    best = {way: min(run["seconds"] for run in told) for way, told in runs.items()}
    memory = {way: max(run["memory"] for run in told) for way, told in runs.items()}
    product = max(run["large"] for told in runs.values() for run in told)
    work = arithmetic(seconds)
    print(f"\n{seconds:g} s of music a window, {work / 1e12:.2f} TFLOP besides masking and spectra")
    print(f"a product of {LARGE} x {LARGE} reaches {product / 1e9:.0f} GFLOP/s")
    titles = ("s a window", "x real time", "x faster", "GFLOP/s", "memory, MB", "of reference's")
    print(" " * 12 + "".join(f"{title:>16}" for title in (*titles, "difference")))
    for way in ways:
        ratios = seconds / best[way], best["reference"] / best[way]
        size = memory[way] / 1e6, memory[way] / memory["reference"]
        figures = (best[way], *ratios, work / best[way] / 1e9, *size)
        cells = "".join(f"{figure:16.3g}" for figure in figures)
        print(f"{way:12}{cells}{_snr(made['reference'], made[way]):>16}")
    return 0


def _snr(wanted: np.ndarray, made: np.ndarray) -> str:
    error = float(np.sum(np.square(wanted - made, dtype=np.float64)))
    power = float(np.sum(np.square(wanted, dtype=np.float64)))
    return f"{10 * np.log10(error / power):.0f} dB" if error else "none"


def arithmetic(seconds: float) -> float:
    """Multiplications and additions that a network of `SIZES` needs for `seconds` of sound."""
    from engine.models import family
    from engine.models.outline import outline

    kind = family("mel_band_roformer")
    c = kind.Config()
    frames = round(seconds * 44_100) // c.stft_hop_length + 1
    net = outline(kind.Net, c)
    inner, tokens = c.heads * c.dim_head, frames * c.num_bands
    weights = 4 * c.dim * inner + 2 * c.dim * int(c.dim * c.ff_mult)
    attention = 2 * inner * (frames + c.num_bands)  # over time, then over bands
    layers = c.depth * tokens * (2 * weights + attention)
    ends = [net.band_split, *net.mask_estimators]
    return 2.0 * (layers + frames * sum(p.numel() for m in ends for p in m.parameters()))


def _one(way: str, folder: Path, device: str) -> dict[str, float]:
    """Run one network on the music and keep what it made."""
    import torch
    from torch import nn

    from engine.loader import cores
    from engine.models.half import KINDS, halve
    from engine.models.int8 import quantise
    from engine.models.mel_band_roformer import Config, Net
    from engine.models.replay import replay
    from engine.speeds import memory_needed

    theirs, on_card = way.startswith("reference"), device == "cuda"
    windows = 16 if on_card else cores()
    at_once = 1 if theirs or on_card else windows
    torch.set_num_threads(cores() if theirs or on_card else 1)
    torch.manual_seed(0)
    net: Any = Net(Config())
    if theirs:
        from bs_roformer import MelBandRoformer

        c, weights = net.config, net.state_dict()
        net = MelBandRoformer(
            **SIZES,
            heads=c.heads,
            dim_head=c.dim_head,
            stereo=True,
            time_transformer_depth=1,
            freq_transformer_depth=1,
            stft_n_fft=c.stft_n_fft,
            stft_hop_length=c.stft_hop_length,
            stft_win_length=c.stft_win_length,
            sample_rate=c.sample_rate,
        )
        net.load_state_dict(weights, strict=True)
        del weights
    net.to(device).eval().requires_grad_(False)
    if way == "int8":
        quantise(net)
    if way in ("float16", "bfloat16"):
        halve(net, device)
    if on_card and not theirs:
        replay(net)
    sound = torch.from_numpy(np.load(folder / "music.npy"))[None]

    @torch.inference_mode()
    def hear(length: int) -> torch.Tensor:
        with torch.autocast(device, KINDS[device], enabled=way == "reference16"):
            return net(sound[..., :length].to(device)).float().cpu()

    with ThreadPoolExecutor(at_once) as pool:
        # On a card the first time it looks for the fastest kernels for just this length.
        list(pool.map(hear, [sound.shape[-1] if on_card else 44_100] * at_once))
        for _ in range(2 if on_card else 0):  # the second time it records them
            hear(sound.shape[-1])
        if on_card:
            torch.cuda.reset_peak_memory_stats()
            weights_only = torch.cuda.memory_allocated()
        with memory_needed() as memory:
            began = time.perf_counter()
            heard = list(pool.map(hear, [sound.shape[-1]] * windows))
            taken = (time.perf_counter() - began) / windows
    used = torch.cuda.max_memory_allocated() - weights_only if on_card else memory[0]
    np.save(folder / f"{way}.npy", heard[0].reshape(2, -1).numpy())
    torch.set_num_threads(cores())
    bits = torch.float16 if on_card and way not in ("reference", "float32") else torch.float32
    square = nn.Linear(LARGE, LARGE, bias=False, device=device, dtype=bits).requires_grad_(False)
    rows = torch.randn(LARGE, LARGE, device=device, dtype=bits)
    products = []
    for _ in range(5):
        began = time.perf_counter()
        square(rows).sum().item()  # asked for, so that it has ended
        products.append(time.perf_counter() - began)
    large = 2.0 * LARGE**3 / min(products)
    return {"seconds": taken, "memory": used, "large": large}


if __name__ == "__main__":
    print(json.dumps(_one(sys.argv[1], Path(sys.argv[2]), sys.argv[3])))
