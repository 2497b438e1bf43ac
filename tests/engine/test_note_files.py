"""Note files: what is written can be read, here and by others; bad files are refused."""

from __future__ import annotations

import io
import itertools
import zipfile
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import mido
import numpy as np
import pytest

from engine import note_files, quantise
from engine.errors import UnreadableNotes, UnwritableTarget
from engine.events import Work
from engine.keys import KEYS
from engine.melody import CURVE_RATE, Beat, Drawn, Melody, Note
from engine.scores import common, midi

SUNG = Melody(
    (
        Note(0.52, 0.41, 60.2, 0.7, "Hel-"),
        Note(0.93, 0.30, 62.1, 0.8, "-"),
        Note(1.23, 0.55, 63.9, 0.6, "lo,"),
        Note(2.60, 1.90, 67.0, 0.9, "wörld"),
        Note(4.50, 0.50, 65.0, 0.9, "-"),
        Note(5.20, 0.30, 60.0, 0.5, "再见"),
        Note(6.00, 0.30, 61.0, 0.5, ""),
    ),
    beat=Beat(113.0, 0.31, 4, 4),
    key="Eb",
)
GRID = replace(SUNG, quantised=True)


def done(work: Work) -> Any:
    """Run work to its end."""
    while True:
        try:
            next(work)
        except StopIteration as stop:
            return stop.value


def there_and_back(folder: Path, format: str, melody: Melody, **more: Any) -> note_files.Imported:
    path = folder / f"x{note_files.EXPORTS[format][0]}"
    written = done(note_files.export(path, format, melody, title="Lied", artist="Wer", **more))
    return note_files.read(written)


def random_melody(seed: int, quantised: bool = False) -> Melody:
    rng = np.random.default_rng(seed)
    words = ["la", "hel-", "lo", "-", "", "été", "oh yeah", "再"]
    notes, at = [], float(rng.uniform(0, 3))
    sung = open_word = False
    for _ in range(int(rng.integers(1, 60))):
        length = float(rng.uniform(0.06, 1.5))
        lyric = str(rng.choice(words))
        lyric = "la" if lyric == "-" and not sung else lyric
        if not lyric and open_word:  # inside a word every note without a syllable is a held one
            lyric = "-"
        open_word = lyric.endswith("-") if lyric != "-" else open_word
        sung = bool(lyric)
        notes.append(
            Note(at, length, float(rng.uniform(45, 80)), float(rng.uniform(0.1, 1)), lyric)
        )
        at += length + float(rng.choice([0.0, 0.0, rng.uniform(0.05, 3)]))
    beat = Beat(
        float(rng.uniform(50, 200)),
        float(rng.uniform(0, 3)),
        int(rng.choice([2, 3, 4, 5, 7])),
        int(rng.choice([1, 2, 3, 4, 5, 6, 8, 12])),
    )
    return Melody(tuple(notes), beat=beat, key=str(rng.choice(KEYS)), quantised=quantised)


def lyrics(melody: Melody) -> list[str]:
    return [note.lyric for note in melody.notes]


def same_times(back: Melody, notes: tuple[Note, ...], within: float) -> None:
    assert len(back.notes) == len(notes)
    for one, other in zip(back.notes, notes, strict=True):
        assert one.start == pytest.approx(other.start, abs=within)
        assert one.stop == pytest.approx(other.stop, abs=within)
        assert one.pitch == np.floor(other.pitch + 0.5)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("quantised", [False, True])
