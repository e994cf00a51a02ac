"""How to record: the options that every integration hands to its recorders."""

from __future__ import annotations

from typing import NamedTuple

from pyinstrument_model.recorder import Recorder
from pyinstrument_sampler.errors import InvalidOptionError

from .errors import InvalidSettingError


class RecordOptions(NamedTuple):
    """Options of a :class:`Recorder`; see there."""

    interval: float = 0.001
    async_mode: str = "enabled"
    engine: str = "auto"
    threads: str = "current"

    def checked(self) -> RecordOptions:
        """These, if a recorder can be made of them; else raises ``InvalidSettingError``."""
        if not isinstance(self.threads, str):
            raise InvalidSettingError(f"threads must be 'current' or 'all', not {self.threads!r}")
        self.recorder()
        return self

    def recorder(self) -> Recorder:
        """A new recorder, not started."""
        try:
            return Recorder(
                self.interval, self.async_mode, engine=self.engine, threads=self.threads
            )
        except InvalidOptionError as error:
            raise InvalidSettingError(str(error)) from None
