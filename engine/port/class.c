/* Classes and functions.
 *
 * A module class keeps its name, its parameters and the order of its methods. The base is the target's, the
 * constructor calls super() as the target wants it, the forward pass has the target's name and, where layers
 * behave differently in training, its training argument. Methods other than the constructor are rewritten
 * first, since they may need attributes that the constructor then gets (self.flatten). */
#include "port/view.h"
#include "port/class.h"

#include <string.h>

#include "port/class_takes.h"
#include "port/static.h"

Definition *definition_for(Rw *rw, const Node *n)
{
    for (int i = 0; i < rw->t->definitions.len; i++)
        if (rw->t->definitions.at[i]->node == n) return rw->t->definitions.at[i];
    return NULL;
}

/* ---- parameters ---- */

static bool is_super_init(const Node *n)
{
    return n->kind == N_EXPR && n->a->kind == N_CALL && n->a->a->kind == N_ATTRIBUTE &&
           str_eq(n->a->a->name, "__init__") && n->a->a->a->kind == N_CALL && n->a->a->a->a->kind == N_NAME &&
           str_eq(n->a->a->a->a->name, "super");
}

static bool mentions(Node *n, const char *name);

typedef struct Mention {
    const char *name;
    int count;
} Mention;

static bool count_mention(Node *n, void *ctx)
{
    Mention *m = ctx;
    if (n->kind == N_NAME && str_eq(n->name, m->name)) m->count++;
    return true;
}

static bool mentions(Node *n, const char *name)
{
    Mention m = {.name = name};
    node_walk(n, count_mention, &m);
    return m.count > 0;
}

/* Annotations that name another framework than the target's go; they never change what is computed. */
Node *class_annotation(Rw *rw, Node *x)
{
    for (int i = 0; x && i < rw->framework_names->len; i++) {
        const char *key = rw->framework_names->entries[i].key;
        if (key && mentions(x, key)) return rw->from == rw->to ? rewrite_expr(rw, x) : NULL;
    }
    return x;
}

static Params rewrite_params(Rw *rw, const Params *in, const char *drop1, const char *drop2)
{
    Params out = {.bare_star = in->bare_star, .slash = in->slash};
    for (int i = 0; i < in->list.len; i++) {
        Param p = in->list.at[i];
        if (p.kind == PARAM_PLAIN && i > 0 && (str_eq(p.name, drop1) || str_eq(p.name, drop2))) continue;
        p.annotation = class_annotation(rw, p.annotation);
        p.dflt = rewrite_expr(rw, p.dflt);
        vec_push(rw->a, &out.list, p);
    }
    bool any = false;
    for (int i = 0; i < out.list.len; i++) any |= out.list.at[i].keyword_only;
    if (!any) out.bare_star = false;
    return out;
}

static bool same_params(const Params *x, const Params *y)
{
    if (x->list.len != y->list.len) return false;
    for (int i = 0; i < x->list.len; i++)
        if (x->list.at[i].dflt != y->list.at[i].dflt || x->list.at[i].annotation != y->list.at[i].annotation ||
            x->list.at[i].name != y->list.at[i].name)
            return false;
    return true;
}

/* Does a decorator have a meaning in the target? Those of the source's framework have none. */
static bool keeps_decorator(Rw *rw, Node *d)
{
    return rw->from == rw->to || !static_dotted(rw, d->kind == N_CALL ? d->a : d);
}

static bool keeps_decorators(Rw *rw, const Node *n)
{
    for (int i = 0; i < n->decorators.len; i++)
        if (keeps_decorator(rw, n->decorators.at[i])) return true;
    return false;
}

static NodeVec rewrite_decorators(Rw *rw, Node *n)
{
    NodeVec out = {0};
    for (int i = 0; i < n->decorators.len; i++) {
        Node *d = n->decorators.at[i];
        if (!keeps_decorator(rw, d)) {
            note(rw, "line %d: decorator %s has no meaning in the target", static_line(rw, d),
                 static_dotted(rw, d->kind == N_CALL ? d->a : d));
            continue;
        }
        vec_push(rw->a, &out, rewrite_expr(rw, d));
    }
    return out;
}

