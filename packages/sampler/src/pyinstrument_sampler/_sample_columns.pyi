class SampleColumns:
    ticks: int
    duration_ns: int
