"""How to record: the options that every integration hands to its recorders."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pyinstrument_model.recorder import Recorder
from pyinstrument_sampler.engines.selection import choose_engine
from pyinstrument_sampler.errors import EngineUnavailableError, InvalidOptionError

from .errors import InvalidSettingError

if TYPE_CHECKING:
    from pyinstrument_model.session import Session


class RecordOptions(NamedTuple):
    """Options of a :class:`Recorder`; see there, but for ``threads``."""

    interval: float = 0.001
    async_mode: str = "enabled"
    engine: str = "auto"
    threads: str = "current"
    """``"current"``, ``"all"``, or ``"linked"``: of the others, what they do in copies of the
    profiled context, like the functions that an event loop hands to its threads."""

    def checked(self) -> RecordOptions:
        """These, if a recorder can be made of them; else raises ``InvalidSettingError``."""
        if self.threads not in ("current", "all", "linked"):
            raise InvalidSettingError(
                f"threads must be 'current', 'all' or 'linked', not {self.threads!r}"
            )
        if self.threads == "linked" and self.async_mode == "disabled":
            raise InvalidSettingError(
                "threads='linked' needs a profiled context, which async_mode='disabled' has not"
            )
        self.recorder()
        return self

    def check_engine(self) -> None:
        """Raises ``InvalidSettingError`` if the engine that is named cannot sample this thread."""
        if self.engine == "auto":
            return
        try:
            choose_engine(self.engine, has_other_threads=self.threads != "current")
        except EngineUnavailableError as error:
            raise InvalidSettingError(str(error)) from None

    def recorder(self) -> Recorder:
        """A new recorder, not started."""
        threads = "all" if self.threads == "linked" else self.threads
        try:
            return Recorder(self.interval, self.async_mode, engine=self.engine, threads=threads)
        except InvalidOptionError as error:
            raise InvalidSettingError(str(error)) from None

    def session_of(self, session: Session) -> Session:
        """What of a recorder's *session* was asked for."""
        if self.threads != "linked":
            return session
        from .own_work import own_work

        return own_work(session)
