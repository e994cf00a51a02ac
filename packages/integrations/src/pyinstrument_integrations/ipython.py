"""``%pyinstrument`` and ``%%pyinstrument``: profiles of a line or a cell, shown below it.

Code that awaits runs in the loop that is running anyway: see ``_mark_awaiting_magics``.
"""

from __future__ import annotations

import ast
import sys
from types import CodeType, TracebackType
from typing import TYPE_CHECKING, Any, Callable, NamedTuple

from .errors import IntegrationError
from .extras import missing_extra
from .magic_options import HELP, MagicOptions, parse_magic_line
from .magic_report import MagicReport

try:
    from IPython.core.error import UsageError
    from IPython.core.magic import no_var_expand
except ImportError as error:
    raise missing_extra("ipython", error) from error

if TYPE_CHECKING:
    from pyinstrument_model.recorder import Recorder

NAME = "pyinstrument"
_CO_COROUTINE = 0x80  # as in inspect


def load_ipython_extension(shell: Any) -> None:
    """What ``%load_ext pyinstrument`` calls; again for ``%reload_ext``, without effect."""
    if NAME in shell.magics_manager.magics["cell"]:
        return
    magic = Magic(shell)
    # ``{x}`` and ``$x`` in code are the code's own: no_var_expand marks a plain function.
    shell.register_magic_function(no_var_expand(magic.function()), "line_cell", NAME)
    shell.input_transformers_post.append(_Transformer(shell))


def unload_ipython_extension(shell: Any) -> None:
    """What ``%unload_ext pyinstrument`` calls."""
    for kind in ("line", "cell"):
        shell.magics_manager.magics[kind].pop(NAME, None)
    transformers = shell.input_transformers_post
    transformers[:] = [one for one in transformers if not isinstance(one, _Transformer)]


class Magic:
    """The magics of one shell."""

    def __init__(self, shell: Any) -> None:
        self._shell = shell

    def function(self) -> Callable[..., Any]:
        """What is registered for both of them."""

        def pyinstrument(line: str, cell: str | None = None) -> Any:
            __tracebackhide__ = True
            return self.run(line, cell)

        pyinstrument.__doc__ = "Profile a line or a cell.\n\n::\n\n" + "\n".join(
            f"  {line}" for line in HELP.splitlines()
        )
        return pyinstrument

    def run(self, line: str, cell: str | None) -> Any:
        """Runs and profiles the code; where it awaits, gives a coroutine that does."""
        __tracebackhide__ = True
        try:
            options = parse_magic_line(line)
            report = MagicReport(self._shell, options)
        except (IntegrationError, ValueError) as error:
            raise UsageError(f"%pyinstrument: {error}") from None
        if options.help:
            print(HELP, end="")
            return None
        if cell is not None and options.code:
            raise UsageError(
                f"%pyinstrument: unexpected {options.code!r} behind %%pyinstrument: options go "
                "there, code goes below"
            )
        source = options.code if cell is None else cell
        if not source.strip():
            return None
        code = _Code.of(self._shell, source, options)
        if code.awaits:
            _check_caller_can_await()
            return self._run_awaiting(code, report, self._title(cell))
        return self._run_at_once(code, report, self._title(cell))

    def _run_at_once(self, code: _Code, report: MagicReport, title: str) -> Any:
        __tracebackhide__ = True
        value, names = None, self._shell.user_ns
        with _Profiled(report, title):
            if code.body is not None:
                exec(code.body, names)
            if code.last is not None:
                value = eval(code.last, names)
        return value

    async def _run_awaiting(self, code: _Code, report: MagicReport, title: str) -> Any:
        __tracebackhide__ = True
        value, names = None, self._shell.user_ns
        with _Profiled(report, title):
            if code.body is not None:
                value = eval(code.body, names)
                if code.body.co_flags & _CO_COROUTINE:
                    await value
                value = None
            if code.last is not None:
                value = eval(code.last, names)
                if code.last.co_flags & _CO_COROUTINE:
                    value = await value
        return value

    def _title(self, cell: str | None) -> str:
        number = _cell_number(self._shell)
        return f"Line in cell [{number}]" if cell is None else f"Cell [{number}]"


class _Profiled:
    """A context that is profiled; the report is shown when it ends, also by an exception."""

    def __init__(self, report: MagicReport, title: str) -> None:
        self._report = report
        self._title = title
        self._recorder: Recorder = report.recorder()

    def __enter__(self) -> None:
        __tracebackhide__ = True
        self._recorder.start(sys._getframe(1), self._title)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        __tracebackhide__ = True
        session = self._recorder.stop(sys._getframe(1))
        try:
            self._report.show(session)
        except Exception as failure:
            if error is None:
                raise UsageError(f"%pyinstrument: {failure}") from None
            print(f"%pyinstrument: {failure}", file=sys.stderr)  # the code's own error comes first


