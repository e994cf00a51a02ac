"""Renders a session to its outputs, and keeps it in the report store.

Nothing here raises for a report that cannot be made: it says what went wrong, since the program
that was profiled has done its work, and one failed output is no reason to lose the others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable, Sequence

from pyinstrument_renderers.errors import RendererError
from pyinstrument_renderers.outputs import write_report
from pyinstrument_renderers.report_store import ReportStore

from .report_plan import Output
from .standard_output import StandardOutput

if TYPE_CHECKING:
    from pyinstrument_model.session import Session


class Reporter:
    """Writes the reports of one run, as planned."""

    def __init__(
        self,
        outputs: Sequence[Output],
        stdout: StandardOutput,
        store: ReportStore | None,
        complain: Callable[[str], None],
        *,
        may_show_source: bool = True,
    ) -> None:
        self._outputs = outputs
        self._stdout = stdout
        self._store = store
        self._may_show_source = may_show_source
        self.complain = complain
        """Prints a message to the user."""

    def write(self, session: Session, *, past_buffers: bool = False) -> bool:
        """Writes all outputs; False when one could not be written.

        *past_buffers*: a signal interrupted the program, which may be in the middle of a print.
        """
        if not self._may_show_source:
            session = session.without_sources()
        written = [self._write_one(output, session, past_buffers) for output in self._outputs]
        return all(written)

    def _write_one(self, output: Output, session: Session, past_buffers: bool) -> bool:
        try:
            if output.path is not None:
                write_report(output.path, output.renderer, session)
                return True
            report: str | bytes = output.renderer.render(session)
            if isinstance(report, str) and self._belongs_in_a_browser(output):
                self._open(report, past_buffers)
                return True
            if isinstance(report, str):
                report = self._with_hint(output, session, report)
            if past_buffers:
                self._stdout.write_past_buffers(report)
            else:
                self._stdout.write(report)
        except RendererError as error:
            self.complain(str(error))
            return False
        except Exception as error:  # in somebody's renderer
            self.complain(
                f"renderer {output.name!r} failed: {type(error).__name__}: {error}\n{_trace(error)}"
            )
            return False
        return True

    def _belongs_in_a_browser(self, output: Output) -> bool:
        """Whether this is a page that would go to a terminal, where nobody can read it."""
        is_page = getattr(output.renderer, "output_file_extension", "") == "html"
        return is_page and output.path is None and self._stdout.is_terminal

    def _open(self, page: str, past_buffers: bool) -> None:
        from pyinstrument_renderers.html.browser import open_page, write_page

        path = write_page(page)
        told = f"The report is in {path}\n"
        if past_buffers:  # a program that is being ended has no use for a browser
            self._stdout.write_past_buffers(told)
        else:
            self._stdout.write(told)
            open_page(path)

    def _with_hint(self, output: Output, session: Session, report: str) -> str:
        lines: list[str] = [report if report.endswith("\n") else f"{report}\n"]
        if output.is_text_on_stdout and self._store is not None:
            try:
                report_id = self._store.save(session)
            except (RendererError, OSError) as error:
                self.complain(f"warning: {error}")
            else:
                lines.append("To view this report with different options, run:\n")
                lines.append(f"    pyinstrument --load-prev {report_id} [options]\n\n")
        return "".join(lines)


def _trace(error: Exception) -> str:
    import traceback

    return "".join(traceback.format_exception(type(error), error, error.__traceback__)).rstrip()
