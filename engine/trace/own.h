/* Decisions of the user's own about a place that nobody asked about: attributes edited, the target's code typed, a note.
 * Their ids name the place: "edit:Net.conv1", "note:Net.features#3" for the third call of the statement. */
#ifndef TRACE_OWN_H
#define TRACE_OWN_H

#include "trace/trace.h"

/* "Net.conv1", "Net.features#3": of a call, in the arena. */
const char *trace_own_path(Arena *a, const Trace *t, const Node *site);
/* "eps=0.001, bias=False" for a layer of this kind, each as a value of the kind's attribute. False and *err where it is
 * no such list. out may be NULL. */
bool trace_own_edits(Arena *a, const PivotKind *kind, const PAttrs *now, const char *text, PAttrs *out, const char **err);

#endif
