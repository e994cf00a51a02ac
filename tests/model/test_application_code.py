"""Which files are the user's own, by path alone."""

from __future__ import annotations

import pytest

from pyinstrument_model.application_code import ApplicationCode

LINUX = ["/app/.venv", "/usr"]
PROJECT_IS_PREFIX = ["/app"]
WINDOWS = ["C:\\Users\\me\\env", "C:\\Python312"]
MAC = ["/Library/Frameworks/Python.framework/Versions/3.12"]


@pytest.mark.parametrize(
    ("path", "prefixes"),
    [
        ("/app/main.py", LINUX),
        ("main.py", LINUX),
        ("/usr/src/app/main.py", LINUX),
        ("/usr/home/me/app.py", LINUX),
        ("/usr-local/lib/python3.12/json.py", LINUX),
        ("/usr/lib/tools/main.py", LINUX),
        ("/usr/local/bin/tool", ["/usr/local"]),
        ("/app/main.py", PROJECT_IS_PREFIX),
        ("/app/lib/util.py", PROJECT_IS_PREFIX),
        ("/home/me/site-packages.py", LINUX),
        ("/app/lib/python_tools/util.py", PROJECT_IS_PREFIX),
        ("C:\\app\\python_tools\\util.py", ["C:\\app"]),
        ("/usr/local/src/app/main.py", LINUX),
        ("/app/dist/tool.zip/tool/main.py", LINUX),
        ("/home/me/editable/src/tool/main.py", LINUX),
        ("<ipython-input-3-abc>", LINUX),
        ("<python-input-0>", LINUX),
        ("/tmp/ipykernel_12/3.py", LINUX),
        ("C:\\Users\\me\\app\\main.py", WINDOWS),
        ("D:\\Python312\\Lib\\json.py", WINDOWS),
        ("C:\\Users\\me\\env\\main.py", WINDOWS),
        ("/home/me/lib/util.py", []),
    ],
)
def test_the_users_own_file_is_application_code(path: str, prefixes: list[str]) -> None:
    assert ApplicationCode(prefixes).is_application_file(path) is True


@pytest.mark.parametrize(
    ("path", "prefixes"),
    [
        ("/app/.venv/lib/python3.12/site-packages/requests/api.py", LINUX),
        ("/usr/lib/python3.12/json/decoder.py", LINUX),
        ("/usr/lib64/python3.12/json/decoder.py", LINUX),
        ("/usr/lib/python3/dist-packages/requests/api.py", LINUX),
        ("/usr/local/lib/python3.12/dist-packages/x.py", LINUX),
        ("/home/me/.local/lib/python3.12/site-packages/x.py", LINUX),
        ("/app/lib/python3.12/json/decoder.py", PROJECT_IS_PREFIX),
        ("/opt/pypy/lib/pypy3.10/json/decoder.py", ["/opt/pypy"]),
        ("/opt/pypy/lib_pypy/datetime.py", ["/opt/pypy"]),
        (MAC[0] + "/lib/python3.12/json/decoder.py", MAC),
        ("C:\\Python312\\Lib\\json\\decoder.py", WINDOWS),
        ("c:\\python312\\lib\\json\\decoder.py", WINDOWS),
        ("C:\\Python312\\python312.zip\\json.py", WINDOWS),
        ("C:\\Users\\me\\env\\Lib\\site-packages\\x.py", WINDOWS),
        ("/anywhere/lib/python3.12/json/decoder.py", []),
        ("/usr/lib/python312.zip/json/decoder.py", LINUX),
        ("<frozen importlib._bootstrap>", LINUX),
        ("<built-in>", LINUX),
        ("<__array_function__ internals>", LINUX),
        ("", LINUX),
    ],
)
def test_installed_code_is_not(path: str, prefixes: list[str]) -> None:
    assert ApplicationCode(prefixes).is_application_file(path) is False
