"""Names that would break a page, a file or a terminal which took them for more than text."""

from __future__ import annotations

from pyinstrument_model import Session
from pyinstrument_sampler.recording_builder import RecordingBuilder

from .made_up_sessions import MS, make_facts

HOSTILE_NAMES = {
    "markup": "</script><!--<script>alert(1)</script>",
    "script": '</script><!--<script>hacked = 1</script><img src=x onerror="hacked = 1">',
    "end of its element": "</div></title></noscript></style><img src=x onerror=alert(1)>",
    "quotes": "\"'`&quot;&amp;\\",
    "nothing to see": "a\0b\u2028c\u2029d\u202ee\ufeff",
    "bytes of a file name": "caf\udce9.py",
    "not a character": "\ud800\uffff",
    "lines": "one\r\ntwo\tthree",
    "other letters": "日本語 🔥",
}


def named_session(name: str) -> Session:
    """One sample, in which everything that can be named is named so."""
    builder = RecordingBuilder()
    builder.thread(1, name)
    frame = builder.frame(name, f"/app/{name}", 1, class_name=name)
    builder.add_sample(builder.stack(0, builder.location(frame, 1)), MS)
    recording = builder.build(make_facts(argv=(name,), notes=(name,)))
    return Session(
        recording, name, sys_path=[name], sys_prefixes=[name], sources={f"/app/{name}": {1: name}}
    )
