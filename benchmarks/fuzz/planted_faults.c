/* Parsers of peeks with one fault each, to show that fuzz_peek.py finds such faults.
 *
 * FAULT is the one to have; the names are those of `--planted`.
 */
#include <string.h>

#include "peek.h"

enum { WRAPS = 1, OVERFLOWS, CIRCLES, UNALIGNED, NEVER_WHOLE, KEEPS_RINGS };

uintptr_t pyi_parse_frames(const pyi_frame_layout *layout, const pyi_window *window,
                           uintptr_t frame, pyi_peek *peek)
{
    int steps = 0;
    while (frame != 0 && (FAULT == CIRCLES || steps++ < 2 * PYI_PEEK_FRAMES)) {
        const unsigned char *header;
        uintptr_t code, instruction;
        if (peek->count >= PYI_PEEK_FRAMES + (FAULT == OVERFLOWS)) {
            return 0;
        }
        if (FAULT == WRAPS ? frame + layout->size > window->address + window->size
                           : window->size < layout->size ||
                                 frame - window->address > window->size - layout->size) {
            return frame;
        }
        if (FAULT != UNALIGNED && frame % sizeof(uintptr_t) != 0) {
            return frame;
        }
        header = window->bytes + (frame - window->address);
        if (header[layout->owner] < layout->shim) {
            memcpy(&code, header + layout->code, sizeof code);
            memcpy(&instruction, header + layout->instruction, sizeof instruction);
            peek->frames[peek->count++] =
                (pyi_peeked_frame){frame, code & layout->code_mask, instruction};
        }
        memcpy(&frame, header + layout->previous, sizeof frame);
    }
    return FAULT == NEVER_WHOLE ? 0 : frame;
}

void pyi_cut_ring(pyi_peek *peek)
{
    for (int at = 1; at < peek->count && FAULT != KEEPS_RINGS; at++) {
        for (int before = 0; before < at; before++) {
            if (peek->frames[before].frame == peek->frames[at].frame) {
                peek->count = at;
            }
        }
    }
}