/* ---- functions ---- */

static bool same_vec(const NodeVec *x, const NodeVec *y)
{
    if (x->len != y->len) return false;
    for (int i = 0; i < x->len; i++)
        if (x->at[i] != y->at[i]) return false;
    return true;
}

static Node *finish_function(Rw *rw, Node *n, Node *copy)
{
    bool same = copy->name == n->name && copy->c == n->c && same_vec(&n->body, &copy->body) &&
                same_vec(&n->decorators, &copy->decorators) && same_params(&n->params, &copy->params);
    if (same) return n;
    if (!copy->body.len) {
        Node *pass = ARENA_NEW(rw->a, Node);
        pass->kind = N_PASS;
        vec_push(rw->a, &copy->body, pass);
    }
    return copy;
}

/* The body alone, in the function's own context. */
static void function_body(Rw *rw, Node *n, Node *copy)
{
    Node *fn = rw->fn;
    NodeVec *before = rw->before, *after = rw->after;
    StrVec flags = rw->flags, stubs = rw->stubs;
    rw->fn = n;
    copy->body = (NodeVec){0};
    rewrite_block(rw, &n->body, &copy->body);
    rw->fn = fn;
    rw->before = before;
    rw->after = after;
    rw->flags = flags;
    rw->stubs = stubs;
}

Node *rewrite_function(Rw *rw, Node *n)
{
    bool forward = rw->in_forward;
    if (rw->fn == NULL) rw->in_forward = false;
    Node *copy = node_copy(rw->a, n);
    copy->decorators = rewrite_decorators(rw, n);
    copy->c = class_annotation(rw, n->c);
    copy->params = rewrite_params(rw, &n->params, NULL, NULL);
    function_body(rw, n, copy);
    rw->in_forward = forward;
    return finish_function(rw, n, copy);
}

/* ---- methods that ask whether this is training ---- */

typedef struct Asks {
    Rw *rw;
    bool found;
} Asks;

static bool find_asks(Node *n, void *ctx)
{
    Asks *k = ctx;
    const char *attribute = dialect_fact(k->rw->from, "training_attribute");
    bool own = n->kind == N_ATTRIBUTE && n->a->kind == N_NAME && str_eq(n->a->name, "self");
    if (own && attribute && str_eq(n->name, attribute)) k->found = true;
    if (own && map_has(k->rw->training_methods, n->name)) k->found = true;
    return !k->found;
}

/* Fills rw->training_methods for a class whose target has no such attribute: directly, and by calling one another. */
static void find_training_methods(Rw *rw, Node *cls)
{
    rw->training_methods = map_new(rw->a);
    const char *forward = dialect_fact(rw->from, "forward");
    if (rw->from == rw->to || !dialect_fact(rw->to, "training_name") || !dialect_fact(rw->from, "training_attribute")) return;
    for (bool grew = true; grew;) {
        grew = false;
        for (int i = 0; i < cls->body.len; i++) {
            Node *m = cls->body.at[i];
            if (m->kind != N_FUNCTION || keeps_decorators(rw, m) || str_eq(m->name, forward) || str_starts(m->name, "__") ||
                map_has(rw->training_methods, m->name))
                continue;
            Asks k = {.rw = rw};
            node_walk(m, find_asks, &k);
            if (!k.found) continue;
            map_set(rw->training_methods, m->name, m);
            grew = true;
        }
    }
}

bool class_asks_training(Rw *rw, const Node *n)
{
    return rw->training_methods && (rw->in_forward || rw->in_training_method) && n->a->kind == N_ATTRIBUTE &&
           n->a->a->kind == N_NAME && str_eq(n->a->a->name, "self") && map_has(rw->training_methods, n->a->name);
}

Node *class_training_call(Rw *rw, Node *n)
{
    const char *name = dialect_fact(rw->to, "training_name");
    Node *copy = node_copy(rw->a, n);
    for (int i = 0; i < n->items.len; i++) copy->items.at[i] = rewrite_expr(rw, n->items.at[i]);
    vec_push(rw->a, &copy->items, py_kw(rw->a, name, py_name(rw->a, name)));
    rw->uses_training = true;
    return copy;
}

