"""The magics of IPython and Jupyter, under the name that pyinstrument's users know.

They are in ``pyinstrument-integrations``, which the extra ``ipython`` installs.
"""

from __future__ import annotations

from typing import Any

from .errors import MissingIntegrationError


def load_ipython_extension(shell: Any) -> None:
    """What ``%load_ext pyinstrument`` calls: registers ``%pyinstrument``, ``%%pyinstrument``."""
    _integration().load_ipython_extension(shell)


def unload_ipython_extension(shell: Any) -> None:
    """What ``%unload_ext pyinstrument`` calls."""
    _integration().unload_ipython_extension(shell)


def _integration() -> Any:
    try:
        from pyinstrument_integrations import ipython
    except ModuleNotFoundError as error:
        if error.name != "pyinstrument_integrations":
            raise
        raise MissingIntegrationError("pyinstrument.magic", "ipython") from error
    return ipython
