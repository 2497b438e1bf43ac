"""English as phones: of texts to speak, and of lyrics whose syllables are laid on notes.

Phones are those of CMUdict (ARPAbet), vowels with stress 0 or 1, and "pau" for silence. How a word
is pronounced is espeak's knowledge; how numbers and short forms are read is `engine.wording`'s.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine import espeak, wording
from engine.melody import HELD
from engine.wording import Token

PAUSE = "pau"


def _listed(text: str, parting: str | None = None) -> tuple[str, ...]:
    return tuple(text.split(parting))


_VOWELS = _listed("AA AE AH AO AW AY EH ER EY IH IY OW OY UH UW")
VOWELS = frozenset(vowel + stress for vowel in _VOWELS for stress in "01")
CONSONANTS = frozenset(_listed("B CH D DH F G HH JH K L M N NG P R S SH T TH V W Y Z ZH"))
PHONES = (PAUSE, *sorted(VOWELS | CONSONANTS))  # the order is the id in networks: never change it

HOLDS = (HELD, "+", "~", "_")  # lyrics that go on with the vowel before
_ONSETS = _listed(
    "P L|P R|P Y|B L|B R|B Y|T R|T W|D R|D W|K L|K R|K W|K Y|G L|G R|G W|F L|F R|F Y|V Y|TH R|"
    "TH W|SH R|S P|S T|S K|S M|S N|S F|S L|S W|S P L|S P R|S P Y|S T R|S K R|S K W|S K Y|M Y|HH Y|"
    "HH W|N Y",
    "|",
)
_IPA = {  # espeak's sounds of American English; longer ones are looked for first
    **{"aɪɚ": "AY ER", "aɪə": "AY AH", "aʊɚ": "AW ER", "iə": "IY AH", "əl": "AH L"},
    **{"aɪ": "AY", "aʊ": "AW", "eɪ": "EY", "oʊ": "OW", "əʊ": "OW", "ɔɪ": "OY", "tʃ": "CH"},
    **{"dʒ": "JH", "ɜː": "ER", "ɜ": "ER", "ɝ": "ER", "ɚ": "ER", "ɑ̃": "AA N", "ɔ̃": "AO N"},
    **{"æ̃": "AE N", "ɛ̃": "AE N", "n̩": "AH N", "l̩": "AH L", "m̩": "AH M", "ɑ": "AA", "ɒ": "AA"},
    **{"a": "AE", "æ": "AE", "ʌ": "AH", "ɐ": "AH", "ə": "AH", "ɔ": "AO", "o": "AO", "e": "EH"},
    **{"ɛ": "EH", "ɪ": "IH", "ᵻ": "IH", "i": "IY", "y": "UW", "ø": "ER", "œ": "ER", "ʊ": "UH"},
    **{"u": "UW", "b": "B", "d": "D", "ð": "DH", "f": "F", "ɡ": "G", "g": "G", "h": "HH"},
    **{"ç": "HH", "x": "K", "k": "K", "l": "L", "ɫ": "L", "ɬ": "L", "m": "M", "n": "N"},
    **{"ɲ": "N Y", "ŋ": "NG", "p": "P", "ɹ": "R", "r": "R", "ʁ": "R", "s": "S", "ʃ": "SH"},
    **{"t": "T", "ɾ": "T", "θ": "TH", "v": "V", "w": "W", "ʍ": "W", "j": "Y", "z": "Z"},
    **{"ʒ": "ZH", "β": "B", "ɣ": "G", "ʋ": "V"},
}
_SOUND = re.compile("[ˈˌ]|" + "|".join(sorted(_IPA, key=len, reverse=True)))
_SUNG = {  # what a dictionary would spell out or cut short
    **{"a": "AH0", "la": "L AA1", "na": "N AA1", "da": "D AA1", "ba": "B AA1", "ah": "AA1"},
    **{"mm": "M", "aah": "AA1", "hm": "HH AH0 M", "hmm": "HH AH0 M", "sh": "SH", "shh": "SH"},
    **{"psst": "P S T", "doo": "D UW1", "whoa": "W OW1", "yeah": "Y AE1"},
}
_BY_HAND = re.compile(r"(\[[^\[\]]*\])")
_CLAUSE = 14  # words that espeak is given at once


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it was typed, its phones, and the seconds of silence after it."""

    text: str
    phones: tuple[str, ...]
    pause: float = 0.0