/* Such a method: with the argument that it asks. */
static Node *rewrite_training_method(Rw *rw, Node *n)
{
    bool uses = rw->uses_training;
    rw->in_training_method = true;
    Node *copy = rewrite_function(rw, n);
    rw->in_training_method = false;
    rw->uses_training = uses;
    if (copy == n) copy = node_copy(rw->a, n);
    Params own = {.bare_star = copy->params.bare_star, .slash = copy->params.slash};
    int at = copy->params.list.len;
    for (int i = 0; i < copy->params.list.len; i++) vec_push(rw->a, &own.list, copy->params.list.at[i]);
    while (at > 0 && own.list.at[at - 1].kind != PARAM_PLAIN) at--;
    Param p = {.name = dialect_fact(rw->to, "training_name"), .dflt = py_none(rw->a)};
    vec_insert(rw->a, &own.list, at, p);
    copy->params = own;
    return copy;
}

static Node *rewrite_forward(Rw *rw, Node *n)
{
    const char *to = dialect_fact(rw->to, "forward"), *drop = dialect_fact(rw->from, "training_name");
    const char *add = dialect_fact(rw->to, "training_name");
    bool cross = rw->from != rw->to;
    rw->in_forward = true;
    rw->uses_training = false;
    Node *copy = node_copy(rw->a, n);
    copy->decorators = rewrite_decorators(rw, n);
    copy->c = class_annotation(rw, n->c);
    copy->params = rewrite_params(rw, &n->params, cross && drop ? drop : NULL, NULL);
    function_body(rw, n, copy);
    if (cross && to) copy->name = to;
    if (cross && add && rw->uses_training) {
        Param p = {.name = add, .dflt = py_none(rw->a)};
        int at = copy->params.list.len; /* in front of *args and **kwargs */
        while (at > 0 && copy->params.list.at[at - 1].kind != PARAM_PLAIN) at--;
        vec_insert(rw->a, &copy->params.list, at, p);
    }
    rw->in_forward = false;
    return finish_function(rw, n, copy);
}

static bool has_method(Node *cls, const char *name)
{
    for (int i = 0; i < cls->body.len; i++)
        if (cls->body.at[i]->kind == N_FUNCTION && str_eq(cls->body.at[i]->name, name)) return true;
    return false;
}

static const char *derives_sequence(Rw *rw, const Node *cls)
{
    const char *to = dialect_fact(rw->to, "sequence_base"), *from = dialect_fact(rw->from, "sequence_base");
    for (int i = 0; to && from && rw->from != rw->to && i < cls->items.len; i++) {
        const char *d = static_dotted(rw, cls->items.at[i]);
        if (d && str_eq(d, from)) return to;
    }
    return NULL;
}

/* A class that is a sequence itself and leaves the forward pass to its base: the target's own base for that; NULL. */
static const char *sequence_base(Rw *rw, Node *cls)
{
    return has_method(cls, dialect_fact(rw->from, "forward")) ? NULL : derives_sequence(rw, cls);
}

bool class_is_sequence(Rw *rw, Node *cls)
{
    return sequence_base(rw, cls) != NULL;
}

/* One that has a forward pass of its own around that of its base: the target's sequences take none, so it holds one. */
bool class_holds_sequence(Rw *rw, Node *cls)
{
    bool list = str_eq(dialect_fact(rw->to, "sequence_takes"), "list");
    return cls && list && has_method(cls, dialect_fact(rw->from, "forward")) && derives_sequence(rw, cls);
}

Node *class_sequence(Rw *rw)
{
    return py_attr(rw->a, py_name(rw->a, "self"), "sequence");
}

