/* Inside of Python's half of the trace room: state and helpers that its files share. The border to
 * the framework's half is interp.h.
 *
 * Exceptions: raise_error and `raise` set in->raising, with in->result the exception object and
 * in->raised its text. From then on every evaluation returns an unknown at once, until a handler
 * clears it. A limit, and the end of a forced arm, raise with py->unwinding set: no handler of the
 * program catches those. */
#ifndef TRACE_PYSTATE_H
#define TRACE_PYSTATE_H

#include "trace/interp.h"

/* One call of a builtin. */
typedef struct Call {
    Interp *in;
    Env *env;
    const char *name;
    Value *self; /* bound receiver, NULL for a plain function */
    Args *args;
    Node *site;
} Call;

typedef Value *(*BuiltinFn)(Call *c);

typedef struct Builtin {
    const char *name;
    BuiltinFn fn;
} Builtin;

/* The call that made a layer, a container or an instance. */
typedef struct Made {
    Value *callee;
    Args args;
    Node *site;
} Made;

/* What an undone change was. */
typedef struct Undo {
    Map *map; /* or NULL: of a value */
    const char *key;
    void *old;
    bool had;
    Value *value;
    Value saved; /* its vectors point at copies */
} Undo;

typedef struct PyState {
    Value *none, *poison; /* poison: what evaluation returns while an exception is on its way */
    Map *builtins;        /* name -> const Builtin * */
    Map *classes;         /* Python's own classes by name: exceptions, namespaces, arrays */
    Definition **def_at;  /* by node id: the definition that the node is */
    signed char *yields;  /* by node id of functions: 1 has a yield, -1 has none, 0 not looked at */
    unsigned char *tried; /* by node id of branches: how often the true arm (low half) and the false
                             arm were forced */
    int cap_ids;          /* of these tables and those of the trace */
    VEC(Undo) undo;
    Map *shadows; /* attributes that arms which were not taken gave to modules: see forced.c */
    int forced_left;      /* steps that the outermost forced arm may still take */
    bool unwinding;       /* in->raising by a limit or by the end of a forced arm */
    bool out_of_steps;
    int forced_total;     /* steps taken in forced arms altogether */
    size_t max_bytes;
    int nest;             /* depth of evaluation on the C stack */
    Node *loop;           /* innermost running loop or comprehension */
    Node *call;           /* innermost running call of a user function */
    Size free_loop;       /* inside of a loop over a free size (free is set): how often it runs */
    int free_loop_born;
    int activations;
    int in_try;           /* try statements with handlers around what runs */
    bool doubt; /* a name may be missing through our fault: a statement failed or an arm was skipped
                   on an unknown */
    Value *handling;      /* the exception that an except block handles, for a bare raise */
    const Value *picked_from; /* the dict that the last look-up with a key from a parameter took a
                                 function out of */
    Value *pending_init;   /* a module instance whose first __init__ has not been bound yet */
    ValueVec *yielded;    /* what the running generator has yielded so far */
    int repr_depth;
} PyState;

#define MAX_SEQUENCE                                                                               \
    1000000 /* items of one list, range or string that the tracer makes: beyond it a value is      \
               unknown */
#define MAX_YIELDS                                                                                 \
    4096 /* items that a generator may yield: generators run at once, so an endless one must end   \
          */
#define MAX_NEST 2400          /* nested evaluations on the C stack */

/* ---- tables.c ---- */
/* Room for ids up to n in every table by node id. */
void tables_grow(Interp *in, int n);
/* parent, stmt_parent, definition_of, definitions of a module; prefix: of the names of its
 * definitions, or "". */
void tables_fill(Interp *in, Module *m);

