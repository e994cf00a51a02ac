"""Hatchling build hook: compile every ``.pyx`` of this package.

Where that cannot be done the result is a pure package with the ``reference`` engine, and one line
on stderr says why. ``PYINSTRUMENT_SAMPLER_REQUIRE_COMPILED=1`` makes it an error instead.
"""

from __future__ import annotations

import copy
import os
import platform
import shutil
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PACKAGE = "pyinstrument_sampler"
SOURCE = f"src/{PACKAGE}"
REQUIRE_COMPILED = "PYINSTRUMENT_SAMPLER_REQUIRE_COMPILED"

# C files that a module is linked with, besides what Cython makes of its .pyx; below SOURCE.
EXTRA_SOURCES: dict[str, list[str]] = {
    f"{PACKAGE}._native_run": ["includes/compat.c", "includes/timer.c"],
    f"{PACKAGE}._code_registry": ["includes/compat.c"],
    f"{PACKAGE}._native_stacks": ["includes/compat.c"],
    f"{PACKAGE}._thread_track": ["includes/compat.c"],
    f"{PACKAGE}._context_links": ["includes/compat.c"],
    f"{PACKAGE}._thread_samples": ["includes/compat.c"],
    f"{PACKAGE}.engines._setprofile": ["includes/compat.c"],
    f"{PACKAGE}.engines._setprofile_threads": ["includes/compat.c"],
    f"{PACKAGE}.engines._monitoring": ["includes/compat.c"],
    f"{PACKAGE}.engines._safepoint": [
        "includes/compat.c",
        "includes/instructions.c",
        "includes/peek.c",
        "includes/peek_target.c",
        "includes/recent_memory.c",
    ],
    f"{PACKAGE}._call_sites": [
        "includes/instructions.c",
        "includes/peek_target.c",
        "includes/positions.c",
    ],
    f"{PACKAGE}._broken_chains": ["includes/instructions.c", "includes/peek_target.c"],
    f"{PACKAGE}._joined_stacks": [
        "includes/compat.c",
        "includes/instructions.c",
        "includes/peek_target.c",
    ],
    f"{PACKAGE}._live_code": ["includes/live_functions.c", "includes/peek_target.c"],
    f"{PACKAGE}._safepoint_run": [
        "includes/compat.c",
        "includes/peek.c",
        "includes/peek_target.c",
        "includes/recent_memory.c",
        "includes/requests.c",
        "includes/safepoint.c",
    ],
    f"{PACKAGE}._safepoint_threads": ["includes/compat.c", "includes/peek_target.c"],
}

# Built only where the `safepoint` engine is: on CPython versions whose frames it knows, on Linux.
SAFEPOINT_MODULES = frozenset(
    f"{PACKAGE}.{name}"
    for name in (
        "_broken_chains",
        "_call_names",
        "_call_sites",
        "_joined_stacks",
        "_live_code",
        "_path_table",
        "_safepoint_run",
        "_safepoint_threads",
        "engines._safepoint",
    )
)

# Python modules that the compiled engines use in a compiled copy. Bytecode that ran inside a hook
# could be interrupted by a signal handler, whose exception would then surface in the wrong place.
COMPILED_COPIES: dict[str, str] = {
    f"{PACKAGE}._async_context": "async_context.py",
    f"{PACKAGE}._call_names": "call_names.py",
    f"{PACKAGE}._recording_builder": "recording_builder.py",
}


class NotCompiledError(Exception):
    """This build has no compiled modules; the message is the reason, as half a sentence."""