@pytest.mark.parametrize("format", ["mid", "musicxml", "csv", "json", "ultrastar"])
def test_any_melody_comes_back_as_it_was_written(
    tmp_path: Path, format: str, quantised: bool, seed: int
) -> None:
    melody = random_melody(seed, quantised)
    back = there_and_back(tmp_path, format, melody).melody
    if format == "json":
        for one, other in zip(back.notes, melody.notes, strict=True):
            assert one.stop == pytest.approx(other.stop)
            assert replace(one, length=other.length) == other
        assert (back.beat, back.key, back.quantised) == (melody.beat, melody.key, quantised)
        return
    shown = quantise.named(replace(melody, quantised=quantised or format == "musicxml"))
    if format == "csv":
        shown = tuple(replace(n, pitch=round(n.pitch, 3)) for n in shown)
        assert [n.pitch for n in back.notes] == pytest.approx([n.pitch for n in shown])
        back = replace(back, notes=tuple(replace(n, pitch=round(n.pitch)) for n in back.notes))
        shown = tuple(replace(n, pitch=round(n.pitch)) for n in shown)
    # A tick, a unit, or nothing.
    within = {"mid": 1.5 * 60 / melody.beat.tempo / 480, "ultrastar": 0.028}.get(format, 1e-5)
    if format == "ultrastar" and not quantised:
        within = 0.06  # a short note that begins late ends late
    if format == "ultrastar":
        within = max(within, 1e-3)
    same_times(back, shown, within)
    if format != "ultrastar":
        assert lyrics(back) == lyrics(melody)
    if format in ("mid", "musicxml"):
        assert back.key == melody.key
        assert back.beat.per_bar == melody.beat.per_bar
        assert back.beat.tempo == pytest.approx(melody.beat.tempo, rel=1e-4)
        beats = melody.beat.at(back.beat.first)
        assert beats / melody.beat.per_bar == pytest.approx(
            round(beats / melody.beat.per_bar), abs=2e-3
        )


@pytest.mark.parametrize("format", ["mid", "musicxml", "csv", "json", "ultrastar"])
def test_words_come_back_with_their_syllables_and_held_ones(tmp_path: Path, format: str) -> None:
    for melody in (SUNG, GRID):
        back = there_and_back(tmp_path, format, melody)
        assert lyrics(back.melody) == lyrics(SUNG)
        if format in ("musicxml", "json", "ultrastar"):
            assert (back.title, back.artist) == ("Lied", "Wer")


# MIDI


def test_midi_says_tempo_meter_and_key_at_its_start_and_counts_bars_from_the_first_beat(
    tmp_path: Path,
) -> None:
    path = done(note_files.export(tmp_path / "x.mid", "mid", GRID, title="Lied"))
    file = mido.MidiFile(path, charset="utf-8")
    assert (file.type, file.ticks_per_beat, len(file.tracks)) == (1, 480, 2)
    said = {m.type: m for m in file.tracks[0] if m.time == 0}
    assert said["set_tempo"].tempo == round(60e6 / 113)
    assert (said["time_signature"].numerator, said["time_signature"].denominator) == (4, 4)
    assert said["key_signature"].key == "Eb"
    tick, starts, words = 0, [], []
    for message in file.tracks[1]:
        tick += message.time
        if message.type == "note_on":
            starts.append(tick)
        if message.type == "lyrics":
            words.append(message.text)
    assert all(start % 120 == 0 for start in starts)
    beat = GRID.beat
    assert (starts[0] / 480 - beat.at(quantise.shown(GRID)[0].start)) % 4 == pytest.approx(0)
    assert words == [n.lyric for n in SUNG.notes if n.lyric]


def test_bends_follow_the_pitch_curve_and_their_range_is_stated(tmp_path: Path) -> None:
    glide = Drawn(1.0, tuple(np.linspace(59.5, 60.5, CURVE_RATE)))
    melody = Melody((Note(1.0, 1.0, 60.2),), drawn=(glide,))
    path = done(note_files.export(tmp_path / "x.mid", "mid", melody, bends=True))
    track = mido.MidiFile(path).tracks[1]
    assert [(m.control, m.value) for m in track if m.type == "control_change"][:3] == [
        (101, 0), (100, 0), (6, 2),
    ]  # fmt: skip
    bends = [m.pitch / 8192 * 2 for m in track if m.type == "pitchwheel"]
    assert bends[0] == pytest.approx(-0.5, abs=0.01)
    assert bends[-1] == pytest.approx(0.5, abs=0.02)
    assert note_files.read(path).melody.notes[0].pitch == pytest.approx(60.0, abs=0.03)


def test_a_bend_brings_the_tone_of_the_key_back_to_where_it_was_sung(tmp_path: Path) -> None:
    melody = Melody((Note(0.5, 0.4, 60.7),), key="C")
    path = done(note_files.export(tmp_path / "x.mid", "mid", melody, bends=True))
    track = mido.MidiFile(path).tracks[-1]
    assert [m.note for m in track if m.type == "note_on"] == [60]
    assert [m.pitch / 8192 * 2 for m in track if m.type == "pitchwheel"] == pytest.approx(
        [0.7], abs=0.01
    )


