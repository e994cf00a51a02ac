"""What a renderer of a third party can build on."""

from __future__ import annotations

from typing import Any, Iterator

import pytest

from pyinstrument_model import Session
from pyinstrument_model.processors import aggregate_repeated_calls, default_processors
from pyinstrument_renderers.interface import FrameRenderer, PartsRenderer, Renderer


class NameRenderer(FrameRenderer):
    """Function names, two levels deep."""

    def render(self, session: Session) -> str:
        return names(self.call_tree(session).root)


class OldNameRenderer(FrameRenderer):
    """The same, as written for pyinstrument 5."""

    def render(self, session: Session) -> str:
        return names(self.preprocess(session.root_frame()))


def names(root: Any) -> str:
    return f"{root.function}: " + " ".join(f"{c.function}" for c in root.children[0].children)


@pytest.mark.parametrize("renderer", [NameRenderer, OldNameRenderer])
def test_a_frame_renderer_gets_the_processed_tree(
    example: Session, renderer: type[FrameRenderer]
) -> None:
    assert renderer().render(example) == "<module>: work dumps [self]"
    assert renderer(timeline=True).render(example) == "<module>: work dumps work [self]"


def test_an_empty_session_has_no_root(new_session: Any) -> None:
    assert OldNameRenderer().preprocess(new_session([]).root_frame()) is None


def test_a_renderer_may_have_a_chain_of_its_own() -> None:
    class Own(FrameRenderer):
        def default_processors(self) -> list[Any]:
            return [aggregate_repeated_calls]

    assert Own().processors == [aggregate_repeated_calls]
    assert FrameRenderer(show_all=True).processors == default_processors(show_all=True)


def test_a_renderer_must_render(example: Session) -> None:
    with pytest.raises(NotImplementedError, match="Renderer has no render"):
        Renderer().render(example)


def test_what_comes_in_parts_is_rendered_as_one(example: Session) -> None:
    class Words(PartsRenderer[str]):
        def parts(self, session: Session) -> Iterator[str]:
            yield "tea"
            yield "time"

    class Bytes(PartsRenderer[bytes]):
        output_is_binary = True

        def parts(self, session: Session) -> Iterator[bytes]:
            yield b"\0"
            yield b"\1"

    assert (Words().render(example), Bytes().render(example)) == ("teatime", b"\0\1")
    with pytest.raises(NotImplementedError, match="PartsRenderer has no parts"):
        PartsRenderer[str]().render(example)


def test_a_renderer_writes_text_unless_it_says_otherwise() -> None:
    assert (Renderer.output_file_extension, Renderer.output_is_binary) == ("txt", False)
