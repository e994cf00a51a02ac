/* Feeds hostile windows to `pyi_parse_frames` and judges what comes out; see fuzz_peek.py.
 *
 * Windows and peeks lie in blocks of exactly their size, so that AddressSanitizer sees any byte
 * too far. What the parser answers is compared with what this file finds in its own, slow way.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "peek.h"

enum {
    MOST_BYTES = PYI_WINDOW_BYTES + PYI_WINDOW_FRAME,
    WORD = sizeof(uintptr_t),
    SECONDS_FOR_4096_CASES = 10, /* they take milliseconds */
};

typedef struct {
    uintptr_t frame;
    uintptr_t address;
    uint64_t size;
    unsigned char *bytes;
} snapshot;

typedef struct {
    pyi_frame_layout layout;
    uintptr_t frame;
    uintptr_t address;
    size_t size;
    unsigned char bytes[MOST_BYTES];
} hostile;

static pyi_frame_layout real_layout;
static snapshot *snapshots;
static uint64_t snapshot_count, current_case, state;
static const char *kind;

/* splitmix64: https://doi.org/10.1145/2714064.2660195 */
static uint64_t number(void)
{
    uint64_t z = (state += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static uint64_t below(uint64_t bound)
{
    return number() % bound;
}

static void fail(const char *what)
{
    fprintf(stderr, "case %llu (%s): %s\n", (unsigned long long)current_case, kind, what);
    exit(1);
}

static void on_alarm(int signal)
{
    static const char text[] = "the parser did not end\n";
    (void)signal;
    (void)!write(2, text, sizeof text - 1);
    _exit(1);
}

static uintptr_t word_at(const hostile *h, size_t offset)
{
    uintptr_t value = 0;
    for (int at = WORD - 1; at >= 0; at--) { /* little endian, as every machine of the engine */
        value = value << 8 | h->bytes[offset + at];
    }
    return value;
}

static void put_word(hostile *h, size_t offset, uintptr_t value)
{
    if (offset + WORD <= h->size) {
        memcpy(h->bytes + offset, &value, WORD);
    }
}

/* Offset of a frame that lies in the window whole, and aligned; -1 if it does not. */
static int place_of(const hostile *h, uintptr_t frame)
{
    unsigned __int128 start = h->address, at = frame;
    if (at < start) {
        at += (unsigned __int128)1 << 64; /* a window at the very top may go on at 0 */
    }
    return at - start + h->layout.size <= h->size && frame % WORD == 0 ? (int)(at - start) : -1;
}

static void random_bytes(unsigned char *bytes, size_t size)
{
    while (size > 0) {
        uint64_t some = number();
        size_t count = size < sizeof some ? size : sizeof some;
        memcpy(bytes, &some, count);
        bytes += count;
        size -= count;
    }
}

static uintptr_t random_address(void)
{
    switch (below(6)) {
    case 0: return below(2 * MOST_BYTES);                   /* just above 0 */
    case 1: return (uintptr_t)0 - below(2 * MOST_BYTES);    /* the window may wrap around */
    case 2: return (UINT64_C(1) << 63) - below(2 * MOST_BYTES);
    case 3: return number();
    default: return below(UINT64_C(1) << 47) & ~(uintptr_t)7;
    }
}

static void random_layout(pyi_frame_layout *layout)
{
    size_t words = 4 + below(PYI_WINDOW_FRAME / WORD - 3);
    layout->size = words * WORD;
    layout->previous = below(words) * WORD;
    layout->code = below(words) * WORD;
    layout->instruction = below(words) * WORD;
    layout->owner = below(layout->size);
    layout->code_mask = below(2) ? ~(uintptr_t)3 : ~(uintptr_t)0;
    layout->shim = below(2) ? (unsigned char)number() : 255;
}

/* An address that a careless check of bounds may get wrong. */
static uintptr_t tricky_frame(const hostile *h)
{
    switch (below(9)) {
    case 0: return 0;
    case 1: return h->address - below(2 * WORD);
    case 2: return h->address + h->size - below(2 * WORD);
    case 3: return h->address + h->size - h->layout.size - WORD + below(2 * WORD);
    case 4: return (uintptr_t)0 - below(2 * PYI_WINDOW_FRAME); /* its end wraps around */
    case 5: return number();
    case 6: return h->address + (below(h->size + 1) & ~(uintptr_t)7) + below(WORD);
    default: return h->address + (below(h->size + 1) & ~(uintptr_t)7);
    }
}

static void make_noise(hostile *h)
{
    kind = "random bytes";
    random_layout(&h->layout);
    h->address = random_address();
    h->size = below(MOST_BYTES + 1);
    random_bytes(h->bytes, h->size);
    for (int links = below(8); links > 0 && h->size; links--) {
        put_word(h, below(h->size) & ~(size_t)7, tricky_frame(h));
    }
    h->frame = tricky_frame(h);
}

/* Frames that are well formed, linked to one another as frames never are. */
static void make_chain(hostile *h)
{
    uintptr_t frames[40];
    int count = 1 + below(40);
    int shims = below(4); /* none, some, many or all of them stand for C code */
    kind = "made-up frames";
    if (below(2)) {
        h->layout = real_layout;
    }
    else {
        random_layout(&h->layout);
    }
    h->address = random_address() & ~(uintptr_t)7;
    h->size = h->layout.size + (below(MOST_BYTES - h->layout.size + 1) & ~(size_t)7);
    random_bytes(h->bytes, h->size);
    for (int at = 0; at < count; at++) {
        size_t room = h->size - h->layout.size;
        frames[at] = h->address + (below(2) ? room / count * at & ~(size_t)7
                                            : below(room + 1) & ~(size_t)7);
    }
    for (int at = 0; at < count; at++) {
        size_t offset = frames[at] - h->address;
        uintptr_t previous = at + 1 < count ? frames[at + 1]
                             : below(3) == 0 ? 0
                             : below(2) ? frames[below(count)] /* a ring */
                                        : tricky_frame(h);
        h->bytes[offset + h->layout.owner] =
            (int)below(3) < shims ? 255 : below(h->layout.shim + 1);
        put_word(h, offset + h->layout.previous, previous);
    }
    h->frame = frames[0];
}

static void make_snapshot(hostile *h)
{
    const snapshot *from = &snapshots[below(snapshot_count)];
    kind = "snapshot";
    h->layout = real_layout;
    h->frame = from->frame;
    h->address = from->address;
    h->size = from->size;
    memcpy(h->bytes, from->bytes, from->size);
}

static void make_mutant(hostile *h)
{
    size_t cut;
    make_snapshot(h);
    kind = "mutated snapshot";
    for (int times = 1 + below(12); times > 0; times--) {
        size_t offset = below(h->size);
        switch (below(5)) {
        case 0: h->bytes[offset] ^= 1 << below(8); break;
        case 1: put_word(h, offset & ~(size_t)7, tricky_frame(h)); break;
        case 2: put_word(h, offset & ~(size_t)7, number()); break;
        case 3: { /* a frame, or a piece of one, elsewhere too */
            size_t to = below(h->size), room = h->size - (offset > to ? offset : to);
            memmove(h->bytes + to, h->bytes + offset, room < 128 ? room : 128);
            break;
        }
        default: /* the link of the frame that it begins at */
            put_word(h, h->frame - h->address + h->layout.previous, tricky_frame(h));
        }
    }
    if (below(4) == 0) {
        cut = below(h->size);
        h->size -= cut;
        if (below(2)) {
            memmove(h->bytes, h->bytes + cut, h->size);
            h->address += cut;
        }
    }
    if (below(4) == 0) {
        h->frame = tricky_frame(h);
    }
    if (below(8) == 0) {
        uintptr_t moved = random_address();
        h->frame = h->frame - h->address + moved;
        h->address = moved;
    }
}

/* Goes along the chain in its own way, and compares. */
static void judge(const hostile *h, uintptr_t end, const pyi_peek *peek, int already)
{
    uintptr_t frame = h->frame;
    int count = already;
    int steps = 0;
    if (peek->count < already || peek->count > PYI_PEEK_FRAMES) {
        fail("impossible count");
    }
    for (; frame != 0 && count < PYI_PEEK_FRAMES && steps < 2 * PYI_PEEK_FRAMES; steps++) {
        int offset = place_of(h, frame);
        if (offset < 0) {
            break;
        }
        if (h->bytes[offset + h->layout.owner] < h->layout.shim) {
            const pyi_peeked_frame *found = &peek->frames[count++];
            if (count > peek->count) {
                fail("a frame is missing");
            }
            if (found->frame != frame ||
                found->code != (word_at(h, offset + h->layout.code) & h->layout.code_mask) ||
                found->instruction != word_at(h, offset + h->layout.instruction)) {
                fail("a frame is not what the window holds");
            }
        }
        frame = word_at(h, offset + h->layout.previous);
    }
    if (count != peek->count) {
        fail("a frame too many");
    }
    if (end != (count == PYI_PEEK_FRAMES ? 0 : frame)) {
        fail("wrong end");
    }
}

/* What is left of the chain is its beginning, up to the first frame that comes again. */
static void judge_ring(const pyi_peek *peek)
{
    pyi_peek cut = *peek;
    int distinct = 0;
    for (int is_new = 1; distinct < peek->count && is_new; distinct += is_new) {
        for (int before = 0; before < distinct; before++) {
            is_new &= peek->frames[before].frame != peek->frames[distinct].frame;
        }
    }
    pyi_cut_ring(&cut);
    if (cut.count != distinct || memcmp(cut.frames, peek->frames, sizeof cut.frames) != 0) {
        fail("a ring is cut wrongly");
    }
}

static void read_seeds(const char *path)
{
    uint64_t layout[7], head[3];
    FILE *file = fopen(path, "rb");
    if (file == NULL || fread(layout, sizeof layout, 1, file) != 1) {
        fail("no seeds");
    }
    real_layout = (pyi_frame_layout){
        .size = layout[0], .previous = layout[1], .code = layout[2], .instruction = layout[3],
        .owner = layout[4], .code_mask = layout[5], .shim = (unsigned char)layout[6],
    };
    while (fread(head, sizeof head, 1, file) == 1) {
        snapshot *new;
        snapshots = realloc(snapshots, (snapshot_count + 1) * sizeof *snapshots);
        new = &snapshots[snapshot_count++];
        *new = (snapshot){head[0], head[1], head[2], malloc(head[2])};
        if (new->size > MOST_BYTES || fread(new->bytes, new->size, 1, file) != 1) {
            fail("bad seeds");
        }
    }
    fclose(file);
}

/* driver SEEDS CASES SEED */
int main(int count, char **arguments)
{
    static void (*const makers[])(hostile *) = {make_noise, make_chain, make_snapshot, make_mutant,
                                                make_mutant};
    static hostile h;
    uint64_t cases, with_frames = 0, full = 0, frames = 0;
    kind = "start";
    if (count != 4) {
        fail("usage: driver SEEDS CASES SEED");
    }
    read_seeds(arguments[1]);
    cases = strtoull(arguments[2], NULL, 10);
    state = strtoull(arguments[3], NULL, 10);
    signal(SIGALRM, on_alarm);
    for (current_case = 0; current_case < cases; current_case++) {
        int already = below(4) == 0 ? (int)below(PYI_PEEK_FRAMES + 1) : 0;
        uintptr_t end;
        pyi_peek *peek = calloc(1, sizeof *peek);
        unsigned char *exact;
        pyi_window window;
        if (current_case % 4096 == 0) {
            alarm(SECONDS_FOR_4096_CASES);
        }
        makers[below(sizeof makers / sizeof makers[0])](&h);
        exact = malloc(h.size);
        memcpy(exact, h.bytes, h.size);
        window = (pyi_window){h.address, h.size, exact};
        peek->count = already;
        end = pyi_parse_frames(&h.layout, &window, h.frame, peek);
        judge(&h, end, peek, already);
        if (already == 0) {
            judge_ring(peek);
        }
        with_frames += peek->count > already;
        full += peek->count == PYI_PEEK_FRAMES;
        frames += peek->count - already;
        free(exact);
        free(peek);
    }
    printf("%llu cases from %llu snapshots: %llu found frames (%llu in all), %llu filled the peek;"
           " nothing wrong\n",
           (unsigned long long)cases, (unsigned long long)snapshot_count,
           (unsigned long long)with_frames, (unsigned long long)frames, (unsigned long long)full);
    return 0;
}