def spoken(text: str) -> tuple[Word, ...]:
    """The words of a text as they are spoken; what cannot be said is left out.

    A text in [brackets] is phones given by hand. Raises `EngineError` if espeak cannot be used.
    """
    words: list[Word] = []
    for part in _BY_HAND.split(text):
        by_hand = _by_hand(part)
        if by_hand:
            words.append(Word(part, by_hand))
            continue
        clause: list[Token] = []
        for token in wording.tokens(part):
            clause.append(token)
            if token.pause or len(clause) == _CLAUSE:
                words += _clause(clause)
                clause = []
        words += _clause(clause)
    return tuple(word for word in words if word.phones)


def unspeakable(text: str) -> str:
    """What of a text is left out, as a sentence; "" if all of it can be said."""
    found = wording.left_out(text)
    if not found:
        return ""
    shown = ", ".join(f"“{item if len(item) <= 12 else item[:11] + '…'}”" for item in found[:5])
    more = f" and {len(found) - 5} more" if len(found) > 5 else ""
    return f"{shown}{more} cannot be said: the voices know English only."


def _clause(tokens: Sequence[Token]) -> Iterator[Word]:
    """Words spoken in one breath, so that little words lose their stress."""
    if not tokens:
        return
    alone = [_alone(token.said) for token in tokens]
    if len(tokens) == 1:
        heard = [_flat(alone[0])]
    else:
        together = [_phones(word) for word in espeak.words(" ".join(t.said for t in tokens))]
        heard = _parted(alone, together)
    for token, phones in zip(tokens, heard, strict=True):
        if token.said.lower() in _SUNG and token.said.lower() != "a":
            phones = _flat(_alone(token.said))
        yield Word(token.text, phones, token.pause)


@functools.lru_cache(4096)
def _alone(said: str) -> tuple[tuple[str, ...], ...]:
    """The words that espeak makes of one word as typed, each as its phones."""
    known = _SUNG.get(said.lower())
    if known:
        return (tuple(known.split()),)
    return tuple(word for sounds in espeak.words(said) if (word := _phones(sounds)))


def _flat(words: Sequence[Sequence[str]]) -> tuple[str, ...]:
    return tuple(_without_double_r(phone for word in words for phone in word))


def _phones(sounds: Sequence[str]) -> tuple[str, ...]:
    """The phones of one word that espeak gives in IPA; sounds that English lacks are left out."""
    out: list[str] = []
    stress = "0"
    for k, sound in enumerate(sounds):
        if "ʔ" in sound and k + 1 < len(sounds) and sounds[k + 1].startswith("n"):
            out.append("T")  # "button"
        for piece in _SOUND.findall(sound):
            if piece in "ˈˌ":
                stress = "1"
                continue
            for phone in _IPA[piece].split():
                vowel = phone in _VOWELS
                out.append(phone + stress if vowel else phone)
                stress = "0" if vowel else stress
    return tuple(_before_r(tuple(out)))


def _before_r(phones: tuple[str, ...]) -> Iterator[str]:
    """ "zero" has one vowel before its R, not two."""
    for k, phone in enumerate(phones):
        around = phones[max(k - 1, 0) : k + 2]
        if phone != "AH0" or around not in (("IY0", "AH0", "R"), ("IY1", "AH0", "R")):
            yield phone


def _without_double_r(phones: Iterator[str]) -> Iterator[str]:
    """ "literature" and "author of": the R of ER is the R that follows."""
    before = ""
    for phone in phones:
        if phone != "R" or before not in ("R", "ER0", "ER1"):
            yield phone
        before = phone


