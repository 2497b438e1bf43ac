"""A separation network of the published size, beside its reference: time, memory, agreement.

    python main.py bench separation --published [--seconds S] [--rounds N]

Melic's network in float32 and in 8-bit integers and the network of `bs-roformer` get the same
random weights and hear the same music, as many windows as there are cores: Melic side by side, the
reference one after another with all cores on each. They run in turn, each in a process of its own
so that its memory is its own. Beside them stand the arithmetic that the network needs and what a
large matrix product reaches here.
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

WAYS = ("reference", "float32", "int8")
SIZES = {"dim": 384, "depth": 6, "num_bands": 60, "mask_estimator_depth": 2}
LARGE = 2048  # rows and columns of the large product


def compare(song: Path, seconds: float, rounds: int) -> int:
    """Run all three in turn and print the table; returns the exit code."""
    runs: dict[str, list[dict[str, float]]] = {way: [] for way in WAYS}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        music, rate = soundfile.read(song, dtype="float32", always_2d=True)
        start, length = len(music) // 3, round(seconds * 44_100)
        music = soxr.resample(music[start : start + round((seconds + 1) * rate)], rate, 44_100)
        np.save(folder / "music.npy", music[:length].T[:2])
        for number in range(rounds):
            for way in WAYS:
                told = subprocess.run(
                    [sys.executable, "-W", "ignore", "-m", __name__, way, name],
                    check=True,
                    stdout=subprocess.PIPE,
                    cwd=Path(__file__).parents[1],
                )
                runs[way].append(json.loads(told.stdout))
                print(f"round {number + 1}, {way}: {runs[way][-1]['seconds']:.1f} s", flush=True)
        made = {way: np.load(folder / f"{way}.npy") for way in WAYS}
    best = {way: min(run["seconds"] for run in told) for way, told in runs.items()}
    memory = {way: max(run["memory"] for run in told) for way, told in runs.items()}
    product = max(run["large"] for told in runs.values() for run in told)
    work = arithmetic(seconds)
    print(f"\n{seconds:g} s of music a window, {work / 1e12:.2f} TFLOP besides masking and spectra")
    print(f"a product of {LARGE} x {LARGE} reaches {product / 1e9:.0f} GFLOP/s")
    print("           s a window  times faster  GFLOP/s  working memory  beside the reference")
    for way in WAYS:
        print(
            f"{way:12}{best[way]:8.1f}{best['reference'] / best[way]:14.2f}"
            f"{work / best[way] / 1e9:9.0f}{memory[way] / 1e6:13.0f} MB"
            f"{memory[way] / memory['reference']:14.2f} of it, "
            f"difference {_snr(made['reference'], made[way])}"
        )
    return 0


def _snr(wanted: np.ndarray, made: np.ndarray) -> str:
    error = float(np.sum(np.square(wanted - made, dtype=np.float64)))
    power = float(np.sum(np.square(wanted, dtype=np.float64)))
    return f"{10 * np.log10(error / power):.0f} dB" if error else "none"


def arithmetic(seconds: float) -> float:
    """Multiplications and additions that a network of `SIZES` needs for `seconds` of sound."""
    import torch

    from engine.models.mel_band_roformer import Config, Net

    c = Config()
    frames = round(seconds * 44_100) // c.stft_hop_length + 1
    with torch.device("meta"):
        net = Net(c)
    inner, tokens = c.heads * c.dim_head, frames * c.num_bands
    weights = 4 * c.dim * inner + 2 * c.dim * int(c.dim * c.ff_mult)
    attention = 2 * inner * (frames + c.num_bands)  # over time, then over bands
    layers = c.depth * tokens * (2 * weights + attention)
    ends = [net.band_split, *net.mask_estimators]
    return 2.0 * (layers + frames * sum(p.numel() for m in ends for p in m.parameters()))


def _one(way: str, folder: Path) -> dict[str, float]:
    """Run one network on the music and keep what it made."""
    import torch

    from engine.loader import cores
    from engine.models.int8 import quantise
    from engine.models.mel_band_roformer import Config, Net
    from engine.speeds import memory_needed

    workers = cores()
    torch.set_num_threads(workers if way == "reference" else 1)
    torch.manual_seed(0)
    net: Any = Net(Config())
    if way == "reference":
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
    net.eval().requires_grad_(False)
    if way == "int8":
        quantise(net)
    sound = torch.from_numpy(np.load(folder / "music.npy"))[None]

    @torch.inference_mode()
    def hear(length: int) -> torch.Tensor:
        return net(sound[..., :length])

    with ThreadPoolExecutor(1 if way == "reference" else workers) as pool:
        list(pool.map(hear, [44_100] * workers))
        with memory_needed() as memory:
            began = time.perf_counter()
            heard = list(pool.map(hear, [sound.shape[-1]] * workers))
            taken = (time.perf_counter() - began) / workers
    np.save(folder / f"{way}.npy", heard[0].reshape(2, -1).numpy())
    torch.set_num_threads(workers)
    square = torch.randn(LARGE, LARGE)
    products = []
    for _ in range(5):
        began = time.perf_counter()
        square @ square
        products.append(time.perf_counter() - began)
    return {"seconds": taken, "memory": memory[0], "large": 2.0 * LARGE**3 / min(products)}


if __name__ == "__main__":
    print(json.dumps(_one(sys.argv[1], Path(sys.argv[2]))))
