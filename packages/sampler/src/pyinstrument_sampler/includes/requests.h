/* Asks the interpreter for a call at a safepoint: of the main thread, or of whichever comes to one.
 *
 * At most one call of each kind is on its way at a time, for all runs together.
 */
#ifndef PYINSTRUMENT_REQUESTS_H
#define PYINSTRUMENT_REQUESTS_H

#include "peek_target.h"

enum { PYI_ON_MAIN_THREAD, PYI_ON_ANY_THREAD, PYI_REQUESTS };

/* Says what to call; it is given one of the numbers above, as a pointer. */
void pyi_on_safepoint(int (*settle)(void *));

/* To be called before the first request, with the GIL, on the main thread if calls are to be asked
 * for on that. */
void pyi_prepare_requests(PyThreadState *thread);

/* Asks for a call at the next safepoint; whether it will come. Needs no GIL.
 *
 * Not while the last one is under way: the interpreter makes all calls that there are, up to 32 in
 * a row. A tick that falls there is settled with the next. */
int pyi_request_safepoint(int kind);

/* Asks for all kinds: for runs whose timer thread is gone. */
int pyi_request_all(void);

/* Whether such a call is under way: what is seen now is the sampler at work. Needs no GIL. */
int pyi_is_settling(int kind);

/* To be called when it has come, and at its end. */
void pyi_begin_settling(int kind);
void pyi_end_settling(int kind);

/* In between: asks for another one, which may follow at once. */
void pyi_want_settling_again(int kind);

#endif
