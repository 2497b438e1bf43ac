"""Chains: strict reading, words for every mistake, and what their steps do to a song."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from engine import tasks
from engine.chain import (
    FOLDER,
    Chain,
    chain_files,
    find_chain,
    parse,
    read_chain,
    save_chain,
    to_toml,
)
from engine.errors import EngineError, UnwritableTarget
from engine.events import Work
from engine.steps import Export, Mix, Piece, Separate, run
from engine.types import AudioClip, Scratch, Separation
from tests.conftest import tone

GOOD = """\
name = "Practice"
about = "The singer in the background."

[[step]]
do = "separate"
model = "vocals-s"

[[step]]
do = "mix"
name = "practice"
gains = { vocals = -12, instrumental = 0, song = -inf }

[[step]]
do = "export"
what = ["practice", "instrumental"]
format = "mp3"
kbps = 192
level = "fit"
tags = { album = "Practice" }
"""


def test_a_chain_is_read_with_all_its_settings() -> None:
    chain = parse(GOOD)
    assert chain.name == "Practice"
    assert chain.about == "The singer in the background."
    assert chain.steps == (
        Separate("vocals-s"),
        Mix("practice", (("vocals", -12.0), ("instrumental", 0.0), ("song", -math.inf))),
        Export(
            ("practice", "instrumental"),
            "mp3",
            kbps=192,
            level="fit",
            tags=(("album", "Practice"),),
        ),
    )


def test_what_is_written_is_read_back_equal(tmp_path: Path) -> None:
    names = "Übung “für” alle \\ \x7f 🎵"
    chain = Chain(names, parse(GOOD).steps, 'a "quoted" word')
    assert parse(to_toml(chain)) == chain
    path = save_chain(chain, tmp_path / "chains")
    assert read_chain(path) == chain
    changed = Chain(names, (*chain.steps[:1], Export(("vocals",))))
    assert save_chain(changed, tmp_path / "chains") == path  # over the older one
    assert read_chain(path) == changed
    assert len(list(path.parent.iterdir())) == 1


def test_the_digest_tells_what_is_made_and_not_what_it_is_called() -> None:
    chain = parse(GOOD)
    assert parse(GOOD.replace('"Practice"\nabout', '"Other"\nabout')).digest == chain.digest
    assert parse(GOOD.replace('model = "vocals-s"\n', "")).digest == chain.digest  # the default
    assert parse(GOOD.replace("-12", "-13")).digest != chain.digest
    assert parse(GOOD.replace("192", "256")).digest != chain.digest


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.toml")), ids=lambda path: path.stem)
def test_every_bundled_chain_can_be_read_and_says_what_it_is_for(path: Path) -> None:
    chain = read_chain(path)
    assert chain.about
    assert find_chain(path.stem, [FOLDER]) == chain
    assert find_chain(chain.name.upper(), [FOLDER]) == chain


STEP = '[[step]]\ndo = "export"\nwhat = ["song"]\n'
BAD = [
    # what is in the file, and words that the message must hold
    ("", ["no name"]),
    ('name = "x"', ["no step"]),
    ("name = 3", ["line 1", "text in quotes"]),
    ('name = "x"\n[step]\ndo = "export"', ["line 2", "[[step]]"]),
    ('name = "x"\nstep = 4', ["no step"]),
    ('name = "x"\nstep = [4]', ["step 1", "[[step]]"]),
    ('nmae = "x"\n' + STEP, ["line 1", "nmae", "Did you mean “name”?"]),
    ('name = "x\n' + STEP, ["not written as TOML", "line 1"]),
    ('name = "x"\na = 1; b = 2', ["not written as TOML", "line 2"]),
    ('name = "x"\nname = "y"', ["not written as TOML"]),
    ('name = "x"\n[[step]]\nmodel = ""', ["line 2", "what to do", "separate, mix, export"]),
    ('name = "x"\n\n[[step]]\ndo = "seperate"', ["line 4", "Did you mean “separate”?"]),
    ('name = "x"\n[[step]]\ndo = 1', ["line 3", "no step called 1"]),
    ('name = "x"\n' + STEP + 'formt = "wav"', ["line 5", "formt", "“format”"]),
    ('name = "x"\n' + STEP + 'format = "ogg"', ["line 5", "wav, flac, mp3", "“ogg”"]),
    ('name = "x"\n' + STEP + "subtype = 24", ["line 5", "float, 24, 16", "24"]),
    ('name = "x"\n' + STEP + 'format = "mp3"\nsubtype = "24"', ["line 3", "no subtype"]),
    ('name = "x"\n' + STEP + 'format = "flac"\nsubtype = "float"', ["flac cannot hold float"]),
    ('name = "x"\n' + STEP + "kbps = true", ["line 5", "32 to 320"]),
    ('name = "x"\n' + STEP + "kbps = 128", ["wav has no kbps"]),
    ('name = "x"\n' + STEP + 'template = "{artist}"', ["line 5", "{artist}", "{source}"]),
    ('name = "x"\n' + STEP + 'template = "a/{stem}"', ["line 5", "slash"]),
    ('name = "x"\n' + STEP + 'tags = { albun = "x" }', ["line 5", "albun", "album"]),
    ('name = "x"\n' + STEP + "tags = { album = 3 }", ["line 5", "album", "text in quotes"]),
    ('name = "x"\n[[step]]\ndo = "export"', ["line 3", "needs “what”"]),
    ('name = "x"\n[[step]]\ndo = "export"\nwhat = "song"', ["line 4", "list of names"]),
    ('name = "x"\n[[step]]\ndo = "export"\nwhat = ["vocals"]', ["no “vocals”", "only song"]),
    ('name = "x"\n' + STEP + STEP, ["line 6", "same name", "Song_(Mix).wav"]),
    ('name = "x"\n[[step]]\ndo = "separate"\nmodel = "big"', ["line 3", "no model called 'big'"]),
    ('name = "x"\n[[step]]\ndo = "separate"', ["writes nothing"]),
    ('name = "x"\n[[step]]\ndo = "mix"\nname = "p"\ngains = { song = nan }', ["line 5", "song"]),
    ('name = "x"\n[[step]]\ndo = "mix"\nname = "p"\n[step.gains]\nsong = 99', ["line 5", "24"]),
    ('name = "x"\n[[step]]\ndo = "mix"\nname = "p"\ngains = { song = -inf }', ["silence"]),
    ('name = "x"\n[[step]]\ndo = "mix"\nname = "../p"\ngains = { song = 0 }', ["line 4", "short"]),
    ('name = "x"\n[[step]]\ndo = "mix"\nname = "song"\ngains = { song = 0 }', ["already"]),
]


@pytest.mark.parametrize(("text", "words"), BAD, ids=range(len(BAD)))
def test_a_mistake_is_told_in_words_with_its_place(text: str, words: list[str]) -> None:
    with pytest.raises(EngineError) as told:
        parse(text, "My.toml")
    said = str(told.value)
    assert "My.toml" in said
    for word in words:
        assert word in said


def test_files_that_are_no_chains_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "Latin.toml").write_bytes(b'name = "\xff"')
    (tmp_path / "Song.toml").write_bytes(bytes(2**20))
    for name, words in {
        "Latin.toml": "UTF-8",
        "Song.toml": "too large",
        "Gone.toml": "cannot be read",
        ".": "cannot be read",
    }.items():
        with pytest.raises(EngineError, match=words):
            read_chain(tmp_path / name)
    with pytest.raises(EngineError, match="Did you mean “karaoke”"):
        find_chain("karaoka", [FOLDER])
    with pytest.raises(UnwritableTarget):
        save_chain(parse(GOOD), tmp_path / "Latin.toml" / "folder")


def test_a_persons_own_chain_goes_before_a_bundled_one_of_that_name(tmp_path: Path) -> None:
    own = save_chain(Chain("Karaoke", (Export(("song",)),)), tmp_path)
    assert find_chain("karaoke", [FOLDER, tmp_path]).steps == (Export(("song",)),)
    assert chain_files([FOLDER, tmp_path])[-1] == own


def make_piece(clip: AudioClip, scratch: Scratch, folder: Path) -> Piece:
    folder.mkdir(exist_ok=True)
    return Piece("Song", clip, scratch, folder)


def test_a_mix_is_the_sum_at_its_levels_and_keeps_rate_channels_and_length(
    make_clip: Callable[..., AudioClip], scratch: Scratch, tmp_path: Path
) -> None:
    low, high = tone(5.0, hz=220.0), tone(5.0, hz=880.0)
    piece = make_piece(make_clip(low, 48_000), scratch, tmp_path / "out")
    piece.sounds["high"] = make_clip(high, 48_000)
    mix = Mix("both", (("song", -6.0), ("high", 2.0)))
    for _ in run([mix, Export(("both", "song"), subtype="float")], piece):
        pass
    assert [path.name for path in piece.files] == ["Song_(Both).wav", "Song_(Mix).wav"]
    both, rate = soundfile.read(piece.files[0], always_2d=True)
    assert rate == 48_000
    np.testing.assert_allclose(both.T, low * 10 ** (-6 / 20) + high * 10 ** (2 / 20), atol=1e-6)
    same, _ = soundfile.read(piece.files[1], dtype="float32")
    np.testing.assert_array_equal(same.T, low)


def test_fit_makes_all_files_of_a_step_quieter_by_one_gain(
    make_clip: Callable[..., AudioClip], scratch: Scratch, tmp_path: Path
) -> None:
    piece = make_piece(make_clip(tone() * 8), scratch, tmp_path / "out")  # peaks at 2.0
    piece.sounds["quiet"] = make_clip(tone())
    for _ in run([Export(("song", "quiet"), level="fit")], piece):
        pass
    loud, quiet = (soundfile.read(path)[0] for path in piece.files)
    assert np.abs(loud).max() == pytest.approx(1.0, abs=1e-5)
    np.testing.assert_allclose(loud, quiet * 8, atol=1e-5)
    assert any("6.0 dB quieter" in remark for remark in piece.remarks)


def test_steps_share_a_separation_by_the_same_model(
    make_clip: Callable[..., AudioClip],
    scratch: Scratch,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made: list[str] = []

    def separate(clip: AudioClip, card: object, place: Scratch, device: str) -> Work:
        made.append(device)
        yield from ()
        half = make_clip(clip.read(0, clip.frames) / 2)
        return Separation({"vocals": half, "instrumental": half}, "cpu", "", -140.0, 1.0)

    monkeypatch.setattr(tasks, "separate", separate)
    piece = make_piece(make_clip(tone()), scratch, tmp_path / "out")
    first = Export(("vocals",))
    again = Export(("instrumental",), "flac")
    for _ in run([Separate(), first, Separate("vocals-s"), again], piece):
        pass
    assert made == ["auto"]
    assert [path.name for path in piece.files] == ["Song_(Vocals).wav", "Song_(Instrumental).flac"]
    assert piece.null_db == -140.0
