"""The headless engine: values, generators, models. It never knows the screen.

Layers, lowest first: `types`, `events`, `errors` · `audio`, `peaks`, `spectrogram`, `mixer`,
`project`, `cards`, `weights` · `chunking`, `loader`, `models`, `separation` (torch) · `jobs`,
`tasks`.
"""
