from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soxr
import torch
from safetensors.numpy import load_file
from safetensors.torch import save_file

from engine import loader, notes, onnx_files, polyphony, tasks
from engine.cards import ModelCard, WeightFile
from engine.events import Ended, Filled, Opened, Progress, State
from engine.jobs import Runner
from engine.melody import CURVES, Melody, Note, NoteSettings
from engine.models.basic_pitch import Config, Net, convert
from engine.polyphony import KEPT, LEAD, ROWS, STEP, note_events
from engine.types import AudioClip, Scratch
from engine.weights import digest, folders

RATE = 22_050
CASES = ("case_a", "case_b")
KEY = 60 - 21
MakeClip = Callable[..., AudioClip]


def card_of(net: Net) -> ModelCard:
    """Write weights where Melic looks for them and return their card."""
    folders()[0].mkdir(parents=True, exist_ok=True)
    path = folders()[0] / "poly.safetensors"
    save_file(net.state_dict(), path)
    loader.unload()
    return ModelCard(
        "poly", "Poly", "transcribe", "basic_pitch", RATE, 1, ("curves",), 2.0, 0.3, "", "", "", "",
        WeightFile(path.name, digest(path), path.stat().st_size), asdict(net.config), {},
    )  # fmt: skip


@pytest.fixture
def card() -> ModelCard:
    torch.manual_seed(2)
    return card_of(Net(Config(contours=2, notes=3, onsets=3)))


def finish(work: Any) -> tuple[Any, list[Any]]:
    events = []
    while True:
        try:
            events.append(next(work))
        except StopIteration as stop:
            return stop.value, events


def music(seconds: float, rate: int = RATE, seed: int = 0) -> np.ndarray:
    """Tones that begin twice a second, stereo `(2, frames)`."""
    rng = np.random.default_rng(seed)
    out = np.zeros(round(seconds * rate))
    for start in np.arange(0.1, seconds - 0.2, 0.5):
        at = np.arange(len(out)) / rate - start
        hz = 440 * 2 ** (rng.integers(-24, 12) / 12)
        out += np.where(at > 0, np.exp(-3 * np.maximum(at, 0)), 0) * np.sin(2 * np.pi * hz * at)
    return 0.1 * np.stack([out, out]).astype(np.float32)


@pytest.mark.data
@pytest.mark.parametrize("case", CASES)
def test_curves_and_notes_of_the_published_weights_are_the_packages(
    shared: Path, make_clip: MakeClip, scratch: Scratch, case: str
) -> None:
    graph = onnx_files.read((shared / "peers" / "basic_pitch_nmp.onnx").read_bytes())
    net = Net(Config())
    net.load_state_dict(convert(graph.nodes, graph.tensors))
    io = load_file(shared / "golden" / "basic_pitch" / case / "io.safetensors")
    sound = make_clip(io["audio_22050"][None], RATE)
    result, _ = finish(tasks.transcribe(sound, card_of(net), scratch, "cpu"))
    curves = result.melody.curves
    made = curves.read(0, curves.frames).T
    assert made.shape == (len(io["note"]), ROWS)
    assert np.abs(made[:, :88] - io["onset"]).max() < 1e-4
    assert np.abs(made[:, 88:] - io["note"]).max() < 1e-4
    spans, pitches = io["events.default.start_end_s"], io["events.default.frame_start_end_pitch"]
    wanted = sorted(zip(spans[:, 0], pitches[:, 2], spans[:, 1], strict=True))
    found = [(note.start, note.pitch, note.stop) for note in result.melody.notes]
    np.testing.assert_allclose(found, wanted, atol=1e-9)
    loud = np.sort(io["events.default.amplitude"])
    np.testing.assert_allclose(np.sort([n.velocity for n in result.melody.notes]), loud, atol=1e-4)


WAYS: dict[str, dict[str, Any]] = {  # as the records name them
    "default": {"onset_from": 0.5, "note_from": 0.3, "shortest": 11},
    "p1": {"onset_from": 0.6, "note_from": 0.25, "shortest": 5, "rises": False},
    "p2": {
        "onset_from": 0.4, "note_from": 0.4, "shortest": 7, "loud_rests": False, "keys": (29, 50),
    },
}  # fmt: skip