def test_of_several_tracks_the_one_with_words_is_taken_and_its_tempi_are_kept(
    tmp_path: Path,
) -> None:
    file = mido.MidiFile(ticks_per_beat=96, charset="utf-8")
    tempo = mido.MetaMessage("set_tempo", tempo=500_000)
    slower = mido.MetaMessage("set_tempo", tempo=1_000_000, time=96)
    file.tracks.append(mido.MidiTrack([tempo, slower]))
    for name, pitch, words in (("Lead", 72, []), ("Choir", 60, ["Ki", "ra "])):
        track = mido.MidiTrack([mido.MetaMessage("track_name", name=name)])
        for k in range(2):
            if words:
                track.append(mido.MetaMessage("lyrics", text=words[k]))
            track.append(mido.Message("note_on", note=pitch + k))
            track.append(mido.Message("note_off", note=pitch + k, time=96))
        file.tracks.append(track)
    file.save(tmp_path / "x.mid")
    found = note_files.read(tmp_path / "x.mid")
    assert [(n.start, n.length, n.pitch) for n in found.melody.notes] == [
        (0, 0.5, 60),
        (0.5, 1, 61),
    ]
    assert lyrics(found.melody) == ["Ki-", "ra"]
    assert "Choir" in found.note


# MusicXML


def bars(path: Path) -> list[ET.Element]:
    return list(ET.parse(path).getroot().iterfind("part/measure"))


