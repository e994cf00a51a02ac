/* Reads the newest frames of a running thread from another one, as opaque numbers.
 *
 * Nothing that is read is ever followed: it is looked up in memory that is mapped for good, or in
 * copies made by a system call that fails where it would fault. docs/how/safepoint.md says why that
 * cannot crash.
 * Needs no GIL, allocates nothing.
 */
#ifndef PYINSTRUMENT_PEEK_H
#define PYINSTRUMENT_PEEK_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "recent_memory.h"

enum {
    PYI_PEEK_FRAMES = 128,   /* most frames of one peek */
    PYI_WINDOW_BYTES = 2560, /* what is copied below a frame: parents mostly lie there */
    PYI_WINDOW_FRAME = 128,  /* room for the header of a frame, of any version */
};

typedef struct {
    uintptr_t frame;       /* address of the interpreter's frame */
    uintptr_t code;        /* address of its code object; 0 where it was just cleared */
    uintptr_t instruction; /* address of the instruction that it executes, or executed last */
} pyi_peeked_frame;

typedef struct {
    int count;
    int is_whole;      /* the last frame is the outermost one */
    uintptr_t context; /* address of the thread's current `contextvars.Context` */
    pyi_peeked_frame frames[PYI_PEEK_FRAMES]; /* newest first */
} pyi_peek;

/* Where this interpreter keeps things in a frame, in bytes from the frame's address. */
typedef struct {
    size_t size; /* bytes up to the end of the last field below */
    size_t previous;
    size_t code;
    size_t instruction;
    size_t owner;
    uintptr_t code_mask;  /* bits of the code field that are the address */
    unsigned char shim;   /* owners from this on: frames that stand for C code and are no calls */
} pyi_frame_layout;

/* A piece of memory: `bytes` is, or is a copy of, what lies from `address` on. */
typedef struct {
    uintptr_t address;
    size_t size;
    const unsigned char *bytes;
} pyi_window;

/* Adds to `peek` the frames from `frame` on that lie in the window whole.
 *
 * A pure function of hostile input: any bytes, any address. Returns the address of the frame at
 * which it ended: 0 at the end of the chain or when `peek` is full.
 */
uintptr_t pyi_parse_frames(const pyi_frame_layout *layout, const pyi_window *window,
                           uintptr_t frame, pyi_peek *peek);

/* Ends the chain before it comes back to a frame that it had: one that changed while it was read may
 * lead into itself. */
void pyi_cut_ring(pyi_peek *peek);

/* What to read of a thread. Its state is read in place only if it is known to be alive. */
typedef struct {
    pid_t pid;
    const pyi_frame_layout *layout;
    int is_foreign;           /* it may end at any time: everything is copied */
    const uintptr_t *newest;  /* field of the thread state: the newest frame, or see below */
    size_t newest_offset;     /* up to 3.12: *newest is a C struct that has the frame here */
    const uintptr_t *context; /* field of the thread state */
    const uintptr_t *chunk;   /* field of the thread state: the part of its data stack in use */
    pyi_window first_chunk;   /* that part, where it is the one that is never given back; or none */
    pyi_window stack;         /* the thread's C stack, where that stays mapped for good; or none */
} pyi_peek_target;

/* To be called right before a peek that may need copies: the first system call after a sleep takes
 * several times as long as the next. Touches nothing of the thread. */
void pyi_warm_copying(const pyi_peek_target *target, const pyi_recent_memory *recent);

/* Takes a peek. A thread that cannot be read gives one without frames. `recent`: what the last
 * peeks at this thread needed, brought up to date; or NULL. */
void pyi_take_peek(const pyi_peek_target *target, pyi_recent_memory *recent, pyi_peek *peek);

/* Whether two peeks saw the same frames: callers at the same instructions, the newest anywhere. */
int pyi_same_frames(const pyi_peek *one, const pyi_peek *other);

/* Whether two peeks are equal: the thread has not moved, as far as can be seen. */
int pyi_same_peek(const pyi_peek *one, const pyi_peek *other);

#endif
