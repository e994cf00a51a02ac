"""What is in the page of an HTML report: its session, by the text report of it."""

import base64
import re

from pyinstrument_model import Session
from pyinstrument_renderers.console import ConsoleRenderer


def text_of(page: bytes) -> str:
    """Raises ``AssertionError`` if that is no page of ours."""
    found = re.search(rb'<div[^>]* id="report-session"[^>]*>([^<]+)</div>', page)
    assert found is not None, page[:200]
    return ConsoleRenderer().render(Session.from_bytes(base64.b64decode(found[1])))
