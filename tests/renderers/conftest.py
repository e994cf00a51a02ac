"""The example session of the renderers' tests, and local time that is the same everywhere."""

from __future__ import annotations

import os
import time
from typing import Callable, Iterator

import pytest
from support import hypothesis_profile
from support.call_sessions import (
    CONVERT,
    DUMPS,
    ENCODE,
    ITERENCODE,
    MAIN,
    MODULE,
    Call,
    Samples,
    example_session,
    make_session,
)

from pyinstrument_model.session import Session

hypothesis_profile.load()


@pytest.fixture()
def example() -> Session:
    return example_session()


@pytest.fixture()
def new_session() -> Callable[..., Session]:
    """``make_session``; a conftest cannot be imported under every import mode."""
    return make_session


@pytest.fixture()
def body() -> Callable[..., str]:
    """The text report without its header and what follows the first empty line after it."""

    def render(session: Session, **options: object) -> str:
        from pyinstrument_renderers.console import ConsoleRenderer

        text = ConsoleRenderer(**options).render(session)  # type: ignore[arg-type]  # any option
        return text.split("\n\n")[2] + "\n"

    return render


@pytest.fixture(autouse=True)
def utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Local time is UTC, so that reports can be compared as a whole."""
    if not hasattr(time, "tzset"):  # Windows
        yield
        return
    old = os.environ.get("TZ")
    os.environ["TZ"] = "UTC"
    time.tzset()
    yield
    if old is None:
        del os.environ["TZ"]
    else:
        os.environ["TZ"] = old
    time.tzset()


@pytest.fixture()
def calls_back_from_json() -> Samples:
    """Library code that calls the application back, and library code that is slow itself."""
    inside = Call("inside", "/usr/lib/python3/json/encoder.py", 250)
    write = Call("write", "/usr/lib/python3/json/encoder.py", 300, "JSONEncoder")
    return [
        ((MODULE, MAIN, DUMPS, ENCODE, ITERENCODE, CONVERT), 310),
        ((MODULE, MAIN, DUMPS, ENCODE, inside, write), 190),
    ]
