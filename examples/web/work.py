"""What every application here does for a request: some reading, some counting."""

import asyncio
import time
from collections import Counter

WORDS = ("the quick brown fox jumps over the lazy dog while the cat looks on " * 400).split()


def count_letters(words):
    letters = Counter()
    for word in words:
        letters.update(word)
    return letters


def make_report():
    """Slow on the CPU."""
    total = Counter()
    for _ in range(15):
        total += count_letters(WORDS)
    return ", ".join(f"{letter}: {number}" for letter, number in total.most_common(5))


def ask_database():
    """Slow elsewhere."""
    time.sleep(0.05)


async def ask_service():
    """Slow elsewhere, while others go on."""
    await asyncio.sleep(0.05)
