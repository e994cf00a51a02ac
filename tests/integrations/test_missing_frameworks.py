"""Where a framework or this package is missing, the error says what to install."""

from __future__ import annotations

import subprocess
import sys

import pytest

HIDE = """
import sys

class Hidden:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == {hidden!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Hidden())
try:
    import {module}
except ImportError as error:
    print(type(error).__name__, error, sep=": ")
"""


def error_of(module: str, hidden: str) -> str:
    """What importing a module says where a package is not installed."""
    script = HIDE.format(module=module, hidden=hidden)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.stderr == ""
    return done.stdout.strip()


@pytest.mark.parametrize("framework", ["aiohttp", "django", "fastapi", "flask"])
def test_a_missing_framework_is_named_with_its_extra(framework: str) -> None:
    assert error_of(f"pyinstrument_integrations.{framework}", framework).endswith(
        f"which cannot be imported: pip install 'pyinstrument[{framework}]'"
    )


def test_the_path_that_users_know_names_the_extra() -> None:
    assert error_of("pyinstrument.middleware", "pyinstrument_integrations") == (
        "MissingIntegrationError: pyinstrument.middleware needs the package "
        "pyinstrument-integrations: pip install 'pyinstrument[django]'"
    )
    assert error_of("pyinstrument.middleware", "django").startswith("MissingExtraError: ")


@pytest.mark.parametrize("module", ["asgi", "wsgi", "web_profiler"])
def test_the_core_needs_no_framework(module: str) -> None:
    script = (
        f"import sys, pyinstrument_integrations.{module}\n"
        "print({'django', 'flask', 'fastapi', 'starlette', 'aiohttp'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert (done.stdout.strip(), done.stderr) == ("set()", "")


def test_the_middleware_has_the_name_that_projects_use() -> None:
    pytest.importorskip("django")
    from support import django_project

    from pyinstrument.middleware import ProfilerMiddleware
    from pyinstrument_integrations import django

    assert django_project.MIDDLEWARE
    assert ProfilerMiddleware is django.ProfilerMiddleware
