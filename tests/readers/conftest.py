"""The programs that read our formats back; with one interpreter, since a file is a file."""

from __future__ import annotations

from support.outside_programs import build_hook, chromium, go, npm

__all__ = ["build_hook", "chromium", "go", "npm"]
