/* Where the newest frames of the last peeks were, so that the next one can ask for all at once.
 *
 * What a running thread has just written lies in its processor's cache. To fetch the lines one after
 * the other takes as long as several short calls do, and the peek is torn; fetched together they
 * are of one moment.
 */
#ifndef PYINSTRUMENT_RECENT_MEMORY_H
#define PYINSTRUMENT_RECENT_MEMORY_H

#include <stddef.h>
#include <stdint.h>

enum {
    PYI_RECENT_FIELDS = 4, /* places at which the newest frame was noted, up to 3.12 */
    PYI_RECENT_LINES = 24, /* cache lines of frames: some processors fetch no more at a time */
};

typedef struct {
    uintptr_t field;    /* the place of the last peek; 0: none */
    int copies;         /* that the last peek had to make */
    uintptr_t fields[PYI_RECENT_FIELDS];
    uintptr_t lines[PYI_RECENT_LINES];
    unsigned next_field; /* which of them the next new one replaces */
    unsigned next_line;
} pyi_recent_memory;

/* Begins to fetch all of it. Reads nothing: any address will do. */
void pyi_fetch_recent(const pyi_recent_memory *recent);

/* Remembers where the newest frame was noted. */
void pyi_note_field(pyi_recent_memory *recent, uintptr_t field);

/* Remembers the header of a frame. */
void pyi_note_frame(pyi_recent_memory *recent, uintptr_t frame, size_t size);

#endif
