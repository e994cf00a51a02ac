"""The processed call tree as one line of JSON, for other programs to read.

``--load`` wants a session file; this format has no samples to load.
"""

from __future__ import annotations

from json.encoder import encode_basestring_ascii as quote
from typing import TYPE_CHECKING

from .interface import FrameRenderer

if TYPE_CHECKING:
    from pyinstrument_model.call_node import CallNode
    from pyinstrument_model.session import Session


class JSONRenderer(FrameRenderer):
    """Facts of the run, and ``root_frame`` with its ``children``; times are seconds.

    ``root_frame`` is null where nothing was sampled, and ``[root]`` with a child a thread where
    there are several threads. With ``clock="cpu"`` times of frames are CPU time.
    """

    output_file_extension = "json"

    def render(self, session: Session) -> str:
        facts = session.facts
        root = self.call_tree(session).root
        return (
            f'{{"start_time": {_seconds(facts.start_time_ns)},'
            f'"duration": {_seconds(facts.duration_ns)},'
            f'"sample_count": {facts.sample_count},'
            f'"target_description": {quote(session.target_description)},'
            f'"cpu_time": {_seconds(facts.process_cpu_ns)},'
            f'"root_frame": {_nodes_json(root) if root is not None else "null"}}}'
        )


def _nodes_json(root: CallNode) -> str:
    # Written piece by piece, since json.dumps recurses: a deep stack would end it.
    awaited = _await_times(root)
    pieces: list[str] = []
    waiting: list[CallNode | str] = [root]
    while waiting:
        entry = waiting.pop()
        if isinstance(entry, str):
            pieces.append(entry)
            continue
        pieces.append(_fields_json(entry, awaited.get(id(entry), 0)))
        pieces.append(',"children": [')
        waiting.append(_tail_json(entry))
        for index in range(len(entry.children) - 1, -1, -1):
            waiting.append(entry.children[index])
            if index:
                waiting.append(",")
    return "".join(pieces)


def _fields_json(node: CallNode, awaited_ns: int) -> str:
    return (
        f'{{"function": {quote(node.function)},'
        f'"file_path_short": {quote(_short_path(node))},'
        f'"file_path": {quote(node.file_path or "")},'
        f'"line_no": {node.line_no or 0},'
        f'"time": {_seconds(node.total_ns)},'
        f'"await_time": {_seconds(awaited_ns)},'
        f'"is_application_code": {"true" if node.is_application_code else "false"}'
    )


def _short_path(node: CallNode) -> str:
    """For ``[self]`` and its like the file of the function that they belong to."""
    if node.is_synthetic_leaf and node.parent is not None:
        node = node.parent
    return node.file_path_short or ""


def _tail_json(node: CallNode) -> str:
    tail = "]"
    if node.group is not None:
        tail += f',"group_id": {quote(node.group.id)}'
    class_name = node.class_name
    if class_name:
        tail += f',"class_name": {quote(class_name)}'
    return tail + "}"


def _await_times(root: CallNode) -> dict[int, int]:
    """Nanoseconds awaited in each node's subtree, by the node's ``id``; others have none.

    One pass for the whole tree: ``CallNode.await_time`` walks the subtree of one node.
    """
    found: dict[int, int] = {}
    for node in reversed(list(root.iter_nodes())):  # children before their parents
        if node.function == "[await]" and node.is_synthetic:
            found[id(node)] = node.total_ns
        spent = found.get(id(node))
        if spent is not None and node.parent is not None:
            parent = id(node.parent)
            found[parent] = found.get(parent, 0) + spent
    return found


def _seconds(time_ns: int) -> str:
    return f"{time_ns / 1e9:.6f}"