/* ---- value.c ---- */
Value *v_strn(Interp *in, const char *s, size_t n);
Value *v_copy(Interp *in, const Value *v); /* the value itself: vectors are shared */
/* v, or a copy of it that has from_param set where its kind is immutable. */
Value *v_dependent(Interp *in, Value *v);
/* r with the marks (from_param, is_training_flag) of x. r must be fresh or immutable. */
Value *v_marked(Interp *in, Value *r, const Value *x);
bool v_immutable(const Value *v);
bool v_is_seq(const Value *v);    /* list, tuple, set, shape, iterator: items */
bool v_is_int(const Value *v);    /* int or bool */
long long v_as_int(const Value *v);
Value *
v_base(Value *v); /* looks through an instance of a class derived from list, dict, str, ... */
int v_equal_hint(Interp *in, const Value *x, const Value *y,
                 bool *guard);                      /* free sizes by their hints */
bool v_same_object(const Value *x, const Value *y); /* `is` */
/* Is it a layer, function or class of the framework itself? dialect_owns says yes to all that might
 * be. */
bool ext_is_named(Interp *in, const char *dotted);
Value *v_tuple2(Interp *in, Value *a, Value *b);
/* forced.c: what an arm that was not taken would have given a module under that name, for another such arm; NULL: nothing. */
Value *forced_shadow(Interp *in, const Map *attrs, const char *key);
const char *v_text(Value *v);     /* of a V_STR; NULL for another kind */
Value *v_pick(Value *a, Value *b); /* the first of them that is unknown, or NULL */
long long range_len(const Value *v);
Value *range_item(Interp *in, const Value *v, long long i);

/* ---- repr.c ---- */
const char *v_str_text(Interp *in, Value *v); /* str(v) */
const char *float_text(Arena *a, double f);
/* False: the spec is not understood (the error is raised). */
const char *format_value(Interp *in, Value *v, const char *spec, Node *site); /* NULL: unknown */

/* ---- utf8.c ---- */
int utf8_count(const char *s, int n);
int utf8_offset(const char *s, int n, int index); /* byte offset of code point index */
bool utf8_ascii(const char *s, int n);

/* ---- env.c ---- */
Env *env_module(Env *e);
Env *env_walrus(Env *e); /* where := binds: comprehensions are looked through */
void env_del(Env *e, const char *name);

/* ---- exception.c ---- */
ClassValue *exception_class(Interp *in, const char *name); /* NULL: no such builtin exception */
void raise_value(Interp *in, Value *exc, Node *site);
void raise_clear(Interp *in);
bool exception_matches(Interp *in, const Value *exc, Value *type);
Value *exception_new(Interp *in, ClassValue *cls, Args *args);
void diag_at(Interp *in, Severity sev, const char *code, const Node *n, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));
int node_line(Interp *in, const Node *n);
/* Ends the statement or root that runs: no handler catches it. */
void unwind(Interp *in);

/* ---- number.c, operator.c ---- */
Value *number_binary(Interp *in, const char *op, Value *l, Value *r, Node *site);
Value *int_pow(Interp *in, long long b, long long e);
Value *binary(Interp *in, const char *op, Value *l, Value *r, Node *site);
Value *binary_inplace(Interp *in, const char *op, Value *l, Value *r, Node *site);
Value *unary(Interp *in, const char *op, Value *v, Node *site);
Value *compare(Interp *in, const char *op, Value *l, Value *r,
               Node *site); /* a V_BOOL, tensor or unknown */
int contains(Interp *in, Value *item, Value *in_what, Node *site);          /* 1, 0, -1 */
/* Truth with the program's __bool__ and __len__; free sizes by their hints with *guard set. */
int truth(Interp *in, Value *v, bool *guard);
/* <: 1, 0; -1 unknown or not ordered. */
int less(Interp *in, Value *x, Value *y, Node *site);

/* ---- expr.c, fstring.c, comprehension.c ---- */
Value *eval_quiet(Interp *in, Env *env,
                  Node *n); /* a callee or the base of an attribute: no EV_REF of its own */