/* super().__init__(a, *b) of such a class: the items of the sequence, in the form that the target's takes. */
static void sequence_items(Rw *rw, Node *n, Node *call)
{
    const NodeVec *given = &n->a->items;
    bool takes_list = str_eq(dialect_fact(rw->to, "sequence_takes"), "list");
    NodeVec items = {0};
    if (given->len == 1 && given->at[0]->kind == N_STAR && takes_list) {
        vec_push(rw->a, &call->items, rewrite_expr(rw, given->at[0]->a));
        return;
    }
    if (!takes_list && given->len == 1 && given->at[0]->kind != N_STAR && given->at[0]->kind != N_LIST) {
        Node *star = ARENA_NEW(rw->a, Node);
        star->kind = N_STAR;
        star->a = rewrite_expr(rw, given->at[0]);
        vec_push(rw->a, &call->items, star);
        return;
    }
    if (takes_list && given->len == 1 && gets_dictionary(rw, n->a)) {
        Node *whole = layers_of_dictionary(rw, given->at[0], &items);
        Node *list = whole ? whole : py_list(rw->a);
        if (!whole) list->items = items;
        vec_push(rw->a, &call->items, list);
        return;
    }
    const NodeVec *each = !takes_list && given->len == 1 && given->at[0]->kind == N_LIST ? &given->at[0]->items : given;
    for (int i = 0; i < each->len; i++) {
        if (each->at[i]->kind == N_KEYWORD) continue;
        vec_push(rw->a, &items, rewrite_expr(rw, each->at[i]));
    }
    if (!takes_list) {
        for (int i = 0; i < items.len; i++) vec_push(rw->a, &call->items, items.at[i]);
    } else if (items.len) {
        Node *list = py_list(rw->a);
        list->items = items;
        vec_push(rw->a, &call->items, list);
    }
}

/* self.sequence = Sequential([...]) behind super().__init__() */
static Node *held_sequence(Rw *rw, Node *cls, Node *n)
{
    Node *call = py_call(rw->a, name_of(rw, derives_sequence(rw, cls)));
    sequence_items(rw, n, call);
    return py_assign(rw->a, class_sequence(rw), call);
}

/* super().__init__(...): what the target's base takes. */
static Node *super_call(Rw *rw, Node *cls, Node *n, bool direct, bool kwargs, bool sequence)
{
    Node *copy = node_copy(rw->a, n);
    Node *sup = py_call(rw->a, py_name(rw->a, "super"));
    Node *call = py_call(rw->a, py_attr(rw->a, sup, "__init__"));
    copy->a = call;
    if (!direct) { /* a class of the file: its own parameters */
        NodeVec given = class_base_arguments(rw, cls, n->a);
        for (int i = 0; i < given.len; i++) vec_push(rw->a, &call->items, rewrite_expr(rw, given.at[i]));
        return copy;
    }
    if (sequence) {
        sequence_items(rw, n, call);
        return copy;
    }
    if (kwargs) {
        Node *star = ARENA_NEW(rw->a, Node);
        star->kind = N_DSTAR;
        star->a = py_name(rw->a, "kwargs");
        vec_push(rw->a, &call->items, star);
    }
    return copy;
}

static bool framework_base(Rw *rw, Node *cls)
{
    for (int i = 0; i < cls->items.len; i++) {
        const char *d = static_dotted(rw, cls->items.at[i]);
        if (d && dialect_is_module_base(rw->from, d)) return true;
    }
    return false;
}

static Node *rewrite_init(Rw *rw, Node *cls, Node *n)
{
    bool cross = rw->from != rw->to, direct = framework_base(rw, cls), sequence = sequence_base(rw, cls) != NULL;
    bool wants_kwargs = cross && direct && !sequence && str_eq(dialect_fact(rw->to, "constructor_kwargs"), "true");
    bool drops_name = class_drops_name(rw, cls);
    Node *copy = node_copy(rw->a, n);
    copy->params = rewrite_params(rw, &n->params, drops_name ? "name" : NULL, NULL);
    const char *own = NULL;
    for (int i = 0; i < copy->params.list.len; i++)
        if (copy->params.list.at[i].kind == PARAM_DSTAR) own = copy->params.list.at[i].name;
    function_body(rw, n, copy);
    bool has_super = false;
    for (int i = 0; i < copy->body.len && cross; i++) {
        Node *s = copy->body.at[i];
        Node *src = s->id > 0 ? s : s->from;
        if (!src || !is_super_init(src)) continue;
        has_super = true;
        copy->body.at[i] = super_call(rw, cls, src, direct, wants_kwargs && !own, sequence); /* its own ** are not the base's */
        copy->body.at[i]->from = src;
        account(rw, src, FATE_PORTED, NULL);
        if (!class_holds_sequence(rw, cls)) continue;
        Node *held = held_sequence(rw, cls, src);
        vec_insert(rw->a, &copy->body, i + 1, held);
        i++;
    }
    if (wants_kwargs && !own && has_super) {
        Param p = {.name = "kwargs", .kind = PARAM_DSTAR};
        vec_push(rw->a, &copy->params.list, p);
    }
    if (own && class_drops_kwargs(rw, cls)) copy->params.list.len--;
    for (int i = 0; i < rw->init_extra->len; i++) vec_push(rw->a, &copy->body, rw->init_extra->at[i]);
    return finish_function(rw, n, copy);
}

