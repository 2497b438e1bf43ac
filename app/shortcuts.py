"""Which keys run which command: the table's own, with a person's changes on top."""

from __future__ import annotations

import json
from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

Keys = tuple[str, ...]


def plain(key: str) -> str:
    """A key as it is compared and kept: `Ctrl+Shift+E`, on every system and in every language."""
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.PortableText)


def shown_key(key: str) -> str:
    """A key as this system writes it."""
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)


def pressed(event: QKeyEvent) -> Keys:
    """A key that is pressed, as it is kept; a sign also without the Shift that it may need."""
    shift = Qt.KeyboardModifier.ShiftModifier
    held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    ways = [held]
    if held == shift and event.text().isprintable() and not event.text().isalnum():
        ways.append(Qt.KeyboardModifier.NoModifier)
    return _plain_all(tuple(QKeySequence(way.value | event.key()).toString() for way in ways))


class Shortcuts:
    """The keys of every command; in one scope a key belongs to one command at most.

    `defaults` are the keys of the command table, `kept` is what `kept()` returned earlier, `scopes`
    names the commands whose keys count in a part of the window alone.
    """

    def __init__(
        self, defaults: Mapping[str, Keys], kept: str = "", scopes: Mapping[str, str] | None = None
    ) -> None:
        self._scopes = dict(scopes or {})
        self._defaults = {id: _plain_all(keys) for id, keys in defaults.items()}
        self._keys = dict(self._defaults)
        for id, keys in _read(kept).items():
            if id in self._keys:
                self.give(id, keys)

    def keys(self, id: str) -> Keys:
        """The keys of a command, the one to show first."""
        return self._keys[id]

    def is_changed(self, id: str) -> bool:
        """Whether a command has other keys than it came with."""
        return self._keys[id] != self._defaults[id]

    def owner(self, key: str, but: str = "", scope: str | None = None) -> str:
        """The command that a key runs in a scope, or in that of `but`, which is left out.

        Empty when the key is free there.
        """
        key = plain(key)
        scope = self._scopes.get(but, "") if scope is None else scope
        return next(
            (
                id
                for id, keys in self._keys.items()
                if id != but and key in keys and self._scopes.get(id, "") == scope
            ),
            "",
        )

    def give(self, id: str, keys: Keys) -> None:
        """Let these keys run a command, and no others there; they are taken from any other one."""
        wanted = _plain_all(keys)
        scope = self._scopes.get(id, "")
        for other, theirs in self._keys.items():
            if other != id and self._scopes.get(other, "") == scope:
                self._keys[other] = tuple(key for key in theirs if key not in wanted)
        self._keys[id] = wanted

    def reset(self, id: str = "") -> None:
        """Go back to the keys a command came with; without `id`, to those of all commands."""
        if id:
            self.give(id, self._defaults[id])
        else:
            self._keys = dict(self._defaults)

    def kept(self) -> str:
        """The changes as text for the settings; empty when there are none."""
        changes = {id: list(keys) for id, keys in self._keys.items() if self.is_changed(id)}
        return json.dumps(changes) if changes else ""


def _plain_all(keys: Keys) -> Keys:
    return tuple(dict.fromkeys(filter(None, map(plain, keys))))


def _read(kept: str) -> dict[str, Keys]:
    """Changes from the settings; what is not in order counts as absent."""
    try:
        found = json.loads(kept or "{}")
    except ValueError:
        return {}
    if not isinstance(found, dict):
        return {}
    return {
        str(id): tuple(str(key) for key in keys)
        for id, keys in found.items()
        if isinstance(keys, list)
    }
