"""Virtual environments of the benchmarks, made once and kept in a cache folder.

Ours and the released profiler share the import name ``pyinstrument``: each gets environments of
its own, one for every interpreter, so that nobody can measure the wrong one.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple, Sequence

from pyperformance_bodies import REQUIREMENTS

ROOT = Path(__file__).resolve().parent.parent
UPSTREAM = "pyinstrument==5.1.3"
"""The released profiler that ours is compared with."""

_PACKAGES = ("sampler", "model", "renderers", "cli")
_TOOLS = ("py-spy",)


class EnvironmentFailure(Exception):
    """An environment could not be made; the message ends with what the failing command said."""


class Interpreter(NamedTuple):
    """A Python to measure with."""

    command: str
    version: str
    """Like ``CPython 3.12.1``."""
    tag: str
    """Part of a folder's name: version and a digest of the path."""


def interpreters(commands: Sequence[str]) -> list[Interpreter]:
    """What the commands are; raises ``EnvironmentFailure`` for one that is no Python."""
    return [_probe(command) for command in commands or [sys.executable]]


def _probe(command: str) -> Interpreter:
    code = (
        "import json, platform as p, sys;"
        "print(json.dumps([sys.executable, p.python_implementation(), p.python_version()]))"
    )
    executable, implementation, version = json.loads(_run([command, "-c", code]))
    digest = hashlib.sha256(executable.encode()).hexdigest()[:8]
    return Interpreter(command, f"{implementation} {version}", f"{version}-{digest}")


def bare(cache: Path, interpreter: Interpreter, *, bodies: bool = True) -> Path:
    """Python of an environment with no sampling profiler that is importable."""
    return _make(cache / f"bare-{interpreter.tag}", interpreter, _body_requirements(bodies))


def upstream(
    cache: Path, interpreter: Interpreter, *, bodies: bool = True, extra: Sequence[str] = ()
) -> Path:
    """Python of an environment with the released pyinstrument, and *extra* packages."""
    requirements = [*_body_requirements(bodies), UPSTREAM, *extra]
    return _make(cache / f"upstream-{interpreter.tag}", interpreter, requirements)


def ours(
    cache: Path, interpreter: Interpreter, *, bodies: bool = True, extra: Sequence[str] = ()
) -> Path:
    """Python of an environment with this checkout's packages, installed (not editable) from the
    sources as they are now, and *extra* ones; ours are installed again when they have changed."""
    folder = cache / f"ours-{interpreter.tag}"
    python = _make(folder, interpreter, [*_body_requirements(bodies), *extra])
    wanted = _digest_of_sources()
    stamp = folder / "sources.sha256"
    if not stamp.is_file() or stamp.read_text() != wanted:
        _say(f"installing this checkout into {folder}")
        _pip(python, [str(ROOT / "packages" / name) for name in _PACKAGES])
        stamp.write_text(wanted)
    return python


def tool(cache: Path, name: str) -> Path:
    """The command *name* of the package of that name, in an environment of its own."""
    python = _make(cache / f"tool-{name}", _probe(sys.executable), [name])
    return python.with_name(name + python.suffix)


def variables() -> dict[str, str]:
    """Environment variables for what runs in one of the environments: nothing that could put
    other code on its path, and no sampler that silently lacks its compiled engines."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return {**kept, "PYINSTRUMENT_SAMPLER_REQUIRE_COMPILED": "1"}


def progress(text: str) -> None:
    """Replaces the line of progress on a terminal; *text* "" ends it."""
    if sys.stderr.isatty():
        print(f"\r{text}" if text else "", end="" if text else "\n", file=sys.stderr, flush=True)


def _body_requirements(bodies: bool) -> list[str]:
    return [*REQUIREMENTS, *_TOOLS] if bodies else []


def _make(folder: Path, interpreter: Interpreter, requirements: Sequence[str]) -> Path:
    """Makes the environment where its stamp does not name the requirements already; an
    environment that once had more keeps it."""
    windows = sys.platform == "win32"
    python = folder / ("Scripts/python.exe" if windows else "bin/python")
    stamp = folder / "requirements.json"
    present: dict[str, list[str]] = {"installed": []}
    if stamp.is_file():
        present = json.loads(stamp.read_text())
    missing = [name for name in requirements if name not in present["installed"]]
    if python.is_file() and not missing and stamp.is_file():
        return python
    _say(f"making {folder}")
    folder.parent.mkdir(parents=True, exist_ok=True)
    (folder.parent / ".gitignore").write_text("*\n")  # in a checkout, none of it is to be added
    _run([interpreter.command, "-m", "venv", str(folder)])
    if missing:
        _pip(python, missing)
    if set(REQUIREMENTS) & set(missing):
        _pip(python, ["--no-deps", "pyperformance"])
    stamp.write_text(json.dumps({"installed": present["installed"] + missing}))
    return python


def _pip(python: Path, arguments: Sequence[str]) -> None:
    _run([str(python), "-m", "pip", "--disable-pip-version-check", "install", "-q", *arguments])


def _digest_of_sources() -> str:
    digest = hashlib.sha256()
    for name in _PACKAGES:
        for path in sorted((ROOT / "packages" / name).rglob("*")):
            if path.suffix in {".py", ".pyx", ".pxd", ".h", ".c", ".toml"} and path.is_file():
                digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    # The renderers' build makes the viewer of it.
    for path in sorted((ROOT / "frontend" / "src").rglob("*")):
        if path.is_file():
            digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _run(command: Sequence[str]) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=variables())
    except OSError as error:
        raise EnvironmentFailure(f"cannot run {command[0]!r}: {error}") from error
    if done.returncode != 0:
        tail = "\n".join((done.stdout + done.stderr).splitlines()[-15:])
        raise EnvironmentFailure(f"{' '.join(command)} ended with {done.returncode}:\n{tail}")
    return done.stdout


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
