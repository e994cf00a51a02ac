from typing_extensions import disjoint_base

@disjoint_base
class ThreadTrack:
    thread_id: int
    ident: int
    is_own: bool
