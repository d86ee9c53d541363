/* Portolan's engine, as the command line and the workbench see it. No curses, no printing, no exit in here.
 *
 *     PtlDoc *doc; const char *err;
 *     doc = ptl_open("model.py", &options, &err);          reads, parses, traces, ports
 *     const PtlPort *port = ptl_port(doc);                  the current port: text, mappings, report
 *     ptl_answer(doc, "channel-order:Net.x", "same-input"); re-ports
 *     ptl_write(doc, ...);
 *     ptl_close(doc);
 *
 * A document owns everything it hands out; pointers stay good until the next call that changes it
 * (ptl_answer, ptl_set_target, ptl_reload, ptl_undo, ptl_redo, ptl_close). A preview (ptl_preview) lives beside the current
 * port until the next preview or change. */
#ifndef PORTOLAN_H
#define PORTOLAN_H

#include <stdbool.h>
#include <stddef.h>

#define PORTOLAN_VERSION "0.1.0"

typedef struct PtlDoc PtlDoc;

typedef struct PtlOptions {
    const char *from, *to;       /* framework names; NULL: from the file / the other one */
    const char *style;           /* "subclassing" | "sequential" | "functional"; NULL: the source's own */
    const char *entry;           /* or NULL */
    const char *const *shapes;   /* NULL-terminated, or NULL */
    const char *const *sets;     /* "ID=ANSWER", NULL-terminated, or NULL */
    const char *decisions;       /* sidecar path; NULL: FILE with .port.json for .py */
    const char *templates;       /* --templates DIR, or NULL */
    const char *output;          /* -o, or NULL */
    bool no_sidecar;             /* do not read one */
} PtlOptions;

typedef struct PtlRange {
    int start, end; /* bytes */
} PtlRange;

/* One mapping: what in the source became what in the target, through which node. Many to many. */
typedef struct PtlMapping {
    int id; /* index + 1 */
    const PtlRange *source;
    int nsource; /* definition first, then uses */
    const PtlRange *target;
    int ntarget;
    const int *nodes; /* indexes into the tree */
    int nnodes;
    const int *decisions; /* indexes into the decisions */
    int ndecisions;
    const char *rule; /* which dialect row or rule, in words; for K */
    const char *why;  /* what differs between the frameworks here; may be "" */
    bool inserted;    /* target text without source text of its own (a padding, a permute) */
} PtlMapping;

typedef enum { PTL_OK = 0, PTL_DEFAULT, PTL_OPEN, PTL_UNSUPPORTED, PTL_STALE } PtlStatus; /* ✓ ~ ? ! x */

/* The pivot as a tree in display order (parent before children). */
typedef struct PtlNode {
    int parent; /* index, -1 for a root */
    int depth;
    bool has_children;
    const char *name;   /* "conv1" */
    const char *kind;   /* "Conv2D", "Block", "reshape", "training" */
    const char *params; /* "3->64 k3 s2 p1" */
    const char *shape;  /* "(B,64,16,16)" output, or "(?)" */
    const char *shape_why; /* why a shape is not known, or NULL */
    const char *layout; /* "NCHW", "NHWC", "" */
    PtlStatus status;
    int mapping; /* id, 0 none */
    bool is_use; /* a step of the forward pass (else a construction) */
    const int *inputs; /* a step: the steps of the same pass whose tensors it takes, by index */
    int ninputs;
} PtlNode;

typedef struct PtlOption {
    const char *answer, *label, *consequence;
} PtlOption;

typedef struct PtlDecision {
    const char *id;    /* "activation:Net.dense1" */
    const char *kind;  /* "activation" */
    const char *title; /* "dynamic activation" */
    const char *question, *evidence;
    PtlRange source;
    int line;          /* of the source, from 1; 0 when nowhere */
    const PtlOption *options;
    int noptions;
    const char *dflt;   /* NULL: none */
    const char *answer; /* in force; NULL while open */
    PtlStatus status;   /* PTL_OK: chosen */
    bool free_text;
    bool retraces;
    int mapping;
} PtlDecision;

typedef enum { PTL_NOTE, PTL_WARNING, PTL_ERROR } PtlSeverity;

typedef struct PtlDiag {
    PtlSeverity severity;
    const char *code, *message, *hint;
    PtlRange source;
    int line, col;
    const char *text; /* formatted with the line and a caret, no colour */
} PtlDiag;

/* What became of one statement of the source. */
typedef enum { PTL_PORTED, PTL_KEPT, PTL_FLAGGED } PtlFate;
typedef struct PtlAccount {
    PtlRange source;
    int line;
    PtlFate fate;
    const char *why;
} PtlAccount;

/* One pair for the transfer of weights: where the layer is reached in source and target, how its arrays map. */
typedef struct PtlPair {
    const char *source, *target;  /* "features.0", "features.layers[1]" : attribute paths from the root */
    const char *kind;             /* pivot kind */
    const char *rule;             /* weight rule: "dense", "conv", "batchnorm", "lstm", ... */
    int source_line;
} PtlPair;

