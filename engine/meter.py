"""How the time of a song is counted, and its key: estimated from its sound and its notes."""

from __future__ import annotations

from engine.keys import KEYS, key_of, scale

__all__ = ["KEYS", "key_of", "scale"]
