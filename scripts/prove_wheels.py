"""Proves that the files in dist/ are what users need: `hatch run dist:prove`.

Each proof has a new virtual environment of its own, into which our packages come from that folder
alone; only what they require of others comes from the registry.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import sys
import zipfile
from email import message_from_bytes
from pathlib import Path

from packaging.requirements import Requirement
from proof_environment import OURS, PROGRAMS, Environment, ProofError, only, run, temporary_folder
from repository import ROOT

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
EXTRAS = "django,ipython,asgi"


class Dist:
    """The folder: an sdist and a wheel of each package."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.sdists = {name: only(folder, f"{name}-*.tar.gz") for name in OURS}
        self.wheels = {name: only(folder, f"{name}-*.whl") for name in OURS}

    def requirements_of_others(self, extras: str) -> list[str]:
        """What our wheels ask for that is not ours, with these extras."""
        wanted = set()
        for wheel in self.wheels.values():
            with zipfile.ZipFile(wheel) as archive:
                (name,) = [n for n in archive.namelist() if n.endswith(".dist-info/METADATA")]
                metadata = message_from_bytes(archive.read(name))
            for text in metadata.get_all("Requires-Dist", []):
                requirement = Requirement(text)
                marker = requirement.marker
                chosen = marker is None or any(
                    marker.evaluate({"extra": extra}) for extra in ["", *extras.split(",")]
                )
                if chosen and requirement.name.replace("-", "_") not in OURS:
                    requirement.marker = None
                    wanted.add(str(requirement))
        return sorted(wanted)


def prove_all_wheels(dist: Dist, work: Path) -> None:
    """Command, HTML report, magic and middleware, from the five wheels."""
    environment = Environment(work / "all")
    environment.install(*dist.requirements_of_others(EXTRAS))
    # What is in the folder is a pre-release as a rule, and is asked for.
    from_folder = ("--no-index", "--prerelease=allow", "--find-links", dist.folder)
    environment.install(*from_folder, f"pyinstrument[{EXTRAS}]>=6.0.0.dev0")
    environment.check()
    environment.profile(work)
    prove_html(environment, work)
    for program in ("magic.py", "asgi_page.py", "django_page.py"):
        print(environment.python(PROGRAMS / program, cwd=work).strip())


def prove_html(environment: Environment, work: Path) -> None:
    """The report is one file, and a browser that may not ask for anything shows it."""
    report = work / "report.html"
    environment.pyinstrument("-o", report, "word_count.py", cwd=work)
    size = report.stat().st_size
    browser = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        if os.environ.get("PYINSTRUMENT_REQUIRE_BROWSER") == "1":
            raise ProofError(f"there is no {' or '.join(BROWSERS)} to open the HTML report in")
        print(f"html: {size} bytes; no browser here to open it in")
        return
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=10000"]
    options += ["--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={work / 'browser'}"]
    shown = run([browser, *options, "--dump-dom", report.as_uri()])
    if shown.count("edit_distance") < 2 or "similar_words" not in shown:
        raise ProofError(f"the browser does not show the calls of the report:\n{shown[:3000]}")
    print(f"html: {size} bytes, and a browser shows its calls")


def prove_sampler_alone(dist: Dist, work: Path) -> None:
    """The sampler's wheel needs nothing; on Linux, as it is repaired for all distributions."""
    wheel = dist.wheels["pyinstrument_sampler"]
    if sys.platform == "linux":
        wheel = repaired(wheel, work / "repaired")
    environment = Environment(work / "alone")
    environment.install("--no-index", wheel)
    print(environment.python(PROGRAMS / "embedded.py", automatic_engine(), cwd=work).strip())


def automatic_engine() -> str:
    """What docs/how/sampling.md says is taken here if all that can be compiled was."""
    if sys.platform == "win32":
        return "reference"
    if (platform.system(), platform.machine()) == ("Linux", "x86_64") and (
        (3, 11) <= sys.version_info[:2] <= (3, 13)
    ):
        return "safepoint"
    return "monitoring" if sys.version_info >= (3, 12) else "setprofile"


def repaired(wheel: Path, folder: Path) -> Path:
    """The wheel with a manylinux tag, by auditwheel."""
    auditwheel = [sys.executable, "-m", "auditwheel"]
    here = {**os.environ, "PATH": os.pathsep.join([str(Path(sys.executable).parent), path()])}
    run([*auditwheel, "repair", "--wheel-dir", str(folder), str(wheel)], variables=here)
    (made,) = folder.glob("*.whl")
    shown = run([*auditwheel, "show", str(made)], variables=here)
    if "manylinux" not in made.name or "manylinux" not in shown:
        raise ProofError(f"auditwheel made {made.name} and says:\n{shown}")
    with zipfile.ZipFile(made) as archive:
        carried = [name for name in archive.namelist() if ".libs/" in name]
    if carried:
        raise ProofError(f"the sampler should need no library but C's; repaired with {carried}")
    print(f"auditwheel: {made.name}")
    return made


def path() -> str:
    return os.environ.get("PATH", os.defpath)


def prove_sdists(dist: Dist, work: Path) -> None:
    """With nothing on PATH (no git, node or compiler) all install, and the slow engine profiles."""
    nothing = work / "nothing"
    nothing.mkdir()
    environment = Environment(work / "sources", search_path=str(nothing))
    # What uv's cache has may have been built where there is a compiler.
    printed = environment.install("--no-cache", "--verbose", *dist.sdists.values())
    if "not compiled, the slower `reference` engine will be used" not in printed:
        raise ProofError(f"the build does not warn that nothing was compiled:\n{printed[-3000:]}")
    environment.profile(work)
    why = "import sys; from pyinstrument_sampler import Sampler\nwith Sampler() as s: pass\n"
    why += "print(s.recording.facts.engine, '|', s.recording.facts.engine_reason)"
    said = environment.python("-c", why, cwd=work).strip()
    if not said.startswith("reference |") or "not built here" not in said:
        raise ProofError(f"where nothing compiles, the engine must be `reference`: {said}")
    print(f"sdists: {said}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=ROOT / "dist")
    folder = parser.parse_args().folder.resolve()
    try:
        dist = Dist(folder)
        for proof in (prove_all_wheels, prove_sampler_alone, prove_sdists):
            with temporary_folder() as work:
                proof(dist, Path(work))
    except ProofError as error:
        print(f"not proved: {error}", file=sys.stderr)
        return 1
    print("proved")
    return 0


if __name__ == "__main__":
    sys.exit(main())