/* A constructor for a class that has none and needs attributes. */
static Node *new_init(Rw *rw, Node *cls)
{
    bool kwargs = framework_base(rw, cls) && str_eq(dialect_fact(rw->to, "constructor_kwargs"), "true");
    const char *err = NULL;
    NodeVec made = py_parse_stmts(rw->a,
                                  kwargs ? "def __init__(self, **kwargs):\n    super().__init__(**kwargs)\n"
                                         : "def __init__(self):\n    super().__init__()\n",
                                  &err);
    for (int i = 0; i < rw->init_extra->len; i++) vec_push(rw->a, &made.at[0]->body, rw->init_extra->at[i]);
    return made.at[0];
}

/* ---- classes ---- */

static void rename_reserved(Rw *rw, Node *t)
{
    if (t->kind != N_ATTRIBUTE || t->a->kind != N_NAME || !str_eq(t->a->name, "self")) return;
    const char *to = dialect_rename(rw->to, rw->a, t->name);
    if (!to || map_has(rw->rename, t->name)) return;
    map_set(rw->rename, t->name, (void *)to);
    note(rw, "line %d: self.%s is reserved in %s and is called self.%s", static_line(rw, t), t->name, rw->to->title, to);
}

static bool collect_renames(Node *n, void *ctx)
{
    Rw *rw = ctx;
    for (int i = 0; n->kind == N_ASSIGN && i < n->items.len; i++) {
        Node *t = n->items.at[i];
        bool several = t->kind == N_TUPLE || t->kind == N_LIST;
        for (int k = 0; k < (several ? t->items.len : 1); k++) rename_reserved(rw, several ? t->items.at[k] : t);
    }
    if (n->kind == N_ANNASSIGN) rename_reserved(rw, n->a);
    return true;
}

static void rewrite_bases(Rw *rw, Node *n, Node *copy)
{
    for (int i = 0; i < n->items.len; i++) {
        Node *b = n->items.at[i];
        const char *d = static_dotted(rw, b);
        if (d && rw->from != rw->to && dialect_is_module_base(rw->from, d)) {
            const char *base = sequence_base(rw, n);
            copy->items.at[i] = name_of(rw, base ? base : rw->to->module_bases.at[0]);
            copy->items.at[i]->map = map_for(rw, n);
        } else if (rw->from != rw->to && inherited_row(rw->from, d, rw->t->keras_version)) {
            flag(rw, b, "a class that derives from %s", d); /* no draft made it hold one */
        } else {
            copy->items.at[i] = rewrite_expr(rw, b);
        }
    }
}

static bool dropped_method(Rw *rw, Node *m)
{
    if (view_method(rw, m)) return true;
    return m->kind == N_FUNCTION && rw->from != rw->to && dialect_lists(rw->from, "dropped_methods", m->name);
}

/* A method that the source's framework calls before the first forward pass, and the target's does not. */
static bool builds_late(Rw *rw, Node *m)
{
    const char *build = dialect_fact(rw->from, "build");
    if (rw->from == rw->to || dialect_fact(rw->to, "build") || m->kind != N_FUNCTION || !str_eq(m->name, build)) return false;
    for (int i = 0; i < m->body.len; i++) {
        const Node *s = m->body.at[i];
        bool base = s->kind == N_EXPR && s->a->kind == N_CALL && s->a->a->kind == N_ATTRIBUTE && str_eq(s->a->a->name, build);
        bool doc = s->kind == N_EXPR && s->a->kind == N_STRING;
        bool built = s->kind == N_ASSIGN && s->items.at[0]->kind == N_ATTRIBUTE && str_eq(s->items.at[0]->name, "built");
        if (!base && !doc && !built && s->kind != N_PASS) return true;
    }
    return false;
}

