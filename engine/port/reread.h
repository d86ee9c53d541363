/* The port's text, read again as Python reads it. */
#ifndef PORT_REREAD_H
#define PORT_REREAD_H

#include "port/rw.h"

/* Marks each line of the text that reads a name which nothing in it binds, though the source's own text binds it: that
 * line cannot run, so the port is not complete. Marks of mappings move with the text. */
void reread(Rw *rw);

#endif
