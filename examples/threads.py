"""Two workers take jobs from one queue, while the main thread waits for the sum.

Look for: what the main thread does all the time (`Thread.join`, which waits), and that the work of
the workers is not counted there. With `--threads all` each worker has a tree of its own.
"""

import queue
import threading

JOBS = 32


def collatz_length(number):
    length = 1
    while number != 1:
        number = number // 2 if number % 2 == 0 else 3 * number + 1
        length += 1
    return length


def longest_chain(start):
    return max(range(start, start + 4_000), key=collatz_length)


def worker(jobs, results):
    while True:
        start = jobs.get()
        if start is None:
            return
        results.append(longest_chain(start))


def main():
    jobs = queue.Queue()
    results = []
    threads = [threading.Thread(target=worker, args=(jobs, results)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for job in range(JOBS):
        jobs.put(1 + job * 4_000)
    for _ in threads:
        jobs.put(None)
    for thread in threads:
        thread.join()
    best = max(results, key=collatz_length)
    print(f"below {JOBS * 4_000}, {best} takes longest: {collatz_length(best)} steps")


if __name__ == "__main__":
    main()
