"""Samples of a run's threads as native columns."""

from libc.stdint cimport int64_t, uint8_t, uint32_t

cdef enum:
    # Large enough for malloc to map each block by itself and to give it back when freed.
    BLOCK_ROWS = 8192


cdef struct Block:
    # A chain of blocks: growing copies nothing, and a full table needs no room twice.
    Block *next
    uint32_t rows
    int64_t duration_ns[BLOCK_ROWS]
    int64_t cpu_ns[BLOCK_ROWS]
    uint32_t stack[BLOCK_ROWS]
    uint32_t ticks[BLOCK_ROWS]
    uint32_t thread[BLOCK_ROWS]
    uint8_t state[BLOCK_ROWS]


cdef struct ThreadRows:
    int64_t start_ns  # of its first row
    Block *last  # where its last row is; NULL: none
    uint32_t row


cdef class SampleColumns:
    cdef Block *first
    cdef Block *last
    cdef size_t rows
    cdef ThreadRows *threads
    cdef uint32_t thread_count

    cdef int add_thread(self, int64_t start_ns) except -1
    cdef int add(
        self, uint32_t thread, uint32_t stack, int64_t duration_ns, int64_t cpu_ns, uint8_t state,
        uint32_t ticks=*,
    ) except -1
    cdef tuple to_table(self, bint consume)
    cdef Block *_new_block(self) except NULL