@pytest.mark.parametrize("seed", range(25))
def test_bars_are_exactly_full_and_ties_join_equal_tones(tmp_path: Path, seed: int) -> None:
    melody = random_melody(seed)
    path = done(note_files.export(tmp_path / "x.musicxml", "musicxml", melody))
    measures = bars(path)
    types = {"whole": 4, "half": 2, "quarter": 1}
    types |= {f"{n}": Fraction(4, int(n[:-2])) for n in ("16th", "64th", "128th")}
    types |= {"eighth": Fraction(1, 2), "32nd": Fraction(1, 8)}
    open_tie = None
    for measure in measures:
        length = sum(int(note.findtext("duration", "")) for note in measure.iterfind("note"))
        full = melody.beat.per_bar * melody.beat.grid
        if measure.get("implicit") == "yes":
            assert 0 < length < full
            assert length % melody.beat.grid == 0
        else:
            assert length == full
        tuplets = []
        for note in measure.iterfind("note"):
            assert note.findtext("voice") == "1"
            if (kind := note.findtext("type")) is not None:
                value = Fraction(types[kind]) * (
                    Fraction(3, 2) if note.find("dot") is not None else 1
                )
                if (ratio := note.find("time-modification")) is not None:
                    value *= Fraction(
                        int(ratio.findtext("normal-notes", "")),
                        int(ratio.findtext("actual-notes", "")),
                    )
                assert value * melody.beat.grid == int(note.findtext("duration", ""))
            tuplets += [t.get("type") for t in note.iterfind("notations/tuplet")]
            ties = {tie.get("type") for tie in note.iterfind("tie")}
            pitch = note.find("pitch")
            name = None if pitch is None else ET.tostring(pitch).strip()
            assert ("stop" in ties) == (open_tie is not None)
            assert open_tie is None or open_tie == name
            open_tie = name if "start" in ties else None
        assert tuplets == ["start", "stop"] * (len(tuplets) // 2)
    assert open_tie is None


@pytest.mark.parametrize("seed", [1, 4, 9])
def test_another_reader_finds_the_same_notes_in_musicxml(tmp_path: Path, seed: int) -> None:
    music21 = pytest.importorskip("music21")
    melody = random_melody(seed)
    path = done(note_files.export(tmp_path / "x.musicxml", "musicxml", melody))
    score = music21.converter.parse(path, forceSource=True)
    found = [n for n in score.stripTies().recurse().notes]
    shown = quantise.shown(replace(melody, quantised=True))
    assert [n.pitch.midi for n in found] == [round(n.pitch) for n in shown]
    lengths = [float(n.quarterLength) for n in found]
    assert lengths == pytest.approx([n.length / melody.beat.seconds for n in shown], abs=1e-3)
    words = [n.lyric for n in found if n.lyric]
    assert len(words) == sum(n.lyric not in ("", "-") for n in melody.notes)


def test_what_is_sung_before_the_first_bar_line_stands_in_a_pick_up(tmp_path: Path) -> None:
    melody = Melody((Note(0.5, 0.5, 60.0), Note(1.0, 0.5, 62.0)), beat=Beat(120.0, 1.0))
    path = done(note_files.export(tmp_path / "x.musicxml", "musicxml", melody))
    first, second = bars(path)
    assert (first.get("number"), first.get("implicit")) == ("0", "yes")
    assert [n.findtext("pitch/step") for n in first.iterfind("note")] == ["C"]
    assert second.findtext("note/pitch/step") == "D"
    assert note_files.read(path).melody.beat.first == pytest.approx(1.0)


def test_tones_are_spelled_as_their_key_wants() -> None:
    assert common.spelled(61, -3) == ("D", -1, 4)
    assert common.spelled(61, 2) == ("C", 1, 4)
    assert common.spelled(60, 0) == ("C", 0, 4)
    assert common.spelled(71, -6) == ("C", -1, 5)
    for key in KEYS:
        fifths, mode = common.signature(key)
        assert common.key_named(fifths, mode == "minor") == key
        for pitch in range(30, 90):
            letter, alter, octave = common.spelled(pitch, fifths)
            assert common.number(letter, alter, octave) == pitch


@pytest.mark.data
def test_printed_songs_give_their_singer_with_words(shared: Path) -> None:
    paths = sorted((shared / "data" / "scores").glob("*.mxl"))[::16]
    assert paths
    for path in paths:
        found = note_files.read(path)
        notes = found.melody.notes
        assert len(notes) > 10, path.name
        assert sum(bool(n.lyric) for n in notes) > 0.8 * len(notes), path.name
        assert all(b.start >= a.stop - 1e-6 for a, b in itertools.pairwise(notes))


# UltraStar and .ds


def test_an_ultrastar_duet_is_read_by_its_first_voice(tmp_path: Path) -> None:
    text = (
        "#TITLE:Ä\n#ARTIST:B\n#BPM:300,0\n#GAP:1000\nP1\n: 0 4 0 Hel\n* 4 4 2 lo\n: 8 4 4 ~\n"
        "- 14\nF 16 4 0 you\nP2\n: 0 4 9 no\nE\n"
    )
    (tmp_path / "x.txt").write_bytes(text.encode("cp1252"))
    found = note_files.read(tmp_path / "x.txt")
    assert found.title == "Ä"
    assert lyrics(found.melody) == ["Hel-", "lo", "-", "you"]
    assert [n.start for n in found.melody.notes] == pytest.approx([1.0, 1.2, 1.4, 1.8])
    assert [n.pitch for n in found.melody.notes] == [60, 62, 64, 60]
    assert found.melody.notes[3].confidence < 0.5
    assert "duet" in found.note


def test_relative_ultrastar_times_count_from_their_line(tmp_path: Path) -> None:
    text = "#BPM:150\n#GAP:0\n#RELATIVE:YES\n: 0 4 0 a\n- 6 10\n: 0 4 0 b\nE\n"
    (tmp_path / "x.txt").write_text(text)
    assert [n.start for n in note_files.read(tmp_path / "x.txt").melody.notes] == [0.0, 1.0]


@pytest.mark.data
def test_songs_and_phrases_of_others_are_read_whole(shared: Path) -> None:
    for path in sorted((shared / "data" / "ultrastar").glob("*/song.txt")):
        text = path.read_text("utf-8")
        found = note_files.read(path)
        wanted = sum(line[:1] in ":*F" for line in text.splitlines() if line)
        assert wanted - 3 <= len(found.melody.notes) <= wanted
        assert found.title
        assert note_files.is_note_file(path)
    for path in sorted((shared / "data" / "scores").glob("*.ds")):
        notes = note_files.read(path).melody.notes
        assert len(notes) > 10
        assert all(note.lyric and note.lyric not in ("AP", "SP") for note in notes)


def test_a_slur_in_ds_holds_the_syllable(tmp_path: Path) -> None:
    text = (
        '[{"offset": 1.5, "text": "AP ni hao", "note_seq": "rest C4 D4 E4+20",'
        ' "note_dur": "0.5 1 1 1", "note_slur": "0 0 1 0"}]'
    )
    (tmp_path / "x.ds").write_text(text)
    melody = note_files.read(tmp_path / "x.ds").melody
    assert lyrics(melody) == ["ni", "-", "hao"]
    assert [n.start for n in melody.notes] == [2.0, 3.0, 4.0]
    assert melody.notes[2].pitch == pytest.approx(64.2)


# Tables


def test_the_pitch_curve_is_written_every_10_ms(tmp_path: Path) -> None:
    melody = Melody(drawn=(Drawn(0.05, (69.0, 69.0, 0.0)),))
    path = done(note_files.f0_csv(tmp_path / "f0.csv", melody, 0.1))
    lines = path.read_text().splitlines()
    assert lines[0] == "time_s,hz,confidence"
    assert len(lines) == 11
    assert lines[1] == "0.00,0.000,0.000"
    assert lines[6] == "0.05,440.000,1.000"


# Bad files, and targets that cannot be written


def packed(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


ENTITIES = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]><a>&c;</a>'
BAD = {
    "empty.mid": b"",
    "text.mid": b"la la la\n" * 100,
    "cut.mid": b"MThd\0\0\0\6\0\1\0\1\1\xe0MTrk\0\0\1\0\0\x90\x40",
    "endless.mid": b"MThd\0\0\0\6\0\1\0\1\1\xe0MTrk\0\x1e\0\0" + b"\xff" * 2_000_000,
    "noise.txt": bytes(range(256)) * 50,
    "letter.txt": b"Dear Sir or Madam,\n" * 50,
    "other.xml": b"<html><body/></html>",
    "broken.musicxml": b"<score-partwise><part>",
    "entities.musicxml": ENTITIES,
    "deep.musicxml": b"<a>" * 100_000,
    "bomb.mxl": packed({"score.xml": b" " * 60 * 2**20}),
    "empty.mxl": packed({}),
    "noise.mxl": b"PK\3\4" + bytes(range(256)) * 10,
    "deep.ds": b"[" * 1_000_000,
    "numbers.ds": b'[{"note_seq": "C4", "note_dur": "nan", "text": "a"}]',
    "names.ds": b'[{"note_seq": ["C4", 3], "note_dur": [1, 1]}]',
    "other.json": b'{"format": "x"}',
    "bad.csv": b"start_s,end_s,midi_pitch\n0,x,60\n",
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_file_of_notes_is_refused_with_its_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(BAD[name])
    with pytest.raises(UnreadableNotes, match=name):
        note_files.read(tmp_path / name)


def test_a_huge_text_is_not_read_whole(tmp_path: Path) -> None:
    with open(tmp_path / "x.txt", "wb") as file:
        file.truncate(100 * 2**20)
        file.write(b"#BPM:300\n")
    with pytest.raises(UnreadableNotes, match="too large"):
        note_files.read(tmp_path / "x.txt")
    for place in (tmp_path, tmp_path / "gone.mid"):
        with pytest.raises(UnreadableNotes):
            note_files.read(place)


@pytest.mark.parametrize("format", ["mid", "musicxml", "ultrastar", "csv", "json"])
def test_damaged_files_are_read_or_refused_but_nothing_else(tmp_path: Path, format: str) -> None:
    path = done(note_files.export(tmp_path / "x.dat", format, GRID, title="Lied"))
    data = path.read_bytes()
    rng = np.random.default_rng(3)
    for _ in range(150):
        spoiled = bytearray(data[: int(rng.integers(1, len(data) + 1))])
        for place in rng.integers(0, len(spoiled), int(rng.integers(0, 12))):
            spoiled[place] = int(rng.integers(0, 256))
        path.write_bytes(spoiled)
        try:
            notes = note_files.read(path).melody.notes
        except UnreadableNotes:
            continue
        assert all(n.start >= 0 and n.length > 0 and 0 <= n.pitch <= 127 for n in notes)


def test_exports_leave_what_is_there_unless_told_otherwise(tmp_path: Path) -> None:
    path = tmp_path / "x.mid"
    path.write_bytes(b"mine")
    other = done(note_files.export(path, "mid", SUNG))
    assert other.name == "x (2).mid"
    assert path.read_bytes() == b"mine"
    assert done(note_files.export(path, "mid", SUNG, overwrite=True)) == path
    assert path.read_bytes() == midi.written(SUNG)
    with pytest.raises(UnwritableTarget):
        done(note_files.export(tmp_path / "gone" / "x.mid", "mid", SUNG))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["x (2).mid", "x.mid"]


@pytest.mark.parametrize("format", note_files.EXPORTS)
def test_a_melody_without_notes_can_be_written_and_read(tmp_path: Path, format: str) -> None:
    assert there_and_back(tmp_path, format, Melody()).melody.notes == ()
