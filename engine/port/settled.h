/* Tests that the change of framework settles: `K.image_data_format() == "channels_first"` where the port has one order,
 * `x.is_cuda` where nothing is on a device of that kind. The arm that can no longer come is left out. */
#ifndef PORT_SETTLED_H
#define PORT_SETTLED_H

#include "port/rw.h"

typedef enum { SETTLED_FALSE, SETTLED_TRUE, SETTLED_OPEN } Settled;

/* Of a test as the source has it; only what asks the framework for something is ever settled. */
Settled settled_test(Rw *rw, Node *test);

#endif
