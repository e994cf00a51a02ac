"""pyinstrument in web frameworks, notebooks, test runs and workers: one module a framework.

Nothing is imported here, and a framework only by its own module.
"""

from __future__ import annotations

__all__: list[str] = []
