"""The menus, made from the table of commands."""

from __future__ import annotations

from PySide6.QtWidgets import QMenu, QMenuBar

from app.commands import COMMANDS, MENUS, Actions
from app.words import tr


def fill(bar: QMenuBar, actions: Actions) -> None:
    """Give the bar its menus; what their actions may do is looked up as they open."""
    for name in MENUS:
        menu = bar.addMenu(tr(name))
        inside: dict[str, QMenu] = {}
        for command in COMMANDS:
            if command.heading != name:
                continue
            if command.menu.startswith("---"):
                menu.addSeparator()
            target = menu
            if command.submenu:
                if command.submenu not in inside:
                    inside[command.submenu] = menu.addMenu(tr(command.submenu))
                target = inside[command.submenu]
            target.addAction(actions[command.id])
        menu.aboutToShow.connect(actions.refresh)
