"""Count the words of a text, and find the words that are easily mistaken for each other.

Look for: which of the four steps under `main` takes the time. Most people guess the counting.
"""

import re
import sys
from collections import Counter
from pathlib import Path

WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")


def read_words(path):
    text = path.read_text(encoding="utf-8").lower()
    return WORD.findall(text)


def count_words(words):
    counts = Counter()
    for word in words:
        counts[word] += 1
    return counts


def edit_distance(left, right):
    """How many letters to change, add or leave out to make *right* of *left*."""
    previous = list(range(len(right) + 1))
    for row, a in enumerate(left, start=1):
        current = [row]
        for column, b in enumerate(right, start=1):
            change = previous[column - 1] + (a != b)
            current.append(min(change, previous[column] + 1, current[-1] + 1))
        previous = current
    return previous[-1]


def similar_words(counts):
    words = sorted(word for word in counts if len(word) >= 4)
    pairs = []
    for position, word in enumerate(words):
        for other in words[position + 1 :]:
            if abs(len(word) - len(other)) <= 1 and edit_distance(word, other) == 1:
                pairs.append((word, other))
    return pairs


def main():
    default = Path(__file__).with_name("word_count.txt")
    words = read_words(Path(sys.argv[1]) if len(sys.argv) > 1 else default)
    counts = count_words(words)
    print(f"{len(words)} words, {len(counts)} different; the most frequent:")
    for word, count in counts.most_common(5):
        print(f"{count:6} {word}")
    pairs = similar_words(counts)
    longest = sorted(pairs, key=lambda pair: len(pair[0]), reverse=True)[:4]
    print(f"{len(pairs)} pairs differ by a letter:", ", ".join(f"{a}/{b}" for a, b in longest))


if __name__ == "__main__":
    main()
