/* Verify: do a source file's network and its port compute the same?
 *
 * Writes a Python script that needs nothing of Portolan (templates/verify/, joined into one file)
 * and a job beside it, runs it with the user's Python, and reads what it says. Only here does
 * Portolan run Python, and only the statements that build the two networks.
 *
 * A request is borrowed for the call; a result owns what it holds and is freed by verify_free. */
#ifndef VERIFY_VERIFY_H
#define VERIFY_VERIFY_H

#include <stdbool.h>

#include <cjson/cJSON.h>

#include "base/arena.h"
#include "base/diag.h"
#include "base/vec.h"

/* An order of axes: axis i of the port is axis at[i] of the source. len 0: the same order, or not
 * known. */
typedef struct VerifyPerm {
    const int *at;
    int len;
} VerifyPerm;

typedef struct VerifySide {
    const char *path;
    const char *framework; /* "pytorch" or "tensorflow" */
    int keras;             /* 2 runs under tf_keras; 3 or 0 */
    const Span *slice;     /* the top-level statements that build the network, in order */
    int nslice;
    const char *root; /* an expression over their names: "Net(num_classes=10)", "model" */
} VerifySide;

typedef struct VerifyInput {
    const char *name, *port_name; /* the forward's argument; port_name NULL: the same */
    const long long *shape;       /* in the source's order, batch included, no free sizes */
    int rank;
    const char *dtype; /* "float32", "int64", "bool", ... */
    long long high;    /* integers are drawn below it (a vocabulary); 0: 10 */
    VerifyPerm port_perm;
} VerifyInput;

/* Which layer of the source is which of the port. A path goes from the root: "features.0",
 * "blocks[1].conv", "features.layers[2]"; "lstm_0, lstm_1" are several layers that the other side
 * has as one; "" is the root.
 *
 * rule: how weights move. The script knows a layer's arrays by its class, so a rule says only
 * whether there are any
 * ("conv", "dense", "lstm", ... all do), and "parameter" marks a bare weight. NULL or "none":
 * outputs are compared, no weights move.
 *
 * attrs (may be NULL, borrowed): {"C": 16, "H": 5, "W": 5} (also D, L or T) for a dense layer after
 * a flatten whose order differs and is settled by reordering weights; {"perm": [...]} for a
 * parameter whose axes move. */
typedef struct VerifyPair {
    const char *source, *target, *kind, *rule;
    int source_line, target_line;
    VerifyPerm
        out_perm; /* of the layer's output; where not known, the script tries the usual ones */
    const cJSON *attrs;
    const char *path; /* of the source's layer, where its name alone may not lead there: "model|#0.dense"; or NULL */
} VerifyPair;

typedef struct VerifyRequest {
    VerifySide source, port;
    const VerifyInput *inputs;
    int ninputs;
    const char *input_form; /* how a call holds them, as JSON; NULL: each is an argument */
    const VerifyPerm *output_perms; /* of the network's outputs in order; may be fewer */
    int noutput_perms;
    const VerifyPair *pairs;
    int npairs;
    int trials;          /* 0: 100, and fewer where one takes long */
    double tolerance;    /* relative to the output's size; 0: a few roundings of float32 */
    const char *weights; /* "drawn" (NULL too) or "init" */
    unsigned seed;
    double timeout;        /* seconds for one step; 0: 300 */
    const char *python;    /* NULL: $VIRTUAL_ENV/bin/python, else python3 */
    const char *keep;      /* folder that script and job stay in; NULL: a temporary one */
    const char *templates; /* the folder that holds verify/ */
    /* Called as things go on, and with text NULL while nothing happens; false stops. May be NULL.
     */
    bool (*progress)(void *user, int done, int total, const char *text);
    void *user;
} VerifyRequest;

typedef enum { VERIFY_EQUAL, VERIFY_UNEQUAL, VERIFY_ERROR } VerifyVerdict;

/* A difference, absolute, with what it is measured against. */
typedef struct VerifyGap {
    double max, mean;
    double scale;    /* root mean square of the source's values */
    double rounding; /* the source's own, float32 against float64 */
    double allowed;
    bool equal;
} VerifyGap;

/* One call of a paired layer, in the source's order of execution. */
typedef struct VerifyLayer {
    const char *source, *target, *kind;
    int source_line, target_line, call; /* call: 0 the first */
    VerifyGap gap;
    double moves; /* how far the outputs move, relatively, when this layer is a tenth off; -1 not
                     measured */
    bool unseen;  /* measured, and the outputs would not betray it */
    const char *note; /* why there are no figures ("shapes ..."), else "" */
} VerifyLayer;

typedef struct VerifyResult {
    VerifyVerdict verdict;
    const char *message; /* one sentence for the user: figures, and what diverges where; or why
                            nothing ran */
    VerifyGap worst;     /* of the outputs */
    int trials;
    VEC(VerifyGap) outputs;
    VEC(VerifyLayer) layers;
    int first;                       /* the first layer that diverges, -1: none */
    StrVec unseen, unreached, notes; /* layers by path; sentences */
    const char *source_version,
        *port_version; /* "torch 2.13.0", "" where it did not come to that */
    const char *kept;  /* the script, where it was kept */
    Arena *arena;      /* private: owns all this */
    cJSON *json;       /* private: what the script said */
} VerifyResult;

/* Never NULL. */
VerifyResult *verify_run(const VerifyRequest *request);
void verify_free(VerifyResult *r);
/* 0 equal, 4 unequal, 1 could not run. */
int verify_exit_status(const VerifyResult *r);
/* All of it, for --json; in the result's arena. */
const char *verify_to_json(VerifyResult *r);

#endif
