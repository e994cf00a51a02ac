"""Builds the extensions with AddressSanitizer, in a copy of the sources, and tests the sampler.

The interpreter itself is not instrumented: the sanitizer's library is preloaded, and every object
is allocated by ``malloc`` (``PYTHONMALLOC``), so that the use of a freed one is seen, too. Leaks
are not looked for, since the interpreter leaves much at its end; ``soak.py`` looks for those. Run
it in an environment that has the tests' dependencies; what follows ``--`` goes to pytest. Needs
Linux and gcc.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import tables

ROOT = Path(__file__).resolve().parent.parent
SAMPLER = "packages/sampler"
FLAGS = "-fsanitize=address -fno-omit-frame-pointer"
REPORT = "asan-report"

BUILD = """
import pathlib, sys
sys.path.insert(0, sys.argv[1])
import hatch_build
root, temp = map(pathlib.Path, sys.argv[1:])
objects = hatch_build.build_extensions(root, temp)
hatch_build.replace_objects(temp, objects, root / "src")
print(len(objects), "objects")
"""


def main() -> int:
    """The command; returns the status of the tests."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("pytest", nargs="*", default=["-q", "tests/sampler"], metavar="ARGUMENT")
    arguments = parser.parse_args()
    print(f"Python {platform.python_version()}, {tables.machine()}", flush=True)
    libraries = _libraries()
    with tempfile.TemporaryDirectory(prefix="pyinstrument-sanitize-") as folder:
        root = Path(folder, "checkout")
        _copy(root)
        _build(root, Path(folder, "build"))
        _check_that_it_sees(root, libraries)
        tested = subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments.pytest],
            cwd=root,
            env=_variables(root, libraries, Path(folder, REPORT)),
            check=False,
        )
        # In files, since tests keep what a process writes to its standard error.
        reports = sorted(Path(folder).glob(f"{REPORT}.*"))
        for report in reports:
            print(f"\n{report.read_text(errors='replace')}")
    print(f"{len(reports)} reports of the sanitizer; status of the tests: {tested.returncode}")
    return 1 if reports else tested.returncode


def _libraries() -> str:
    """Paths of what has to be loaded first. Exits where it is not there."""
    # The C++ library, so that the sanitizer finds what throws exceptions: greenlet is C++.
    return " ".join(map(_path_of, ("libasan.so", "libstdc++.so.6")))


def _path_of(library: str) -> str:
    try:
        asked = subprocess.run(
            ["gcc", f"-print-file-name={library}"], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError) as error:
        sys.exit(f"sanitize.py: needs gcc: {error}")
    path = asked.stdout.strip()
    if not os.path.isabs(path):
        sys.exit(f"sanitize.py: gcc has no {library}")
    return path


def _copy(root: Path) -> None:
    """The sources without compiled objects: those of the checkout stay as they are."""
    without = shutil.ignore_patterns("*.so", "__pycache__", ".*", "dist", "node_modules")
    for name in ("packages", "tests", "benchmarks", "pyproject.toml"):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, root / name, ignore=without)
        else:
            shutil.copy2(source, root / name)


def _build(root: Path, temp: Path) -> None:
    temp.mkdir()
    flags = {"CFLAGS": FLAGS, "LDFLAGS": "-fsanitize=address"}
    built = subprocess.run(
        [sys.executable, "-c", BUILD, str(root / SAMPLER), str(temp)],
        env={**os.environ, **flags},
        check=False,
    )
    if built.returncode:
        sys.exit("sanitize.py: the build failed")


def _check_that_it_sees(root: Path, libraries: str) -> None:
    """Makes sure that the sanitizer is at work: tests that it cannot fail would prove nothing."""
    objects = sorted((root / SAMPLER / "src").rglob("*.so"))
    plain = [path.name for path in objects if b"__asan_init" not in path.read_bytes()]
    if not objects or plain:
        sys.exit(f"sanitize.py: not built with AddressSanitizer: {plain or 'nothing'}")
    freed = "import ctypes; a = ctypes.pythonapi.PyMem_RawMalloc; a.restype = ctypes.c_void_p;"
    freed += "p = a(16); f = ctypes.pythonapi.PyMem_RawFree; f.argtypes = [ctypes.c_void_p];"
    freed += "f(p); ctypes.memset(p, 1, 1)"
    tried = subprocess.run(
        [sys.executable, "-c", freed],
        env=_variables(root, libraries, None),
        capture_output=True,
        text=True,
        check=False,
    )
    if "heap-use-after-free" not in tried.stderr:
        sys.exit(f"sanitize.py: the sanitizer did not see a freed block used:\n{tried.stderr}")


def _variables(root: Path, libraries: str, reports: Path | None) -> dict[str, str]:
    paths = [*(str(path) for path in sorted(root.glob("packages/*/src"))), str(root / "tests")]
    return {
        **os.environ,
        "ASAN_OPTIONS": "detect_leaks=0" + (f":log_path={reports}" if reports else ""),
        "LD_PRELOAD": libraries,
        "PYINSTRUMENT_SAMPLER_REQUIRE_COMPILED": "1",
        "PYTHONMALLOC": "malloc",
        "PYTHONPATH": os.pathsep.join(paths),
    }


if __name__ == "__main__":
    sys.exit(main())