@pytest.mark.data
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("case", CASES)
def test_notes_are_the_references_in_its_order(shared: Path, case: str, way: str) -> None:
    io = load_file(shared / "golden" / "basic_pitch" / case / "io.safetensors")
    events = note_events(io["onset"], io["note"], **WAYS[way])
    wanted = io[f"events.{way}.frame_start_end_pitch"]
    assert [event[:3] for event in events] == [tuple(row) for row in wanted.tolist()]
    amplitudes = [event[3] for event in events]
    np.testing.assert_allclose(amplitudes, io[f"events.{way}.amplitude"], atol=1e-6)
    seconds = polyphony.times(wanted[:, :2].astype(float))
    np.testing.assert_allclose(seconds, io[f"events.{way}.start_end_s"], atol=1e-9)


@pytest.mark.data
def test_frames_are_as_late_as_the_reference_says(shared: Path) -> None:
    io = load_file(shared / "golden" / "basic_pitch" / "case_a" / "io.safetensors")
    wanted = io["frame_times_s"]
    np.testing.assert_allclose(polyphony.times(np.arange(len(wanted), dtype=float)), wanted)


def curves(*spans: tuple[int, int, int], frames: int = 200) -> tuple[np.ndarray, np.ndarray]:
    """Onsets and notes `(frames, 88)` of notes given as first frame, last frame and key."""
    onset, note = np.zeros((frames, 88), np.float32), np.zeros((frames, 88), np.float32)
    for first, last, key in spans:
        onset[first, key] = 0.9
        note[first:last, key] = 0.8
    return onset, note


def events(onset: np.ndarray, note: np.ndarray, **given: Any) -> list[tuple[int, int, int]]:
    settings = {"onset_from": 0.5, "note_from": 0.3, "shortest": 11} | given
    found = note_events(onset, note, **settings)
    return sorted(event[:3] for event in found)


def test_a_note_goes_from_its_onset_to_where_its_curve_ends() -> None:
    assert events(*curves((20, 60, KEY), (30, 90, KEY + 7))) == [(20, 60, 60), (30, 90, 67)]


def test_a_note_that_is_struck_again_becomes_two() -> None:
    onset, note = curves((20, 60, KEY), (60, 100, KEY))
    assert events(onset, note) == [(20, 60, 60), (60, 100, 60)]


def test_a_note_without_an_onset_is_found_only_as_a_loud_rest() -> None:
    onset, note = curves((20, 60, KEY))
    onset[:] = 0
    # The reference leaves the last frame out of such notes.
    assert events(onset, note) == [(20, 59, 60)]
    assert events(onset, note, loud_rests=False, rises=False) == []


def test_short_notes_go_and_short_gaps_are_held() -> None:
    assert events(*curves((20, 30, KEY))) == []
    onset, note = curves((20, 80, KEY))
    note[40:50, KEY] = 0.1
    assert events(onset, note, rises=False) == [(20, 80, 60)]
    note[39:51, KEY] = 0.1
    assert events(onset, note, rises=False)[0] == (20, 39, 60)


def test_a_sudden_rise_counts_as_an_onset() -> None:
    onset, note = curves((20, 80, KEY))
    note[40:50, KEY] = 0.1
    assert events(onset, note) == [(20, 40, 60), (50, 80, 60)]


def test_a_weak_neighbour_belongs_to_the_note() -> None:
    onset, note = curves((20, 60, KEY))
    note[20:60, KEY + 1] = 0.5
    assert events(onset, note, rises=False) == [(20, 60, 60)]


def test_empty_and_tiny_curves_have_no_notes() -> None:
    for frames in (0, 1, 2, 3, 40):
        assert events(*curves(frames=frames)) == []


def test_a_note_that_sounds_from_the_first_to_the_last_frame_is_found() -> None:
    onset, note = curves(frames=100)
    note[:, KEY] = 0.8
    [(first, last, pitch)] = events(onset, note)
    assert first <= 1
    assert last >= 97
    assert pitch == 60


def clip_of(scratch: Scratch, onset: np.ndarray, note: np.ndarray) -> AudioClip:
    from engine.types import Origin

    made = scratch.clip(ROWS, len(onset), polyphony.CURVE_RATE, Origin())
    made.write(0, np.concatenate([onset, note], 1).T)
    return made


def test_settings_move_thresholds_and_lengths(scratch: Scratch) -> None:
    onset, note = curves((20, 60, KEY), (30, 45, KEY + 7))
    note[:, KEY] *= 0.5
    made = clip_of(scratch, onset, note)
    assert polyphony.is_poly(made)
    assert [n.pitch for n in polyphony.notes(made)] == [60, 67]
    longer = replace(polyphony.SETTINGS, shortest=0.3)
    assert [n.pitch for n in polyphony.notes(made, longer)] == [60]
    assert [n.pitch for n in polyphony.notes(made, replace(longer, voiced=0.45))] == []
    [low, high] = polyphony.notes(made)
    assert low.velocity == pytest.approx(0.4)
    assert high.velocity == pytest.approx(0.8)


