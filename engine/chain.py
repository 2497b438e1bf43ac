"""Chains: what to do with every song of a batch, as small TOML files, read strictly.

A chain has a `name` and at least one `[[step]]`; each step says what it does (`do`) and its
settings, as `engine.steps` knows them. What is wrong is told with its line, before anything runs.
"""

from __future__ import annotations

import dataclasses
import difflib
import hashlib
import json
import math
import os
import re
import secrets
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.errors import EngineError, UnwritableTarget
from engine.steps import STEPS, Export, Outlook, Step, settings

FOLDER = Path(__file__).parent.parent / "resources" / "chains"  # those that come with Melic
LARGEST = 2**18  # bytes of a file that can be meant as a chain
TOP = ("name", "about", "step")


@dataclass(frozen=True)
class Chain:
    """What is done with each song: steps in order. `about` is for a person."""

    name: str
    steps: tuple[Step, ...]
    about: str = ""

    def __post_init__(self) -> None:
        """Raise `EngineError` when these steps cannot follow each other."""
        _foresee(self.steps, lambda number: f"The chain “{self.name}”, step {number + 1}")

    @property
    def digest(self) -> str:
        """Equal for chains that make the same files, whatever they are called."""
        rows = [[_kind(step), step.identity()] for step in self.steps]
        return hashlib.sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest()


def read_chain(path: Path) -> Chain:
    """Read a chain's file. Raises `EngineError` with the file and the line that is wrong."""
    try:
        if path.stat().st_size > LARGEST:
            raise EngineError(f"“{path.name}” is too large for a chain.", "Is it another file?")
        text = path.read_text("utf-8")
    except OSError as error:
        reason = error.strerror or str(error)
        raise EngineError(
            f"The chain “{path}” cannot be read: {reason}.", "Check its name."
        ) from error
    except UnicodeDecodeError as error:
        raise EngineError(
            f"“{path.name}” is not text in UTF-8.", "Save it as UTF-8, or choose another file."
        ) from error
    return parse(text, path.name)


def parse(text: str, source: str = "chain") -> Chain:
    """Make a chain of TOML; `source` names it in what is said about mistakes."""
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise EngineError(
            f"“{source}” is not written as TOML: {error}.",
            'A setting is a line such as format = "flac"; a step begins with [[step]].',
        ) from error
    return _Reader(text, source).chain(values)


class _Reader:
    """Turns parsed TOML into a chain; knows the text, so that it can name lines."""

    def __init__(self, text: str, source: str) -> None:
        self._lines = text.splitlines()
        self._source = source

    def chain(self, values: dict[str, Any]) -> Chain:
        for key in values:
            if key not in TOP:
                hint = _meant(key, TOP) or f"It takes {', '.join(TOP)}."
                raise EngineError(f"{self._at(None, key)}: a chain has no “{key}”.", hint)
        name = self._word(values, "name")
        if not name.strip():
            raise EngineError(f"“{self._source}” has no name.", 'Begin it with name = "My chain".')
        steps = values.get("step")
        if isinstance(steps, dict):
            raise EngineError(
                f"{self._at(None, 'step')}: a step begins with two brackets.", "Write [[step]]."
            )
        if not isinstance(steps, list) or not steps:
            raise EngineError(
                f"“{self._source}” has no step.", "Add one that begins with [[step]]."
            )
        made = tuple(self._step(number, fields) for number, fields in enumerate(steps))
        _foresee(made, lambda number: self._at(number, "do"))
        return Chain(name, made, self._word(values, "about"))

    def _word(self, values: dict[str, Any], key: str) -> str:
        value = values.get(key, "")
        if not isinstance(value, str):
            raise EngineError(f"{self._at(None, key)}: “{key}” must be text in quotes.")
        return value

    def _step(self, number: int, fields: Any) -> Step:
        if not isinstance(fields, dict):
            raise EngineError(f"{self._at(number)}: this is no step.", "Write [[step]].")
        known = ", ".join(STEPS)
        if "do" not in fields:
            raise EngineError(
                f"{self._at(number)}: the step does not say what to do.",
                f'Add do = "…"; known are {known}.',
            )
        do = fields["do"]
        if not isinstance(do, str) or do not in STEPS:
            raise EngineError(
                f"{self._at(number, 'do')}: there is no step called {_shown(do)}.",
                _meant(do, STEPS) or f"Known are {known}.",
            )
        kind = STEPS[do]
        readers = settings(kind)
        for key in fields:
            if key != "do" and key not in readers:
                hint = _meant(key, readers) or f"It takes {', '.join(readers)}."
                raise EngineError(f"{self._at(number, key)}: “{do}” has no setting “{key}”.", hint)
        for each in dataclasses.fields(kind):
            if each.name not in fields and each.default is dataclasses.MISSING:
                raise EngineError(f"{self._at(number, 'do')}: “{do}” needs “{each.name}”.")
        read: dict[str, Any] = {}
        for key, value in fields.items():
            if key == "do":
                continue
            try:
                read[key] = readers[key](value)
            except ValueError as error:
                raise EngineError(
                    f"{self._at(number, key)}: “{key}” {error}.", f"It says {_shown(value)}."
                ) from error
        return kind(**read)

    def _at(self, step: int | None, key: str = "") -> str:
        """Where that stands, for a person: the line if it can be found."""
        line = self._line(step, key) or (self._line(step, "") if step is not None else 0)
        if line:
            return f"“{self._source}”, line {line}"
        return f"“{self._source}”" if step is None else f"“{self._source}”, step {step + 1}"

    def _line(self, step: int | None, key: str) -> int:
        """The line, from 1, of a key in a step (None: before all steps); 0 if it is not found."""
        key_line = re.compile(rf"\s*\[*(step\.)?[\"']?{re.escape(key)}[\"']?\s*[=.\]]")
        here = None
        for number, line in enumerate(self._lines, 1):
            if re.match(r"\s*\[\[\s*step\s*\]\]", line):
                here = 0 if here is None else here + 1
                if here == step and not key:
                    return number
            elif here == step and key and key_line.match(line):
                return number
        return 0


