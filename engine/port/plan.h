/* Inside of planning: the working state shared by plan.c and plan_rnn.c. */
#ifndef PORT_PLAN_H
#define PORT_PLAN_H

#include "port/rw.h"

typedef struct PlanCtx {
    Rw *rw;
    Event **events;     /* constructions (EV_LAYER) at one site */
    int n;
    bool literal;       /* write values only: the target is generated from instances */
    const PivotKind *kind;
    VEC(PlanAttr) attrs;
    Event **applies;    /* applications of any of these layers */
    int napplies;
    Node *site;
    Plan *plan;
} PlanCtx;

PlanAttr *plan_attr(PlanCtx *c, const char *name); /* NULL when the kind has none */
void plan_set(PlanCtx *c, const char *name, PValue v);
PlanStep *plan_push(PlanCtx *c, StepPlace place, const char *kind, const char *suffix);
void step_set(Rw *rw, PlanStep *s, const char *name, PValue v);
void step_set_expr(Rw *rw, PlanStep *s, const char *name, Node *expr);
/* The source expression of an attribute at this site, rewritten; NULL for a literal, a default, or literal mode. */
Node *plan_expr(PlanCtx *c, const char *attr);
const char *plan_path(PlanCtx *c); /* "Net.conv1", for question ids */
void plan_why(PlanCtx *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Marks the whole layer as having no exact counterpart; asks; fills the plan with a stub or the user's code. */
void plan_unsupported(PlanCtx *c, const char *why);
/* A name of the place that the function given there reads, where the layer is written elsewhere: it is not known then. */
const char *plan_local_name(PlanCtx *c, Node *function);
/* Differs at inference: asks lossy:...; true when the user accepted the nearest. */
bool plan_lossy(PlanCtx *c, const char *how);

PAttrs plan_values(PlanCtx *c);
/* plan_expr.c */
void plan_gather_exprs(PlanCtx *c); /* arguments that the source gives by expressions keep them */
void plan_wish_exprs(PlanCtx *c);   /* widths by what made them */
const DialectRow *plan_row(PlanCtx *c);            /* the target's own row for what is planned now */
bool plan_says(PlanCtx *c, const char *attr);      /* does it say this attribute? */
int plan_rank(PlanCtx *c);                         /* axes of what the layer is applied to; -1 */
void plan_adjust(PlanCtx *c);                      /* plan_adjust.c */
/* An axis of the layer's output, in the order in which the target holds it. */
PValue plan_axis(PlanCtx *c, PValue axis);
/* The same for what stands between a layer and the move of axes behind it. */
PValue plan_axis_behind(PlanCtx *c, PValue axis);
void plan_norm_axes(PlanCtx *c);                   /* plan_adjust.c */
void plan_rnn(PlanCtx *c);
void plan_padding(PlanCtx *c);    /* plan_pad.c */
void plan_transposed(PlanCtx *c); /* plan_pad.c */
void plan_dilated_stride(PlanCtx *c); /* plan_pad.c */

#endif