def _parted(
    alone: Sequence[Sequence[tuple[str, ...]]], together: Sequence[tuple[str, ...]]
) -> list[tuple[str, ...]]:
    """The phones of each word out of what espeak says for a clause.

    espeak joins some little words ("of the"): then each phone goes to the word whose own phones
    it fits best.
    """
    together = [word for word in together if word]
    counts = [len(word) for word in alone]
    if sum(counts) == len(together):
        words, at = [], 0
        for expected, count in zip(alone, counts, strict=True):
            words.append(_flat(together[at : at + count]))
            at += count
            if abs(len(words[-1]) - len(_flat(expected))) > 2:
                break
        else:
            return words
    own = [(_kind(phone), k) for k, word in enumerate(alone) for phone in _flat(word)]
    said = [phone for word in together for phone in word]
    starts = {sum(map(len, together[:k])) for k in range(len(together))}
    owner = _fit([kind for kind, _ in own], [_kind(phone) for phone in said], starts)
    out: list[list[str]] = [[] for _ in alone]
    for phone, place in zip(said, owner, strict=True):
        out[own[place][1]].append(phone)
    return [_flat([word]) if word else _flat(alone[k]) for k, word in enumerate(out)]


def _kind(phone: str) -> str:
    """A phone without what changes when words stand together."""
    return "T" if phone in ("T", "D") else phone.rstrip("01")


def _fit(own: Sequence[str], said: Sequence[str], starts: set[int]) -> list[int]:
    """For each phone of `said` the index in `own` that it stands for, in order (edit distance).

    A phone that has no counterpart goes with the one before, or at a word's start with the next.
    """
    wide = len(said) + 1
    costs = [[float(k) for k in range(wide)]]
    for i, mine in enumerate(own):
        above, row = costs[-1], [i + 1.0]
        for k, heard in enumerate(said):
            if mine == heard:
                change = 0.0
            elif mine in _VOWELS:
                change = 0.6 if heard in _VOWELS else 2.0
            else:
                change = 2.0 if heard in _VOWELS else 1.2
            row.append(min(above[k] + change, above[k + 1] + 1, row[k] + 1))
        costs.append(row)
    matched: dict[int, int] = {}
    i, k = len(own), len(said)
    while i and k:
        here = costs[i][k]
        if here == costs[i - 1][k] + 1:
            i -= 1
        elif here == costs[i][k - 1] + 1:
            k -= 1
        else:
            i, k = i - 1, k - 1
            matched[k] = i
    out: list[int] = []
    for k in range(len(said)):
        if k in matched:
            out.append(matched[k])
        else:
            later = next((matched[j] for j in range(k, len(said)) if j in matched), len(own) - 1)
            out.append(later if k in starts or not out else out[-1])
    return out


