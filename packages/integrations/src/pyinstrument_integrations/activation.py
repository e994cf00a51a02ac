"""``python -m pyinstrument_integrations.activation on|off|status``: whether the variable
``PYINSTRUMENT=1`` profiles any program of this environment.

One line in a ``.pth`` file, which Python reads at its start, asks for the variables.
"""

from __future__ import annotations

import os
import sys
from typing import Sequence

from .errors import IntegrationError

FILE = "pyinstrument_activation.pth"
# The file is read by every start of Python here: where nothing is set, it imports nothing.
LINE = (
    "import os; (os.environ.get('PYINSTRUMENT') or os.environ.get('PYINSTRUMENT_SIGNAL')) and "
    "__import__('pyinstrument_integrations.whole_program').whole_program.start()\n"
)
USAGE = "usage: python -m pyinstrument_integrations.activation on | off | status"


class ActivationError(IntegrationError):
    """The file cannot be written or removed."""


def activate(folder: str | None = None) -> str:
    """Puts the line into the environment; returns the file's path. Raises ``ActivationError``."""
    path = activation_path(folder)
    try:
        with open(path, "w", encoding="ascii") as file:
            file.write(LINE)
    except OSError as error:
        raise ActivationError(
            f"cannot write {path}: {error.strerror}; write its line into any folder that Python "
            f"reads .pth files from: {LINE.strip()}"
        ) from error
    return path


def deactivate(folder: str | None = None) -> str | None:
    """Takes the line away; None where there was none. Raises ``ActivationError``."""
    path = activation_path(folder)
    try:
        os.unlink(path)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ActivationError(f"cannot remove {path}: {error.strerror}") from error
    return path


def activation_path(folder: str | None = None) -> str:
    """Where the file is, or would be: beside the environment's packages."""
    import sysconfig

    return os.path.join(folder or sysconfig.get_path("purelib"), FILE)


def main(arguments: Sequence[str]) -> int:
    """Runs the command; returns its status."""
    try:
        if list(arguments) == ["on"]:
            print(f"on, by {activate()}")
            print("PYINSTRUMENT=1 python program.py profiles a program from now on")
        elif list(arguments) == ["off"]:
            path = deactivate()
            print("off" if path is None else f"off, removed {path}")
        elif list(arguments) == ["status"]:
            path = activation_path()
            print(f"on, by {path}" if os.path.exists(path) else "off")
        else:
            print(USAGE, file=sys.stderr)
            return 2
    except ActivationError as error:
        print(f"pyinstrument: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
