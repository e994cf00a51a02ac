"""What a recording's notes say: the same sentences whichever engine was sampling."""

from __future__ import annotations

HOOK_TAKEN = (
    "Something else took the sampler's hook away and ended the sampling early: "
    "the time from then on is shown as [unobserved]."
)
THREAD_ENDED = "The sampled thread ended before the sampling was stopped."
ABANDONED = "Sampling was abandoned, by a fork or because the process ended."

STARTING_HOOK_TAKEN = (
    "threading.setprofile() was in use, by the program or another tool: "
    "threads that started since then were not recorded."
)


def profiled_otherwise(names: list[str]) -> str:
    """Threads that have a profile function of their own."""
    return f"Threads with a profile function of their own were not recorded: {', '.join(names)}."


def started_before(names: list[str], why: str) -> str:
    """Threads that an engine cannot reach; *why*: half a sentence."""
    return f"Threads that ran before the start were not recorded ({why}): {', '.join(names)}."


def add_note(notes: list[str], note: str) -> None:
    """Adds what is not told yet: each snapshot finds the same again."""
    if note not in notes:
        notes.append(note)


def clock_failed(error: BaseException) -> str:
    """The custom clock raised *error*."""
    return f"The clock raised {describe(error)}: the recording ends there."


def sampler_failed(error: BaseException) -> str:
    """The sampler itself raised *error*, which must not become one of the program's."""
    return f"Sampling ended early, by a fault in the sampler: {describe(error)}."


def describe(error: BaseException) -> str:
    """Its ``repr``, or the name of its class where that raises."""
    try:
        return repr(error)
    except Exception:
        return type(error).__name__
