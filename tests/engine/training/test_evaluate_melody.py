from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import soundfile
from safetensors.numpy import load_file

pytest.importorskip("mir_eval", reason="needs the extra 'bench'")

from engine import tasks
from engine.cards import ModelCard, cards
from engine.events import Progress, Work
from engine.melody import CURVE_RATE, CURVES, ONSET, PITCH, VOICED, Melody
from engine.training.evaluate_melody import (
    Table,
    main,
    measure,
    mir1k_dev,
    note_scores,
    pitch_scores,
    read_song,
    ultrastar_songs,
)
from engine.training.melody_peers import (
    Asking,
    Heard,
    basic_pitch,
    cell_notes,
    frequencies,
    loudest_note,
    published_curves,
    simple_notes,
)
from engine.types import AudioClip, Origin, Scratch

RATE = 16_000
SONG = """#TITLE:Made up
#ARTIST:Nobody
#BPM:150
#GAP:1000
: 0 4 0 La
* 4 4 2 la
F 8 4 0 spoken
- 12
: 20 8 -12 laa
E
: 99 1 0 not read
"""


def notes(*rows: tuple[float, float, float]) -> np.ndarray:
    return np.array(rows, np.float64)


MELODY = notes((0.5, 1.0, 60), (1.0, 1.4, 62), (2.0, 3.0, 67))


def test_a_song_is_read_with_its_gap_its_golden_notes_and_without_what_is_spoken() -> None:
    found = read_song(SONG)
    assert found == pytest.approx(notes((1, 1.4, 60), (1.4, 1.8, 62), (3, 3.8, 48)))


def test_beats_of_a_relative_song_count_from_their_line() -> None:
    lines = "#BPM:150\n#RELATIVE:YES\n: 0 2 0 a\n- 4 6\n: 0 2 0 b\n- 3\n: 1 1 0 c\nE\n"
    assert read_song(lines)[:, 0] == pytest.approx([0.0, 0.6, 1.0])
    assert read_song(lines.replace("YES", "NO"))[:, 0] == pytest.approx([0.0, 0.0, 0.1])


def test_numbers_with_commas_and_a_mark_of_the_encoding_are_read() -> None:
    found = read_song("\ufeff#BPM:297,5\r\n#GAP:250,5\r\n: 10 4 -3 x\r\nE\r\n")
    assert found == pytest.approx(notes((0.2505 + 150 / 297.5, 0.2505 + 210 / 297.5, 57)))


def test_both_voices_of_a_duet_are_read_in_order_of_time() -> None:
    found = read_song("#BPM:150\nP1\n: 0 2 0 a\n: 8 2 0 c\nP2\n: 4 2 5 b\nE\n")
    assert found[:, 2] == pytest.approx([60, 65, 60])


@pytest.mark.parametrize("text", ["", "no song", "#BPM:150\nB 4 300\n", "#BPM:150\n: a b c d\n"])
def test_what_is_no_song_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read_song(text)


def test_the_same_notes_score_one_and_none_score_zero() -> None:
    assert note_scores(MELODY, MELODY, 0.05) == (1.0, 1.0, 1.0, 0, 0.0)
    assert note_scores(MELODY, np.zeros((0, 3)), 0.05)[:3] == (0.0, 0.0, 0.0)
    assert note_scores(np.zeros((0, 3)), np.zeros((0, 3)), 0.05)[:3] == (1.0, 1.0, 1.0)


@pytest.mark.parametrize("octave", [-2, 1, 3])
def test_an_octave_that_the_whole_song_is_off_is_forgiven_and_told(octave: int) -> None:
    found = note_scores(MELODY, MELODY - np.array([0, 0, 12 * octave]), 0.05)
    assert found[:4] == (1.0, 1.0, 1.0, octave)