def test_notes_of_ones_own_stay_when_the_sliders_move(scratch: Scratch) -> None:
    made = clip_of(scratch, *curves((20, 60, KEY), (20, 60, KEY + 7)))
    own = Note(0.3, 0.2, 60.0, own=True)
    melody = Melody((own,), made, settings=NoteSettings(voiced=0.3, shortest=0.1))
    found = notes.read(melody)
    assert own in found
    assert sorted(note.pitch for note in found) == [60.0, 67.0]


def test_long_curves_are_parted_where_it_is_quiet_without_a_trace(
    scratch: Scratch, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(0)
    spans = [(int(at), int(at) + 30, int(rng.integers(88))) for at in range(10, 2900, 60)]
    onset, note = curves(*spans, frames=3000)
    made = clip_of(scratch, onset, note)
    whole = polyphony.notes(made)
    assert len(whole) == len(spans)
    monkeypatch.setattr(polyphony, "PART", 500)
    np.testing.assert_allclose(
        [(n.start, n.length, n.pitch) for n in polyphony.notes(made)],
        [(n.start, n.length, n.pitch) for n in whole],
    )


@pytest.mark.parametrize("rate", [8_000, 22_050, 44_100, 48_000, 44_099])
def test_sound_read_in_pieces_is_that_of_the_whole_clip(make_clip: MakeClip, rate: int) -> None:
    samples = music(3.0, rate)
    clip = make_clip(samples, rate)
    whole = soxr.resample(samples.mean(0), rate, RATE)
    padded = np.pad(whole, (LEAD, 2 * STEP))
    for start in (-LEAD, 7, STEP - LEAD):
        piece = polyphony.sound(clip, start, 20_000)
        assert piece.dtype == np.float32
        assert np.abs(piece - padded[start + LEAD :][:20_000]).max() < 1e-4


def test_it_opens_fills_and_finds_notes_whatever_is_listened_to(
    card: ModelCard, make_clip: MakeClip, scratch: Scratch
) -> None:
    clip = make_clip(music(6.0, 44_100))
    plain, said = finish(tasks.transcribe(clip, card, scratch, "cpu"))
    [opened] = [event for event in said if isinstance(event, Opened)]
    assert opened.clips["curves"] is plain.melody.curves
    filled = sorted((e.start, e.stop) for e in said if isinstance(e, Filled))
    assert filled[0][0] == 0
    assert filled[-1][1] == plain.melody.curves.frames
    assert all(a[1] == b[0] for a, b in itertools.pairwise(filled))
    shown = [e for e in said if isinstance(e, Progress) and e.rate]
    assert shown[-1].done == pytest.approx(1.0, abs=0.02)
    assert plain.melody.settings == polyphony.SETTINGS
    assert plain.melody.curves.channels == ROWS > CURVES
    other, said = finish(tasks.transcribe(clip, card, scratch, "cpu", lambda: 4.0))
    first = next(event for event in said if isinstance(event, Filled))
    assert first.start > KEPT
    frames = plain.melody.curves.frames
    assert np.array_equal(other.melody.curves.read(0, frames), plain.melody.curves.read(0, frames))


@pytest.mark.parametrize("frames", [0, 1, 500, 40_000])
def test_silence_and_crumbs_of_sound_have_no_notes(
    card: ModelCard, make_clip: MakeClip, scratch: Scratch, frames: int
) -> None:
    clip = make_clip(np.zeros((1, frames), np.float32), RATE)
    result, _ = finish(tasks.transcribe(clip, card, scratch, "cpu"))
    assert result.melody.notes == ()


def test_it_can_be_cancelled(card: ModelCard, make_clip: MakeClip, scratch: Scratch) -> None:
    clip = make_clip(music(60.0, RATE), RATE)
    runner = Runner()
    try:
        job = runner.submit(
            "Transcribe", lambda: tasks.transcribe(clip, card, scratch, "cpu"), "heavy"
        )
        while not isinstance(event := runner.mailbox.get(timeout=60)[1], Ended):
            if isinstance(event, Filled):
                job.cancel()
        assert event.state is State.CANCELLED
    finally:
        runner.close()
