"""Requests to servers of the tests."""

from __future__ import annotations

import http.client
from concurrent.futures import ThreadPoolExecutor
from typing import Iterable, NamedTuple


class Answer(NamedTuple):
    """A response."""

    status: int
    content_type: str
    text: str
    cookies: str = ""


def get(port: int, path: str, method: str = "GET") -> Answer:
    """Asks a server on this machine."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request(method, path)
        response = connection.getresponse()
        return Answer(
            response.status,
            response.getheader("Content-Type") or "",
            response.read().decode("utf-8", "replace"),
            response.getheader("Set-Cookie") or "",
        )
    finally:
        connection.close()


def get_at_once(port: int, paths: Iterable[str]) -> list[Answer]:
    """Asks for all of them at the same time; answers in the order of the paths."""
    wanted = list(paths)
    with ThreadPoolExecutor(len(wanted)) as pool:
        return list(pool.map(lambda path: get(port, path), wanted))


def hang_up(port: int, path: str) -> bytes:
    """Reads a little of a response and closes the connection."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", path)
        return connection.getresponse().read(1)
    finally:
        connection.close()