def test_an_octave_that_one_note_is_off_is_not_forgiven() -> None:
    wrong = MELODY + np.array([[0, 0, 12], [0, 0, 0], [0, 0, 0]])
    assert note_scores(MELODY, wrong, 0.05)[:3] == pytest.approx((1.0, 2 / 3, 2 / 3))


def test_another_tone_counts_for_the_onset_alone() -> None:
    found = note_scores(MELODY, MELODY + np.array([0, 0, 1]), 0.05)
    assert found[:3] == (1.0, 0.0, 0.0)


def test_onsets_that_are_late_match_within_the_tolerance_and_are_told() -> None:
    late = MELODY + np.array([0.08, 0.08, 0])
    assert note_scores(MELODY, late, 0.05)[:3] == (0.0, 0.0, 0.0)
    found = note_scores(MELODY, late, 0.1)
    assert found[:3] == (1.0, 1.0, 1.0)
    assert found.late == pytest.approx(0.08)


def test_an_end_may_be_off_by_a_fifth_of_the_note_or_the_tolerance() -> None:
    short = MELODY - np.array([[0, 0.09, 0], [0, 0.09, 0], [0, 0.19, 0]])
    assert note_scores(MELODY, short, 0.05).offset == pytest.approx(2 / 3)
    assert note_scores(MELODY, short, 0.1).offset == 1.0


def test_pitch_is_scored_whether_or_not_it_is_called_sung() -> None:
    times = np.arange(100) * 0.02
    hz = np.where(np.arange(100) < 50, 220.0, 0.0)
    assert pitch_scores(times, hz, times, hz) == (1.0, 1.0, 1.0, 0.0, 1.0)
    guessed = pitch_scores(times, hz, times, -hz)
    assert (guessed.accuracy, guessed.recall, guessed.overall) == (1.0, 0.0, 0.5)
    higher = pitch_scores(times, hz, times, np.full(100, 440.0))
    assert (higher.accuracy, higher.chroma, higher.false_alarm) == (0.0, 1.0, 1.0)
    sharp = pitch_scores(times, hz, times, hz * 2 ** (0.6 / 12))
    assert sharp.accuracy == 0.0


def test_simple_notes_follow_steps_and_leave_vibrato_whole() -> None:
    times = np.arange(150) / 50
    pitches = np.where(times < 1, 60.0, 64.0) + 0.3 * np.sin(2 * np.pi * 6 * times)
    voiced = (times >= 0.2) & (times < 2.5)
    found = simple_notes(times, pitches, voiced)
    assert found == pytest.approx(notes((0.19, 0.99, 60), (0.99, 2.49, 64)), abs=0.1)
    assert not len(simple_notes(times, pitches, np.zeros(150, bool)))
    assert not len(simple_notes(times[:0], pitches[:0], voiced[:0]))


def test_cells_of_one_semitone_are_joined_and_a_rest_parts_them() -> None:
    times = np.arange(200) / 100
    pitches = np.where(times < 0.5, 60.2, 62.1)
    confidence = np.where((times > 1.0) & (times < 1.1), 0.1, 0.9)
    found = cell_notes(times, pitches, confidence)
    assert found == pytest.approx(notes((0, 0.5, 60), (0.5, 1, 62), (1.1, 2, 62)), abs=0.03)