Node *rewrite_class(Rw *rw, Node *n)
{
    Definition *d = definition_for(rw, n);
    const char *forward = dialect_fact(rw->from, "forward");
    bool module = d && d->kind == DEF_MODULE_CLASS;
    Node *copy = node_copy(rw->a, n);
    Definition *cls = rw->cls;
    NodeVec *extra = rw->init_extra;
    NodeVec mine = {0};
    Map *names = rw->init_names, *rename = rw->rename;
    rw->cls = module ? d : cls;
    rw->init_extra = module ? &mine : NULL;
    rw->init_names = map_new(rw->a);
    rw->rename = map_new(rw->a);
    Map *asking = rw->training_methods;
    if (module) find_training_methods(rw, n);
    if (module && rw->from != rw->to) node_walk(n, collect_renames, rw);
    rewrite_bases(rw, n, copy);
    copy->decorators = rewrite_decorators(rw, n);

    /* everything but the constructor first, into its own place */
    NodeVec *parts = ARENA_ARRAY(rw->a, NodeVec, n->body.len + 1);
    int init = -1;
    for (int i = 0; i < n->body.len; i++) {
        Node *m = n->body.at[i];
        if (module && m->kind == N_FUNCTION && str_eq(m->name, "__init__")) {
            init = i;
            continue;
        }
        if (module && dropped_method(rw, m)) {
            if (view_method(rw, m)) account(rw, m, FATE_PORTED, "a model of the network itself, made to be looked at");
            else account(rw, m, FATE_FLAGGED, "a method that the target has no use for");
            note(rw, "line %d: %s.%s is not needed in %s and was left out", static_line(rw, m), n->name, m->name,
                 rw->to->title);
            continue;
        }
        if (module && builds_late(rw, m)) { /* what could be folded into the constructor is there already */
            flag(rw, m, "%s() is not called in %s: what it builds belongs in the constructor", m->name, rw->to->title);
            push_flagged(rw, m, &parts[i]);
            rw->flags.len = 0;
            continue;
        }
        if (module && m->kind == N_FUNCTION && forward && str_eq(m->name, forward)) {
            account(rw, m, FATE_PORTED, NULL);
            vec_push(rw->a, &parts[i], rewrite_forward(rw, m));
            continue;
        }
        if (module && m->kind == N_FUNCTION && map_has(rw->training_methods, m->name)) {
            account(rw, m, FATE_PORTED, NULL);
            vec_push(rw->a, &parts[i], rewrite_training_method(rw, m));
            continue;
        }
        NodeVec one = {0};
        vec_push(rw->a, &one, m);
        rewrite_block(rw, &one, &parts[i]);
    }
    if (init >= 0) {
        account(rw, n->body.at[init], FATE_PORTED, NULL);
        vec_push(rw->a, &parts[init], rewrite_init(rw, n, n->body.at[init]));
    }
    copy->body = (NodeVec){0};
    bool docstring = node_docstring(n) != NULL;
    for (int i = 0; i < n->body.len; i++) {
        if (init < 0 && mine.len && i == (docstring ? 1 : 0)) vec_push(rw->a, &copy->body, new_init(rw, n));
        for (int k = 0; k < parts[i].len; k++) vec_push(rw->a, &copy->body, parts[i].at[k]);
    }
    if (!copy->body.len) {
        Node *pass = ARENA_NEW(rw->a, Node);
        pass->kind = N_PASS;
        vec_push(rw->a, &copy->body, pass);
    }
    rw->cls = cls;
    rw->init_extra = extra;
    rw->init_names = names;
    rw->rename = rename;
    rw->training_methods = asking;
    if (module) map_for(rw, n);
    bool same = same_vec(&n->body, &copy->body) && same_vec(&n->items, &copy->items) &&
                same_vec(&n->decorators, &copy->decorators);
    return same ? n : copy;
}
