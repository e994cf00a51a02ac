"""Decides request by request whether to profile, and makes of a profile what was wanted.

Every framework's module is a thin layer over this. Nothing here raises into a request.
"""

from __future__ import annotations

import random
from types import FrameType
from typing import TYPE_CHECKING, Any, Callable, NamedTuple, Optional

from pyinstrument_model.recorder import Recorder

from .failures import Contained, tell_once
from .query import has_key
from .report_format import content_type_of
from .request_questions import is_true_for
from .subject import Subject
from .web_settings import WebSettings

if TYPE_CHECKING:
    from pyinstrument_model.session import Session

NOT_ALLOWED = (
    "a request asked for its profile by ?{key}, and was answered as usual: that is shown only in "
    "debug mode, or to requests that {setting} allows"
)


FileName = Callable[["Session"], Optional[str]]
"""Tells a name for the file of a session; None: the usual one."""


class Plan(NamedTuple):
    """What is wanted of a request's profile; one of both at least."""

    is_shown: bool
    """The report is the response."""
    is_saved: bool
    """The report goes to the folder."""


class Page(NamedTuple):
    """A response of ours."""

    body: bytes
    content_type: str
    status: int = 200

    def headers(self) -> list[tuple[str, str]]:
        """All that such a response says of itself."""
        return [
            ("Content-Type", self.content_type),
            ("Content-Length", str(len(self.body))),
            ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
        ]


class WebProfiler:
    """One for a middleware; used by any number of requests at once."""

    def __init__(
        self,
        settings: WebSettings,
        *,
        allow_setting: str = "allow",
        chance: Callable[[], float] = random.random,
    ) -> None:
        """
        Args:
            settings: Checked ones.
            allow_setting: What the framework calls that setting.
            chance: Numbers from 0 to 1.
        """
        self.settings = settings
        self.report = settings.report()
        self.folder = settings.folder()
        self.options = settings.record_options()
        self._key = settings.query_key
        self._one_in = settings.one_in
        self._when = settings.when
        self._allow_setting = allow_setting
        self._chance = chance

    def is_indifferent(self, query: str) -> bool:
        """Whether no request with that query can be wanted: the quick answer to nearly all."""
        return self.folder is None and (self._key is None or not has_key(query, self._key))

    def plan(self, query: str, request: Any, is_debug: Callable[[], bool]) -> Plan | None:
        """What is wanted of a request; None: nothing, the request is to be left alone.

        Args:
            query: Its query string.
            request: What the settings' functions are called with.
            is_debug: Tells whether the framework is in its debug mode.
        """
        wish = self.wish(query)
        return None if wish is None else self.granted(wish, request, is_debug)

    def wish(self, query: str) -> Plan | None:
        """What is wanted of a request if the settings' functions agree; they are not asked."""
        key = self._key
        is_shown = key is not None and has_key(query, key)
        is_saved = self.folder is not None and self._is_drawn()
        return Plan(is_shown, is_saved) if is_shown or is_saved else None

    def granted(self, wish: Plan, request: Any, is_debug: Callable[[], bool]) -> Plan | None:
        """What is left of a wish once they have been asked."""
        is_shown = wish.is_shown and self._may_ask(request, is_debug)
        is_saved = wish.is_saved and self._is_wanted(request)
        return Plan(is_shown, is_saved) if is_shown or is_saved else None

    def start(self, plan: Plan, frame: FrameType, title: str) -> RequestProfile | None:
        """Starts to profile the caller; None where that fails.

        *frame* is the one below which a report begins.
        """
        __tracebackhide__ = True
        with Contained("starting a profile"):
            recorder = self.options.recorder()
            recorder.start(frame, title)
            return RequestProfile(self, plan, recorder)
        return None

    def index(self, path: str, request: Any, is_debug: Callable[[], bool]) -> Page | None:
        """The response to a request for the index or for a saved report; None for all others."""
        root = self.settings.index_path
        if root is None or self.folder is None or not self.is_index(path):
            return None
        if not self.may_see(request, is_debug):
            return None
        with Contained("showing the saved profiles"):
            name = path[len(root) :]
            if not name:
                from .index_page import index_page

                page = index_page(self.folder.profiles()).encode("utf-8", "replace")
                return Page(page, "text/html; charset=utf-8")
            found = self.folder.find(name)
            if found is not None:
                with open(found, "rb") as file:
                    return Page(file.read(), content_type_of(name))
            return Page(b"There is no such profile.\n", "text/plain; charset=utf-8", 404)
        return None

    def is_index(self, path: str) -> bool:
        """Whether the index is at that path, or below it what the index lists."""
        root = self.settings.index_path
        return root is not None and path.startswith(root)

    def may_see(self, request: Any, is_debug: Callable[[], bool]) -> bool:
        """Whether a request may see profiles."""
        allow = self.settings.allow
        with Contained(f"asking {self._allow_setting} who may see profiles"):
            if allow is None:
                return bool(is_debug())
            return allow if isinstance(allow, bool) else is_true_for(allow, request)
        return False

    def _may_ask(self, request: Any, is_debug: Callable[[], bool]) -> bool:
        if self.may_see(request, is_debug):
            return True
        if self.settings.allow is None:
            tell_once(NOT_ALLOWED.format(key=self._key, setting=self._allow_setting))
        return False

    def _is_drawn(self) -> bool:
        return self._one_in == 1 or self._chance() * self._one_in < 1

    def _is_wanted(self, request: Any) -> bool:
        if self._when is None:
            return True
        with Contained("asking when() whether to profile a request"):
            return is_true_for(self._when, request)
        return False


