"""Writes a subtree as JSON without recursion: depth is free."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .call_node import CallNode


def call_node_json(root: CallNode) -> str:
    """``{"identifier", "time", "attributes", "children"}``, seconds with six decimals."""
    pieces: list[str] = []
    waiting: list[CallNode | str] = [root]
    while waiting:
        entry = waiting.pop()
        if isinstance(entry, str):
            pieces.append(entry)
            continue
        marks = {mark: round(seconds, 6) for mark, seconds in entry.attributes.items()}
        pieces.append(
            f'{{"identifier": {json.dumps(entry.identifier)}, "time": {entry.time:.6f}, '
            f'"attributes": {json.dumps(marks)}, "children": ['
        )
        waiting.append("]}")
        for place, child in reversed(list(enumerate(entry.children))):
            waiting.append(child)
            if place:
                waiting.append(", ")
    return "".join(pieces)
