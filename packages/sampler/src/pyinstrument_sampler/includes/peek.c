/* See peek.h. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "peek.h"

#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

enum {
    PAGE_BYTES = 4096, /* of memory that is readable or not as a whole; larger pages are as good */
    COPIES = 6,        /* most copies of one peek */
    ENOUGH_FRAMES = 16, /* no further copy once there are so many */
    NOTED_FRAMES = 3,   /* those that change most */
};

static uintptr_t load(const unsigned char *bytes)
{
    uintptr_t value;
    memcpy(&value, bytes, sizeof value);
    return value;
}

uintptr_t pyi_parse_frames(const pyi_frame_layout *layout, const pyi_window *window,
                           uintptr_t frame, pyi_peek *peek)
{
    /* Bounds the steps too: frames that are left out could form a ring. */
    for (int steps = 0; steps < 2 * PYI_PEEK_FRAMES && frame != 0; steps++) {
        uintptr_t offset = frame - window->address; /* wraps around where it lies below */
        const unsigned char *header;
        if (peek->count >= PYI_PEEK_FRAMES) {
            break;
        }
        if (window->size < layout->size || offset > window->size - layout->size ||
            frame % sizeof(uintptr_t) != 0) {
            return frame;
        }
        header = window->bytes + offset;
        if (header[layout->owner] < layout->shim) {
            pyi_peeked_frame *found = &peek->frames[peek->count++];
            found->frame = frame;
            found->code = load(header + layout->code) & layout->code_mask;
            found->instruction = load(header + layout->instruction);
        }
        frame = load(header + layout->previous);
    }
    /* Not 0 after a ring: the end of the chain was not seen. */
    return peek->count < PYI_PEEK_FRAMES ? frame : 0;
}

/* Copies what lies around `frame` into `room`; its parents lie just below in most cases.
 *
 * The page of the frame comes first and the one below it second, so that the copy of the first
 * succeeds where there is no second.
 */
static int copy_window(pid_t pid, size_t header, uintptr_t frame, unsigned char *room,
                       pyi_window *window)
{
    struct iovec local[2], remote[2];
    uintptr_t end = frame + header;
    uintptr_t page = frame & ~(uintptr_t)(PAGE_BYTES - 1);
    uintptr_t start = frame - PYI_WINDOW_BYTES;
    size_t below;
    ssize_t copied;
    if (frame < PYI_WINDOW_BYTES || end < frame) {
        return 0;
    }
    below = start < page ? page - start : 0;
    local[0].iov_base = room + below;
    remote[0].iov_base = (void *)(start + below);
    local[0].iov_len = remote[0].iov_len = end - start - below;
    local[1].iov_base = room;
    remote[1].iov_base = (void *)start;
    local[1].iov_len = remote[1].iov_len = below;
    copied = process_vm_readv(pid, local, below ? 2 : 1, remote, below ? 2 : 1, 0);
    if (copied == (ssize_t)(end - start)) {
        window->address = start;
        window->size = end - start;
        window->bytes = room;
        return 1;
    }
    if (copied == (ssize_t)local[0].iov_len) {
        window->address = start + below;
        window->size = local[0].iov_len;
        window->bytes = room + below;
        return 1;
    }
    return 0;
}

static int copy_word(pid_t pid, uintptr_t address, uintptr_t *word)
{
    struct iovec local = {word, sizeof *word};
    struct iovec remote = {(void *)address, sizeof *word};
    return process_vm_readv(pid, &local, 1, &remote, 1, 0) == sizeof *word;
}

/* Reads the two fields of the thread's state; whether that could be done. */
static int read_state(const pyi_peek_target *target, uintptr_t *newest, uintptr_t *context)
{
    if (!target->is_foreign) {
        *newest = __atomic_load_n(target->newest, __ATOMIC_ACQUIRE);
        *context = __atomic_load_n(target->context, __ATOMIC_RELAXED);
        return 1;
    }
    struct iovec local[2] = {{newest, sizeof *newest}, {context, sizeof *context}};
    struct iovec remote[2] = {{(void *)target->newest, sizeof *newest},
                              {(void *)target->context, sizeof *context}};
    return process_vm_readv(target->pid, local, 2, remote, 2, 0) == 2 * sizeof *newest;
}

static int is_in(const pyi_window *window, uintptr_t address)
{
    return address - window->address < window->size && address % sizeof address == 0;
}

