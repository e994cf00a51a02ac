"""Runs notebooks in a real kernel, and reads what their cells gave."""

from __future__ import annotations

import html
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Sequence


def run_notebook(folder: Path, *cells: str, may_fail: bool = False) -> list[Cell]:
    """The cells, after a kernel of this interpreter ran them one after the other in *folder*."""
    notebook = execute(new_notebook(*cells), folder, may_fail=may_fail)
    return [Cell(cell.outputs) for cell in notebook.cells]


def execute(notebook: Any, folder: Path, *, may_fail: bool = False) -> Any:
    """The notebook with its outputs, run as ``jupyter execute`` does: in processes of its own."""
    import nbformat

    path = folder / "notebook.ipynb"
    nbformat.write(notebook, path)
    _write_kernel(folder)
    command = [sys.executable, "-c", "from nbclient.cli import main; main()", "--inplace"]
    command += ["--allow-errors"] if may_fail else []
    subprocess.run(
        [*command, "--kernel_name=under-test", "--timeout=60", str(path)],
        cwd=folder,
        env={**os.environ, "JUPYTER_PATH": str(folder), "PYTHONWARNINGS": "ignore"},
        check=True,
        stderr=subprocess.PIPE,
        timeout=120,
    )
    done: Any = nbformat.read(path, as_version=4)
    nbformat.validate(done)
    return done


def new_notebook(*cells: str) -> Any:
    """A notebook of code cells."""
    import nbformat

    made: Any = nbformat.v4
    return made.new_notebook(cells=[made.new_code_cell(cell) for cell in cells])


class Cell:
    """What one cell gave."""

    def __init__(self, outputs: Sequence[Any]) -> None:
        self.outputs = outputs

    @property
    def stdout(self) -> str:
        return self._stream("stdout")

    @property
    def stderr(self) -> str:
        return self._stream("stderr")

    @property
    def value(self) -> str | None:
        """What is behind ``Out[n]:``."""
        found = [one.data["text/plain"] for one in self.outputs if one.output_type.startswith("ex")]
        return found[0] if found else None

    @property
    def error(self) -> tuple[str, str] | None:
        """Name and message of the exception that ended it."""
        found = [(one.ename, one.evalue) for one in self.outputs if one.output_type == "error"]
        return found[0] if found else None

    @property
    def traceback(self) -> str:
        """As it is shown, without colours."""
        (error,) = [one for one in self.outputs if one.output_type == "error"]
        return re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(error.traceback))

    @property
    def display(self) -> dict[str, str]:
        """Content by its type, of what was displayed."""
        (shown,) = [one for one in self.outputs if one.output_type == "display_data"]
        return dict(shown.data)

    @property
    def page(self) -> str:
        """The page in the frame that was displayed."""
        (source,) = re.findall(r'srcdoc="([^"]*)"', self.display["text/html"])
        return html.unescape(source)

    @property
    def page_start(self) -> Any:
        """The state that the page's viewer begins with."""
        (config,) = re.findall(r'<div id="report-config" hidden>([^<]*)</div>', self.page)
        return json.loads(config)

    def _stream(self, name: str) -> str:
        texts = [
            one.text for one in self.outputs if one.output_type == "stream" and one.name == name
        ]
        return "".join(texts)


def _write_kernel(folder: Path) -> None:
    """A kernel that runs this interpreter with this path, whatever is installed."""
    spec = folder / "kernels" / "under-test"
    spec.mkdir(parents=True, exist_ok=True)
    arguments = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    environment = {
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        "IPYTHONDIR": str(folder / "ipython"),
    }
    content = {
        "argv": arguments,
        "display_name": "under test",
        "language": "python",
        "env": environment,
    }
    (spec / "kernel.json").write_text(json.dumps(content))
