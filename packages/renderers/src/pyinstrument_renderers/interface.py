"""What a renderer is: session → text or bytes. The contract for ours and for third parties."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, Dict, List, Mapping, Optional, Union

if TYPE_CHECKING:
    from pyinstrument_model.call_tree import CallTree
    from pyinstrument_model.session import Session


class Renderer:
    """Base of all renderers.

    Subclasses take their options as constructor arguments and keep no state between calls of
    ``render``: one instance may render any number of sessions.
    """

    output_file_extension: str = "txt"
    """Of files that hold its output, without a dot."""
    output_is_binary: bool = False
    """``render`` returns bytes, which do not belong on a terminal."""

    def render(self, session: Session) -> Union[str, bytes]:
        """The session in this format. Raises ``RendererError`` for what it cannot show."""
        raise NotImplementedError(f"{type(self).__name__}.render")
