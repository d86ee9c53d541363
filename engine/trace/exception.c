/* Exceptions: Python's own classes, raising, matching; and diagnostics at a node. */
#include <string.h>

#include "trace/pystate.h"

/* name, base: the part of the hierarchy that programs name. */
static const char *const EXCEPTIONS[][2] = {
    {"BaseException", NULL},
    {"Exception", "BaseException"},
    {"SystemExit", "BaseException"},
    {"KeyboardInterrupt", "BaseException"},
    {"GeneratorExit", "BaseException"},
    {"StopIteration", "Exception"},
    {"StopAsyncIteration", "Exception"},
    {"ArithmeticError", "Exception"},
    {"FloatingPointError", "ArithmeticError"},
    {"OverflowError", "ArithmeticError"},
    {"ZeroDivisionError", "ArithmeticError"},
    {"AssertionError", "Exception"},
    {"AttributeError", "Exception"},
    {"BufferError", "Exception"},
    {"EOFError", "Exception"},
    {"ImportError", "Exception"},
    {"ModuleNotFoundError", "ImportError"},
    {"LookupError", "Exception"},
    {"IndexError", "LookupError"},
    {"KeyError", "LookupError"},
    {"MemoryError", "Exception"},
    {"NameError", "Exception"},
    {"UnboundLocalError", "NameError"},
    {"OSError", "Exception"},
    {"FileExistsError", "OSError"},
    {"FileNotFoundError", "OSError"},
    {"PermissionError", "OSError"},
    {"NotADirectoryError", "OSError"},
    {"IsADirectoryError", "OSError"},
    {"ConnectionError", "OSError"},
    {"TimeoutError", "OSError"},
    {"ReferenceError", "Exception"},
    {"RuntimeError", "Exception"},
    {"NotImplementedError", "RuntimeError"},
    {"RecursionError", "RuntimeError"},
    {"SyntaxError", "Exception"},
    {"IndentationError", "SyntaxError"},
    {"SystemError", "Exception"},
    {"TypeError", "Exception"},
    {"ValueError", "Exception"},
    {"UnicodeError", "ValueError"},
    {"UnicodeDecodeError", "UnicodeError"},
    {"UnicodeEncodeError", "UnicodeError"},
    {"Warning", "Exception"},
    {"DeprecationWarning", "Warning"},
    {"FutureWarning", "Warning"},
    {"UserWarning", "Warning"},
    {"RuntimeWarning", "Warning"},
    {"PendingDeprecationWarning", "Warning"},
    {"SyntaxWarning", "Warning"},
    {"ImportWarning", "Warning"},
    {"ResourceWarning", "Warning"},
    {"UnicodeWarning", "Warning"},
    {"BytesWarning", "Warning"},
};

ClassValue *exception_class(Interp *in, const char *name)
{
    if (strcmp(name, "IOError") == 0 || strcmp(name, "EnvironmentError") == 0) name = "OSError";
    ClassValue *c = map_get(in->py->classes, name);
    if (c) return c->node || c->mro.len == 0 ? NULL : c;
    for (size_t i = 0; i < sizeof(EXCEPTIONS) / sizeof(*EXCEPTIONS); i++) {
        if (strcmp(EXCEPTIONS[i][0], name) != 0) continue;
        c = class_new(in, EXCEPTIONS[i][0]);
        vec_push(in->arena, &c->mro, c);
        ClassValue *base = EXCEPTIONS[i][1] ? exception_class(in, EXCEPTIONS[i][1]) : NULL;
        if (base) {
            vec_push(in->arena, &c->bases, v_class(in, base));
            for (int k = 0; k < base->mro.len; k++) vec_push(in->arena, &c->mro, base->mro.at[k]);
        }
        map_set(in->py->classes, c->name, c);
        return c;
    }
    return NULL;
}

Value *exception_new(Interp *in, ClassValue *cls, Args *args)
{
    Value *v = object_new(in, cls);
    Value *list = v_list(in, V_TUPLE);
    for (int i = 0; args && i < args->pos.len; i++)
        vec_push(in->arena, &list->items, args->pos.at[i]);
    map_set(v->u.obj->attrs, "args", list);
    return v;
}

void raise_value(Interp *in, Value *exc, Node *site)
{
    if (in->raising) return;
    if (exc->kind == V_OBJECT && site) exc->origin = site;
    const char *text = exc->kind == V_OBJECT && exc->u.obj->cls ? v_str_text(in, exc) : "";
    in->raising = true;
    in->result = exc;
    const char *name = exc->kind == V_UNKNOWN ? "an exception" : v_type_name(exc);
    in->raised =
        *text ? arena_printf(in->arena, "%s: %s", name, text) : arena_strdup(in->arena, name);
}

Value *raise_error(Interp *in, const char *type, Node *site, const char *fmt, ...)
{
    if (in->raising) return in->py->poison;
    va_list ap;
    va_start(ap, fmt);
    const char *message = arena_vprintf(in->arena, fmt, ap);
    va_end(ap);
    ClassValue *c = exception_class(in, type);
    if (!c) c = exception_class(in, "Exception");
    Args args = {0};
    args_push(in, &args, v_str(in, message), NULL);
    raise_value(in, exception_new(in, c, &args), site);
    return in->py->poison;
}

void raise_clear(Interp *in)
{
    in->raising = false;
    in->raised = NULL;
    in->result = NULL;
}

void unwind(Interp *in)
{
    in->raising = true;
    in->py->unwinding = true;
    in->result = in->py->poison;
    in->raised = "the trace was stopped";
}

bool exception_matches(Interp *in, const Value *exc, Value *type)
{
    if (type->kind == V_TUPLE) {
        for (int i = 0; i < type->items.len; i++)
            if (exception_matches(in, exc, type->items.at[i])) return true;
        return false;
    }
    if (type->kind == V_CLASS) {
        if (exc->kind != V_OBJECT) /* raised by a library: any broad handler may be meant for it */
            return strcmp(type->u.cls->name, "Exception") == 0 ||
                   strcmp(type->u.cls->name, "BaseException") == 0;
        return exc->u.obj->cls && class_is(exc->u.obj->cls, type->u.cls);
    }
    if (type->kind == V_EXT) return exc->kind == V_EXT && str_eq(exc->u.dotted, type->u.dotted);
    return type->kind == V_UNKNOWN && exc->kind == V_UNKNOWN;
}

/* ---- diagnostics ---- */

/* The file that a node is of: imported files have their ids after the main one's. */
static Module *module_of(Interp *in, const Node *n)
{
    if (!n || n->id <= in->trace->module->nnodes) return in->trace->module;
    int first = in->trace->module->nnodes;
    for (int i = 0; i < in->trace->imported.len; i++) {
        Module *m = in->trace->imported.at[i];
        if (n->id > first && n->id <= first + m->nnodes) return m;
        first += m->nnodes;
    }
    return in->trace->module;
}

void diag_at(Interp *in, Severity sev, const char *code, const Node *n, const char *fmt, ...)
{
    if (in->forced) return;
    va_list ap;
    va_start(ap, fmt);
    const char *message = arena_vprintf(in->arena, fmt, ap);
    va_end(ap);
    Module *m = module_of(in, n);
    const char *path = m->src && m->src->path ? m->src->path : in->path;
    diag_add(&in->trace->diags, sev, code, path, n ? n->span : (Span){0, 0}, NULL, "%s", message);
}

int node_line(Interp *in, const Node *n)
{
    int line = 0, col = 0;
    Module *m = module_of(in, n);
    if (n && m->src) source_position(m->src, n->span.start, &line, &col);
    return line;
}
