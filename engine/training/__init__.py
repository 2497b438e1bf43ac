"""Recipes: how each bundled checkpoint is trained and measured; never used by the program."""
