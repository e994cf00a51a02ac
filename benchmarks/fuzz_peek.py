"""Feeds hostile bytes to the parser of peeks, under AddressSanitizer and UBSan.

Needs CPython 3.11 to 3.15 with its headers, and gcc with its sanitizers: on Linux. Ends with
status 0 if nothing is wrong, 1 if something is, 77 if it cannot be tried here.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import Callable, Iterator

HERE = Path(__file__).parent / "fuzz"
INCLUDES = Path(__file__).parents[1] / "packages/sampler/src/pyinstrument_sampler/includes"
SANITIZERS = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
PLANTED = ["wraps", "overflows", "circles", "unaligned", "never-whole", "keeps-rings"]
"""Faults of planted_faults.c, in its order."""
CANNOT_TRY = 77
ROOM_BYTES = 4096


class CannotTryError(Exception):
    """The message says what is missing."""


class CompileError(Exception):
    """C of this repository does not compile: a fault, not a reason to skip."""


class Layout(ctypes.Structure):
    """`pyi_frame_layout` of peek.h."""

    _fields_ = [
        ("size", ctypes.c_size_t),
        ("previous", ctypes.c_size_t),
        ("code", ctypes.c_size_t),
        ("instruction", ctypes.c_size_t),
        ("owner", ctypes.c_size_t),
        ("code_mask", ctypes.c_size_t),
        ("shim", ctypes.c_ubyte),
    ]


def compile_c(target: Path, *arguments: object) -> None:
    command = ["gcc", "-g", "-O1", "-Wall", f"-I{INCLUDES}", "-o", target, *arguments]
    run = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if run.returncode:
        raise CompileError(f"gcc failed:\n{run.stderr}")


def check_tools(temp: Path) -> None:
    if sys.implementation.name != "cpython" or not (3, 11) <= sys.version_info[:2] <= (3, 15):
        raise CannotTryError("peeks are made on CPython 3.11 to 3.15 only")
    if sys.platform != "linux" or sysconfig.get_config_var("Py_GIL_DISABLED"):
        raise CannotTryError("peeks are made on Linux, with the GIL, only")
    source = temp / "empty.c"
    source.write_text("int main(void) { return 0; }\n")
    try:
        compile_c(temp / "empty", source, *SANITIZERS)
        subprocess.run([temp / "empty"], check=True, capture_output=True)
    except (OSError, CompileError, subprocess.CalledProcessError) as error:
        raise CannotTryError("there is no gcc with AddressSanitizer and UBSan") from error
    if not Path(sysconfig.get_path("include"), "internal").is_dir():
        raise CannotTryError("the headers of this interpreter are not installed")


class Seeds:
    """Snapshots of this interpreter's frames, as the driver reads them."""

    def __init__(self, temp: Path) -> None:
        library = temp / "snapshot.so"
        include = sysconfig.get_path("include")
        compile_c(
            library,
            *["-shared", "-fPIC", "-w", f"-I{include}", f"-I{include}/internal"],
            *[HERE / "snapshot.c", INCLUDES / "peek_target.c", INCLUDES / "recent_memory.c"],
        )
        self._take = ctypes.PyDLL(str(library)).take_snapshot
        self._take.restype = ctypes.c_size_t
        self._layout = Layout()
        self._records: list[bytes] = []

    def take(self, *_: object) -> None:
        frame, address, start = ctypes.c_size_t(), ctypes.c_size_t(), ctypes.c_size_t()
        room = ctypes.create_string_buffer(ROOM_BYTES)
        size = self._take(
            ctypes.byref(self._layout),
            ctypes.byref(frame),
            ctypes.byref(address),
            room,
            ctypes.byref(start),
        )
        if not size:
            raise CannotTryError("may not read this process's own memory (process_vm_readv)")
        head = b"".join(value.to_bytes(8, "little") for value in (frame.value, address.value, size))
        self._records.append(head + room.raw[start.value : start.value + size])

    def write(self, path: Path) -> None:
        layout = (getattr(self._layout, field[0]) for field in self._layout._fields_)
        words = b"".join(value.to_bytes(8, "little") for value in layout)
        path.write_bytes(words + b"".join(self._records))


def visit_kinds_of_frames(take: Callable[..., None]) -> None:
    """Calls *take* on stacks of all shapes."""

    def down(levels: int) -> None:
        take()
        if levels:
            down(levels - 1)

    def generate(levels: int) -> Iterator[int]:
        take()
        yield levels
        if levels:
            yield from generate(levels - 1)
        take()

    class Thing:
        def __init__(self, levels: int) -> None:
            take()
            if levels:
                Thing(levels - 1)

        def __lt__(self, other: object) -> bool:
            take()
            return False

    async def wait(levels: int) -> None:
        take()
        if levels:
            await wait(levels - 1)

    down(200)  # over several pages, and chunks
    list(generate(20))
    sorted([Thing(20), Thing(0)])  # C code between frames
    list(map(take, range(3)))
    wait_8 = wait(8)
    try:
        wait_8.send(None)
    except StopIteration:
        pass
    exec("class Body:\n    take()\n", {"take": take})


def fuzz(cases: int, seed: int, planted: str | None) -> int:
    with tempfile.TemporaryDirectory() as folder:
        temp = Path(folder)
        check_tools(temp)
        seeds = Seeds(temp)
        visit_kinds_of_frames(seeds.take)
        seeds.write(temp / "seeds")
        parser: list[object] = [INCLUDES / "peek.c", INCLUDES / "recent_memory.c"]
        if planted is not None:
            parser = [f"-DFAULT={PLANTED.index(planted) + 1}", HERE / "planted_faults.c"]
        compile_c(temp / "driver", *SANITIZERS, HERE / "driver.c", *parser)
        run = subprocess.run(
            [str(temp / "driver"), str(temp / "seeds"), str(cases), str(seed)],
            env={**os.environ, "ASAN_OPTIONS": "quarantine_size_mb=4:detect_leaks=0"},
        )
    return 1 if run.returncode else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--planted", choices=PLANTED, help="fuzz a parser with this fault instead")
    arguments = parser.parse_args()
    print(f"CPython {sys.version.split()[0]}, seed {arguments.seed}", flush=True)
    try:
        return fuzz(arguments.cases, arguments.seed, arguments.planted)
    except CannotTryError as error:
        print(error, file=sys.stderr)
        return CANNOT_TRY


if __name__ == "__main__":
    sys.exit(main())
