/* The third witness: a timer's signal interrupts the program, wherever it is, and the handler notes
 * the frames of the very thread that it runs on.
 *
 * 1. Nothing is raced: the thread that changes the frames stands still inside the handler.
 * 2. Nothing is waited for: a signal is delivered at any instruction. One that falls into a system
 *    call is delivered when that ends, in the same Python frame.
 * 3. Each interval is drawn anew, from half the wanted one to one and a half.
 *
 * The handler allocates nothing and takes no reference. It follows code objects of frames that it found,
 * which a profiler must not do: this is a measuring tool.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#define Py_BUILD_CORE 1
#include "instructions.h"
#include "peek_target.h"

#if PY_VERSION_HEX < 0x030D0000
static const size_t previous_offset = offsetof(_PyCFrame, previous);
#else
static const size_t previous_offset = 0;
#endif

#include <setjmp.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum {
    PLACES = 1 << 16,
    WORDS = 1 << 26, /* mapped when they are written, not before */
    MOST_FRAMES = 2048,
    TEXT = 120,
};

typedef struct {
    uintptr_t code; /* these four are the key: addresses are used again */
    uintptr_t name;
    int first_line;
    int lasti;
    int line;
    char function[TEXT];
    char file[2 * TEXT];
} place;

static pyi_peek_target target;
static uintptr_t root; /* address of the thread's outermost frame */
static place *places;    /* a hash table */
static uint32_t *words;  /* of each sample: how many places, then the places, newest first */
static size_t used, samples, lost;
static timer_t timer;
static int64_t interval_ns;
static uint64_t random_state = 88172645463325252u;
static volatile int is_on, is_looking;
static sigjmp_buf way_out;
static struct sigaction old_fault[2];

static void copy_text(char *out, size_t room, PyObject *text)
{
    size_t length = 0;
    if (PyUnicode_IS_COMPACT_ASCII(text)) {
        length = (size_t)PyUnicode_GET_LENGTH(text);
        length = length < room ? length : room - 1;
        memcpy(out, PyUnicode_1BYTE_DATA(text), length);
    }
    out[length] = 0;
}

/* The place's number; 0 where there is no room. */
static uint32_t place_of(PyCodeObject *code, int lasti)
{
    uintptr_t key = ((uintptr_t)code >> 4) * 31 + (uintptr_t)lasti;
    for (uint32_t probe = 0; probe < 256; probe++) {
        uint32_t at = 1 + (uint32_t)((key * 0x9E3779B97F4A7C15u >> 40) + probe) % (PLACES - 1);
        place *one = &places[at];
        if (one->code == 0) {
            one->code = (uintptr_t)code;
            one->name = (uintptr_t)code->co_name;
            one->first_line = code->co_firstlineno;
            one->lasti = lasti;
            one->line = PyCode_Addr2Line(code, lasti);
            copy_text(one->function, sizeof one->function, code->co_name);
            copy_text(one->file, sizeof one->file, code->co_filename);
            return at;
        }
        if (one->code == (uintptr_t)code && one->lasti == lasti &&
            one->name == (uintptr_t)code->co_name && one->first_line == code->co_firstlineno) {
            return at;
        }
    }
    return 0;
}

typedef struct {
    uintptr_t code;
    uintptr_t instruction;
} call;

static int is_in(const pyi_window *window, uintptr_t address, size_t size)
{
    return window->size >= size && address - window->address <= window->size - size;
}

/* The header of what may be a frame, or NULL: between two frames the chain can begin with a word
 * that was never written. */
static const unsigned char *header_at(uintptr_t frame, unsigned char *room)
{
    size_t size = target.layout->size;
    struct iovec local = {room, size}, remote = {(void *)frame, size};
    if (frame % sizeof frame != 0) {
        return NULL;
    }
    if (is_in(&target.first_chunk, frame, size) || is_in(&target.stack, frame, size)) {
        return (const unsigned char *)frame;
    }
    return process_vm_readv(target.pid, &local, 1, &remote, 1, 0) == (ssize_t)size ? room : NULL;
}

static uintptr_t word_at(const unsigned char *header, size_t offset)
{
    uintptr_t word;
    memcpy(&word, header + offset, sizeof word);
    return word;
}

/* Fills `calls` with the chain from `frame` on, newest first; how many, -1 if it does not end in the
 * frame that it has to end in. */
static int follow(uintptr_t frame, call *calls)
{
    const pyi_frame_layout *layout = target.layout;
    unsigned char room[PYI_WINDOW_FRAME];
    uintptr_t last = 0;
    int count = 0;
    for (int steps = 0; frame != 0 && steps < MOST_FRAMES; steps++) {
        const unsigned char *header = header_at(frame, room);
        if (header == NULL) {
            return -1;
        }
        if (header[layout->owner] < layout->shim) {
            calls[count].code = word_at(header, layout->code) & layout->code_mask;
            calls[count++].instruction = word_at(header, layout->instruction);
            last = frame;
        }
        frame = word_at(header, layout->previous);
    }
    return frame == 0 && last == root ? count : -1;
}

