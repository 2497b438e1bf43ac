"""Read what an ONNX file holds: constants and the order of operations; nothing is run.

The format is Protocol Buffers: numbered fields, each a number, eight bytes, four bytes or a block
(onnx.ai, "ONNX IR"). Three kinds of message are all that weights need, so the packages that can do
everything (and bring compiled code) are not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

import numpy as np

_GRAPH = 7  # fields of a model
_NODE, _CONSTANT = 1, 5  # of a graph
_INPUT, _OPERATION = 1, 4  # of a node
_DIMS, _DTYPE, _FLOATS, _NAME, _RAW = 1, 2, 4, 8, 9  # of a constant
_FLOAT = 1  # the type that weights have
_MOST_DIMS = 8


@dataclass(frozen=True, slots=True)
class Graph:
    """`nodes` are operations in their order with their inputs' names, `tensors` the constants.

    Only float32 constants are kept.
    """

    nodes: tuple[tuple[str, tuple[str, ...]], ...]
    tensors: dict[str, np.ndarray]


def read(data: bytes) -> Graph:
    """Read a model; raises `ValueError` when it is damaged."""
    nodes: list[tuple[str, tuple[str, ...]]] = []
    tensors: dict[str, np.ndarray] = {}
    for part in _blocks(memoryview(data), _GRAPH):
        for field, value in _fields(part):
            if isinstance(value, int):
                continue
            if field == _NODE:
                inputs = tuple(bytes(name).decode() for name in _blocks(value, _INPUT))
                operation = b"".join(_blocks(value, _OPERATION)).decode()
                nodes.append((operation, inputs))
            elif field == _CONSTANT and (found := _constant(value)):
                tensors[found[0]] = found[1]
    if not nodes:
        raise ValueError("it holds no graph")
    return Graph(tuple(nodes), tensors)


def _constant(block: memoryview) -> tuple[str, np.ndarray] | None:
    dims: list[int] = []
    name, raw, dtype = "", b"", 0
    for field, value in _fields(block):
        if isinstance(value, int):
            if field == _DIMS:
                dims.append(value)
            elif field == _DTYPE:
                dtype = value
        elif field == _DIMS:  # several numbers in one block
            at = 0
            while at < len(value):
                number, at = _number(value, at)
                dims.append(number)
        elif field == _NAME:
            name = bytes(value).decode()
        elif field in (_RAW, _FLOATS):
            raw += bytes(value)
    if dtype != _FLOAT:
        return None
    if len(dims) > _MOST_DIMS or prod(dims) * 4 != len(raw):
        raise ValueError(f"{name or 'a constant'} is not as long as it should be")
    return name, np.frombuffer(raw, "<f4").reshape(dims)


def _blocks(block: memoryview, wanted: int) -> list[memoryview]:
    """The blocks of one field."""
    return [v for field, v in _fields(block) if field == wanted and not isinstance(v, int)]


def _fields(block: memoryview) -> Iterator[tuple[int, int | memoryview]]:
    """Yield number and value of each field of a message."""
    at = 0
    while at < len(block):
        key, at = _number(block, at)
        match key & 7:
            case 0:
                value, at = _number(block, at)
                yield key >> 3, value
                continue
            case 1:
                length = 8
            case 2:
                length, at = _number(block, at)
            case 5:
                length = 4
            case _:
                raise ValueError("it holds a field of no known kind")
        if length > len(block) - at:
            raise ValueError("it is cut off")
        yield key >> 3, block[at : at + length]
        at += length


def _number(block: memoryview, at: int) -> tuple[int, int]:
    """A number of seven bits a byte, and where it ends."""
    value = 0
    for shift in range(0, 70, 7):
        if at >= len(block):
            raise ValueError("it is cut off")
        byte = block[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
    raise ValueError("it holds a number that does not end")
