"""Everything this package raises on purpose, under one base class.

IntegrationError
├── InvalidSettingError (also ValueError)   a setting that cannot mean anything
├── MissingExtraError (also ImportError)    the framework of this module is not installed
└── ProfileFolderError                      a profile could not be saved
"""

from __future__ import annotations


class IntegrationError(Exception):
    """Base of all errors of this package."""


class InvalidSettingError(IntegrationError, ValueError):
    """A setting that cannot mean anything; raised when the program starts, not at a request."""


class MissingExtraError(IntegrationError, ImportError):
    """The framework that a module is for is not installed; the message names the extra."""


class ProfileFolderError(IntegrationError):
    """A profile could not be saved, or what is saved not be read."""