class RequestProfile:
    """The profile of one request: ``stop`` where the request ends, then ``deliver`` anywhere."""

    __slots__ = ("_is_own", "_recorder", "_session", "_web", "plan")

    def __init__(self, web: WebProfiler, plan: Plan, recorder: Recorder) -> None:
        self._web = web
        self._recorder: Recorder | None = recorder
        self._session: Session | None = None
        self._is_own = False  # without the work of other requests
        self.plan = plan

    @property
    def session(self) -> Session | None:
        """What was recorded; None before ``stop``, or if that failed."""
        return self._session

    def stop(self, frame: FrameType) -> None:
        """Ends the recording, once."""
        __tracebackhide__ = True
        recorder, self._recorder = self._recorder, None
        if recorder is None:
            return
        with Contained("stopping a profile"):
            self._session = recorder.stop(frame)

    def deliver(
        self, subject: Subject, status: int, *, file_name: FileName | None = None
    ) -> Page | None:
        """Saves the report where it is to be saved, and returns it where it is to be shown.

        None also where making it failed: the request is answered as it would have been. *file_name*
        may tell a name for the file, if there is to be one.
        """
        self.save(subject, status, file_name=file_name)
        session = self._own_session()
        if session is None or not self.plan.is_shown:
            return None
        with Contained("making the report that a request asked for"):
            report = self._web.report
            return Page(report.render(session), report.content_type, with_body(status))
        return None

    def save(
        self, subject: Subject, status: int | None, *, file_name: FileName | None = None
    ) -> None:
        """The half of :meth:`deliver` that is left where the response is an exception.

        A *status* of None is one that is not known.
        """
        session, folder = self._own_session(), self._web.folder
        if session is None or folder is None or not self.plan.is_saved:
            return
        with Contained("saving a profile"):
            name = None if file_name is None else file_name(session)
            told = "" if status is None else str(status)
            folder.save(session, subject, file_name=name, status=told)

    def _own_session(self) -> Session | None:
        if self._session is not None and not self._is_own:
            self._is_own = True
            session, self._session = self._session, None
            with Contained("choosing what of a profile belongs to a request"):
                self._session = self._web.options.session_of(session)
        return self._session


def with_body(status: int) -> int:
    """The response's own status, unless it is one that no body goes with."""
    return 200 if status < 200 or status in (204, 205, 304) else status
