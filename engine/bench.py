"""Measure the program's speed and memory on this machine.

    python main.py bench separation [--song FILE] [--minutes M] [--model ID] [--device D]

A song (the demo, repeated) goes the whole way from an MP3 or FLAC file to two written stems; each
stage's time is printed, the real-time factor of all, the first playable second and peak memory;
`--fast` and `--exact` choose another precision than the model's card.
`--published` compares a network of the published size with its reference; see
`engine.bench_published`.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from engine import tasks
from engine.cards import ModelCard, card, cards
from engine.encode import Encoding
from engine.events import Filled, Work
from engine.types import AudioClip, Scratch, Separation

DEMO = Path(__file__).parent.parent / "resources" / "demo" / "On the run.opus"


def peak_memory() -> float:
    """Highest resident memory of this process so far, in MB (0 where the system does not say)."""
    try:
        import resource
    except ImportError:
        return 0.0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1e6 if sys.platform == "darwin" else 1e3)


def long_song(song: Path, minutes: float, folder: Path) -> Path:
    """Repeat a song into a FLAC file of the given length."""
    samples, rate = soundfile.read(song, dtype="float32", always_2d=True)
    path = folder / "song.flac"
    left = int(minutes * 60 * rate)
    with soundfile.SoundFile(path, "w", rate, samples.shape[1], "PCM_16") as file:
        while left > 0:
            file.write(samples[:left])
            left -= len(samples)
    return path


def run(work: Work, on_event: Any = None) -> Any:
    """Run a verb to its end and return its result."""
    while True:
        try:
            event = next(work)
        except StopIteration as stop:
            return stop.value
        if on_event is not None:
            on_event(event)


def network_stages(clip: AudioClip, model: ModelCard, device: str) -> dict[str, float]:
    """Seconds that each part of the network takes for one window on one core, over five passes."""
    import torch

    from engine.loader import choose, load

    net: Any = load(model, choose(device)[0])
    torch.set_num_threads(1)
    spent: dict[str, float] = defaultdict(float)
    began: dict[int, float] = {}
    heads = [band for head in net.mask_estimators for band in head.to_freqs]
    parts: dict[str, Any] = {"band split": net.band_split, "mask heads": heads}
    for number, (over_time, over_bands) in enumerate(net.layers):
        parts[f"time {number}"], parts[f"bands {number}"] = over_time, over_bands
    for name, part in parts.items():
        stage = name.split(" ")[0] if name[-1].isdigit() else name
        for module in part if part is heads else [part]:
            module.register_forward_pre_hook(
                lambda m, _: began.__setitem__(id(m), time.perf_counter())
            )
            module.register_forward_hook(
                lambda m, *_, stage=stage: spent.__setitem__(
                    stage, spent[stage] + time.perf_counter() - began[id(m)]
                )
            )
    window = torch.from_numpy(clip.read(0, round(model.window * clip.rate)))[None]
    window = window.expand(1, 2, -1).to(next(net.parameters()).device)
    with torch.inference_mode():
        start = time.perf_counter()
        for _ in range(5):
            net(window)
        total = time.perf_counter() - start
    spent["transforms and masking"] = total - sum(spent.values())
    return dict(spent)


def separation(arguments: Sequence[str]) -> int:
    """The benchmark of the main job; returns the exit code."""
    parser = argparse.ArgumentParser(prog="bench separation")
    parser.add_argument("--song", type=Path, default=DEMO)
    parser.add_argument("--minutes", type=float, default=4.0)
    parser.add_argument("--model", default=cards("separate")[0].id)
    parser.add_argument("--device", default="auto")
    bits = parser.add_mutually_exclusive_group()
    bits.add_argument(
        "--fast",
        dest="precision",
        action="store_const",
        const="reduced",
        help="16-bit floats or 8-bit integers, where they are faster",
    )
    bits.add_argument(
        "--exact",
        dest="precision",
        action="store_const",
        const="full",
        help="32-bit floats, whatever the model's card says",
    )
    parser.add_argument("--stages", action="store_true", help="also time the network's parts")
    parser.add_argument(
        "--published", action="store_true", help="the published size beside its reference instead"
    )
    parser.add_argument("--seconds", type=float, default=8.0, help="of sound, for --published")
    parser.add_argument("--rounds", type=int, default=2, help="for --published")
    options = parser.parse_args(arguments)
    if options.published:
        from engine import bench_published
        from engine.loader import choose

        device = choose(options.device)[0]
        return bench_published.compare(options.song, options.seconds, options.rounds, device)
    model = card(options.model)
    model = replace(model, precision=options.precision or model.precision)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        song = long_song(options.song, options.minutes, folder)
        began = time.perf_counter()
        from engine import separation as _  # noqa: F401 - its import is a stage of its own
        from engine.loader import choose, load

        load(model, choose(options.device)[0])
        loading = time.perf_counter() - began

        scratch = Scratch(folder)
        began = time.perf_counter()
        clip = run(tasks.decode(song, scratch))
        decoding = time.perf_counter() - began

        began = time.perf_counter()
        first: list[float] = []

        def watch(event: object) -> None:
            if isinstance(event, Filled) and not first and event.stop - event.start >= clip.rate:
                first.append(time.perf_counter() - began)

        result: Separation = run(tasks.separate(clip, model, scratch, options.device), watch)
        separating = time.perf_counter() - began
        began = time.perf_counter()
        for stem, sound in result.clips.items():
            run(tasks.export_clip(sound, folder / f"{stem}.wav", Encoding()))
        writing = time.perf_counter() - began
        total = decoding + separating + writing
        how = f", {result.device_note}" if result.device_note else ""
        print(f"{clip.seconds:.0f} s of {clip.rate} Hz sound, {model.title}, {result.device}{how}")
        print(f"real-time factor    {clip.seconds / total:8.1f} x, decoding and writing included")
        for stage, seconds in (
            ("decoding", decoding),
            ("separating", separating),
            ("writing", writing),
        ):
            print(f"  {stage:18}{seconds:8.2f} s {100 * seconds / total:5.1f} %")
        print(f"loading the model   {loading:8.2f} s, once")
        print(f"first second heard  {first[0] if first else np.nan:8.2f} s after the click")
        print(f"mix - stems         {result.null_db:8.1f} dB")
        print(f"peak memory         {peak_memory():8.0f} MB")
        if options.stages:
            stages = network_stages(clip, model, options.device)
            whole = sum(stages.values())
            print("inside the network, one window on one core")
            for stage, seconds in sorted(stages.items(), key=lambda item: -item[1]):
                print(f"  {stage:24}{1000 * seconds / 5:8.1f} ms {100 * seconds / whole:5.1f} %")
    return 0
