"""Samples of one thread as native columns: 25 bytes a row, equal ones merged."""

from cpython cimport array
from libc.stdint cimport int64_t, uint8_t, uint32_t
from libc.stdlib cimport free, malloc
from libc.string cimport memcpy

from array import array as new_array

from pyinstrument_sampler.recording import SampleTable

cdef array.array UINT8 = new_array("B")
cdef array.array UINT32 = new_array("I")
cdef array.array INT64 = new_array("q")


cdef class SampleColumns:
    """Rows follow each other without gaps: a row starts where the one before it ended."""

    def __dealloc__(self):
        cdef Block *block = self.first
        while block != NULL:
            following = block.next
            free(block)
            block = following

    cdef int add(
        self, uint32_t stack, int64_t duration_ns, int64_t cpu_ns, uint8_t state, uint32_t ticks=1
    ) except -1:
        """Adds *ticks* samples; what equals the last in stack and state extends that row."""
        cdef Block *block = self.last
        cdef uint32_t row = block.rows - 1 if block != NULL else 0
        if block != NULL and block.stack[row] == stack and block.state[row] == state:
            block.duration_ns[row] += duration_ns
            block.cpu_ns[row] += cpu_ns
            block.ticks[row] += ticks
        else:
            if block == NULL or block.rows == BLOCK_ROWS:
                block = self._new_block()
            row = block.rows
            block.stack[row] = stack
            block.duration_ns[row] = duration_ns
            block.cpu_ns[row] = cpu_ns
            block.ticks[row] = ticks
            block.state[row] = state
            block.rows += 1
            self.rows += 1
        return 0

    cdef Block *_new_block(self) except NULL:
        cdef Block *block = <Block *>malloc(sizeof(Block))
        if block == NULL:
            raise MemoryError()
        block.next = NULL
        block.rows = 0
        if self.last == NULL:
            self.first = block
        else:
            self.last.next = block
        self.last = block
        return block

    cdef tuple to_table(self, bint consume):
        """The rows so far as the recording has them, all of thread 0; their time; their ticks.

        *consume* empties this. To make an array can run code of the program, which may add rows or
        consume them; only what follows is one step.
        """
        cdef size_t rows = self.rows
        # Pages of a fresh array cost memory only when written to, and by then the block that was
        # copied is given back: the peak is one copy of the columns, not two.
        cdef array.array stack = array.clone(UINT32, rows, zero=False)
        cdef array.array start = array.clone(INT64, rows, zero=False)
        cdef array.array duration = array.clone(INT64, rows, zero=False)
        cdef array.array ticks = array.clone(UINT32, rows, zero=False)
        cdef array.array thread = array.clone(UINT32, rows, zero=True)
        cdef array.array cpu = array.clone(INT64, rows, zero=False)
        cdef array.array state = array.clone(UINT8, rows, zero=False)
        cdef Block *block = self.first
        cdef Block *following
        cdef size_t at = 0
        cdef uint32_t row
        cdef int64_t start_ns = 0
        cdef int64_t all_ticks = 0
        cdef uint32_t count
        while block != NULL and at < rows:
            count = <uint32_t>min(<size_t>block.rows, rows - at)
            memcpy(stack.data.as_uints + at, block.stack, count * sizeof(uint32_t))
            memcpy(duration.data.as_longlongs + at, block.duration_ns, count * sizeof(int64_t))
            memcpy(ticks.data.as_uints + at, block.ticks, count * sizeof(uint32_t))
            memcpy(cpu.data.as_longlongs + at, block.cpu_ns, count * sizeof(int64_t))
            memcpy(state.data.as_uchars + at, block.state, count)
            for row in range(count):
                start.data.as_longlongs[at + row] = start_ns
                start_ns += block.duration_ns[row]
                all_ticks += block.ticks[row]
            at += count
            following = block.next
            if consume:
                free(block)
            block = following
        if consume:
            self.first = self.last = NULL
            self.rows = 0
        columns = (stack, start, duration, ticks, thread, cpu, state)
        if at < rows:
            for column in columns:
                array.resize(column, at)
        return SampleTable(*columns), start_ns, all_ticks