class _Code(NamedTuple):
    """Code that is ready to run: all but the last expression, and that, whose value is shown."""

    body: CodeType | None
    last: CodeType | None

    @property
    def awaits(self) -> bool:
        """Whether any of it has to be awaited."""
        return any(code is not None and code.co_flags & _CO_COROUTINE for code in self)

    @classmethod
    def of(cls, shell: Any, source: str, options: MagicOptions) -> _Code:
        """Compiled as the shell compiles a cell. Raises ``SyntaxError``."""
        __tracebackhide__ = True
        text = shell.transform_cell(source)
        name = _cell_name(shell, text, source)
        tree = shell.transform_ast(shell.compile.ast_parse(text, name))
        last = None
        if tree.body and isinstance(tree.body[-1], ast.Expr) and not _ends_quietly(text):
            last = _compiled(shell, ast.Expression(tree.body.pop().value), name, "eval")
        return cls(_compiled(shell, tree, name, "exec") if tree.body else None, last)


def _ends_quietly(text: str) -> bool:
    """Whether a semicolon is the last of the code, which keeps the value from being shown."""
    import io
    import tokenize

    ignored = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.ENDMARKER}
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    words = [token.string for token in tokens if token.type not in ignored]
    return words[-1:] == [";"]


def _compiled(shell: Any, tree: ast.AST, name: str, mode: str) -> CodeType:
    flags = shell.compile.flags
    if getattr(shell, "autoawait", False):
        flags |= ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    code: CodeType = compile(tree, name, mode, flags, dont_inherit=True)  # type: ignore[call-overload]  # of a tree
    return code


def _cell_name(shell: Any, text: str, source: str) -> str:
    """A file name under which tracebacks and reports find the source."""
    name: str = shell.compile.cache(text, _cell_number(shell), raw_code=source)
    return name


def _cell_number(shell: Any) -> int:
    """The one in front of the cell; ``execution_count`` is the next one's in some versions."""
    return len(shell.history_manager.input_hist_parsed) - 1


def _check_caller_can_await() -> None:
    """Raises ``UsageError`` where a coroutine would never be awaited."""
    frame = sys._getframe(1)
    while frame.f_back is not None and _is_machinery(frame.f_globals.get("__name__", "")):
        frame = frame.f_back
    if not frame.f_code.co_flags & _CO_COROUTINE:
        raise UsageError(
            "%pyinstrument: this code awaits, which works at the top level of a cell that begins "
            "after %load_ext pyinstrument, and with %autoawait on"
        )


def _is_machinery(module: str) -> bool:
    return module.partition(".")[0] in ("IPython", "pyinstrument_integrations", "decorator")


class _Transformer:
    """Puts ``await`` before those of our magics whose code awaits.

    Only then does the shell run the cell as a coroutine in its own loop, instead of in a function
    from which nothing can be awaited.
    """

    def __init__(self, shell: Any) -> None:
        self._shell = shell

    def __call__(self, lines: list[str]) -> list[str]:
        text = "".join(lines)
        if f"_magic('{NAME}'" not in text or not getattr(self._shell, "autoawait", False):
            return lines
        try:
            tree = ast.parse(text)
        except (SyntaxError, ValueError):
            return lines  # the shell will say so
        # From the end, so that places further up stay where they are.
        for call in sorted(_magic_calls(tree), key=lambda call: -call.lineno):
            if self._awaits(call):
                line = lines[call.lineno - 1].encode()
                before, after = line[: call.col_offset], line[call.col_offset :]
                lines[call.lineno - 1] = (before + b"await " + after).decode()
        return lines

    def _awaits(self, call: ast.Call) -> bool:
        words = [_text(word) for word in call.args]
        try:
            options = parse_magic_line(words[1])
            source = words[2] if len(words) > 2 else options.code
            return _Code.of(self._shell, source, options).awaits
        except Exception:  # told when the magic runs
            return False


def _magic_calls(tree: ast.AST) -> list[ast.Call]:
    """Calls of our magics that are not inside a function, where awaiting is another matter."""
    found = []
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, (ast.FunctionDef, ast.Lambda, ast.ClassDef, ast.GeneratorExp)):
            continue
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in ("run_line_magic", "run_cell_magic")
            and node.args
            and _text(node.args[0]) == NAME
        ):
            found.append(node)
        waiting.extend(ast.iter_child_nodes(node))
    return found


def _text(node: ast.AST) -> str:
    value = getattr(node, "value", "")
    return value if isinstance(value, str) else ""
