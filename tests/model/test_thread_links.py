"""Both ends of a link are found as the shared cases say."""

from __future__ import annotations

import json
from array import array
from pathlib import Path
from typing import Any

import pytest
from support.made_up_sessions import MS, make_facts

from pyinstrument_model import CallNode, Session
from pyinstrument_sampler.recording import LinkTable
from pyinstrument_sampler.recording_builder import RecordingBuilder

FOLDER = Path(__file__).parents[1] / "cases" / "thread_links"


def read_cases() -> list[Any]:
    return [
        pytest.param(case, id=case["name"])
        for path in sorted(FOLDER.glob("*.json"))
        for case in json.loads(path.read_text(encoding="utf-8"))["cases"]
    ]


def session_of(case: dict[str, Any]) -> Session:
    builder = RecordingBuilder()
    hidden = case.get("hidden", [])

    def stack_of(text: str) -> int:
        stack = 0
        for call in text.split(";") if text else ():
            qualified, _, file = call.partition("@")
            class_name, _, name = qualified.rpartition("::")
            if call.startswith("["):
                frame = builder.synthetic_frame(call)
            else:
                frame = builder.frame(
                    name,
                    file or "/app/main.py",
                    1,
                    class_name=class_name,
                    hidden=name in hidden,
                )
            stack = builder.stack(stack, builder.location(frame))
        return stack

    for place, name in enumerate(case["threads"]):
        builder.thread(100 + place, name)
    for sample in case["samples"]:
        builder.add_sample(
            stack_of(sample["stack"]),
            sample["ms"] * MS,
            thread=sample.get("thread", 0),
            cpu_ns=sample.get("cpu_ms", sample["ms"]) * MS,
        )
    links = LinkTable(
        stack=array("I", [stack_of(link["stack"]) for link in case["links"]]),
        thread=array("I", [link["thread"] for link in case["links"]]),
        origin=array("I", [stack_of(link["origin"]) for link in case["links"]]),
        duration_ns=array("q", [link["ms"] * MS for link in case["links"]]),
    )
    facts = make_facts(threads="all", stem=stack_of(case.get("stem", "")))
    return Session(builder.build(facts, links=links), "Program: main.py", sys_path=["/app"])


def path_to(node: CallNode | None) -> str | None:
    names: list[str] = []
    while node is not None:
        names.append(node.function)
        node = node.parent
    return " > ".join(reversed(names)) or None


@pytest.mark.parametrize("case", read_cases())
def test_the_ends_of_links_are_where_the_case_says(case: dict[str, Any]) -> None:
    links = session_of(case).call_tree(clock=case.get("clock", "wall")).links()
    assert [
        {
            "origin": path_to(link.origin),
            "work": path_to(link.work),
            "thread": link.thread,
            "ms": link.duration_ns // MS,
        }
        for link in links
    ] == case["expected"]
