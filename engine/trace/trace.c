/* The driver: sets the interpreter up, runs the module's statements one by one, and lets the other
 * half find the roots.
 *
 * A statement that raises is reported and the run goes on with the next one; from then on a missing
 * name is unknown, not an error. Limits: steps, depth of calls, memory, nesting on the C stack. A
 * limit ends the statement that runs and is reported with the loop or call that it happened in;
 * what follows gets a tenth of the steps each time, and twice the limit altogether. */
#include <string.h>

#include "trace/pystate.h"

#define DEFAULT_STEPS 2000000
#define DEFAULT_DEPTH 200
#define DEFAULT_BYTES ((size_t)256 * 1024 * 1024)

/* ---- limits ---- */

static void limit(Interp *in, Node *n, const char *what)
{
    PyState *py = in->py;
    in->trace->limited = true;
    py->out_of_steps = true;
    Node *where = py->loop ? py->loop : py->call ? py->call : n;
    const char *kind = py->loop ? "the loop" : py->call ? "the call" : "the statement";
    int forced = in->forced;
    in->forced = 0; /* this one is not about the forced arm */
    diag_at(in, SEV_WARNING, "limit", where, "the trace was stopped after %s, in %s at line %d",
            what, kind, node_line(in, where));
    in->forced = forced;
    unwind(in);
}

bool step(Interp *in, Node *n)
{
    PyState *py = in->py;
    if (py->unwinding) return false;
    bool look = ((in->steps + py->forced_total) & 255) == 0;
    if (look && arena_bytes(in->arena) > py->max_bytes) {
        limit(in, n, arena_printf(in->arena, "%zu MB of memory", py->max_bytes / (1024 * 1024)));
        py->max_bytes += py->max_bytes / 8; /* for the roots and the reports */
        return false;
    }
    if (in->forced) {
        py->forced_total++;
        if (--py->forced_left > 0) return true;
        unwind(in);
        return false;
    }
    if (++in->steps < in->max_steps) return true;
    limit(in, n, arena_printf(in->arena, "%d steps", in->max_steps));
    return false;
}

/* After a limit: the next statement gets a tenth of the steps, until all together took twice as
 * many. */
static bool go_on(Interp *in, int max)
{
    PyState *py = in->py;
    if (!py->out_of_steps) return true;
    py->out_of_steps = py->unwinding = false;
    raise_clear(in);
    if (in->steps < in->max_steps)
        return arena_bytes(in->arena) <= py->max_bytes; /* it was memory */
    if (in->max_steps >= max * 2) return false;
    in->max_steps = in->steps + max / 10;
    return true;
}

const char *take_raised(Interp *in)
{
    PyState *py = in->py;
    if (!in->raising && !py->unwinding) return NULL;
    const char *text = in->raised ? in->raised : "an exception";
    if (py->out_of_steps && in->steps >= in->max_steps)
        in->max_steps = in->steps + in->max_steps / 20;
    if (!in->forced) py->out_of_steps = py->unwinding = false;
    raise_clear(in);
    return text;
}

/* ---- set-up ---- */

static Trace *trace_new(Arena *a, Module *module, const Dialect *dialect)
{
    Trace *t = ARENA_NEW(a, Trace);
    t->arena = a;
    t->module = module;
    t->dialect = dialect;
    t->diags.arena = a;
    t->pivot = pivot_new(a);
    t->pivot->source_path = module->src ? module->src->path : NULL;
    t->pivot->source_framework = dialect ? dialect->name : NULL;
    return t;
}

static void add_builtins(Interp *in, const Builtin *table)
{
    for (; table->name; table++) map_set(in->py->builtins, table->name, (void *)table);
}

static void state_new(Interp *in)
{
    static const Builtin *const tables[] = {
        builtins_core, builtins_seq,    builtins_types, builtins_record, methods_str,
        methods_list,  methods_dict,    stdlib_math,    stdlib_iter,     stdlib_misc,
        stdlib_numpy,  stdlib_argparse, stdlib_re};
    PyState *py = ARENA_NEW(in->arena, PyState);
    in->py = py;
    py->none = v_new(in, V_NONE);
    py->poison = v_unknown(in, "an exception was raised");
    py->builtins = map_new(in->arena);
    py->classes = map_new(in->arena);
    for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++) add_builtins(in, tables[i]);
}

const Builtin *builtin_find(Interp *in, const char *name)
{
    return map_get(in->py->builtins, name);
}

static Interp *interp_new(Arena *a, Trace *t, const TraceOptions *opts)
{
    Interp *in = ARENA_NEW(a, Interp);
    in->arena = a;
    in->trace = t;
    in->module = t->module;
    in->dialect = t->dialect;
    in->opts = opts;
    in->path = t->module->src && t->module->src->path ? t->module->src->path : "";
    in->max_steps = opts->max_steps > 0 ? opts->max_steps : DEFAULT_STEPS;
    in->max_depth = opts->max_depth > 0 ? opts->max_depth : DEFAULT_DEPTH;
    in->modules = map_new(a);
    state_new(in);
    in->py->max_bytes = (opts->max_bytes ? opts->max_bytes : DEFAULT_BYTES) + arena_bytes(a);
    in->globals = env_new(in, NULL);
    in->globals->is_module = true;
    in->globals->module = t->module;
    in->globals->path = in->path;
    map_set(&in->globals->vars, "__name__", v_str(in, "__main__"));
    map_set(&in->globals->vars, "__file__", v_str(in, in->path));
    tables_grow(in, t->module->nnodes);
    tables_fill(in, t->module);
    return in;
}

/* ---- running ---- */

/* Where an exception came from: the raise statement, else the call that it happened in, else the
 * statement. */
static const Node *raised_at(const Value *exc, const Node *stmt)
{
    return exc && exc->kind == V_OBJECT && exc->origin ? exc->origin : stmt;
}

static void report_raise(Interp *in, Node *stmt)
{
    if (in->result && in->result->kind == V_OBJECT && in->result->u.obj->cls &&
        strcmp(in->result->u.obj->cls->name, "SystemExit") == 0) {
        raise_clear(in);
        return;
    }
    const Node *at = raised_at(in->result, stmt);
    diag_at(in, SEV_WARNING, "raise", at, "running this ends with %s",
            in->raised ? in->raised : "an exception");
    raise_clear(in);
    in->py->doubt = true;
}

static void run_statements(Interp *in)
{
    Node *root = in->module->root;
    int max = in->max_steps;
    for (int i = 0; i < root->items.len; i++) {
        NodeVec one = {&root->items.at[i], 1, 1};
        exec_block(in, in->globals, &one);
        if (in->py->out_of_steps) {
            in->py->doubt = true;
            if (!go_on(in, max)) break;
        } else if (in->py->unwinding) { /* calls nested too deeply */
            in->py->unwinding = false;
            raise_clear(in);
            in->py->doubt = true;
        } else if (in->raising) report_raise(in, root->items.at[i]);
    }
    in->py->out_of_steps = in->py->unwinding = false;
    raise_clear(in);
    in->max_steps = in->steps + max;
}

Trace *trace_run(Arena *a, Module *module, const Dialect *dialect, const TraceOptions *opts)
{
    static const TraceOptions none = {0};
    Trace *t = trace_new(a, module, dialect);
    Interp *in = interp_new(a, t, opts ? opts : &none);
    t->interp = in;
    t->entry = opts ? opts->entry : NULL;
    t->gone = opts ? opts->gone : NULL;
    run_statements(in);
    trace_roots(in);
    return t;
}
