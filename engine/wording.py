"""How typed English is read aloud: numbers, dates, money and short forms as words, and pauses."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

COMMA, FULL_STOP, PARAGRAPH = 0.2, 0.45, 0.7  # seconds of silence

_LETTERS = str.maketrans(
    {
        **{"ß": "ss", "ẞ": "SS", "ø": "o", "Ø": "O", "æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe"},
        **{"ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "þ": "th", "Þ": "Th", "ð": "th", "Ð": "Th"},
        **{"ı": "i", "ħ": "h", "ŋ": "ng", "’": "'", "‘": "'", "ʼ": "'", "′": "'", "`": "'"},
        **{"½": " 1/2", "¼": " 1/4", "¾": " 3/4", "⁄": "/", "−": "-", "‐": "-", "‑": "-"},
    }
)
_SYMBOLS = {
    **{"&": "and", "@": "at", "+": "plus", "=": "equals", "%": "percent", "‰": "per mille"},
    **{"°": "degrees", "×": "times", "÷": "divided by", "±": "plus or minus", "#": "number"},
    **{"<": "less than", ">": "greater than", "$": "dollars", "€": "euros", "£": "pounds"},
    **{"¥": "yen", "₹": "rupees", "¢": "cents", "/": "slash", "§": "section"},
}
_MONEY = {
    "$": ("dollar", "dollars", "cents"),
    "€": ("euro", "euros", "cents"),
    "£": ("pound", "pounds", "pence"),
    "¥": ("yen", "yen", "sen"),
    "₹": ("rupee", "rupees", "paise"),
}
_SCALES = {"hundred", "thousand", "million", "billion", "trillion"}
_SHORT = {
    **{"k": "thousand", "m": "million", "mn": "million", "bn": "billion", "b": "billion"},
}
# Read as words wherever they stand; none of them ends a sentence.
_FORMS = {
    **{"e.g.": "for example", "i.e.": "that is", "vs": "versus", "vs.": "versus", "w/o": "without"},
    **{"mr.": "mister", "mrs.": "misses", "ms.": "miz", "dr.": "doctor", "dr": "doctor"},
    **{
        "mr": "mister",
        "mrs": "misses",
        "prof.": "professor",
        "gen.": "general",
        "rev.": "reverend",
    },
    **{"capt.": "captain", "lt.": "lieutenant", "sgt.": "sergeant", "col.": "colonel"},
    **{"approx.": "approximately", "dept.": "department", "fig.": "figure", "vol.": "volume"},
    **{"mt.": "mount", "ft.": "featuring", "feat.": "featuring", "w/": "with"},
}
# Read as words, and a full stop after them may end the sentence.
_ENDINGS = {
    **{"etc": "et cetera", "jr": "junior", "sr": "senior", "ave": "avenue", "blvd": "boulevard"},
    **{"inc": "incorporated", "corp": "corporation", "ltd": "limited", "bros": "brothers"},
}
_UNITS = {
    **{"km": "kilometers", "m": "meters", "cm": "centimeters", "mm": "millimeters"},
    **{"kg": "kilograms", "g": "grams", "mg": "milligrams", "lb": "pounds", "lbs": "pounds"},
    **{"ft": "feet", "in": "inches", "mph": "miles per hour", "km/h": "kilometers per hour"},
    **{"l": "liters", "ml": "milliliters", "s": "seconds", "ms": "milliseconds", "min": "minutes"},
    **{"h": "hours", "hz": "hertz", "khz": "kilohertz", "mhz": "megahertz", "db": "decibels"},
    **{"kb": "kilobytes", "mb": "megabytes", "gb": "gigabytes", "tb": "terabytes", "w": "watts"},
    **{"kw": "kilowatts", "v": "volts", "°c": "degrees Celsius", "°f": "degrees Fahrenheit"},
    **{"bpm": "beats per minute", "x": "times", "am": "a.m.", "pm": "p.m."},
}
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
)
_FRACTIONS = {
    **{"1/2": "one half", "1/3": "one third", "2/3": "two thirds", "1/4": "one quarter"},
    **{"3/4": "three quarters"},
}
_WORD = re.compile(r"'?[^\W\d_]+(?:['-][^\W\d_]+)*'?")
_INITIALS = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]?")
_SPLIT = re.compile(  # words that nothing but a mark parts
    r"(?<=[—…])(?=\S)|(?<=\D–)(?=\S)|(?<=--)(?=[^-\s])|(?<=\.\.\.)(?=[^.\s])"
    r"|(?<=[^\W\d_][,;:!?)])(?=[^\W\d_(])|(?<=[a-z]{2}\.)(?=[A-Z])"
)
_LONGEST = 40  # letters of a word; more are read as several
_DIGITS = 12  # of a number; more are read one by one


@dataclass(frozen=True, slots=True)
class Token:
    """A word as typed, what is read for it, and the seconds of silence that follow."""

    text: str
    said: str
    pause: float = 0.0


def speakable(character: str) -> bool:
    """Whether a letter, digit or sign is read, or rightly passed over as punctuation."""
    kind = unicodedata.category(character)
    if kind[0] == "L":
        plain = unicodedata.normalize("NFKD", character.translate(_LETTERS))
        return plain[:1].isascii()
    if kind[0] == "S":
        return character in _SYMBOLS or character in "^~|`´¨"
    if kind == "No":
        return unicodedata.normalize("NFKD", character)[:1].isascii()
    return kind not in ("Co", "Cs", "Cn")


def plain(text: str) -> str:
    """Text in the letters, digits and signs that are read; all else is left out."""
    out = []
    for c in text.translate(_LETTERS):
        kind = unicodedata.category(c)
        if kind == "Nd":
            out.append(str(unicodedata.digit(c)))
        elif "À" <= c <= "ÿ" and kind[0] == "L":
            out.append(c)  # espeak knows "café" and "façade"
        elif kind[0] == "L" or kind == "No":
            out.append("".join(x for x in unicodedata.normalize("NFKD", c) if x.isascii()) or " ")
        elif c.isascii() or c in _SYMBOLS or kind[0] in "PZ":
            out.append(c if kind != "Cc" else " ")
    return "".join(out).translate(_LETTERS)


def tokens(text: str) -> Iterator[Token]:
    """The words of a text that can be read, in order."""
    pieces = [
        (piece, last and end)
        for line in unicodedata.normalize("NFC", text).splitlines()
        for end, chunk in _with_last(line.split())
        for last, piece in _with_last(_SPLIT.split(chunk))
        if piece
    ]
    held: Token | None = None
    for k, (piece, ends_line) in enumerate(pieces):
        after = plain(pieces[k + 1][0]) if k + 1 < len(pieces) else ""
        said, stops = _read(plain(piece).strip(), held, after)
        pause = _pause(piece) if stops else 0.0
        if ends_line:
            pause = max(pause, COMMA if k + 1 < len(pieces) else pause)
        if said:
            if held:
                yield held
            held = Token(piece, said, pause)
        elif held:
            held = Token(held.text, held.said, max(held.pause, pause))
    if held:
        yield held


def _with_last(items: list[str]) -> list[tuple[bool, str]]:
    return [(k == len(items) - 1, item) for k, item in enumerate(items)]


def _pause(piece: str) -> float:
    """Seconds of silence after a piece, from the marks it ends with."""
    marks = piece[len(piece.rstrip(".,;:!?…—–-)]}\"'”’»")) :]
    if any(mark in marks for mark in ".!?…"):
        return FULL_STOP
    return COMMA if any(mark in marks for mark in ",;:—–)]") or "--" in marks else 0.0


def _read(piece: str, before: Token | None, after: str) -> tuple[str, bool]:
    """What is said for a piece ("" for nothing), and whether its marks make a pause."""
    core = piece.strip("\"“”„«»()[]{}<>*_~^|,;:!?…—–'¿¡ ")
    low = core.lower()
    if core == "-" or not any(c.isalnum() or c in _SYMBOLS for c in core):
        return "", True
    if low.startswith("st.") or low == "st":
        return ("saint" if after[:1].isupper() else "street"), not after[:1].isupper()
    if low == "no." and after[:1].isdigit():
        return "number", False
    if low in _FORMS:
        return _FORMS[low], False
    if low.rstrip(".") in _ENDINGS:
        return _ENDINGS[low.rstrip(".")], not after[:1].islower()
    if _INITIALS.fullmatch(core) and core != "I.":
        return core, not after
    core = core.rstrip(".").removesuffix("'") if core.endswith((".", "'")) else core
    core = core.lstrip(".") if not core[1:2].isdigit() else core
    if before and before.said[-1:].isdigit():
        if low.rstrip(".") in _UNITS and low not in ("in", "am"):
            return _UNITS[low.rstrip(".")], True
        sign = before.text.lstrip("-(\"'“")[:1]
        if low.rstrip(".") in _SCALES and sign in _MONEY:
            return f"{low.rstrip('.')} {_MONEY[sign][1]}", True
    if _WORD.fullmatch(core):
        return _letters(core), True
    return _signs(_numbers(core, after.strip(".,;:!?").lower())), True


def _letters(word: str) -> str:
    """A word, with letters that were drawn out ("sooo") and endless ones brought to a measure."""
    if re.fullmatch(r"[oO]{2,}[hH]*", word):
        return "ooh"
    if re.fullmatch(r"[mM]{2,}", word):
        return "mm"
    word = re.sub(r"([^\W\d_eE])\1{2,}", r"\1", word)
    word = re.sub(r"([eE])\1{2,}", r"\1\1", word)
    return " ".join(word[k : k + _LONGEST] for k in range(0, len(word), _LONGEST))


def _numbers(core: str, after: str) -> str:
    """A piece with digits, with those as a person would say them."""
    if match := re.fullmatch(r"(\d{1,2})[/.](\d{1,2})[/.](\d{2}|\d{4})", core):
        first, second, year = match.groups()
        if "." in core or int(first) > 12:
            first, second = second, first
        if 1 <= int(first) <= 12 and 1 <= int(second) <= 31:
            return f"{_MONTHS[int(first) - 1]} {_ordinal(int(second))} {_year(year)}"
    if match := re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", core):
        year, month, day = match.groups()
        if 1 <= int(month) <= 12 and 1 <= int(day) <= 31:
            return f"{_MONTHS[int(month) - 1]} {_ordinal(int(day))} {_year(year)}"
    if match := re.fullmatch(r"(-?)([$€£¥₹])(\d[\d,]*)(?:\.(\d+))?([a-zA-Z]{0,2})", core):
        return _money(*match.groups(default=""), after=after)
    if match := re.fullmatch(r"(\d{1,2}):([0-5]\d)(?::[0-5]\d)?([aApP][mM])?", core):
        hour, minute, half = match.groups(default="")
        past = {"0": "oh " + minute[1]}.get(minute[0], minute) if minute != "00" else ""
        return f"{int(hour)} {past} {half[:1]}{'.m.' if half else ''}".strip()
    if re.fullmatch(r"(?:\d{3}-)+\d{4}", core):
        return " ".join(core.replace("-", ""))
    core = re.sub(r"(?<=\d)[-–](?=\d)", " to " if core.count("-") < 2 else " ", core)
    core = re.sub(r"(?<!\d)([123])/([234])(?!\d)", lambda m: _FRACTIONS.get(m[0], m[0]), core)
    core = re.sub(
        r"(?<![\d.])(\d+(?:\.\d+)?) ?(°?[a-zA-Z]+(?:/h)?)(?![\w.])",
        lambda m: m[0] if m[0].endswith("0s") else f"{m[1]} {_UNITS.get(m[2].lower(), m[2])}",
        core,
    )
    core = re.sub(r"(?<![\d.,])(1[1-9]\d\d|20[1-9]\d)(?![\d.,])", lambda m: _year(m[0]), core)
    return re.sub(rf"\d{{{_DIGITS + 1},}}|(?<![\d.,])0\d+", lambda m: " ".join(m[0]), core)


def _money(minus: str, sign: str, whole: str, part: str, short: str, *, after: str) -> str:
    one, many, parts = _MONEY[sign]
    whole = whole.replace(",", "")
    lead = "minus " if minus else ""
    scale = _SHORT.get(short.lower(), "")
    if after in _SCALES:  # "$3 million": the unit is said after the scale, in `_signs`
        return f"{lead}{whole}{'.' + part if part else ''}"
    if scale or len(part) not in (0, 2):
        return f"{lead}{whole}{'.' + part if part else ''} {scale} {many}"
    said = f"{lead}{whole} {one if whole == '1' else many}"
    return f"{said} and {int(part)} {parts}" if part and int(part) else said


def _year(year: str) -> str:
    """A year in pairs: "19 99", "19 oh 5", "19 hundred"."""
    if len(year) != 4 or "2000" <= year <= "2009" or year < "1100":
        return year
    if year[2:] == "00":
        return f"{year[:2]} hundred"
    return f"{year[:2]} {'oh ' + year[3] if year[2] == '0' else year[2:]}"


def _ordinal(day: int) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(day % 10 if day not in (11, 12, 13) else 0, "th")
    return f"{day}{ending}"


def _signs(core: str) -> str:
    """A piece with its signs as words, and the dots of addresses said."""
    core = re.sub(r"(?<=[^\W\d_])\.(?=[^\W_])", " dot ", re.sub(r"^https?://", "", core))
    core = re.sub(r"#(?!\d)", " hash ", core)
    core = re.sub(r"(?<!\w)-(?=\d)", " minus ", core)
    out = "".join(f" {_SYMBOLS[c]} " if c in _SYMBOLS else c for c in core)
    out = re.sub(r"[^\w.,'-]+|_|,(?!\d)", " ", out)
    return " ".join(_letters(word) if _WORD.fullmatch(word) else word for word in out.split())


def left_out(text: str) -> list[str]:
    """What of a text cannot be read, in its order: words of other scripts, emoji."""
    found: list[str] = []
    run = ""
    for c in unicodedata.normalize("NFC", text) + " ":
        joins = run and unicodedata.category(c) in ("Mn", "Mc", "Cf", "Sk")
        if joins or not speakable(c):
            run += c
        elif run:
            found.append(run.rstrip("\u200d\ufe0f"))
            run = ""
    return list(dict.fromkeys(found))