def test_the_heaviest_of_the_notes_that_sound_is_the_melody() -> None:
    heard = loudest_note(notes((0, 1, 48), (0.5, 1, 72)), np.array([0.4, 0.8]), 1.2)
    assert heard.hz[[10, 70, 110]] == pytest.approx(frequencies(np.array([48, 72, 0])))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Made-up clips and songs, laid out as the real ones are."""
    folder = tmp_path / "data"
    (folder / "mir1k" / "dev").mkdir(parents=True)
    tone = 0.3 * np.sin(2 * np.pi * 220 * np.arange(RATE) / RATE)
    for name in ("a", "b", "c"):
        for kind, sound in (("voice", tone), ("music", 0.1 * tone)):
            path = folder / "mir1k" / "dev" / f"{name}_{kind}.opus"
            soundfile.write(path, sound, RATE, format="OGG", subtype="OPUS")
    np.savez(folder / "mir1k" / "pitch.npz", **dict.fromkeys("abc", np.full(49, 57.0)))
    for number in range(5):
        song = folder / "ultrastar" / f"Song {number}"
        song.mkdir(parents=True)
        (song / "song.txt").write_text(SONG, "utf-8")
        sound = np.zeros((48_000, 2))
        soundfile.write(song / "audio.opus", sound, 48_000, format="OGG", subtype="OPUS")
    return folder


def test_clips_are_thinned_and_mixed_at_equal_energy(data: Path) -> None:
    clips = list(mir1k_dev(data, every=2))
    assert [clip.name for clip in clips] == ["a", "c"]
    band = clips[0].mix - clips[0].voice
    assert np.square(band).sum() == pytest.approx(np.square(clips[0].voice).sum(), rel=0.01)
    assert clips[0].times[:2] == pytest.approx([0.02, 0.04])
    assert clips[0].hz == pytest.approx(220.0)


def test_the_last_three_songs_are_held_out(data: Path) -> None:
    songs = list(ultrastar_songs(data))
    assert [song.name for song in songs] == ["Song 2", "Song 3", "Song 4"]
    assert songs[0].sound.shape == (2, 48_000)
    assert songs[0].notes == pytest.approx(read_song(SONG))


def test_a_tracker_that_knows_scores_one_and_is_asked_once(data: Path, tmp_path: Path) -> None:
    calls = []

    def knows(sound: np.ndarray, rate: int) -> Heard:
        calls.append(len(sound))
        times = np.arange(50) / 50
        return Heard(times, np.full(50, 220.0), read_song(SONG))

    for run in range(2):
        asking = Asking({"knows": knows}, [], None, "cpu", tmp_path / "cache")
        table = measure(asking, data, ("voice", "mix", "songs"), every=1)
        assert asking.kept == (0 if run == 0 else 9)
    assert len(calls) == 1 + 9  # one to warm up
    for kind in ("voice", "mix"):
        found = table.pitches("knows", kind)
        assert found is not None
        assert found[:3] == pytest.approx([1, 1, 1])
    assert table.songs("knows", 0.05) == pytest.approx([1, 1, 1])
    shown = "\n".join((*table.lines(), *table.remarks()))
    assert "1.000" in shown
    assert "Song 4: COnP 1.000, octaves +0, onsets +0 ms" in shown


def test_figures_name_what_was_separated_first() -> None:
    table = Table()
    scores = pitch_scores(np.arange(9) / 50, np.full(9, 220.0), np.arange(9) / 50, np.full(9, 220))
    table.pitch = {("own", "mix"): [scores], ("first + own", "mix"): [scores]}
    figures = table.figures("own", "first", every=4)
    assert list(figures) == ["MIR-1K mix", "MIR-1K mix, separated first"]
    assert "RPA 1.000" in figures["MIR-1K mix"]
    assert figures["MIR-1K mix"].endswith("every 4th clip")
    json.dumps(figures)


def test_nobody_to_ask_is_an_error_of_use(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["--data", str(data), "--no-peers", "--no-models"])
    assert end.value.code == 2
    assert "nobody" in capsys.readouterr().err


@pytest.mark.parametrize("separator", [None, cards("separate")[0]])
def test_a_model_is_asked_through_the_verbs_of_the_program(
    monkeypatch: pytest.MonkeyPatch, separator: ModelCard | None
) -> None:
    def transcribe(clip: AudioClip, card: ModelCard, scratch: Scratch, device: str) -> Work:
        yield Progress(0.5, card.title)
        curves = scratch.clip(CURVES, round(clip.seconds * CURVE_RATE), CURVE_RATE, Origin())
        rows = np.zeros((CURVES, curves.frames), np.float32)
        rows[PITCH] = 57
        rows[VOICED, 20:80] = 1
        rows[ONSET, 20] = 1
        curves.write(0, rows)
        return SimpleNamespace(melody=Melody(curves=curves))

    def both(
        clip: AudioClip, separator: ModelCard, card: ModelCard, scratch: Scratch, device: str
    ) -> Work:
        return None, (yield from transcribe(clip, card, scratch, device))

    def warm_up(card: ModelCard, device: str) -> Work:
        yield Progress(1.0, card.title)

    monkeypatch.setattr(tasks, "transcribe", transcribe, raising=False)
    monkeypatch.setattr(tasks, "separate_and_transcribe", both, raising=False)
    monkeypatch.setattr(tasks, "warm_up", warm_up)
    model = replace(cards("separate")[0], id="own", task="transcribe")
    asking = Asking({}, [model], separator, "cpu")
    answers = asking.ask("clip", np.zeros((2, RATE), np.float32), RATE, alone=False)
    assert list(answers) == (["own"] if separator is None else ["own", f"{separator.id} + own"])
    for timed in answers.values():
        assert timed.sound == 1.0
        assert timed.heard.hz[[5, 50]] == pytest.approx([-220, 220], abs=0.1)
        assert timed.heard.notes == pytest.approx(notes((0.2, 0.8, 57)), abs=0.05)


def test_a_tracker_that_hears_nothing_scores_nothing(data: Path, tmp_path: Path) -> None:
    def silent(sound: np.ndarray, rate: int) -> Heard:
        return Heard(np.arange(50) / 50, np.zeros(50), np.zeros((0, 3)))

    for _ in range(2):  # also when its answers come from the cache
        asking = Asking({"silent": silent}, [], None, "cpu", tmp_path)
        table = measure(asking, data, ("voice", "songs"), every=1)
        scores = table.songs("silent", 0.05)
        assert scores is not None
        assert scores[1] == 0.0
        found = table.pitches("silent", "voice")
        assert found is not None
        assert found[0] == 0.0
        assert any(line.startswith("silent") for line in table.lines())


@pytest.mark.data
@pytest.mark.slow
def test_the_held_out_songs_hold_notes_inside_their_sound(shared: Path) -> None:
    for song in ultrastar_songs(shared / "data"):
        assert len(song.notes) > 200
        assert (song.notes[:, 1] > song.notes[:, 0]).all()
        assert song.notes[-1, 1] <= song.sound.shape[1] / song.rate


@pytest.mark.data
def test_basic_pitch_hears_the_pitch_of_a_tone(shared: Path) -> None:
    pytest.importorskip("onnxruntime", reason="needs the extra 'bench'")
    track = basic_pitch(shared / "peers" / "basic_pitch_nmp.onnx")
    tone = 0.3 * sum(
        np.sin(2 * np.pi * k * 233.08 * np.arange(2 * RATE) / RATE) / k for k in (1, 2, 3)
    )
    heard = track(np.asarray(tone, np.float32), RATE)
    within = (heard.times > 0.2) & (heard.times < 1.8)
    assert heard.hz[within] == pytest.approx(233.08, rel=0.01)
    assert heard.times[-1] == pytest.approx(2.0, abs=0.05)
    assert any(note[2] == 58 and note[1] - note[0] > 1.0 for note in heard.notes)


@pytest.mark.data
def test_the_published_network_says_what_its_package_makes_it_say(shared: Path) -> None:
    pytest.importorskip("onnxruntime", reason="needs the extra 'bench'")
    curves = published_curves(shared / "peers" / "basic_pitch_nmp.onnx")
    kept = load_file(shared / "golden" / "basic_pitch" / "case_b" / "io.safetensors")
    for name, found in zip(("note", "onset", "contour"), curves(kept["audio_22050"]), strict=True):
        assert found == pytest.approx(kept[name], abs=5e-4)
