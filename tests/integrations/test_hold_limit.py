"""A response is kept up to a size and a time, whichever comes first."""

from __future__ import annotations

from pyinstrument_integrations.hold_limit import HoldLimit


class Clock:
    """Stands still unless told otherwise."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_response_is_kept_up_to_a_size() -> None:
    limit = HoldLimit(10, clock=Clock())
    assert [limit.take(b"12345") for _ in range(3)] == [True, True, False]
    assert limit.is_met


def test_a_response_is_kept_for_a_time() -> None:
    clock = Clock()
    limit = HoldLimit(seconds=60, clock=clock)
    assert limit.take(b"")
    clock.now = 61
    assert not limit.take(b"")
    assert limit.is_met
