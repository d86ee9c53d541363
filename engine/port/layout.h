/* More of the layout pass, for the files of the port room that write axis arguments. See rw.h for the rest. */
#ifndef PORT_LAYOUT_H
#define PORT_LAYOUT_H

#include "port/rw.h"

/* Strategy channels-first: every tensor keeps the source's order, layers are told. */
void layout_keep(Layout *l, bool keep);
/* A recurrent layer whose source takes (T, N, F) while the target's takes (N, T, F). */
bool layout_time_major(const Layout *l, const Event *e);
/* Does this kind of layer work on images, with channels where the framework holds them? */
bool layout_image_kind(const PivotKind *k);
/* Are the operands of this event aligned axis by axis? */
bool layout_elementwise(const Event *e);
/* The place of a new axis (unsqueeze, stack) in the target. */
int layout_insert(const Layout *l, const Event *e);
/* Which axes an index drops; false where it cannot be said (indexing by tensors). */
bool layout_index_drops(const Event *e, int rank, bool drop[MAX_RANK], bool *inserts);

#endif