Value *eval_comprehension(Interp *in, Env *env, Node *n);
Value *eval_fstring(Interp *in, Env *env, Node *n);
Value *percent_format(Interp *in, Value *fmt, Value *args, Node *site);
Value *str_format(Call *c);
Value *lookup_name(Interp *in, Env *env,
                   const char *name); /* variables, star imports, builtins; NULL */

/* ---- args.c ---- */
bool args_eval(Interp *in, Env *env, const NodeVec *items, Args *out);
void args_push(Interp *in, Args *a, Value *v, Node *expr);
void args_push_kw(Interp *in, Args *a, const char *name, Value *v, Node *expr);
Value *args_kw(const Args *a, const char *name);
bool bind_params(Interp *in, FunctionValue *fn, Value *self, Args *args, Env *local, Node *site);

/* ---- call.c ---- */
Value *call_with(Interp *in, Env *env, Value *callee, Node *site, int n, Value **args);
Value *bind_method(Interp *in, Value *f, Value *self);
Value *make_function(Interp *in, Env *env, Node *n);
Value *decorate(Interp *in, Env *env, const NodeVec *decorators, Value *v);
/* The method that v's class defines, bound; NULL. */
Value *user_method(Interp *in, Value *v, const char *name);
Value *call_method(Interp *in, Value *v, const char *name, Node *site, int n, Value **args,
                   bool *found);

/* ---- attr.c ---- */
Value *attr_or_raise(Interp *in, Value *of, const char *name, Node *site);
bool del_attr(Interp *in, Value *of, const char *name);
Value *object_dict(Interp *in, Value *of);
Value *object_setattr(Call *c);

/* ---- class.c, record.c, enum.c ---- */
void exec_class(Interp *in, Env *env, Node *n);
ClassValue *class_new(Interp *in, const char *name);
Value *v_class(Interp *in, ClassValue *c);
Value *object_new(Interp *in, ClassValue *c);
bool class_is(const ClassValue *c, const ClassValue *of);
bool class_linearise(Interp *in, ClassValue *c, Node *site);
/* Python's own class of that name, made on first use. */
ClassValue *own_class(Interp *in, const char *name);
/* What super().name(...) does where no class of the file defines it. */
Value *super_call(Call *c, const char *method);
/* "dict" where the class derives from it, and so on; NULL. */
const char *class_builtin_base(const ClassValue *c);
/* type(name, bases, dict). */
Value *class_make(Interp *in, const char *name, const ValueVec *bases, Value *attrs, Node *site);
int is_instance(Interp *in, Value *v, Value *type); /* 1, 0, -1 */
int is_subclass(Interp *in, Value *c, Value *type);
Value *type_of(Interp *in, Value *v);
void dataclass_apply(Interp *in, Value *cls, Args *args);
bool dataclass_init(Interp *in, Value *self, Args *args, Node *site);
void namedtuple_apply(Interp *in, ClassValue *c);
Value *namedtuple_make(Interp *in, ClassValue *c, Args *args, Node *site);
Value *namedtuple_method(Interp *in, Value *self, const char *name);
Value *namedtuple_class(Interp *in, const char *name, const StrVec *fields,
                        const ValueVec *defaults);
void enum_apply(Interp *in, ClassValue *c);
Value *enum_call(Interp *in, ClassValue *c, Args *args, Node *site);
bool enum_members(Interp *in, const ClassValue *c, ValueVec *out);

/* ---- item.c, iterate.c ---- */
bool index_in(Interp *in, Value *index, long long n, long long *out, Node *site);
bool slice_bounds(Interp *in, const Value *slice, long long n, long long *lo, long long *hi,
                  long long *step, Node *site);
