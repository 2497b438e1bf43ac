"""What a command is: a row of the tables in `app.commands` and `app.note_commands`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.main_window import MainWindow

Rule = Callable[["MainWindow"], bool]
ON_NOTES = "notes"  # the keys of a lane that is focused while notes are selected or written


@dataclass(frozen=True, slots=True)
class Command:
    """One thing a person can do. `why` says what it is for.

    `menu` is "View", or "View>Theme" for a menu inside it; `---` before it starts a group. With a
    `scope` the keys count there alone, and there before what they do elsewhere.
    """

    id: str
    text: str
    menu: str
    verb: Callable[[MainWindow], object]
    keys: tuple[str, ...] = ()
    why: str = ""
    icon: str = ""
    when: Rule | None = None  # enabled
    on: Rule | None = None  # checked
    name: Callable[[MainWindow], str] | None = None  # text that changes, translated
    needs: str = ""  # what has to be there before this can be done
    scope: str = ""

    @property
    def heading(self) -> str:
        """The menu it is in."""
        return self.menu.removeprefix("---").partition(">")[0]

    @property
    def submenu(self) -> str:
        """The menu inside that one; empty for none."""
        return self.menu.partition(">")[2]