def build_extensions(root: Path, temp: Path) -> list[Path]:
    """Compile all modules into ``temp/lib``; return the objects' paths relative to it."""
    if platform.python_implementation() != "CPython":
        raise NotCompiledError(f"the engines are written for CPython, not {sys.version.split()[0]}")
    if sys.platform == "win32":
        raise NotCompiledError("the engines need POSIX threads and signals, which Windows has not")
    if sysconfig.get_config_var("Py_GIL_DISABLED"):
        raise NotCompiledError("the engines are not ready for a free-threaded interpreter")
    modules = sorted((root / SOURCE).rglob("*.pyx"))
    if not modules:
        raise NotCompiledError(f"there is no .pyx file below {root / SOURCE}")
    try:
        from Cython.Build import cythonize
        from setuptools import Distribution, Extension
        from setuptools.command.build_ext import build_ext
    except ImportError as error:
        raise NotCompiledError(f"{error.name} is not installed") from error

    class BuildObjects(build_ext):  # type: ignore[misc]  # setuptools has no types here
        def build_extensions(self) -> None:
            if self.compiler.compiler_type != "msvc":
                for extension in self.extensions:
                    # Interpreters compiled with -g hand it on: objects of three times the size.
                    extension.extra_compile_args = ["-O2", "-g0"]
            super().build_extensions()

        def build_extension(self, extension: Extension) -> None:
            # Modules that share a C file would write the same object file at the same time.
            alone = copy.copy(self)
            alone.build_temp = str(temp / extension.name)
            super(BuildObjects, alone).build_extension(extension)

    cwd = Path.cwd()
    os.chdir(root)  # relative paths, so that objects do not name this machine's folders
    try:
        sources = {
            name: f"{SOURCE}/{path}"
            for name, path in COMPILED_COPIES.items()
            if name not in SAFEPOINT_MODULES or has_safepoints()
        }
        for module in modules:
            relative = module.relative_to(root)
            name = ".".join(relative.with_suffix("").parts[1:])
            if name not in SAFEPOINT_MODULES or has_safepoints():
                sources[name] = str(relative)
        extensions = []
        for name, source in sources.items():
            extra = [f"{SOURCE}/{path}" for path in EXTRA_SOURCES.get(name, ())]
            includes = [f"{SOURCE}/includes", "src"]
            extensions.append(Extension(name, [source, *extra], include_dirs=includes))
        translated = cythonize(
            extensions,
            build_dir=str(temp),  # the generated C stays out of the source tree
            include_path=["src"],
            compiler_directives={
                "language_level": 3,
                "annotation_typing": False,  # subclasses of int are as good as int
                "autotestdict": False,
                "auto_pickle": False,
            },
            quiet=True,
        )
        # Given no configuration files, setuptools does not look at pyproject.toml.
        command = BuildObjects(Distribution({"name": PACKAGE, "ext_modules": translated}))
        command.build_lib, command.build_temp = str(temp / "lib"), str(temp)
        command.parallel = os.cpu_count() or 1
        command.ensure_finalized()
        command.run()
    # Cython, setuptools and the compilers share no base class for "this did not compile".
    except Exception as error:
        lines = str(error).strip().splitlines() or [type(error).__name__]
        raise NotCompiledError(f"compiling failed ({lines[-1]})") from error
    finally:
        os.chdir(cwd)
    return [Path(path).relative_to(temp / "lib") for path in command.get_outputs()]


def has_safepoints() -> bool:
    """Whether this interpreter and machine are among those of `PYI_HAS_SAFEPOINTS`."""
    return (
        (3, 11) <= sys.version_info[:2] <= (3, 15)
        and sys.platform == "linux"
        and platform.machine() in ("x86_64", "aarch64")
    )


def replace_objects(temp: Path, objects: list[Path], target: Path) -> None:
    """Make *objects* the only ones of this interpreter below *target*."""
    suffix = sysconfig.get_config_var("EXT_SUFFIX")
    wanted = {target / path for path in objects}
    for stale in set((target / PACKAGE).rglob(f"*{suffix}")) - wanted:
        stale.unlink()
    for path in objects:
        # Moved over the old file, never written into it: a running program may have it mapped.
        beside = target / path.with_suffix(".new")
        shutil.copy2(temp / "lib" / path, beside)
        os.replace(beside, target / path)


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg]  # generic from 1.28 on
    """Puts the objects into the wheel, or beside their ``.pyx`` when installed editable."""

    _temp: Path | None = None

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile, and enter the objects into *build_data*."""
        temp = self._temp = Path(tempfile.mkdtemp(prefix="pyinstrument-sampler-"))
        try:
            objects = build_extensions(Path(self.root), temp)
        except NotCompiledError as reason:
            if os.environ.get(REQUIRE_COMPILED) == "1":
                raise RuntimeError(f"{REQUIRE_COMPILED} is set, and {reason}") from reason
            print(
                f"pyinstrument-sampler: not compiled, the slower `reference` engine will be used:"
                f" {reason}",
                file=sys.stderr,
            )
            objects = []
        if version == "editable":
            replace_objects(temp, objects, Path(self.root, "src"))
        elif objects:
            for path in objects:
                build_data["force_include"][str(temp / "lib" / path)] = path.as_posix()
            build_data["pure_python"] = False
            build_data["infer_tag"] = True
        elif sys.platform == "win32":
            # Nothing will ever be compiled there, so that the wheel may be published; but a wheel
            # for "any" system would keep others from compiling.
            build_data["pure_python"] = False
            build_data["tag"] = f"py3-none-{sysconfig.get_platform().replace('-', '_')}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove the temporary folder."""
        if self._temp is not None:
            shutil.rmtree(self._temp, ignore_errors=True)
