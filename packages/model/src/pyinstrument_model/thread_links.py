"""Which nodes of a tree are two ends of one piece of work: a call that waited for it, and what a
thread ran meanwhile. Looked up in a finished tree, so that processors need not know of links.
"""

from __future__ import annotations

from itertools import islice
from typing import Iterator, NamedTuple, Sequence

from pyinstrument_sampler.recording import Frame, FrameKind, Location, Recording

from .call_node import CallNode
from .call_tree import CallTree
from .functions import THREAD_FILE, FunctionKey, function_key, thread_title
from .processors.remove_importlib import is_importlib_file

_MOST_STARTS = 16
"""Of a recursion that is deep on both sides of the start, no more beginnings are tried."""


class ThreadLink(NamedTuple):
    """Work that a thread did on behalf of a call in another."""

    origin: CallNode | None
    """The call that awaited it; None where that is not in the tree."""
    work: CallNode | None
    """What the thread ran; None where that is not in the tree."""
    thread: str
    """Name of the thread that ran it."""
    duration_ns: int
    """How long it ran. It is in the times of *work*, and not in those of *origin*."""


def thread_links(tree: CallTree) -> list[ThreadLink]:
    """The links of a tree's session, longest first; equal pairs of nodes are one link."""
    if tree.session is None or tree.root is None:
        return []
    recording = tree.session.recording
    spent: dict[tuple[int, int, str], ThreadLink] = {}
    for stack, thread, origin, duration_ns in zip(*recording.links):
        name, key = _thread(recording, thread)
        own = [root for root in tree.roots if root.code.key == key]
        others = [root for root in tree.roots if root.code.key != key]
        work = _end(own, recording.stack(stack))
        where = _end(others, recording.stack(origin))
        found = ThreadLink(
            where.node if where is not None and where.is_whole else None,
            work.node if work is not None and work.is_whole else None,
            name,
            duration_ns,
        )
        same = id(found.origin), id(found.work), name
        if same in spent:
            found = found._replace(duration_ns=found.duration_ns + spent[same].duration_ns)
        spent[same] = found
    links = [link for link in spent.values() if link.origin is not None or link.work is not None]
    return sorted(links, key=lambda link: -link.duration_ns)


class _End(NamedTuple):
    node: CallNode
    matched: int
    is_whole: bool


def _thread(recording: Recording, thread: int) -> tuple[str, FunctionKey]:
    ident = recording.threads.ident[thread]
    name = thread_title(recording.thread_name(thread) or "", ident)
    return name, (name, THREAD_FILE, ident)


def _end(roots: Sequence[CallNode], stack: Sequence[Location]) -> _End | None:
    """The node that a stack leads to, in the tree where it leads farthest."""
    ends = [_follow(root, stack) for root in roots]
    found = (end for end in ends if end.matched)
    return max(found, key=lambda end: (end.is_whole, end.matched), default=None)


def _follow(root: CallNode, stack: Sequence[Location]) -> _End:
    """Goes down a tree along a stack as far as its calls are there.

    Trees lack what was below the start of the profile. The function that they begin with may be
    there too, as that of a framework which calls itself: then the way begins where it leads to
    the stack's end.
    """
    farthest = _End(root, 0, False)
    for start in islice(_starts(root, stack), _MOST_STARTS):
        end = _follow_from(root, stack[start:])
        if end.is_whole:
            return end
        farthest = max(farthest, end, key=lambda end: end.matched)
    return farthest


def _starts(root: CallNode, stack: Sequence[Location]) -> Iterator[int]:
    """Where a stack may enter a tree: at its root, or where that is a thread or stands for several
    functions, at one of its calls. All stacks of a tree that begins with a function have that."""
    is_function = root.code.kind is not FrameKind.SYNTHETIC
    first = {node.code.key for node in ([root] if is_function else root.children)}
    for place, (frame, *_) in enumerate(stack):
        if frame.kind is not FrameKind.SYNTHETIC and _key(frame) in first:
            yield place


def _follow_from(root: CallNode, stack: Sequence[Location]) -> _End:
    """Trees lack what asks to be hidden, too. In a tree by time a function may be called again and
    again: the longest call is taken.
    """
    node, matched, is_whole = root, 0, False
    for frame, *_ in stack:
        if frame.kind is FrameKind.SYNTHETIC:
            continue  # an [await] is no call, nor is it always there
        key = _key(frame)
        called = [child for child in node.children if child.code.key == key]
        if not matched and node.code.key == key:
            matched, is_whole = 1, True
        elif called:
            node = max(called, key=lambda child: child.total_ns)
            matched, is_whole = matched + 1, True
        elif not _may_be_left_out(frame):
            is_whole = False
            break
    return _End(node, matched, is_whole)


def _key(frame: Frame) -> FunctionKey:
    return function_key(
        frame.function,
        frame.qualname,
        frame.file,
        frame.first_line,
        frame.kind,
        frame.class_name,
    )


def _may_be_left_out(frame: Frame) -> bool:
    return frame.hidden or is_importlib_file(frame.file)
