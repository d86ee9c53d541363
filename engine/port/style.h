/* Which style a source is in, and which one a target gets when nobody says. */
#ifndef PORT_STYLE_H
#define PORT_STYLE_H

#include "port/rw.h"

const char *style_of_source(Rw *rw);                  /* "subclassing", "sequential", "functional" */
const char *style_default(Rw *rw, const char *source); /* functional becomes subclassing where the target has no such style */
const char *question_channel_order_of(Rw *rw);        /* question_port.c, for module.c */

#endif
