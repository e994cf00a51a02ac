"""The flat list: right sums, whatever the tree would hide."""

from __future__ import annotations

from textwrap import dedent
from typing import Callable

from pyinstrument_model import CallTree, ProcessorOptions, Session
from pyinstrument_renderers.console import ConsoleRenderer

NewSession = Callable[..., Session]
Body = Callable[..., str]


def test_flat_lists_self_time_once(example: Session, body: Body) -> None:
    assert body(example, flat=True) == dedent(
        """\
        0.400 Worker.work  app.py:3
        0.350 time.sleep  <built-in>
        0.150 JSONEncoder.iterencode  json/encoder.py:205
        0.067 main  app.py:20
        0.030 JSONEncoder.encode  json/encoder.py:183
        0.003 <module>  app.py:1
        """
    )


def test_flat_total_counts_recursion_once_and_sums_all_places(
    new_session: NewSession, body: Body
) -> None:
    session = new_session(
        [
            ("<module> walk walk leaf", 700),
            ("<module> walk walk", 100),
            ("<module> other leaf", 200),
        ]
    )

    assert body(session, flat=True, flat_time="total") == dedent(
        """\
        1.000 <module>  app.py:1
        0.900 leaf  app.py:10
        0.800 walk  app.py:10
        0.200 other  app.py:10
        """
    )
    assert body(session, flat=True) == "0.900 leaf  app.py:10\n0.100 walk  app.py:10\n"


def test_flat_sums_calls_too_small_for_the_tree(new_session: NewSession, body: Body) -> None:
    samples = [(f"<module> main f{n} tiny", 5) for n in range(200)]

    assert body(new_session(samples), flat=True) == "1.000 tiny  app.py:10\n"


def test_flat_leaves_out_rows_of_a_thousandth_unless_all_are_wanted(
    new_session: NewSession, body: Body
) -> None:
    large = [(f"<module> big{n}", 99) for n in range(10)]
    session = new_session([*large, ("<module> dot", 1), ("<module> spot", 9)])
    shown = "".join(f"0.099 big{n}  app.py:10\n" for n in range(10)) + "0.009 spot  app.py:10\n"

    assert body(session, flat=True) == shown
    assert body(session, flat=True, show_all=True) == (
        shown + "0.001 dot  app.py:10\n0.000 <module>  app.py:1\n"
    )


def test_flat_of_time_spread_thin_is_not_empty(new_session: NewSession, body: Body) -> None:
    session = new_session([(f"<module> f{n:04}", 1) for n in range(2000)])

    assert body(session, flat=True) == "".join(f"0.001 f{n:04}  app.py:10\n" for n in range(10))


def test_other_processors_are_respected(new_session: NewSession) -> None:
    def drop_everything(tree: CallTree, options: ProcessorOptions) -> CallTree:
        return CallTree(None)

    renderer = ConsoleRenderer(flat=True)
    renderer.processors.append(drop_everything)

    assert "No samples were recorded." in renderer.render(new_session([("<module> main", 5)]))


def test_functions_of_a_command_line_program_are_the_users_own(
    new_session: NewSession, body: Body
) -> None:
    session = new_session([([("work", "<string>", 1)], 100)])

    assert body(session, flat=True, color=True).startswith(
        "\033[31m0.100\033[0m \033[38;5;231;48;5;24mwork\033[0m"
    )
