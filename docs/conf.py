"""The documentation site, made by Sphinx with MyST and furo.

Why these: Material for MkDocs ends in May 2027, Zensical's API pages are preliminary (0.1); Sphinx
is released regularly, reads docstrings by importing, and furo asks for no font from elsewhere.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "extensions"))

project = "pyinstrument"
author = "the authors of pyinstrument"
copyright = author
html_title = "pyinstrument"

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "command_reference",
    "demo_reports",
    "drawings",
    "drawn_trees",
    "offline_pages",
]
exclude_patterns = ["_build", "extensions", "README.md"]
default_role = "code"

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
autodoc_class_signature = "mixed"
autodoc_mock_imports = ["aiohttp", "asgiref", "celery", "django", "fastapi", "flask", "starlette"]
autodoc_use_legacy_class_based = False
python_use_unqualified_type_names = True
toc_object_entries_show_parents = "hide"
python_maximum_signature_line_length = 80
napoleon_google_docstring = True
napoleon_numpy_docstring = False

html_theme = "furo"
html_static_path = ["theme"]
html_css_files = ["site.css"]
html_show_sphinx = False
html_show_copyright = False
html_copy_source = False
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#9a3412", "color-brand-content": "#9a3412"},
    "dark_css_variables": {"color-brand-primary": "#fdba74", "color-brand-content": "#fdba74"},
}
pygments_style = "friendly"
pygments_dark_style = "monokai"
