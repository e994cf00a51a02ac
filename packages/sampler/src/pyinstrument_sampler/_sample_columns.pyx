"""Samples of a run's threads as native columns: 25 bytes a row, equal ones merged.

Four more for those of other threads than the first.
"""

from cpython cimport array
from libc.stdint cimport int64_t, uint8_t, uint32_t
from libc.stdlib cimport calloc, free, malloc, realloc
from libc.string cimport memcpy

from array import array as new_array

from pyinstrument_sampler.recording import SampleTable

cdef array.array UINT8 = new_array("B")
cdef array.array UINT32 = new_array("I")
cdef array.array INT64 = new_array("q")


cdef class SampleColumns:
    """The rows of one thread follow each other without gaps: each starts where the last ended."""

    def __dealloc__(self):
        free(self.threads)
        cdef Block *block = self.first
        while block != NULL:
            following = block.next
            free(block)
            block = following

    cdef int add_thread(self, int64_t start_ns) except -1:
        """Begins the rows of one thread more; the first has number 0."""
        cdef size_t size = (self.thread_count + 1) * sizeof(ThreadRows)
        cdef ThreadRows *threads = <ThreadRows *>realloc(self.threads, size)
        if threads == NULL:
            raise MemoryError()
        self.threads = threads
        threads[self.thread_count].start_ns = start_ns
        threads[self.thread_count].last = NULL
        self.thread_count += 1
        return 0

    cdef int add(
        self, uint32_t thread, uint32_t stack, int64_t duration_ns, int64_t cpu_ns, uint8_t state,
        uint32_t ticks=1,
    ) except -1:
        """Adds *ticks* samples; equal to the thread's last in stack and state, they extend it."""
        cdef Block *block = self.threads[thread].last
        cdef uint32_t row = self.threads[thread].row
        if block != NULL and block.stack[row] == stack and block.state[row] == state:
            block.duration_ns[row] += duration_ns
            block.cpu_ns[row] += cpu_ns
            block.ticks[row] += ticks
        else:
            block = self.last
            if block == NULL or block.rows == BLOCK_ROWS:
                block = self._new_block()
            row = block.rows
            block.stack[row] = stack
            block.duration_ns[row] = duration_ns
            block.cpu_ns[row] = cpu_ns
            block.ticks[row] = ticks
            if thread != 0:  # else the zeros stay unwritten, and cost no memory
                block.thread[row] = thread
            block.state[row] = state
            block.rows += 1
            self.rows += 1
            self.threads[thread].last = block
            self.threads[thread].row = row
        return 0

    cdef Block *_new_block(self) except NULL:
        cdef Block *block = <Block *>calloc(1, sizeof(Block))
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
        """The rows so far as the recording has them; when the last ended; their ticks.

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
        cdef array.array thread = array.clone(UINT32, rows, zero=False)
        cdef array.array cpu = array.clone(INT64, rows, zero=False)
        cdef array.array state = array.clone(UINT8, rows, zero=False)
        cdef Block *block = self.first
        cdef Block *following
        cdef size_t at = 0
        cdef uint32_t row
        cdef uint32_t number
        cdef int64_t last_ns = 0
        cdef int64_t all_ticks = 0
        cdef uint32_t count
        cdef int64_t *end_ns = <int64_t *>malloc((self.thread_count + 1) * sizeof(int64_t))
        if end_ns == NULL:
            raise MemoryError()
        for number in range(self.thread_count):
            end_ns[number] = self.threads[number].start_ns
        while block != NULL and at < rows:
            count = <uint32_t>min(<size_t>block.rows, rows - at)
            memcpy(stack.data.as_uints + at, block.stack, count * sizeof(uint32_t))
            memcpy(duration.data.as_longlongs + at, block.duration_ns, count * sizeof(int64_t))
            memcpy(ticks.data.as_uints + at, block.ticks, count * sizeof(uint32_t))
            memcpy(thread.data.as_uints + at, block.thread, count * sizeof(uint32_t))
            memcpy(cpu.data.as_longlongs + at, block.cpu_ns, count * sizeof(int64_t))
            memcpy(state.data.as_uchars + at, block.state, count)
            for row in range(count):
                number = block.thread[row]
                start.data.as_longlongs[at + row] = end_ns[number]
                end_ns[number] += block.duration_ns[row]
                last_ns = max(last_ns, end_ns[number])
                all_ticks += block.ticks[row]
            at += count
            following = block.next
            if consume:
                free(block)
            block = following
        free(end_ns)
        if consume:
            self.first = self.last = NULL
            self.rows = 0
            for number in range(self.thread_count):
                self.threads[number].last = NULL
        columns = (stack, start, duration, ticks, thread, cpu, state)
        if at < rows:
            for column in columns:
                array.resize(column, at)
        return SampleTable(*columns), last_ns, all_ticks
