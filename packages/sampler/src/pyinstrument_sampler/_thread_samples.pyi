from typing_extensions import Self, disjoint_base

from .engines.interface import SamplingRequest

@disjoint_base
class ThreadSamples:
    def __new__(cls, request: SamplingRequest) -> Self: ...
