"""Call trees as plain values, which the shared processor cases are written in, and back."""

from __future__ import annotations

from typing import Any, Iterable, Mapping

from pyinstrument_model.application_code import ApplicationCode
from pyinstrument_model.call_node import CallNode, LineTime
from pyinstrument_model.call_tree import CallTree
from pyinstrument_model.functions import Function, PathRules
from pyinstrument_model.path_shortening import PathShortener
from pyinstrument_sampler.recording import FrameKind

PlainNode = Mapping[str, Any]
KINDS = {"python": FrameKind.PYTHON, "native": FrameKind.NATIVE, "synthetic": FrameKind.SYNTHETIC}


class ClassTimes:
    """An origin that knows classes and no lines."""

    def __init__(self, classes: Mapping[str, int]) -> None:
        self._classes = classes

    def line_times(self) -> Iterable[tuple[int, LineTime]]:
        return ()

    def class_times(self) -> Iterable[tuple[str, int]]:
        return self._classes.items()

    def cpu_ns(self) -> int:
        return 0


def tree_from_plain(plain: PlainNode | None, session: Mapping[str, Any]) -> CallTree:
    """A tree from ``{function, file, line, kind, hidden, total_ns, absorbed_ns, classes,
    children}``, of which only the first and ``total_ns`` must be there."""
    rules = PathRules(
        PathShortener(session.get("sys_path", [])), ApplicationCode(session.get("sys_prefixes", []))
    )
    return CallTree(None if plain is None else _node_from_plain(plain, rules))


def _node_from_plain(plain: PlainNode, rules: PathRules) -> CallNode:
    code = Function(
        plain["function"],
        plain.get("file", ""),
        plain.get("line", 0),
        rules,
        kind=KINDS[plain.get("kind", "python" if plain.get("file") else "synthetic")],
        hidden=plain.get("hidden", False),
    )
    origins = (ClassTimes(plain["classes"]),) if "classes" in plain else ()
    node = CallNode(code, plain["total_ns"], plain.get("absorbed_ns", 0), origins)
    for child in plain.get("children", []):
        made = _node_from_plain(child, rules)
        made.parent = node
        node.children.append(made)
    return node


def tree_to_plain(tree: CallTree) -> dict[str, Any] | None:
    """The inverse: what equals its default is left out, ``group`` is the group's id."""
    return None if tree.root is None else node_to_plain(tree.root)


def node_to_plain(node: CallNode) -> dict[str, Any]:
    """One node and all beneath it."""
    code = node.code
    plain: dict[str, Any] = {"function": code.name}
    if code.file:
        plain["file"] = code.file
        plain["line"] = code.first_line
        if code.kind is not FrameKind.PYTHON:
            plain["kind"] = code.kind.name.lower()
    if code.hidden:
        plain["hidden"] = True
    plain["total_ns"] = node.total_ns
    if node.absorbed_ns:
        plain["absorbed_ns"] = node.absorbed_ns
    if node.class_ns:
        plain["classes"] = dict(sorted(node.class_ns.items()))
    if node.group is not None:
        plain["group"] = node.group.id
    if node.children:
        plain["children"] = [node_to_plain(child) for child in node.children]
    return plain


def with_lines(tree: CallTree) -> list[Any]:
    """Everything of every node, in order: what two equal trees agree in."""
    return [
        (
            node.code.key,
            node.total_ns,
            node.absorbed_ns,
            node.cpu_ns,
            node.class_ns,
            node.class_name,
            node.lines,
            None if node.parent is None else node.parent.code.key,
            None if node.group is None else node.group.id,
            len(node.children),
        )
        for node in tree.iter_nodes()
    ]
