"""Property tests are the same on every run."""

from __future__ import annotations

from support import hypothesis_profile

hypothesis_profile.load()