/* The newest frame, whose moment is the sample's: all else is asked for in the same instant. */
static uintptr_t newest_frame(const pyi_peek_target *target, pyi_recent_memory *recent,
                              uintptr_t *context)
{
    uintptr_t newest = 0;
    uintptr_t frame = 0;
    /* Up to 3.12 *newest tells where to look. It is likely to be the same place as the last time,
     * and to look there does not wait for the answer then. */
    int is_expected = recent != NULL && is_in(&target->stack, recent->field);
    if (is_expected) {
        frame = load((const unsigned char *)recent->field);
    }
    if (!read_state(target, &newest, context)) {
        return 0;
    }
    if (recent != NULL) {
        pyi_fetch_recent(recent);
    }
    if (target->newest_offset == (size_t)-1) {
        return newest;
    }
    newest += target->newest_offset;
    if (is_expected && newest == recent->field) {
        return frame;
    }
    if (is_in(&target->stack, newest)) {
        if (recent != NULL) {
            pyi_note_field(recent, newest);
        }
        return load((const unsigned char *)newest);
    }
    return copy_word(target->pid, newest, &frame) ? frame : 0;
}

/* What one peek finds frames in. */
typedef struct {
    int count;
    pyi_window windows[2 + COPIES];
} pyi_windows;

/* Follows the chain as far as it lies in the windows. The oldest come first: frames of one copy
 * were there at one time. */
static uintptr_t follow(const pyi_frame_layout *layout, const pyi_windows *in, uintptr_t frame,
                        pyi_peek *peek)
{
    uintptr_t began = 0;
    for (int hops = 0; hops < 2 * PYI_PEEK_FRAMES && frame != 0 && frame != began; hops++) {
        began = frame;
        for (int at = 0; at < in->count && frame == began; at++) {
            frame = pyi_parse_frames(layout, &in->windows[at], frame, peek);
        }
    }
    return frame;
}

void pyi_cut_ring(pyi_peek *peek)
{
    int may_be_ring = 0; /* a deep recursion goes down all the way */
    for (int at = 1; at < peek->count; at++) {
        may_be_ring |= peek->frames[at].frame >= peek->frames[at - 1].frame;
    }
    for (int at = 1; may_be_ring && at < peek->count; at++) {
        for (int before = 0; before < at; before++) {
            if (peek->frames[before].frame == peek->frames[at].frame) {
                peek->count = at;
                return;
            }
        }
    }
}

void pyi_warm_copying(const pyi_peek_target *target, const pyi_recent_memory *recent)
{
    static const unsigned char from[PYI_WINDOW_BYTES + PYI_WINDOW_FRAME];
    unsigned char room[sizeof from];
    pyi_window window;
    if (target->is_foreign || recent->copies > 0) {
        copy_window(target->pid, target->layout->size, (uintptr_t)from + PYI_WINDOW_BYTES, room,
                    &window);
    }
}

void pyi_take_peek(const pyi_peek_target *target, pyi_recent_memory *recent, pyi_peek *peek)
{
    unsigned char rooms[COPIES][PYI_WINDOW_BYTES + PYI_WINDOW_FRAME];
    pyi_windows in;
    uintptr_t frame;
    int copies = 0;
    peek->count = 0;
    peek->is_whole = 0;
    peek->context = 0;
    frame = newest_frame(target, recent, &peek->context);
    in.count = 0;
    in.windows[in.count++] = target->stack;
    if (target->first_chunk.size > 0 &&
        __atomic_load_n(target->chunk, __ATOMIC_ACQUIRE) == target->first_chunk.address) {
        in.windows[in.count++] = target->first_chunk;
    }
    frame = follow(target->layout, &in, frame, peek);
    for (; frame != 0 && copies < COPIES && peek->count < ENOUGH_FRAMES; copies++) {
        if (!copy_window(target->pid, target->layout->size, frame, rooms[copies],
                         &in.windows[in.count])) {
            break;
        }
        in.count++;
        frame = follow(target->layout, &in, frame, peek);
    }
    peek->is_whole = frame == 0 && peek->count < PYI_PEEK_FRAMES;
    if (peek->count == PYI_PEEK_FRAMES) {
        pyi_cut_ring(peek);
    }
    if (recent != NULL) {
        recent->copies = copies;
        for (int at = 0; at < NOTED_FRAMES && at < peek->count; at++) {
            pyi_note_frame(recent, peek->frames[at].frame, target->layout->size);
        }
    }
}

int pyi_same_frames(const pyi_peek *one, const pyi_peek *other)
{
    if (one->count != other->count || one->count == 0) {
        return 0;
    }
    for (int at = 0; at < one->count; at++) {
        if (one->frames[at].frame != other->frames[at].frame ||
            one->frames[at].code != other->frames[at].code ||
            (at > 0 && one->frames[at].instruction != other->frames[at].instruction)) {
            return 0;
        }
    }
    return 1;
}

int pyi_same_peek(const pyi_peek *one, const pyi_peek *other)
{
    return one->count == other->count && one->context == other->context &&
           memcmp(one->frames, other->frames, one->count * sizeof one->frames[0]) == 0;
}
