"""Defaults of a project and a user: ``[tool.pyinstrument]`` and ``PYINSTRUMENT_*``.

Precedence: command line, then environment, then the nearest ``pyproject.toml`` upwards from the
working directory. Imported by every run of the command, so it imports next to nothing.
"""

from __future__ import annotations

import os
import sys
from typing import Any, Mapping, NamedTuple

from .errors import SettingsError
from .setting_kinds import COUNT, FLAG, NUMBER, STRING, choice

TABLE = "tool.pyinstrument"
PREFIX = "PYINSTRUMENT_"


class Settings(NamedTuple):
    """One value a setting; None where nobody set it.

    The environment variable of a field is ``PYINSTRUMENT_`` and its name in capitals; the key in
    ``pyproject.toml`` its name, with hyphens or underscores.
    """

    interval: float | None = None
    """Seconds between samples."""
    threads: str | None = None
    """``"current"`` or ``"all"``: whose samples are taken."""
    engine: str | None = None
    """Name of a sampling engine, or ``"auto"``."""
    renderer: str | None = None
    """Name, or import path of a class."""
    clock: str | None = None
    """``"wall"`` or ``"cpu"``: what to measure and order by."""
    timeline: bool | None = None
    show_all: bool | None = None
    hide: str | None = None
    """Glob of file paths."""
    hide_regex: str | None = None
    show: str | None = None
    """Glob of file paths."""
    show_regex: str | None = None
    source: bool | None = None
    """Whether source lines may be in reports; unset means yes."""
    unicode: bool | None = None
    color: bool | None = None
    target_description: str | None = None
    reports: bool | None = None
    """Whether reports are kept in the report store; unset means yes."""
    reports_dir: str | None = None
    """Folder of the report store; relative to the ``pyproject.toml`` that names it."""
    reports_keep: int | None = None
    """How many reports the store keeps."""
    profile_dir: str | None = None
    """Folder for what tests, tasks and whole programs are profiled to; relative like that."""

    def override(self, **given: Any) -> Settings:
        """These settings, under what was *given* elsewhere; a None says nothing.

        Raises ``SettingsError`` for a name that is no setting.
        """
        for name in given:
            if name not in self._fields:
                raise _unknown(name, "override()")
        return self._replace(**{name: v for name, v in given.items() if v is not None})


_KINDS = {
    "interval": NUMBER,
    "threads": choice("current", "all"),
    # The sampler's own list would have to be imported; a test holds that they are the same.
    "engine": choice("auto", "safepoint", "monitoring", "setprofile", "reference"),
    "renderer": STRING,
    "clock": choice("wall", "cpu"),
    "timeline": FLAG,
    "show_all": FLAG,
    "hide": STRING,
    "hide_regex": STRING,
    "show": STRING,
    "show_regex": STRING,
    "source": FLAG,
    "unicode": FLAG,
    "color": FLAG,
    "target_description": STRING,
    "reports": FLAG,
    "reports_dir": STRING,
    "reports_keep": COUNT,
    "profile_dir": STRING,
}


_FOLDERS = {"reports_dir", "profile_dir"}


def load_settings(environ: Mapping[str, str] | None = None, folder: str | None = None) -> Settings:
    """The settings of environment and file, for a command that runs in *folder* (default: here).

    Raises ``SettingsError``, which names the file or variable, the key and what it should be.
    """
    settings = Settings()
    try:
        path = find_pyproject(os.getcwd() if folder is None else folder)
    except FileNotFoundError:  # the working directory was deleted
        path = None
    if path is not None:
        settings = settings.override(**read_pyproject(path))
    return settings.override(**read_environment(os.environ if environ is None else environ))


def find_pyproject(folder: str) -> str | None:
    """Path of the nearest ``pyproject.toml`` in *folder* or above; None when there is none."""
    folder = os.path.abspath(folder)
    while True:
        path = os.path.join(folder, "pyproject.toml")
        if os.path.isfile(path):
            return path
        parent = os.path.dirname(folder)
        if parent == folder:
            return None
        folder = parent


def read_pyproject(path: str) -> dict[str, Any]:
    """The settings in a ``pyproject.toml``, checked; empty when it has no table of ours."""
    try:
        with open(path, "rb") as file:
            text = file.read()
    except OSError as error:
        raise SettingsError(f"cannot read settings from {path}: {error.strerror}") from error
    # Most projects have no table of ours: they need no TOML parser, nor a correct file.
    if b"pyinstrument" not in text:
        return {}
    tool = _parse_toml(path, text).get("tool")
    table = tool.get("pyinstrument") if isinstance(tool, dict) else None
    if table is None:
        return {}
    if not isinstance(table, dict):
        raise SettingsError(f"{path}: {TABLE} must be a table")
    found: dict[str, Any] = {}
    for key, value in table.items():
        name = key.replace("-", "_")
        if name not in _KINDS:
            raise _unknown(key, f"{path}, [{TABLE}]")
        try:
            found[name] = _KINDS[name].from_toml(value)
        except ValueError as error:
            raise SettingsError(f"{path}, [{TABLE}]: {key} = {value!r}: {error}") from None
    for name in _FOLDERS & found.keys():
        found[name] = os.path.join(os.path.dirname(path), os.path.expanduser(found[name]))
    return found


def read_environment(environ: Mapping[str, str]) -> dict[str, Any]:
    """The settings in ``PYINSTRUMENT_*``, checked; an empty variable counts as unset.

    Variables of other names are left alone: integrations and older versions have theirs.
    """
    found: dict[str, Any] = {}
    for name, kind in _KINDS.items():
        variable = PREFIX + name.upper()
        value = environ.get(variable)
        if not value:
            continue
        try:
            found[name] = kind.from_text(value)
        except ValueError as error:
            raise SettingsError(f"environment variable {variable}={value!r}: {error}") from None
    for name in _FOLDERS & found.keys():
        found[name] = os.path.expanduser(found[name])
    return found


def _parse_toml(path: str, text: bytes) -> dict[str, Any]:
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        try:
            import tomli as tomllib
        except ImportError as error:
            raise SettingsError(
                f"{path} has settings for pyinstrument, but reading them needs the package "
                "'tomli' on this Python: pip install tomli"
            ) from error
    try:
        return tomllib.loads(text.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is not valid TOML: {error}") from error


def _unknown(key: str, where: str) -> SettingsError:
    return SettingsError(f"{where}: unknown setting {key!r}; there are: {', '.join(_KINDS)}")
