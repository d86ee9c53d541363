/* An opened document behind portolan.h: the state shared by this room's files.
 *
 *   open.c     options, templates, reading, tracing and porting
 *   prepare.c  drafts of the source that say what the target needs
 *   answers.c  answers, undo and redo, the sidecar
 *   tree.c     the pivot as a tree for display
 *   view.c     the port as portolan.h shows it
 *   report.c   the report, the listings
 *   write.c    what stands at the target, and writing it */
#ifndef DOC_DOC_H
#define DOC_DOC_H

#include "port/port.h"
#include "portolan.h"

typedef struct Change { /* one step of the undo log */
    const char *id, *before, *after; /* answers; NULL: none */
} Change;

struct PtlDoc {
    Arena *arena;       /* lives as long as the document */
    Arena *trace_arena; /* source text, tree, trace */
    Arena *port_arena, *preview_arena;
    const char *path, *templates, *target_path, *sidecar_path;
    const char *from, *to, *style, *entry;
    StrVec shapes, header_shapes;
    bool no_sidecar;
    char *text;
    size_t len;
    Dialect *dialects[16];
    int ndialects;
    const char *frameworks[17];
    Module *module;
    Trace *trace;       /* of the source as it stands */
    const Trace *used;  /* that the current port was made of: of the source or of a draft; in port_arena */
    DiagList diags;     /* of the parser and of the reading */
    PortResult *result;
    PtlPort port, preview;
    bool ready;
    AnswerSet answers;
    VEC(Change) log;
    int log_at;         /* changes in force; beyond it they can be redone */
    int saved_at;       /* log_at at the last write */
    double parse_ms, trace_ms;
    const char *report, *exported;
};

const Dialect *doc_dialect(const PtlDoc *doc, const char *name);
void doc_parse(PtlDoc *doc);
void doc_trace(PtlDoc *doc);
TraceOptions doc_trace_options(PtlDoc *doc, Arena *a, const AnswerSet *answers);
void doc_port(PtlDoc *doc);
PortResult *doc_make(PtlDoc *doc, Arena *a, const AnswerSet *answers, const Trace *trace);
/* The port, of a draft of the source where the source lacks what the target needs. *used: the trace it is of. */
PortResult *doc_ported(PtlDoc *doc, Arena *a, const AnswerSet *answers, const Trace *first, const Trace **used);
double doc_now_ms(void);

const char *doc_without_header(Arena *a, const char *given, size_t len, StrVec *shapes);

/* view.c */
void view_fill(PtlDoc *doc, Arena *a, const PortResult *r, const Trace *t, PtlPort *out);
/* tree.c: nodes in display order; site_map[node id] = mapping id */
const PtlNode *tree_build(Arena *a, const Trace *t, const PortResult *r, const int *site_map, int *n);
/* answers.c */
bool sidecar_read(PtlDoc *doc, const char **err);
void answers_set(PtlDoc *doc, AnswerSet *s, const char *id, const char *answer, const char *at);
const char *answers_get(const AnswerSet *s, const char *id);
const Question *doc_question(const PtlDoc *doc, const char *id);
char *sidecar_text(PtlDoc *doc);

/* own.c: decisions that nobody asked for (edit, override, note). */
bool own_kind(const char *id);
bool own_check(PtlDoc *doc, const char *id, const char *answer, const char **err);
const char *own_text(PtlDoc *doc, const char *id); /* the source text it is about, for the document's life */

#endif
