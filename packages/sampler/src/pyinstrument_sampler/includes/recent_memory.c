/* See recent_memory.h. */
#include "recent_memory.h"

enum { LINE_BYTES = 64 };

static void note(uintptr_t *noted, unsigned count, unsigned *next, uintptr_t address)
{
    for (unsigned at = 0; at < count; at++) {
        if (noted[at] == address) {
            return;
        }
    }
    noted[*next] = address;
    *next = (*next + 1) % count;
}

void pyi_fetch_recent(const pyi_recent_memory *recent)
{
    for (int at = 0; at < PYI_RECENT_FIELDS; at++) {
        __builtin_prefetch((const void *)recent->fields[at]);
    }
    for (int at = 0; at < PYI_RECENT_LINES; at++) {
        __builtin_prefetch((const void *)recent->lines[at]);
    }
}

void pyi_note_field(pyi_recent_memory *recent, uintptr_t field)
{
    recent->field = field;
    note(recent->fields, PYI_RECENT_FIELDS, &recent->next_field, field);
}

void pyi_note_frame(pyi_recent_memory *recent, uintptr_t frame, size_t size)
{
    uintptr_t end = frame + size;
    for (uintptr_t line = frame - frame % LINE_BYTES; line < end; line += LINE_BYTES) {
        note(recent->lines, PYI_RECENT_LINES, &recent->next_line, line);
    }
}