def _foresee(steps: Sequence[Step], at: Any) -> None:
    """Check that every step finds what it needs and that something is written."""
    outlook = Outlook()
    for number, step in enumerate(steps):
        try:
            step.foresee(outlook)
        except ValueError as error:
            raise EngineError(f"{at(number)} ({_kind(step)}): {error}.") from error
    if not any(isinstance(step, Export) for step in steps):
        raise EngineError(
            f"{at(len(steps) - 1)}: the chain writes nothing.", 'Add a step with do = "export".'
        )


def _kind(step: Step) -> str:
    return next(name for name, kind in STEPS.items() if type(step) is kind)


def _meant(word: object, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(str(word), list(known), 1)
    return f"Did you mean “{near[0]}”?" if near else ""


def _shown(value: Any) -> str:
    text = f"“{value}”" if isinstance(value, str) else _toml(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


# -- the chains there are ------------------------------------------------------------------------


def own_folder() -> Path:
    """Where the chains that a person saved are."""
    from platformdirs import user_config_path

    return user_config_path("Melic", appauthor=False) / "chains"


def chain_files(folders: Sequence[Path] | None = None) -> list[Path]:
    """The files of all chains: those that come with Melic, then a person's own, by name."""
    places = folders if folders is not None else (FOLDER, own_folder())
    return [file for place in places for file in sorted(place.glob("*.toml"))]


def find_chain(name: str, folders: Sequence[Path] | None = None) -> Chain:
    """The chain in the file `name`, or the one with that name. Raises `EngineError`."""
    path = Path(name)
    if path.is_file() or path.suffix == ".toml" or path.name != name:
        return read_chain(path)
    known = chain_files(folders)
    for file in reversed(known):  # a person's own go before those that come with Melic
        if file.stem.casefold() == name.casefold():
            return read_chain(file)
    for file in reversed(known):
        try:
            chain = read_chain(file)
        except EngineError:
            continue
        if chain.name.casefold() == name.casefold():
            return chain
    names = [file.stem for file in known]
    raise EngineError(
        f"There is no chain called “{name}”.",
        _meant(name, names) or f"Known are {', '.join(names)}; or name a file that ends in .toml.",
    )


# -- writing -------------------------------------------------------------------------------------


def to_toml(chain: Chain) -> str:
    """The chain as a file holds it; `parse` gives an equal one back."""
    lines = [f"name = {_toml(chain.name)}"]
    if chain.about:
        lines.append(f"about = {_toml(chain.about)}")
    for step in chain.steps:
        lines += ["", "[[step]]", f"do = {_toml(_kind(step))}"]
        for each in dataclasses.fields(step):
            value = getattr(step, each.name)
            if value != each.default:
                pairs = each.name in ("gains", "tags")
                lines.append(f"{each.name} = {_toml(dict(value) if pairs else value)}")
    return "\n".join(lines) + "\n"


def save_chain(chain: Chain, folder: Path | None = None) -> Path:
    """Write a chain to a file called by its name, over an older one; returns the path.

    Raises `UnwritableTarget`.
    """
    from engine.encode import stem_name

    folder = folder or own_folder()
    path = folder / stem_name("{song}", chain.name, "", "toml")
    part = path.with_name(f".{secrets.token_hex(6)}.part")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        try:
            part.write_text(to_toml(chain), "utf-8")
            os.replace(part, path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise UnwritableTarget(
            f"The chain could not be kept in {folder}: {error.strerror or error}.",
            "Check that the folder is yours and that the disk has room.",
        ) from error
    return path


def _toml(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            clean = value.encode("utf-8", "replace").decode("utf-8")
            return json.dumps(clean, ensure_ascii=False).replace("\x7f", "\\u007f")
        case float() if math.isinf(value):
            return "-inf" if value < 0 else "inf"
        case int() | float():
            return repr(value)
        case list() | tuple():
            return f"[{', '.join(_toml(each) for each in value)}]"
        case dict():
            rows = (f"{_toml_key(key)} = {_toml(each)}" for key, each in value.items())
            return f"{{ {', '.join(rows)} }}"
    return repr(str(value))  # a date: only shown, never written


def _toml_key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else _toml(key)