void del_item(Interp *in, Value *of, Value *index, Node *site);
int dict_find(Interp *in, const Value *d, const Value *key); /* -1 absent, -2 unknown */
Value *dict_get(Interp *in, const Value *d, const char *key);
void dict_set(Interp *in, Value *d, Value *key, Value *v);
void dict_remove_at(Interp *in, Value *d, int i);
void set_add(Interp *in, Value *s, Value *v);
void list_push(Interp *in, Value *l, Value *v);
bool hashable(Interp *in, const Value *v, Node *site);
/* The number of items without listing them; -1 not known, -2 has none. */
long long length_of(Interp *in, Value *v, Node *site);
Value *length_value(Interp *in, Value *v, Node *site);
/* Item i of something indexable by number without making all of it (ranges); NULL past the end. */
Value *lazy_item(Interp *in, Value *v, long long i);
bool is_lazy(const Value *v);
void unpack(Interp *in, Env *env, const NodeVec *targets, Value *v, Node *site);

/* ---- stmt.c, branch.c, loop.c, match.c, import.c ---- */
FlowKind exec_stmt(Interp *in, Env *env, Node *n);
void exec_del(Interp *in, Env *env, Node *n);
/* stmts and next: the block that n stands in and the place behind n: what runs when no arm ends the
 * block. */
FlowKind exec_if(Interp *in, Env *env, Node *n, const NodeVec *stmts, int next);
Value *eval_ifexp(Interp *in, Env *env, Node *n);
FlowKind exec_for(Interp *in, Env *env, Node *n);
FlowKind exec_while(Interp *in, Env *env, Node *n);
FlowKind exec_match(Interp *in, Env *env, Node *n);
void exec_import(Interp *in, Env *env, Node *n);
Branch *branch_note(Interp *in, Node *n);
/* The x of `x is not None` (arm: true) or of `x is None` (arm: false); NULL: the test is another. */
Node *branch_optional(Node *test, bool arm);
Value *star_name(Interp *in, Env *env, const char *name, bool owned);

/* ---- forced.c ---- */
/* What a forced run saves and gives back around it. */
typedef struct ForcedRun {
    int mark, left;
    Value *result, *handling;
    const char *raised;
    bool doubt;
    ValueVec *yielded;
} ForcedRun;
ForcedRun forced_begin(Interp *in);
void forced_end(Interp *in, const ForcedRun *s);
bool forced_may(Interp *in, Node *branch, bool arm);
void forced_block(Interp *in, Env *env, Node *branch, bool arm, const NodeVec *stmts, int from);
/* One round of a loop that has none. */
void forced_round(Interp *in, Env *env, Node *loop, Value *item);
/* A call of what stands beside the callee in a table; branch: the other function. */
void forced_call(Interp *in, Env *env, Node *branch, Value *callee, Args *args, Node *site);
void forced_expr(Interp *in, Env *env, Node *branch, bool arm, Node *expr);

/* ---- builtins*.c, methods_*.c, stdlib*.c: tables ended by a NULL name ---- */
extern const Builtin builtins_core[], builtins_seq[], builtins_types[], methods_str[],
    methods_list[], methods_dict[], stdlib_math[], stdlib_iter[], stdlib_misc[], stdlib_numpy[],
    stdlib_argparse[], stdlib_re[], builtins_record[];
const Builtin *builtin_find(Interp *in, const char *name);
Value *arg(Call *c, int i, const char *name); /* positional i or keyword; NULL */
int nargs(const Call *c);
Value *arg_unknown(Call *c); /* the first unknown among the arguments and the receiver, or NULL */
Value *arity(Call *c, int lo,
             int hi); /* raises a TypeError and returns unknown when outside; else NULL */
long long arg_int(Call *c, int i, const char *name, long long dflt);
bool arg_list(Call *c, int i, ValueVec *out); /* iterates argument i; false: raised or unknown */
Value *sort_values(Interp *in, Env *env, ValueVec *items, Value *key, bool reverse, Node *site);
Value *array_binary(Interp *in, const char *op, Value *l, Value *r, Node *site);
bool is_array(const Value *v);
bool dict_fill(Call *c, Value *d);
Value *partial_call(Call *c);

/* helper.c: binds the name of a helper of an earlier port to what it stands for. */
bool own_helper(Interp *in, Env *env, Node *n);

#endif
