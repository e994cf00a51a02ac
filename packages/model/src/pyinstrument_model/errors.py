"""Everything the model raises on purpose, under one base class.

ModelError
├── SessionFileError                      a file that is no session this version can open
├── OptionError (also ValueError)         a processor option that cannot mean anything
├── RecorderStateError (also RuntimeError) stop without start, start while running …
└── BrokenTreeError                       ``self_check`` found a tree that does not add up
"""

from __future__ import annotations


class ModelError(Exception):
    """Base of all errors of this package."""


class SessionFileError(ModelError):
    """A file that cannot be opened as a session; the message names file, fault and next step."""


class OptionError(ModelError, ValueError):
    """An option that cannot mean anything; the message names it, the value and what is valid."""


class RecorderStateError(ModelError, RuntimeError):
    """The recorder cannot do that now: it is running already, or not yet."""


class BrokenTreeError(ModelError):
    """A call tree whose times or links contradict each other: a fault in an edit."""
