/* Signals that end the program while something must be tidied up: see stop.c. */
#ifndef CLI_STOP_H
#define CLI_STOP_H

#include <stdbool.h>

void stop_listen(void);
bool stop_asked(void);
void stop_end(void); /* back to how it was; ends by the signal that came, if one did */

#endif
