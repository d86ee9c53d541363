/* Porting: a trace and a target dialect in, the text of the target out, with everything a person needs to
 * judge it: mappings, questions, accounting, notes, and the pairs of layers for the transfer of weights.
 *
 * Nothing here reads or writes files; nothing here knows a framework's names (they are in the dialects). One
 * port lives in one arena, so that a preview and the current port stand side by side. */
#ifndef PORT_PORT_H
#define PORT_PORT_H

#include "python/print.h"
#include "trace/trace.h"

typedef struct PortRequest {
    const Trace *trace;
    const Dialect *to;
    const char *style;        /* "subclassing", "sequential", "functional"; NULL: the source's own */
    const AnswerSet *answers; /* may be NULL */
    const char *source_name;  /* "model.py", for the header line */
    const char *templates;    /* the target's folder: *.mustache */
} PortRequest;

typedef struct PortMapping {
    IntVec sites;     /* syntax tree node ids, the definition first */
    IntVec layers;    /* pivot layer ids */
    IntVec nodes;     /* pivot node ids */
    VEC(const char *) questions;
    const char *rule; /* "Conv2D: torch.nn.Conv2d -> keras.layers.Conv2D" */
    const char *why;  /* notes on what differs, or "" */
    bool lossy, unsupported;
} PortMapping;

typedef enum { FATE_NONE, FATE_KEPT, FATE_PORTED, FATE_FLAGGED } StmtFate;

typedef struct PortAccount {
    Node *stmt;
    StmtFate fate;
    const char *why;
} PortAccount;

typedef struct PortPair {
    const char *source, *target, *kind, *rule;
    int source_line;
    PAttrs attrs;
} PortPair;

/* A number that the target needs at a construction and that nothing in scope says. */
typedef struct PortNeed {
    int site; /* syntax tree node id of the call */
    const char *attr;
} PortNeed;
typedef VEC(PortNeed) PortNeeds;

typedef struct PortResult {
    Arena *arena;
    const char *text;     /* NULL when impossible */
    int len;
    const char *impossible;
    PrintMarks marks;     /* map = index into mappings + 1 */
    VEC(PortMapping) mappings;
    QuestionList questions; /* the trace's and the port's own, in source order */
    VEC(PortAccount) accounts;
    VEC(const char *) notes;
    VEC(PortPair) pairs;
    const char *style;    /* the one in force */
    int gaps;             /* marked stubs in the text */
    PortNeeds needs;
    PortNeeds wishes; /* numbers that the text says, where an expression in scope would say it better */
    DiagList diags;
    /* for verify: how the target network is built and what it takes */
    const char *target_root;
    PAttrs input_perms;   /* argument name -> list of ints, where the order differs */
    PAttrs output_perms;  /* "0", "1", ... -> list of ints */
} PortResult;

PortResult *port_make(Arena *a, const PortRequest *req);

#endif