static int find_calls(call *calls)
{
    uintptr_t newest = *target.newest;
    int count;
    if (target.newest_offset == (size_t)-1) {
        return follow(newest, calls);
    }
    /* Up to 3.12 the interpreter links a structure, and then writes the newest frame into it:
     * in between, the structure before it has the frame that calls. */
    count = follow(word_at((const unsigned char *)newest, target.newest_offset), calls);
    if (count < 0) {
        newest = word_at((const unsigned char *)newest, previous_offset);
        if (newest != 0) {
            newest = word_at((const unsigned char *)newest, target.newest_offset);
            count = follow(newest, calls);
        }
    }
    return count;
}

static void note_frames(void)
{
    static call calls[MOST_FRAMES];
    int count = find_calls(calls);
    uint32_t noted = 0;
    if (count < 0) {
        lost++;
        return;
    }
    for (int at = 0; at < count; at++) {
        PyCodeObject *code = (PyCodeObject *)calls[at].code;
        int lasti;
        uint32_t number;
        if (code == NULL || !Py_IS_TYPE((PyObject *)code, &PyCode_Type)) {
            continue;
        }
        lasti = pyi_peeked_lasti((PyObject *)code, calls[at].instruction);
        if (lasti < 0) {
            continue; /* before its first instruction a frame is no call yet */
        }
        number = place_of(code, lasti);
        if (number == 0) {
            lost++;
            return;
        }
        words[used + 1 + noted++] = number;
    }
    words[used] = noted;
    used += 1 + noted;
    samples++;
}

static void arm(void)
{
    struct itimerspec due = {{0, 0}, {0, 0}};
    int64_t wait;
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    wait = interval_ns / 2 + (int64_t)(random_state % (uint64_t)interval_ns);
    due.it_value.tv_sec = wait / 1000000000;
    due.it_value.tv_nsec = wait % 1000000000;
    timer_settime(timer, 0, &due, NULL);
}

/* A frame that was given back, still linked for some instructions, may name code that was freed. */
static void on_fault(int number)
{
    if (is_looking) {
        siglongjmp(way_out, 1);
    }
    signal(number, SIG_DFL); /* the program's own */
}

static void on_signal(int number)
{
    (void)number;
    if (!is_on) {
        return;
    }
    is_looking = 1;
    if (used + MOST_FRAMES + 1 < WORDS && sigsetjmp(way_out, 0) == 0) {
        note_frames();
    }
    else {
        lost++;
    }
    is_looking = 0;
    arm();
}

static uintptr_t outermost(void)
{
    unsigned char room[PYI_WINDOW_FRAME];
    uintptr_t found = 0;
    uintptr_t frame = *target.newest;
    if (target.newest_offset != (size_t)-1) {
        frame = word_at((const unsigned char *)frame, target.newest_offset);
    }
    while (frame != 0) {
        const unsigned char *header = header_at(frame, room);
        if (header == NULL) {
            return 0;
        }
        if (header[target.layout->owner] < target.layout->shim) {
            found = frame;
        }
        frame = word_at(header, target.layout->previous);
    }
    return found;
}

/* Begins to watch the calling thread; 0 if that cannot be done. Needs the GIL. */
int witness_start(double interval_s)
{
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    struct sigaction fault = {.sa_handler = on_fault, .sa_flags = SA_NODEFER};
    struct sigevent event = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGRTMIN + 5};
    places = mmap(NULL, PLACES * sizeof *places, PROT_READ | PROT_WRITE,
                  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    words = mmap(NULL, WORDS * sizeof *words, PROT_READ | PROT_WRITE,
                 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (places == MAP_FAILED || words == MAP_FAILED) {
        return 0;
    }
    used = samples = lost = 0;
    interval_ns = (int64_t)(interval_s * 1e9);
    pyi_describe_thread(PyThreadState_Get(), 1, &target);
    root = outermost();
    event._sigev_un._tid = gettid();
    if (sigaction(SIGSEGV, &fault, &old_fault[0]) != 0 ||
        sigaction(SIGBUS, &fault, &old_fault[1]) != 0 ||
        sigaction(SIGRTMIN + 5, &action, NULL) != 0 ||
        timer_create(CLOCK_MONOTONIC, &event, &timer) != 0) {
        return 0;
    }
    is_on = 1;
    arm();
    return 1;
}

void witness_stop(void)
{
    is_on = 0;
    timer_delete(timer);
    sigaction(SIGSEGV, &old_fault[0], NULL);
    sigaction(SIGBUS, &old_fault[1], NULL);
}

size_t witness_samples(void) { return samples; }
size_t witness_lost(void) { return lost; }
size_t witness_words(void) { return used; }
const uint32_t *witness_stacks(void) { return words; }
const char *witness_function(uint32_t at) { return places[at].function; }
const char *witness_file(uint32_t at) { return places[at].file; }
int witness_first_line(uint32_t at) { return places[at].first_line; }
int witness_line(uint32_t at) { return places[at].line; }
