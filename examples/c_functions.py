"""A small archive: most of the time goes into functions written in C.

Look for: `zlib.compress`, the sha256 of `hashlib` and `list.sort` as frames of their own, each
under the function that called it, and how little is left for the Python lines around them.
"""

import hashlib
import random
import zlib

RECORDS = 60_000


def make_records(generator):
    return [(generator.randrange(10**6), f"record {n}") for n in range(RECORDS)]


def sort_records(records):
    records.sort(key=lambda record: record[0])
    return records


def pack(records):
    lines = "\n".join(f"{key}\t{name}" for key, name in records)
    return zlib.compress(lines.encode(), 9)


def fingerprint(packed):
    digest = packed
    for _ in range(400):
        digest = hashlib.sha256(packed + digest).digest()
    return digest.hex()


def main():
    records = sort_records(make_records(random.Random(7)))
    packed = pack(records)
    print(f"{RECORDS} records, {len(packed)} bytes packed, {fingerprint(packed)[:16]}")


if __name__ == "__main__":
    main()
