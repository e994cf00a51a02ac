"""Tests with time budgets. Install: pyinstrument[pytest]

Run ``pytest test_prices.py --pyinstrument-each``: the slowest tests are listed with their hottest
path. One test is too slow on purpose, and its failure shows where the time went.
"""

from __future__ import annotations

import time

import pytest


def ask_database(query: str) -> int:
    time.sleep(0.05)
    return len(query)


def price_of(article: str) -> int:
    return ask_database(f"price of {article}") + ask_database(f"tax of {article}")


@pytest.mark.time_budget("2s")
def test_price_is_found() -> None:
    assert price_of("tea") > 0


@pytest.mark.time_budget("80ms", frame="test_prices.ask_database")
def test_database_is_asked_little() -> None:
    assert price_of("milk") > 0
