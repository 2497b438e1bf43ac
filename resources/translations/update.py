"""Bring the translations in step with the sources.

`python resources/translations/update.py` collects every text of `app` and `engine`, adds the new
ones to each `*.ts` beside this file (their translations stay, texts that are gone go), makes the
`*.qm` that the program loads, and names what is not translated yet: exit code 1 if there is any.
To translate: fill in the empty `<translation>` of the `.ts`, by hand or with Qt Linguist, and run
this again. A new language is an empty `xx.ts`, made with `--new xx`, and its name in
`app/words.py`.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
APP, ENGINE, LANGUAGE = "Melic", "Engine", "__language__"
SILENT = {"bench.py", "doctor.py", "cli.py", "cli_batch.py"}  # they speak on a terminal
ERRORS = {
    "EngineError", "UnreadableAudio", "UnwritableTarget", "WeightsMissing", "DeviceUnavailable",
}  # fmt: skip
SENTENCE = re.compile(r"[“A-Z{].*\s.*[.…]", re.DOTALL)
PREDICATE = re.compile(r"(is|has|may|cannot) [a-z ,]+\.")  # said of a file that is named first
REASON = re.compile(r"[a-z]+( [a-zA-Z,{}0-9]+){3,}.*")  # why something is not used
Texts = dict[str, str]  # text: the file that has it first


def app_texts() -> Texts:
    """What the window says: the first argument of `tr` and `marked`, and the command table."""
    found: Texts = {LANGUAGE: "app/words.py"}
    for path in sorted((ROOT / "app").rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        for text in _app_texts(tree):
            found.setdefault(text, _name(path))
    return found


def _app_texts(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = _called(node)
            if called in ("tr", "marked"):
                yield from _strings(node.args[:1])
            elif called == "Command":
                words = [key.value for key in node.keywords if key.arg in ("why", "needs", "text")]
                yield from _strings([*node.args[1:2], *node.args[5:6], *words])
                yield from (
                    menu.partition(">")[2] for menu in _strings(node.args[2:3]) if ">" in menu
                )
        elif isinstance(node, ast.Assign) and "MENUS" in {_called(each) for each in node.targets}:
            yield from _strings(getattr(node.value, "elts", []))


def engine_texts() -> Texts:
    """What the engine says to a person, and what the window raises as it does.

    What varies in a text is {0}, {1} …; `app.words.said` finds it again.
    """
    found: Texts = {}
    for path in sorted([*(ROOT / "engine").glob("*.py"), *(ROOT / "app").glob("*.py")]):
        if path.name in SILENT:
            continue
        tree = ast.parse(path.read_text("utf-8"))
        roots: list[ast.AST] = [tree]
        if path.parent.name == "app" and path.name != "playback.py":
            roots = [
                node for node in ast.walk(tree)
                if isinstance(node, ast.Call) and _called(node) in ERRORS
            ]  # fmt: skip
        for root in roots:
            for text in _engine_texts(root):
                found.setdefault(text, _name(path))
    return found


def _engine_texts(node: ast.AST) -> Iterator[str]:
    """Sentences, and notes on progress, that are not docstrings."""
    if isinstance(node, ast.Call) and _called(node) == "tr":
        return
    if isinstance(node, ast.Call) and _called(node) == "Progress":
        yield from (_template(arg) for arg in node.args[1:2] if _template(arg))
    text = _template(node)
    if isinstance(node, ast.Return) and node.value is not None:
        reason = _template(node.value)
        yield from (reason for _ in range(REASON.fullmatch(reason) is not None))
    if PREDICATE.fullmatch(text):
        yield f"“{{0}}” {text}"
    if text and SENTENCE.fullmatch(text) and re.search("[a-z]{2}", text):
        yield text
    if isinstance(node, ast.JoinedStr):
        return
    body = getattr(node, "body", None)
    first = body[0] if isinstance(body, list) and body else None
    for child in ast.iter_child_nodes(node):
        is_docstring = isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant)
        if not (child is first and is_docstring):
            yield from _engine_texts(child)


def _template(node: ast.AST) -> str:
    """A text with {0}, {1} … for what varies; empty if the node is none."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if not isinstance(node, ast.JoinedStr):
        return ""
    parts, count = [], 0
    for part in node.values:
        if isinstance(part, ast.Constant):
            parts.append(str(part.value))
        else:
            parts.append(f"{{{count}}}")
            count += 1
    return "".join(parts)


def _called(node: ast.AST) -> str:
    if isinstance(node, ast.Call):
        node = node.func
    return getattr(node, "id", "") or getattr(node, "attr", "")


def _strings(nodes: list[ast.expr]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.strip():
            yield node.value


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def read(path: Path) -> dict[tuple[str, str], str]:
    """The translations of a `.ts`, by context and text."""
    known = {}
    for context in ElementTree.parse(path).getroot().iter("context"):
        for message in context.iter("message"):
            key = (context.findtext("name") or "", message.findtext("source") or "")
            known[key] = message.findtext("translation") or ""
    return known


def write(path: Path, known: dict[tuple[str, str], str]) -> list[str]:
    """Make a `.ts` of all texts there are; returns those without a translation."""
    root = ElementTree.Element("TS", version="2.1", language=path.stem, sourcelanguage="en")
    missing = []
    for name, texts in ((APP, app_texts()), (ENGINE, engine_texts())):
        context = ElementTree.SubElement(root, "context")
        ElementTree.SubElement(context, "name").text = name
        for text, where in sorted(texts.items(), key=lambda item: (item[1], item[0])):
            message = ElementTree.SubElement(context, "message")
            ElementTree.SubElement(message, "location", filename=f"../../{where}")
            ElementTree.SubElement(message, "source").text = text
            translation = ElementTree.SubElement(message, "translation")
            translation.text = path.stem if text == LANGUAGE else known.get((name, text), "")
            if not translation.text:
                translation.set("type", "unfinished")
                missing.append(text)
    ElementTree.indent(root, "  ")
    body = ElementTree.tostring(root, encoding="unicode")
    head = '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n'
    path.write_text(f"{head}{body}\n", "utf-8", newline="\n")
    return missing


def release(path: Path) -> None:
    """Compile a `.ts` into the `.qm` that the program loads."""
    import PySide6

    tool = Path(PySide6.__file__).parent / (
        "lrelease" + (".exe" if sys.platform == "win32" else "")
    )
    target = path.with_suffix(".qm")
    subprocess.run([tool, "-silent", path, "-qm", target], check=True)


def main() -> int:
    """Bring everything in step."""
    for code in sys.argv[sys.argv.index("--new") + 1 :] if "--new" in sys.argv else []:
        write(HERE / f"{code}.ts", {})
    missing = []
    for path in sorted(HERE.glob("*.ts")):
        missing = write(path, read(path))
        release(path)
        print(f"{path.name}: {len(missing)} not translated")  # noqa: T201
        for text in missing:
            print(f"  {text!r}")  # noqa: T201
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
