/* Reads what the comparison script says. Private to verify. */
#ifndef VERIFY_REPLY_H
#define VERIFY_REPLY_H

#include "verify/verify.h"

const char *reply_text(const cJSON *o, const char *name); /* "" when absent */
double reply_number(const cJSON *o, const char *name, double otherwise);

/* A result from a result event, which it takes over. Whatever is missing or of another type reads
 * as empty. */
VerifyResult *reply_read(Arena *a, cJSON *event);
VerifyResult *reply_failure(Arena *a, const char *message);

#endif
