"""Every command of models: the browser, the one that separates, trying, and blind comparing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.command import Command
from app.words import marked

if TYPE_CHECKING:
    from app.main_window import MainWindow


def _song(w: MainWindow) -> bool:
    return w.studio.mix_of() is not None


def _two(w: MainWindow) -> bool:
    return len(w.session.project.tracks) > 1


MODEL_REASONS = {
    _song: marked("Select a song that is not being worked on."),
    _two: marked("There are no two lanes to compare."),
}

MODEL_COMMANDS: tuple[Command, ...] = (
    Command("models", "Models…", "---File", lambda w: w.show_models(), ("Ctrl+Alt+M",),
            "Every model with what is known of it: choose, measure, try, download, add, remove",
            "sliders-horizontal"),
)  # fmt: skip

SEPARATION_COMMANDS: tuple[Command, ...] = (
    Command("separate_with", "Separate with", "Track",
            lambda w: w.actions_["separate_with"].menu().drop(), ("Ctrl+Alt+Shift+E",),
            "Choose the model that takes songs apart"),
    Command("try_model", "Try on 10 s", "Track",
            lambda w: w.modelling.try_out(w.studio.separator()), ("Ctrl+Alt+Shift+Y",),
            "Let the model that separates hear ten seconds from the playhead on, in a loop",
            "repeat", _song),
)  # fmt: skip

BLIND_COMMANDS: tuple[Command, ...] = (
    Command("compare_blind", "Compare blindly (A/B/X)…", "Play>Compare",
            lambda w: w.show_blind(), ("Ctrl+Alt+Shift+X",),
            "Find out whether you hear a difference between two lanes, equally loud", "headphones",
            _two),
)  # fmt: skip
