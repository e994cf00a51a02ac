"""A hash table from 64-bit keys to 32-bit ids: the one lookup the handler does.

Open addressing with linear probing, filled to three fifths at most. Key 0 means an empty slot, so
no key may be 0. A forgotten key keeps its slot until the table is full and made anew.
"""

from libc.stdint cimport uint32_t, uint64_t
from libc.stdlib cimport calloc, free

cdef enum:
    NO_ID = 0xFFFFFFFF


cdef struct IdMap:
    uint64_t *keys
    uint32_t *ids
    size_t mask  # slots - 1, or 0 before the first put
    size_t used  # slots taken, forgotten ones included


cdef inline size_t id_map_slot(const IdMap *table, uint64_t key) noexcept nogil:
    """The slot of a key, or the empty one where it would go. The table must have slots."""
    # Fibonacci hashing: https://doi.org/10.1145/365696.365706 spreads ids and addresses alike.
    cdef size_t slot = ((key * <uint64_t>0x9E3779B97F4A7C15) >> 32) & table.mask
    while table.keys[slot] != 0 and table.keys[slot] != key:
        slot = (slot + 1) & table.mask
    return slot


cdef inline uint32_t id_map_get(const IdMap *table, uint64_t key) noexcept nogil:
    """The id of a key, or NO_ID."""
    if table.mask == 0:
        return NO_ID
    cdef size_t slot = id_map_slot(table, key)
    return table.ids[slot] if table.keys[slot] != 0 else NO_ID


cdef inline int id_map_grow(IdMap *table) noexcept nogil:
    """Makes room; -1 when there is no memory, and the table is as before."""
    cdef IdMap larger
    cdef size_t slot, target
    cdef size_t slots = table.mask + 1 if table.mask else 16
    cdef size_t kept = 0
    if table.mask:
        for slot in range(table.mask + 1):
            kept += table.keys[slot] != 0 and table.ids[slot] != NO_ID
    if 10 * kept > 3 * slots:  # else it is forgotten keys that fill it
        slots *= 2
    larger.mask = slots - 1
    larger.used = 0
    larger.keys = <uint64_t *>calloc(slots, sizeof(uint64_t))
    larger.ids = <uint32_t *>calloc(slots, sizeof(uint32_t))
    if larger.keys == NULL or larger.ids == NULL:
        free(larger.keys)
        free(larger.ids)
        return -1
    if table.mask:
        for slot in range(table.mask + 1):
            if table.keys[slot] != 0 and table.ids[slot] != NO_ID:
                target = id_map_slot(&larger, table.keys[slot])
                larger.keys[target] = table.keys[slot]
                larger.ids[target] = table.ids[slot]
                larger.used += 1
    free(table.keys)
    free(table.ids)
    table[0] = larger
    return 0


cdef inline int id_map_put(IdMap *table, uint64_t key, uint32_t value) noexcept nogil:
    """Gives a key an id; -1 when there is no memory."""
    if 5 * (table.used + 1) > 3 * (table.mask + 1) or table.mask == 0:
        if id_map_grow(table) < 0:
            return -1
    cdef size_t slot = id_map_slot(table, key)
    if table.keys[slot] == 0:
        table.keys[slot] = key
        table.used += 1
    table.ids[slot] = value
    return 0


cdef inline void id_map_forget(IdMap *table, uint64_t key) noexcept nogil:
    """Takes a key's id away."""
    if table.mask:
        slot = id_map_slot(table, key)
        if table.keys[slot] != 0:
            table.ids[slot] = NO_ID


cdef inline void id_map_free(IdMap *table) noexcept nogil:
    """Gives the memory back; the table is empty then."""
    free(table.keys)
    free(table.ids)
    table.keys = NULL
    table.ids = NULL
    table.mask = 0
    table.used = 0
