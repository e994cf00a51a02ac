from .engines.interface import Run

class SafepointRun(Run):
    def tick(self) -> None: ...
