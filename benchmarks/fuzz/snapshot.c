/* What the timer thread would copy of the thread that calls this: seeds for fuzz_peek.py.
 *
 * Includes the source, not the header, since the copy is made by a function of that file alone.
 */
#define Py_BUILD_CORE 1
#include "peek.c"

#include "peek_target.h"

/* Fills in the layout of this interpreter and a copy of the newest frames; its size, 0 if none.
 * `room` is for PYI_WINDOW_BYTES + PYI_WINDOW_FRAME bytes, of which `*start` come before it. */
size_t take_snapshot(pyi_frame_layout *layout, uintptr_t *frame, uintptr_t *address,
                     unsigned char *room, size_t *start)
{
    pyi_peek_target target = {.pid = getpid()};
    pyi_window window;
    uintptr_t context;
    pyi_describe_thread(PyThreadState_Get(), 1, &target);
    *layout = *target.layout;
    *frame = newest_frame(&target, NULL, &context);
    if (!copy_window(target.pid, layout->size, *frame, room, &window)) {
        return 0;
    }
    *address = window.address;
    *start = window.bytes - room;
    return window.size;
}
