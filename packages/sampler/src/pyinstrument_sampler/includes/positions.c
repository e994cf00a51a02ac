/* See positions.h. Malformed tables end early: a program may make code objects of anything. */
#include "positions.h"

#include <limits.h>

enum { SHORT_FORMS = 10, LONG_FORM = 14, NO_COLUMNS = 13, NO_POSITION = 15 };

typedef struct {
    const unsigned char *at;
    const unsigned char *end;
    int unit; /* first of the entry, and how many it has */
    int count;
    int line;
    int end_line;
    int column; /* -1: none */
    int end_column;
} pyi_entry;

static unsigned int next_byte(pyi_entry *entry)
{
    return entry->at < entry->end ? *entry->at++ : 0;
}

static int next_varint(pyi_entry *entry)
{
    unsigned int byte = next_byte(entry);
    unsigned int value = byte & 63;
    for (int shift = 6; (byte & 64) && shift < 30; shift += 6) {
        byte = next_byte(entry);
        value |= (byte & 63) << shift;
    }
    return (int)(value & INT_MAX);
}

static int next_signed(pyi_entry *entry)
{
    int value = next_varint(entry);
    return value & 1 ? -(value >> 1) : value >> 1;
}

static void begin(pyi_entry *entry, PyCodeObject *code)
{
    entry->at = (const unsigned char *)PyBytes_AS_STRING(code->co_linetable);
    entry->end = entry->at + PyBytes_GET_SIZE(code->co_linetable);
    entry->unit = entry->count = 0;
    entry->line = code->co_firstlineno;
}

static int next_entry(pyi_entry *entry)
{
    unsigned int head, form;
    if (entry->at >= entry->end) {
        return 0;
    }
    head = next_byte(entry);
    form = (head >> 3) & 15;
    entry->unit += entry->count;
    entry->count = (int)(head & 7) + 1;
    entry->column = entry->end_column = -1;
    if (form < SHORT_FORMS) {
        unsigned int columns = next_byte(entry);
        entry->column = (int)(form << 3 | columns >> 4);
        entry->end_column = entry->column + (int)(columns & 15);
    }
    else if (form < NO_COLUMNS) {
        entry->line += (int)form - SHORT_FORMS;
        entry->column = (int)next_byte(entry);
        entry->end_column = (int)next_byte(entry);
    }
    else if (form != NO_POSITION) {
        entry->line += next_signed(entry);
    }
    entry->end_line = entry->line;
    if (form == LONG_FORM) {
        entry->end_line += next_varint(entry);
        entry->column = next_varint(entry) - 1;
        entry->end_column = next_varint(entry) - 1;
    }
    return 1;
}

int pyi_spans_of_callee(PyObject *code, int call, pyi_span *out, int capacity)
{
    pyi_entry of_call, entry;
    int count = 0;
    begin(&of_call, (PyCodeObject *)code);
    do {
        if (!next_entry(&of_call)) {
            return 0;
        }
    } while (of_call.unit + of_call.count <= call);
    if (of_call.column < 0 || of_call.end_column < 0) {
        return 0;
    }
    begin(&entry, (PyCodeObject *)code);
    while (next_entry(&entry) && entry.unit < of_call.unit) {
        int is_before = entry.end_line < of_call.end_line ||
                        (entry.end_line == of_call.end_line &&
                         entry.end_column < of_call.end_column);
        if (entry.line != of_call.line || entry.column != of_call.column || !is_before) {
            continue;
        }
        if (count == capacity) {
            return 0;
        }
        out[count++] = (pyi_span){entry.unit, entry.count, entry.end_line, entry.end_column};
    }
    return count;
}
