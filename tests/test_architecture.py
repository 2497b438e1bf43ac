"""The direction of the dependencies: the engine never knows the screen, the screen never torch."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SCREEN = {"PySide6", "shiboken6", "pyqtgraph", "app"}
NETWORKS = {"torch", "safetensors", "einops"} | {
    f"engine.{name}"
    for name in (
        "models",
        "loader",
        "weights",
        "separation",
        "hearing",
        "transcription",
        "vocoding",
        "voices",
        "polyphony",
        "importing",
        "checkpoints",
        "training",
    )
}
STANDARD = frozenset(sys.stdlib_module_names)


def modules(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def imports(path: Path) -> Iterator[str]:
    """Every module that a file imports, also inside functions; `from a import b` is a.b."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} has a relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def within(name: str, packages: set[str]) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


@pytest.mark.parametrize("path", modules("engine"), ids=lambda p: str(p.relative_to(ROOT)))
def test_the_engine_never_imports_the_screen(path: Path) -> None:
    assert not [name for name in imports(path) if within(name, SCREEN)]


@pytest.mark.parametrize("path", modules("app"), ids=lambda p: str(p.relative_to(ROOT)))
def test_the_screen_never_imports_networks(path: Path) -> None:
    assert not [name for name in imports(path) if within(name, NETWORKS)]


@pytest.mark.parametrize(
    "name",
    ["types", "events", "peaks", "preview", "wav", "locks", "errors", "jobs", "project", "melody"],
)
def test_values_need_numpy_and_the_standard_library_only(name: str) -> None:
    ours = {
        f"engine.{each}"
        for each in ("types", "events", "peaks", "preview", "wav", "locks", "errors", "melody")
    }
    for used in imports(ROOT / "engine" / f"{name}.py"):
        assert used.split(".")[0] in STANDARD | {"numpy"} or within(used, ours), used


@pytest.mark.parametrize(
    "path",
    [p for p in modules("engine/models") if p.stem not in ("__init__", "layers")],
    ids=lambda p: p.stem,
)
def test_a_model_family_knows_torch_and_the_shared_layers_but_no_other_family_card_or_path(
    path: Path,
) -> None:
    for used in imports(path):
        if used.startswith("engine."):
            assert within(used, {"engine.models.layers"}), used
        else:
            top = used.split(".")[0]
            assert top in (STANDARD | {"torch", "einops", "numpy"}) - {"pathlib", "os"}, used


def run(code: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_every_module_of_the_screen_loads_where_there_is_no_torch() -> None:
    names = [".".join(p.relative_to(ROOT).with_suffix("").parts) for p in modules("app")]
    blocked = sorted({name.split(".")[0] for name in NETWORKS} - {"engine"})
    run(
        "import importlib, sys\n"
        f"sys.modules.update(dict.fromkeys({blocked!r}))\n"
        f"for name in {names!r}: importlib.import_module(name.removesuffix('.__init__'))"
    )


def test_every_module_of_the_engine_loads_without_qt_and_the_light_ones_without_torch() -> None:
    names = [".".join(p.relative_to(ROOT).with_suffix("").parts) for p in modules("engine")]
    names = [name.removesuffix(".__init__") for name in names]
    names = [name for name in names if ".training" not in name]  # recipes need more packages
    light = ["types", "events", "errors", "jobs", "peaks", "project", "tasks", "cards", "doctor",
             "audio", "mixer", "spectrogram"]  # fmt: skip
    run(
        "import importlib, sys\n"
        "sys.modules.update(dict.fromkeys(['PySide6', 'shiboken6', 'pyqtgraph', 'app']))\n"
        f"for name in {light!r}: importlib.import_module('engine.' + name)\n"
        "assert 'torch' not in sys.modules, 'a light module loads torch'\n"
        f"for name in {names!r}: importlib.import_module(name)"
    )


def test_the_terminal_verbs_load_nothing_heavy_before_they_are_asked_for() -> None:
    run(
        "import sys\n"
        "from app import bootstrap, cli\n"
        "heavy = {'torch', 'numpy', 'PySide6', 'soundfile', 'tqdm'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
