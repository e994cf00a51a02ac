"""A session: a recording plus what makes it readable later and elsewhere."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any, Mapping, Sequence

from .application_code import ApplicationCode
from .call_node import NS_PER_SECOND
from .functions import THREAD_FILE, PathRules
from .path_shortening import PathShortener

if TYPE_CHECKING:
    from pyinstrument_sampler.recording import Recording, RecordingFacts

    from .call_node import CallNode
    from .call_tree import CallTree
    from .processor_options import ProcessorOptions
    from .processors import Processor
    from .stack_index import StackIndex

SourceLines = Mapping[str, Mapping[int, str]]
"""File as recorded → line number → text without its line end."""


class Session:
    """A finished (or, from a snapshot, unfinished) profile. Sessions with equal content are equal.

    Treat it as immutable. What it works out for readers (shortened paths, times of stacks) is kept
    with it.
    """

    __slots__ = (
        "_path_rules",
        "_stack_indexes",
        "max_interval_ns",
        "may_have_sources",
        "recordings",
        "sources",
        "sys_path",
        "sys_prefixes",
        "target_description",
    )

    def __init__(
        self,
        recording: Recording,
        target_description: str = "",
        *,
        sys_path: Sequence[str] = (),
        sys_prefixes: Sequence[str] = (),
        sources: SourceLines | None = None,
        max_interval_ns: int | None = None,
        more_recordings: Sequence[Recording] = (),
        may_have_sources: bool = True,
    ) -> None:
        self.recordings = (recording, *more_recordings)
        """What the session was made of: several, until somebody asks for :attr:`recording`."""
        self.target_description = target_description
        self.sys_path = tuple(sys_path)
        self.sys_prefixes = tuple(sys_prefixes)
        self.may_have_sources = may_have_sources
        """False once somebody wanted it :meth:`without_sources`."""
        self.sources: SourceLines = sources if sources and may_have_sources else {}
        self.max_interval_ns = (
            recording.facts.interval_ns if max_interval_ns is None else max_interval_ns
        )
        self._path_rules: PathRules | None = None
        self._stack_indexes: dict[str, StackIndex] = {}

    @classmethod
    def from_recording(
        cls,
        recording: Recording,
        target_description: str = "",
        *,
        sys_path: Sequence[str] | None = None,
        sys_prefixes: Sequence[str] | None = None,
    ) -> Session:
        """A session of this process: paths and prefixes default to the interpreter's, copied."""
        if sys_path is None:
            sys_path = [str(entry) for entry in sys.path]  # some programs put Path objects there
        if sys_prefixes is None:
            sys_prefixes = cls.current_sys_prefixes()
        return cls(recording, target_description, sys_path=sys_path, sys_prefixes=sys_prefixes)

    @staticmethod
    def current_sys_prefixes() -> list[str]:
        """Where this interpreter and its environment are installed, each prefix once."""
        names = ("prefix", "base_prefix", "exec_prefix", "base_exec_prefix")
        return list(dict.fromkeys(getattr(sys, name) for name in names))

    def _fields(self) -> tuple[Any, ...]:
        return (
            self.recording,
            self.target_description,
            self.sys_path,
            self.sys_prefixes,
            self.sources,
            self.max_interval_ns,
            self.may_have_sources,
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Session) and self._fields() == other._fields()

    __hash__ = None  # type: ignore[assignment]  # how Python spells "equal by value, not hashable"

    def __repr__(self) -> str:
        return (
            f"<Session {self.target_description!r}: {self.sample_count} samples, "
            f"{self.duration:.3f}s>"
        )

    @property
    def recording(self) -> Recording:
        """Everything that was recorded, as one recording.

        Those of a combined session are put together here, all at once, when first asked for: a
        profiler that is started and stopped a thousand times would else do so a thousand times.
        """
        if len(self.recordings) > 1:
            from .combine_sessions import combine_recordings

            self.recordings = (combine_recordings(self.recordings),)
        return self.recordings[0]

    # The facts, by the names that users of pyinstrument know.

    @property
    def facts(self) -> RecordingFacts:
        """How the recording was made."""
        return self.recording.facts

    @property
    def start_time(self) -> float:
        """Unix time of the start, seconds."""
        return self.facts.start_time_ns / NS_PER_SECOND

    @property
    def duration(self) -> float:
        """Wall time profiled, seconds."""
        return self.facts.duration_ns / NS_PER_SECOND

    @property
    def cpu_time(self) -> float:
        """CPU time of the whole process meanwhile, all threads, seconds."""
        return self.facts.process_cpu_ns / NS_PER_SECOND

    @property
    def sample_count(self) -> int:
        """Samples taken."""
        return self.facts.sample_count

    @property
    def min_interval(self) -> float:
        """The shortest wanted time between samples, seconds: combined sessions may differ."""
        return self.facts.interval_ns / NS_PER_SECOND

    @property
    def max_interval(self) -> float:
        """The longest wanted time between samples, seconds."""
        return self.max_interval_ns / NS_PER_SECOND

    @property
    def start_call_stack(self) -> list[str]:
        """Identifiers of the thread and the frames that were there when the profile started."""
        recording = self.recording
        found = []
        if len(recording.threads.ident):
            name = recording.thread_name(0) or ""
            found.append(f"{name}\0{THREAD_FILE}\0{recording.threads.ident[0]}")
        for location in recording.stack(self.facts.stem):
            frame = location.frame
            found.append(f"{frame.function}\0{frame.file}\0{frame.first_line}")
        return found

    # Paths.

    @property
    def path_rules(self) -> PathRules:
        """How paths of this session are shortened and judged."""
        if self._path_rules is None:
            self._path_rules = PathRules(
                PathShortener(self.sys_path), ApplicationCode(self.sys_prefixes)
            )
        return self._path_rules

    def shorten_path(self, path: str) -> str:
        """*path* relative to the ``sys.path`` entry that leaves the fewest components."""
        return self.path_rules.shortener.shorten(path)

    # Trees.

    @property
    def stack_index(self) -> StackIndex:
        """The times of all stacks, added up once."""
        return self.stack_index_of("wall")

    def stack_index_of(self, clock: str) -> StackIndex:
        """The times of all stacks by a clock, ``"wall"`` or ``"cpu"``, added up once."""
        found = self._stack_indexes.get(clock)
        if found is None:
            from .stack_index import StackIndex

            found = StackIndex(self.recording, self.path_rules, clock)
            self._stack_indexes[clock] = found
        return found

    def root_frame(self, trim_stem: bool = True) -> CallNode | None:
        """Root of the full tree in the order of time; None where nothing was sampled.

        ``[root]`` only where there are several first frames. *trim_stem* leaves out the frames
        below the one that started the profile, as far as all time is above them.
        """
        return self.call_tree((), trim_stem=trim_stem).root

    def call_tree(
        self,
        processors: Sequence[Processor] | None = None,
        options: ProcessorOptions | Mapping[str, Any] | None = None,
        *,
        trim_stem: bool = True,
        clock: str = "wall",
    ) -> CallTree:
        """The tree that *processors* (default: those of a report) make of the full one.

        With *clock* ``"cpu"`` all times in it are CPU times, and so is what it is ordered by;
        nothing is awaited then. It has no root where CPU time was not recorded.

        Raises :class:`~pyinstrument_model.errors.OptionError` for options that cannot be used.
        """
        from .apply_processors import apply_processors
        from .processors import default_processors

        if processors is None:
            processors = default_processors()
        return apply_processors(self, processors, options, trim_stem=trim_stem, clock=clock)

    # Source lines.

    def source_line(self, file: str, line: int) -> str | None:
        """The text of a recorded line, where it was kept; see :meth:`with_sources`."""
        return self.sources.get(file, {}).get(line)

    def with_sources(self, context: int = 0) -> Session:
        """A copy that carries the source lines of application code that occur in it, read now.

        *context* more lines go along before and after each. Files that may hold secrets by their
        name are left out. A session :meth:`without_sources` stays without.
        """
        from .source_lines import read_source_lines

        if not self.may_have_sources:
            return self
        return self._replace(sources=read_source_lines(self, context))

    def without_sources(self) -> Session:
        """A copy that carries no source lines and never reads any, whoever renders it.

        Nor does what it is combined to, or what its file is opened as. The JSON of :meth:`to_json`
        cannot say so.
        """
        return self._replace(sources={}, may_have_sources=False)

    def _replace(self, *, sources: SourceLines, may_have_sources: bool = True) -> Session:
        return Session(
            self.recording,
            self.target_description,
            sys_path=self.sys_path,
            sys_prefixes=self.sys_prefixes,
            sources=sources,
            max_interval_ns=self.max_interval_ns,
            may_have_sources=self.may_have_sources and may_have_sources,
        )

    # Files and other sessions.

    @staticmethod
    def combine(first: Session, second: Session) -> Session:
        """One session of both, in the order of time; the earlier one's title. Associative."""
        from .combine_sessions import combine_sessions

        return combine_sessions(first, second)

    def to_bytes(self) -> bytes:
        """A session file's content."""
        from .session_file import session_to_bytes

        return session_to_bytes(self)

    @classmethod
    def from_bytes(cls, content: bytes, name: str = "session") -> Session:
        """Opens a session file's content, those of pyinstrument 4 and 5 included.

        Raises :class:`~pyinstrument_model.errors.SessionFileError`; *name* is what it calls the
        content.
        """
        from .session_file import session_from_bytes

        return session_from_bytes(content, name)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes a session file, all or nothing: on a full disk an older file stays as it was.

        Raises ``OSError``.
        """
        from .atomic_file import write_atomically

        write_atomically(os.fspath(path), self.to_bytes())

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Session:
        """Opens a session file; see :meth:`from_bytes`.

        Raises :class:`~pyinstrument_model.errors.SessionFileError`, also for a file that is not
        there or cannot be read.
        """
        from .session_file import read_session_file

        return cls.from_bytes(read_session_file(os.fspath(path)), os.fspath(path))

    def to_json(self, include_frame_records: bool = True) -> dict[str, Any]:
        """The session as pyinstrument 4 and 5 spell it, for tools that read that."""
        from .legacy_session import session_to_legacy

        return session_to_legacy(self, include_frame_records=include_frame_records)

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> Session:
        """A session from what :meth:`to_json`, or pyinstrument 4 or 5, gave.

        Raises :class:`~pyinstrument_model.errors.SessionFileError` when something is missing.
        """
        from .legacy_session import session_from_legacy

        return session_from_legacy(fields, "the session")
