"""How much of a response is kept, and how long, while it is open whether it will be wanted."""

from __future__ import annotations

import time
from typing import Callable

HELD_BYTES = 16_000_000
HELD_SECONDS = 60.0

TOO_LARGE = b"The report could not be made, and the response was too large or slow to be kept.\n"


class HoldLimit:
    """A response may never end, and who asked for its profile may be gone."""

    def __init__(
        self,
        max_bytes: int = HELD_BYTES,
        seconds: float = HELD_SECONDS,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._bytes = max_bytes
        self._clock = clock
        self._deadline = clock() + seconds
        self.is_met = False
        """Whether what has come is not all that is kept."""

    def take(self, piece: bytes) -> bool:
        """Counts a part; False where it is the last to be waited for."""
        self._bytes -= len(piece)
        self.is_met = self.is_met or self._bytes < 0 or self._clock() > self._deadline
        return not self.is_met
