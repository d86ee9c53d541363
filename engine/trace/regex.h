/* A small regular-expression matcher, for the patterns that model code parses names and
 * configurations with: literals, classes, groups, alternatives, greedy and lazy repetition,
 * anchors. Bytes, not code points. What is beyond it (look-around, back references) does not
 * compile. */
#ifndef TRACE_REGEX_H
#define TRACE_REGEX_H

#include <stdbool.h>

#include "base/arena.h"

#define REGEX_GROUPS 32

typedef struct Regex Regex;

typedef struct RegexMatch {
    int at[2 * REGEX_GROUPS]; /* start and end of each group, -1 where it took no part; group 0 is
                                 all */
} RegexMatch;

/* NULL: not a pattern that this matcher knows. */
Regex *regex_compile(Arena *a, const char *pattern, bool ignore_case);
int regex_groups(const Regex *r); /* without group 0 */
const char *regex_name(const Regex *r, int group); /* or NULL */
/* The number of a named group; -1. */
int regex_named(const Regex *r, const char *name);
/* Matches text of length n with its start at byte `from`: 1, 0; -1 when it takes too long. whole:
 * up to the end. */
int regex_match(const Regex *r, const char *text, int n, int from, bool whole, RegexMatch *m);

#endif
