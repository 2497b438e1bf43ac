from __future__ import annotations

import csv
import sys
import threading
import time
from pathlib import Path

import pytest

from engine import espeak
from engine.errors import EngineError
from engine.phonemes import (
    PHONES,
    VOWELS,
    problem,
    spoken,
    sung,
    syllables,
    unspeakable,
)


def said(text: str) -> str:
    """The phones of a text in one line."""
    return " ".join(phone for word in spoken(text) for phone in word.phones)


def laid(lyrics: str) -> list[str]:
    """Each note's phones, of lyrics parted by spaces; "." stands for an empty one."""
    return [" ".join(phones) for phones in sung([x.replace(".", "") for x in lyrics.split()])]


def test_the_order_of_phones_is_the_one_networks_were_trained_with() -> None:
    assert len(PHONES) == len(set(PHONES)) == 55
    assert PHONES[:4] == ("pau", "AA0", "AA1", "AE0")
    assert PHONES[-3:] == ("Y", "Z", "ZH")
    assert list(PHONES[1:]) == sorted(PHONES[1:])
    assert len(VOWELS) == 30


@pytest.mark.parametrize(
    ("word", "phones"),
    [
        ("hello", "HH AH0 L OW1"),
        ("water", "W AO1 T ER0"),  # espeak flaps it
        ("button", "B AH1 T AH0 N"),  # and stops here
        ("little", "L IH1 T AH0 L"),
        ("bird", "B ER1 D"),
        ("car", "K AA1 R"),
        ("more", "M AO1 R"),
        ("zero", "Z IY1 R OW0"),
        ("fire", "F AY1 ER0"),
        ("literature", "L IH1 T ER0 IH0 CH ER0"),
        ("judge", "JH AH1 JH"),
        ("singing", "S IH1 NG IH0 NG"),
        ("quoted", "K W OW1 T IH0 D"),
        ("don’t", "D OW1 N T"),
        ("café", "K AE0 F EY1"),
    ],
)
def test_words_are_pronounced_as_americans_do(word: str, phones: str) -> None:
    assert said(word) == phones


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("Dr. Smith", "doctor Smith"),
        ("$12.50", "twelve dollars and fifty cents"),
        ("$3 million", "three million dollars"),
        ("£1", "one pound"),
        ("3/4/2021", "March fourth twenty twenty one"),
        ("2021-12-24", "December twenty fourth twenty twenty one"),
        ("1905", "nineteen oh five"),
        ("1,200", "one thousand two hundred"),
        ("5:05", "five oh five"),
        ("2½", "two one half"),
        ("50%", "fifty percent"),
        ("10 km", "ten kilometers"),
        ("e.g. this", "for example this"),
        ("Main St.", "Main street"),
        ("St. Peter", "saint Peter"),
        ("555-1234", "five five five one two three four"),
        ("007", "zero zero seven"),
        ("1990-1995", "nineteen ninety to nineteen ninety five"),
        ("soooo", "so"),
        ("٣", "three"),
    ],
)
def test_numbers_dates_and_short_forms_are_spoken_out(short: str, long: str) -> None:
    def plain(text: str) -> str:
        return said(text).replace("1", "").replace("0", "").replace("IH", "AH")

    assert plain(short) == plain(long)


def test_words_are_those_that_were_typed_with_the_pauses_of_their_marks() -> None:
    text = "Dr. Smith paid $12.50 on 3/4/2021, at 5:30 p.m. Then he left — alone."
    words = spoken(text)
    assert [word.text for word in words] == text.replace(" —", "").split()
    pauses = {word.text: word.pause for word in words if word.pause}
    assert list(pauses) == ["3/4/2021,", "left", "alone."]
    assert pauses["alone."] > pauses["left"] == pauses["3/4/2021,"]
    assert spoken("wait...what")[0].pause > 0
    assert spoken("a\nb")[0].pause > 0


def test_little_words_that_run_together_keep_their_own_phones() -> None:
    words = {word.text: " ".join(word.phones) for word in spoken("It would have to be of the end.")}
    assert words["would"] == "W UH0 D"
    assert words["to"] == "T AH0"
    assert words["of"] == "AH0 V"
    assert words["the"].startswith("DH")
    assert words["end."] == "EH1 N D"


def test_what_is_not_english_is_left_out_and_said() -> None:
    text = "привет hello 日本語 world 👍🏽 naïve Łódź"
    assert [word.text for word in spoken(text)] == ["hello", "world", "naïve", "Łódź"]
    assert "“привет”, “日本語”, “👍🏽”" in unspeakable(text)
    assert unspeakable("Hello — “world” (50 %), €5… don’t!") == ""


