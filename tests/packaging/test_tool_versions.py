"""Tools have one version: in hatch.toml, before a commit and in the workflows."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path
from typing import Any, Iterator

import pytest
from packaging.specifiers import SpecifierSet
from support.outside_programs import BROWSERS

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).parents[2]
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
BEFORE_COMMIT = ROOT / ".pre-commit-config.yaml"
PACKAGES = sorted(path.parent.name for path in ROOT.glob("packages/*/pyproject.toml"))
PIN = re.compile(r"\b([a-z][a-z0-9-]+)==([0-9][0-9.]*[0-9])")

HATCH: dict[str, Any] = tomllib.loads((ROOT / "hatch.toml").read_text(encoding="utf-8"))


def pins_of(path: Path) -> set[tuple[str, str]]:
    return set(PIN.findall(path.read_text(encoding="utf-8")))


def actions() -> Iterator[tuple[str, str, str]]:
    """Name, version and the comment behind it, of every action of others."""
    for path in WORKFLOWS:
        for line in path.read_text(encoding="utf-8").splitlines():
            found = re.search(r"uses: ([^@\s.]+)@(\S+)(?: # (\S+))?$", line)
            if found is not None:
                yield found[1], found[2], found[3]


@pytest.mark.parametrize(
    "path", [ROOT / ".pre-commit-config.yaml", *WORKFLOWS], ids=lambda p: p.name
)
def test_a_tool_has_the_version_of_hatch_toml(path: Path) -> None:
    in_hatch = dict(pins_of(ROOT / "hatch.toml"))
    other = {(tool, version) for tool, version in pins_of(path) if tool in in_hatch}
    assert {(tool, version) for tool, version in other if in_hatch[tool] != version} == set()


def hooks() -> Iterator[tuple[str, str]]:
    """Language and command of what runs before a commit or a push."""
    for hook in BEFORE_COMMIT.read_text(encoding="utf-8").split("- id: ")[1:]:
        found = dict(re.findall(r"^        (language|entry): (.+)$", hook, re.MULTILINE))
        yield found["language"], found["entry"]


def test_the_linters_of_ci_are_those_of_a_commit() -> None:
    linters = {pin for text in HATCH["envs"]["lint"]["dependencies"] for pin in PIN.findall(text)}
    assert linters == pins_of(BEFORE_COMMIT)


def test_the_commands_of_ci_are_those_of_a_commit() -> None:
    scripts = HATCH["envs"]["lint"]["scripts"]["check"]
    in_ci = {
        " ".join(
            word
            for word in text.replace("{root}/scripts", "scripts").split()
            if not word.startswith("{root}") and word != "--check"
        )
        for text in scripts
    }
    before = {entry.replace(" --force-exclude", "") for kind, entry in hooks() if kind == "python"}
    assert before == in_ci


def test_what_else_runs_before_a_commit_or_push_runs_in_ci() -> None:
    others = {entry for kind, entry in hooks() if kind == "system"}
    workflow = (ROOT / ".github/workflows/checks.yml").read_text(encoding="utf-8")
    tests = (ROOT / "tests/frontend/test_viewer.py").read_text(encoding="utf-8")
    viewer = "npm --prefix frontend run check"
    assert viewer in others and 'npm.run("run", "check")' in tests
    assert [entry for entry in others - {viewer} if f"run: {entry}" not in workflow] == []
    assert {kind for kind, _ in hooks()} == {"python", "system"}


def test_what_the_local_run_checks_is_checked_by_the_workflow() -> None:
    local = set(re.findall(r"hatch run ([\w:]+)", (ROOT / ".ci/run").read_text(encoding="utf-8")))
    workflow = (ROOT / ".github/workflows/checks.yml").read_text(encoding="utf-8")
    assert {"dist:check", "oldest:test", "lint:check"} <= local
    assert local - set(re.findall(r"hatch run ([\w:]+)", workflow)) == set()


def test_integrations_are_tested_on_every_version_of_the_matrix() -> None:
    text = (ROOT / ".github/workflows/checks.yml").read_text(encoding="utf-8")
    (job,) = re.findall(r"(?ms)^  integrations:$.*?(?=^  \w+:$)", text)
    (everything,) = re.findall(r"(?ms)^  everything:$.*?(?=^  \w+:$)", text)
    on = re.findall(r'"(3\.\d+)"', job) + re.findall(r'python-version: "(3\.\d+)"', everything)
    assert sorted(on) == sorted(HATCH["envs"]["hatch-test"]["matrix"][0]["python"])


def test_a_release_waits_for_checks_and_tests_and_verifies_the_pushed_tag() -> None:
    text = (ROOT / ".github/workflows/release.yml").read_text(encoding="utf-8")
    needs = dict(re.findall(r"(?m)^  (\w+):\n(?:    name: .*\n)?    needs: (.+)$", text))
    assert needs == {
        "build": "checked",
        "wheels": "build",
        "tests": "build",
        "verify": "[build, wheels, tests]",
        "publish": "[build, verify]",
    }
    assert 'hatch run release:verify "$PACKAGE" --tag "$GITHUB_REF_NAME"' in text


def test_checks_of_a_commit_of_main_are_not_cancelled_by_the_next() -> None:
    text = (ROOT / ".github/workflows/checks.yml").read_text(encoding="utf-8")
    (group,) = re.findall(r"(?m)^  group: checks-(.+)$", text)
    assert group == "${{ github.event_name == 'pull_request' && github.ref || github.sha }}"


def test_workflows_use_a_hatch_that_the_configuration_allows() -> None:
    used = {version for path in WORKFLOWS for tool, version in pins_of(path) if tool == "hatch"}
    assert len(used) == 1
    assert used.pop() in SpecifierSet(HATCH["requires-hatch"])


def test_every_action_is_pinned_to_a_commit_whose_version_is_told() -> None:
    found = set(actions())
    assert [one for one in found if not re.fullmatch("[0-9a-f]{40}", one[1])] == []
    assert [one for one in found if not re.fullmatch(r"v\d+\.\d+\.\d+", one[2])] == []
    assert len(found) == len({name for name, _, _ in found})


@pytest.mark.parametrize(
    "path", ["docs/take_pictures.py", "scripts/prove_wheels.py", "benchmarks/report.py"]
)
def test_whatever_opens_a_report_knows_the_browsers_that_tests_know(path: str) -> None:
    text = (ROOT / path).read_text(encoding="utf-8")
    (known,) = re.findall(r"^BROWSERS = (.+)$", text, re.MULTILINE)
    assert ast.literal_eval(known) == BROWSERS
    assert 'os.environ.get("CHROMIUM")' in text


def test_every_workflow_is_linted() -> None:
    commands = [
        line
        for line in HATCH["envs"]["lint"]["scripts"]["check"]
        if "-workflows" in line or "actionlint" in line
    ]
    assert len(commands) == 2
    for command in commands:
        assert [path.name for path in WORKFLOWS if f"/{path.name}" not in command] == []


def test_a_tag_of_each_package_starts_the_release_workflow() -> None:
    text = (ROOT / ".github/workflows/release.yml").read_text(encoding="utf-8")
    assert sorted(re.findall(r"^      - (\w+)-v\*$", text, re.MULTILINE)) == PACKAGES


def test_the_workflow_tests_every_version_of_the_matrix() -> None:
    text = (ROOT / ".github/workflows/checks.yml").read_text(encoding="utf-8")
    (job,) = re.findall(r"(?ms)^  tests:$.*?(?=^  \w+:$)", text)
    (versions,) = re.findall(r"^ +python: \[(.+)\]$", job, re.MULTILINE)
    matrix = HATCH["envs"]["hatch-test"]["matrix"][0]["python"]
    assert set(matrix) - set(re.findall(r'"([0-9.]+)"', versions)) == set()
