from ..notes import STARTING_HOOK_TAKEN as STARTING_HOOK_TAKEN
from .interface import Run, SamplingRequest

def start_on_threads(request: SamplingRequest) -> Run: ...