@pytest.mark.parametrize("text", ["", "  \n ", "...", "😀", "\0\x07", "---", "[]", "\ud800"])
def test_a_text_with_nothing_to_say_has_no_words(text: str) -> None:
    assert spoken(text) == ()


def test_phones_can_be_given_by_hand_within_a_text() -> None:
    words = spoken("say [K AH0 L UW2] again [not phones]")
    assert words[1].phones == ("K", "AH0", "L", "UW1")
    assert [word.text for word in words[3:]] == ["[not", "phones]"]


def test_ten_thousand_words_take_seconds() -> None:
    begun = time.process_time()
    words = spoken("It was the end of the road, and I would be there by 5:30 at last. " * 625)
    assert len(words) == 10_000
    assert time.process_time() - begun < 8
    assert all(word.phones for word in words)


def test_a_word_without_end_does_no_harm() -> None:
    assert len(spoken("ab" * 50_000)) == 1
    assert spoken("9" * 5_000)[0].phones[:2] == ("N", "AY1")


def test_many_threads_get_the_same_phones() -> None:
    texts = [f"This is number {k} of the texts that are spoken." for k in range(20)]
    alone = [said(text) for text in texts]
    found: dict[int, list[str]] = {}

    def work(number: int) -> None:
        found[number] = [said(text) for text in texts]

    threads = [threading.Thread(target=work, args=(k,)) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert list(found.values()) == [alone] * 4


def test_without_espeak_a_person_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    espeak._library.cache_clear()
    monkeypatch.setitem(sys.modules, "espeakng_loader", None)
    with pytest.raises(EngineError, match="pronunciation"):
        espeak.words("hello")
    monkeypatch.undo()
    assert espeak.words("hello")


def test_syllables_have_one_vowel_and_begin_as_english_words_do() -> None:
    def parted(text: str) -> str:
        return " . ".join(" ".join(s) for s in syllables(text.split()))

    assert parted("HH AH0 L OW1") == "HH AH0 . L OW1"
    assert parted("EH1 K S T R AH0") == "EH1 K . S T R AH0"
    assert parted("S IH1 NG IH0 NG") == "S IH1 NG . IH0 NG"
    assert parted("SH") == "SH"
    assert syllables(()) == ()


@pytest.mark.parametrize(
    ("lyrics", "phones"),
    [
        ("hel- lo", ["HH AH0", "L OW1"]),
        ("hel- - lo + don't ~ .", ["HH AH0", "", "L OW1", "", "D OW1 N T", "", ""]),
        ("“Hal- le- lu- jah!”", ["HH AE1", "L IH0", "L UW1", "Y AH0"]),
        ("glo- o- o- ri- a", ["G L AO1", "", "", "R IY0", "AH0"]),
        ("co- op- er- ate", ["K OW0", "AA1", "P ER0", "EY1 T"]),
        ("ev- er- y", ["EH1", "V AH0", "R IY0"]),
        ("beau- tiful", ["B Y UW1", "T IY0 F AH0 L"]),
        ("twin- kle", ["T W IH1 NG", "K AH0 L"]),
        ("a la", ["AH0", "L AA1"]),
        ("- lo- . ve", ["", "L AH1 V", "", ""]),
        ("mmm shhh", ["M", "SH"]),
        ("hel-", ["HH EH1 L"]),
    ],
)
def test_lyrics_are_laid_on_notes_syllable_by_syllable(lyrics: str, phones: list[str]) -> None:
    assert laid(lyrics) == phones


def test_lyrics_can_be_phones_by_hand_or_several_words() -> None:
    assert sung(["[HH AH]", "[l ow2]", "the_end"])[:2] == [("HH", "AH1"), ("L", "OW1")]
    assert sung(["I am"]) == [("AY0", "AE1", "M")]
    assert sung([]) == []


def test_a_mute_note_says_why() -> None:
    assert problem("love") == problem("-") == problem("") == problem("hel-") == ""
    assert problem("[HH AH0]") == ""
    assert "“XX” is no phoneme" in problem("[HH XX]")
    assert "English only" in problem("привет")
    assert "no sound" in problem("?!")


@pytest.mark.data
def test_the_sentences_of_a_reader_are_spoken_whole(shared: Path) -> None:
    with (shared / "data/kathleen/metadata.csv").open(encoding="utf-8", newline="") as file:
        texts = [row[1] for row in csv.reader(file, delimiter="|", quoting=csv.QUOTE_NONE)]
    for text in texts[::10]:
        assert unspeakable(text) == ""
        assert sum(len(word.text.split()) for word in spoken(text)) >= len(text.split()) - 2
        assert set(said(text).split()) < set(PHONES)
