/* Unified diff of two texts, as diff -u and patch have it. */
#ifndef CLI_UNIFIED_H
#define CLI_UNIFIED_H

#include "base/str.h"

/* Appends nothing when they are equal. */
void unified_diff(const char *old, const char *new, const char *old_name, const char *new_name,
                  Buf *out);

#endif
