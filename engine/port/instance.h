/* Generation from instances: the flat network and the doors between instance.c and op_values.c. */
#ifndef PORT_INSTANCE_H
#define PORT_INSTANCE_H

#include "port/rw.h"

typedef struct Flat {
    Rw *rw;
    const RootTrace *root;
    VEC(Event *) events; /* applications and operations that some output needs, in execution order */
    Map *live;           /* tensor id -> needed */
    Map *plans;          /* layer id -> Plan */
    Map *names;          /* layer id -> attribute name */
    Map *counts, *taken; /* for names */
    Map *vars;           /* tensor id -> variable */
    Map *made;           /* attributes that the constructor makes */
    Map *paths;          /* layer id -> how the target reaches it */
    NodeVec init_body;
    NodeVec *body;       /* of the factory, where layers are not attributes */
    Node *init;          /* the root class's constructor, or NULL */
    const Params *params;
    bool factory;        /* a class becomes a factory function */
    bool self;           /* layers are attributes */
    bool marks;          /* so is what is set on the network: a class is written */
    bool lost; /* an operand that nothing here names: a weight of its own, a constant that is not known */
    bool uses_training;
    int nvars;
} Flat;

Plan *flat_plan(Flat *f, const PivotLayer *l);
const char *flat_name(Flat *f, const PivotLayer *l);

const char *flat_kind_word(Flat *f, const PivotLayer *l); /* "conv", "dense": what a layer is called that has no name */
/* instance_write.c: the body of a factory; the class. False or NULL with res->impossible. */
bool write_sequential(Flat *f, NodeVec *body);
bool write_functional(Flat *f, NodeVec *body);
Node *write_class(Flat *f, const char *name);

/* instance.c: the network that is written; NULL: none was traced. */
const RootTrace *instance_root(Rw *rw);
/* instance.c: the statement at module level that a root comes from, and those that add to it. */
bool instance_makes_root(Rw *rw, Node *s, const RootTrace *root);
bool instance_extends_root(Rw *rw, Node *s, const RootTrace *root);
/* instance_parts.c: does the root's factory build this one network only? Names of the functions that the flat network says. */
bool parts_one_graph(const Flat *f);
const Map *parts_functions(const Flat *f);
/* What such a function does beside building the network: flagged, since the flat network does not say it. */
void parts_left_out(const Flat *f, Node *fn);
/* What it sets on the network that it built, for the constructor: self.classes = 10. */
void parts_marks(Flat *f, NodeVec *init);

/* op_values.c: an operation written from the values of its attributes alone; NULL where that cannot be. */
Node *op_from_values(Rw *rw, const Event *e, Node **inputs, int n);
/* A permute's or transpose's axes between the orders that the target holds; false: nothing moves. */
bool op_permutation(Rw *rw, const Event *e, int axes[MAX_RANK]);
/* expr_layer.c, plan.c */
Node *step_module(Rw *rw, const PlanStep *s);
void step_put(Rw *rw, PlanStep *s, const char *name, PValue v);

#endif