def syllables(phones: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """Phones as syllables of one vowel each, with as many consonants before as English allows.

    Phones without any vowel ("shh") are one syllable.
    """
    nuclei = [k for k, phone in enumerate(phones) if phone in VOWELS]
    cuts = [0]
    for left, right in itertools.pairwise(nuclei):
        cut = right
        while cut > left + 1 and _onset(phones[cut - 1 : right]):
            cut -= 1
        cuts.append(cut)
    ends = [*cuts[1:], len(phones)]
    return tuple(tuple(phones[a:b]) for a, b in zip(cuts, ends, strict=True) if b > a)


def _onset(consonants: Sequence[str]) -> bool:
    if len(consonants) == 1:
        return consonants[0] != "NG"
    return " ".join(consonants) in _ONSETS


def sung(lyrics: Sequence[str]) -> list[tuple[str, ...]]:
    """The phones of each note's lyric, () where the vowel before goes on.

    A lyric that ends in "-" is a syllable whose word goes on with the next note: the word is said
    as a whole and parted again. If it has more syllables than notes, the notes whose letters have
    most vowels take two; if it has fewer, one is made ("fam-i-ly") or the last vowel goes on.
    """
    out: list[tuple[str, ...]] = [()] * len(lyrics)
    word: list[int] = []  # notes of the word at hand
    for k, lyric in enumerate(lyrics):
        bare = lyric.strip()
        if bare in HOLDS or not _speaks(bare):
            continue
        word.append(k)
        if not bare.endswith("-"):
            _lay(word, lyrics, out)
            word = []
    _lay(word, lyrics, out)
    return out


def problem(lyric: str) -> str:
    """Why a note with this lyric is mute, as a sentence; "" if it is not."""
    bare = lyric.strip()
    if not bare or bare in HOLDS:
        return ""
    if bare.startswith("[") and bare.endswith("]"):
        wrong = [phone for phone in bare[1:-1].split() if not _phone(phone)]
        if wrong:
            return f"“{wrong[0]}” is no phoneme: write them as in [HH AH0 L OW1]."
        return "" if bare[1:-1].split() else "There are no phonemes in the brackets."
    if _said(bare.rstrip("-")):
        return ""
    return unspeakable(bare) or f"“{bare}” has no sound: type a syllable, or - to hold the last."


def _speaks(bare: str) -> bool:
    return bool(_said(bare.removesuffix("-")))


@functools.lru_cache(4096)
def _said(text: str) -> tuple[str, ...]:
    """The phones of what is sung on one note, or of a whole word."""
    if text.startswith("["):
        return _by_hand(text)
    return tuple(phone for word in spoken(re.sub(r"[_‿]", " ", text)) for phone in word.phones)


def _by_hand(text: str) -> tuple[str, ...]:
    """The phones in [brackets]; () if these are no brackets, or anything else is in them."""
    if not (text.startswith("[") and text.endswith("]")):
        return ()
    phones = [_phone(phone) for phone in text[1:-1].split()]
    return tuple(phones) if all(phones) else ()


def _phone(text: str) -> str:
    """A phone as typed, in our own spelling; "" if it is none."""
    phone = text.upper().replace("2", "1")
    if phone in _VOWELS:
        phone += "1"
    return phone if phone in VOWELS or phone in CONSONANTS else ""


def _lay(notes: Sequence[int], lyrics: Sequence[str], out: list[tuple[str, ...]]) -> None:
    """Lay a word on its notes, which may be one."""
    if not notes:
        return
    parts = [lyrics[k].strip().removesuffix("-") for k in notes]
    if len(parts) == 1 or any(part.startswith("[") for part in parts):
        for k, part in zip(notes, parts, strict=True):
            out[k] = _said(part)
        return
    whole = syllables(_said("".join(parts)))
    held = [k > 0 and _echo(parts[k - 1], part) for k, part in enumerate(parts)]
    if len(whole) != len(parts) and any(held):  # "glo-o-o-ri-a": vowels written again are held
        parts = [part for part, echo in zip(parts, held, strict=True) if not echo]
        notes = [k for k, echo in zip(notes, held, strict=True) if not echo]
        whole = syllables(_said("".join(parts)))
    while len(whole) < len(parts) and (longer := _one_more(whole)):
        whole = longer
    for k, syllable in zip(notes, _shared(whole, parts), strict=False):
        out[k] = syllable


def _echo(before: str, part: str) -> bool:
    """Whether a part only repeats the vowel that the part before it ends with."""
    letters = set(part.lower())
    return len(letters) == 1 and letters <= set("aeiou") and before[-1:].lower() in letters


def _one_more(whole: Sequence[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """Syllables with a weak one put in where speech has swallowed it; () if there is no place.

    "ev'ry" becomes "ev-er-y": between a consonant and the R, L, N or M that leads the next vowel.
    """
    phones = [phone for syllable in whole for phone in syllable]
    for k in range(len(phones) - 2, 1, -1):
        before, phone, after = phones[k - 1], phones[k], phones[k + 1]
        inside = any(earlier in VOWELS for earlier in phones[:k])
        if phone in "RLNM" and after in VOWELS and before in CONSONANTS and inside:
            return syllables([*phones[:k], "AH0", *phones[k:]])
    return ()


def _shared(whole: Sequence[tuple[str, ...]], parts: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Syllables for each part of a word: one, or more where its letters have more vowels."""
    takes = [1] * len(parts)
    wants = [len(re.findall(r"[aeiouyà-ÿ]+", part.lower())) for part in parts]
    for _ in range(len(whole) - len(parts)):
        neediest = max(range(len(parts)), key=lambda k: (wants[k] - takes[k], k))
        takes[neediest] += 1
    at = 0
    for take in takes:
        yield tuple(phone for syllable in whole[at : at + take] for phone in syllable)
        at += take
