"""Says which extra to install where a framework is missing."""

from __future__ import annotations

from .errors import MissingExtraError


def missing_extra(extra: str, error: ImportError) -> MissingExtraError:
    """What a module raises when *error* keeps it from importing its framework."""
    missing = error.name or str(error)
    return MissingExtraError(
        f"pyinstrument's integration {extra!r} needs {missing!r}, which cannot be imported: "
        f"pip install 'pyinstrument[{extra}]'",
        name=error.name,
    )