typedef struct PtlPort {
    const char *text;
    int len;
    const PtlMapping *mappings;
    int nmappings;
    const PtlNode *nodes;
    int nnodes;
    const PtlDecision *decisions;
    int ndecisions;
    const PtlDiag *diags;
    int ndiags;
    const PtlAccount *accounts;
    int naccounts;
    const PtlPair *pairs;
    int npairs;
    const char *const *notes; /* differences in training only, renamed names, ... */
    int nnotes;
    int open, unsupported, defaults, chosen, stale; /* counts of questions */
    bool complete;         /* exit status 0 rather than 3 */
    const char *impossible; /* the request cannot be met (a branching network as sequential): the message; text is NULL */
    double parse_ms, trace_ms, port_ms;
} PtlPort;

/* NULL and *err (valid until the next ptl_open) when the file cannot be read or the templates are not found.
 * A file with syntax errors or an unknown framework opens all the same. */
PtlDoc *ptl_open(const char *path, const PtlOptions *opts, const char **err);
/* Only reads the text, for the first paint; ptl_work then does the rest. */
PtlDoc *ptl_open_text(const char *path, const PtlOptions *opts, const char **err);
void ptl_work(PtlDoc *doc);
bool ptl_ready(const PtlDoc *doc);
void ptl_close(PtlDoc *doc);

const char *ptl_path(const PtlDoc *doc);
const char *ptl_source(const PtlDoc *doc, int *len);
const char *ptl_target_path(const PtlDoc *doc);
const char *ptl_sidecar_path(const PtlDoc *doc);
const char *ptl_from(const PtlDoc *doc);  /* "pytorch", NULL when not known */
const char *ptl_to(const PtlDoc *doc);
const char *ptl_style(const PtlDoc *doc); /* the one in force */
const char *ptl_input_text(const PtlDoc *doc); /* "x: (B,3,32,32)" for a title line */
const char *ptl_templates_from(const PtlDoc *doc);

const PtlPort *ptl_port(const PtlDoc *doc);
/* What the port would be with this answer; NULL and *err when the answer is not valid. Nothing is applied. */
const PtlPort *ptl_preview(PtlDoc *doc, const char *id, const char *answer, const char **err);
/* Is this a valid answer for that question? *err says why not. */
bool ptl_check_answer(PtlDoc *doc, const char *id, const char *answer, const char **err);
/* Applies an answer (NULL: clears it) and re-ports. Recorded in the undo log. */
bool ptl_answer(PtlDoc *doc, const char *id, const char *answer, const char **err);
/* Decisions that nobody asked for: kind is "edit" (attributes: "eps=0.001, bias=False"), "override" (code of the target)
 * or "note". The id for a mapping, by which ptl_answer takes them; NULL where it takes none. */
const char *ptl_own_id(PtlDoc *doc, const char *kind, int mapping);
/* What such a prompt begins with: the answer in force, or the target's text; and a layer's attributes that can be edited,
 * NULL where it is no layer. */
const char *ptl_own_now(PtlDoc *doc, const char *id);
const char *ptl_own_attributes(PtlDoc *doc, const char *id);
/* Names what was undone ("undo channel-order:Net.x: same-input -> native"), or NULL when there is nothing. */
const char *ptl_undo(PtlDoc *doc);
const char *ptl_redo(PtlDoc *doc);
int ptl_unsaved(const PtlDoc *doc); /* decision changes since the last write */
/* Direction and style, live. NULL keeps. */
bool ptl_set_target(PtlDoc *doc, const char *to, const char *style, const char **err);
/* Reads the source again from disk; true when it had changed. */
bool ptl_reload(PtlDoc *doc, const char **err);
/* The directory name of frameworks that can be ported to, NULL-terminated. */
const char *const *ptl_frameworks(const PtlDoc *doc);

typedef enum { PTL_TARGET_NEW, PTL_TARGET_OURS, PTL_TARGET_FOREIGN, PTL_TARGET_SAME } PtlTargetState;
/* What stands at path now: nothing, an unchanged port of ours, somebody's file, or exactly this text. *text (may be NULL)
 * is what stands there. */
PtlTargetState ptl_target_state(PtlDoc *doc, const char *path, const char **text);
bool ptl_write_target(PtlDoc *doc, const char *path, const char **note, const char **err);
bool ptl_write_sidecar(PtlDoc *doc, const char *path, const char **note, const char **err);
/* What the sidecar would say now; good until the next change. */
const char *ptl_sidecar_text(PtlDoc *doc);
/* The report as text; the pivot as JSON, B-UML, or the inspect listing. Owned by the doc. */
const char *ptl_report(PtlDoc *doc);
const char *ptl_export(PtlDoc *doc, const char *format, const char **err); /* "json" | "buml" | "inspect" | "inspect-json" */

/* Fills what a comparison of the source with the file `ported` needs of both (verify/verify.h): sides, inputs, orders
 * of axes, pairs, templates. The current port is the mapping, so the document must be opened with the port's target
 * and style. What it points to is owned by the doc. False and *err when there is no network to compare. */
struct VerifyRequest;
bool ptl_verify_request(PtlDoc *doc, const char *ported, struct VerifyRequest *request, const char **err);

#endif
