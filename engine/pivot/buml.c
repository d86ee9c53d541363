/* The model as Python text that stock BESSER loads: instances of the roots, each NN after the NNs
 * that it calls, then the training configuration and the data sets. Which modules an NN has is
 * buml_walk.c's business. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "pivot/buml.h"

/* ---- names ---- */

/* An identifier out of any name: "features.0" gives features_0, "0" gives l0. */
const char *buml_identifier(Arena *a, const char *name, const char *fallback)
{
    Buf b = {0};
    buf_add(&b, "");
    if (isdigit((unsigned char)name[0])) buf_addc(&b, 'l');
    for (const char *p = name; *p; p++) buf_addc(&b, isalnum((unsigned char)*p) ? *p : '_');
    if (!b.len) buf_add(&b, fallback);
    if (str_is_keyword(b.s)) buf_addc(&b, '_');
    return buf_take(&b, a);
}

const char *buml_unique(Arena *a, Map *taken, const char *name)
{
    const char *free_name = name;
    for (int n = 2; map_has(taken, free_name); n++) free_name = arena_printf(a, "%s_%d", name, n);
    map_set(taken, free_name, (void *)free_name);
    return free_name;
}

void buml_note(BumlExport *x, Span span, const char *text)
{
    if (x->lost)
        diag_add(x->lost, SEV_NOTE, "buml", x->m->source_path ? x->m->source_path : "", span, NULL,
                 "BESSER-NN cannot say %s", text);
}

const char *buml_one_line(Arena *a, const char *text)
{
    char *copy = arena_strdup(a, text);
    for (char *p = copy; *p; p++) {
        if ((unsigned char)*p < 32) *p = ' ';
    }
    return copy;
}

/* ---- one NN ---- */

static void write_comments(Buf *out, const char *const *at, int len)
{
    for (int i = 0; i < len; i++) buf_printf(out, "# BESSER-NN cannot say %s\n", at[i]);
}

static void write_module(BumlExport *x, const char *variable, const BumlModule *m)
{
    Buf *out = &x->body;
    if (m->role == BUML_NN) {
        buf_printf(out, "%s.add_sub_nn(%s)\n", variable, m->cls);
    } else {
        buf_printf(out, "%s.%s(%s(name=\"%s\"", variable,
                   m->role == BUML_OP ? "add_tensor_op" : "add_layer", m->cls, m->name);
        if (m->args && m->args[0]) buf_printf(out, ", %s", m->args);
        if (m->return_type) buf_printf(out, ", return_type=\"%s\"", m->return_type);
        if (m->actv) buf_printf(out, ", actv_func=\"%s\"", m->actv);
        if (m->from) buf_printf(out, ", name_module_input=\"%s\"", m->from);
        if (m->reused) buf_add(out, ", input_reused=True");
        buf_add(out, "))\n");
    }
    write_comments(out, m->lost.at, m->lost.len);
}

static const char *nn_name(BumlExport *x, const PivotNN *nn)
{
    const char *root = NULL;
    for (const PivotNN *up = nn; up; up = up->parent) {
        if (!up->parent && up->definition) root = up->definition->name;
    }
    if (nn->name && nn->name[0]) return buml_identifier(x->a, nn->name, "nn");
    return buml_identifier(x->a, root ? root : "model", "model");
}

static void write_nn(BumlExport *x, const PivotNN *nn);

/* First what it calls, or else what it holds: children of an NN that was never applied. */
static void write_callees(BumlExport *x, const PivotNN *nn)
{
    for (int i = 0; i < nn->nodes.len; i++) {
        if (nn->nodes.at[i]->type == PNODE_NN) write_nn(x, nn->nodes.at[i]->nn);
    }
    for (int i = 0; i < nn->children.len; i++) write_nn(x, nn->children.at[i]);
}

static void write_nn(BumlExport *x, const PivotNN *nn)
{
    if (nn->id < 1 || nn->id > x->m->nnns || x->variable_of[nn->id]) return;
    x->variable_of[nn->id] = "NN"; /* on its way */
    write_callees(x, nn);
    BumlModules modules;
    StrVec head;
    buml_walk(x, nn, &modules, &head);
    const char *name = nn_name(x, nn);
    const char *variable = buml_unique(x->a, &x->variables, name);
    x->variable_of[nn->id] = variable;
    buf_printf(&x->body, "\n%s = NN(name=\"%s\")\n", variable, variable);
    write_comments(&x->body, head.at, head.len);
    for (int i = 0; i < modules.len; i++) write_module(x, variable, &modules.at[i]);
}

/* ---- configuration and data ---- */

static const char *number(Arena *a, const PValue *v, const char *dflt)
{
    return v && (v->kind == PV_INT || v->kind == PV_FLOAT) ? pv_text(a, v) : dflt;
}

static const char *metric_list(BumlExport *x, const PivotConfiguration *c)
{
    Buf b = {0};
    buf_addc(&b, '[');
    for (int i = 0, n = 0; i < c->metrics.len; i++) {
        if (c->metrics.at[i]->besser)
            buf_printf(&b, "%s\"%s\"", n++ ? ", " : "", c->metrics.at[i]->besser);
        else
            buml_note(x, (Span){0, 0}, arena_printf(x->a, "the metric %s", c->metrics.at[i]->name));
    }
    buf_addc(&b, ']');
    return buf_take(&b, x->a);
}

static void write_configuration(BumlExport *x, const char *variable)
{
    const PivotConfiguration *c = x->m->configuration;
    Arena *a = x->a;
    if (!c) return;
    const char *rate = number(a, attr_get(&c->optimizer_attrs, "learning_rate"), NULL);
    if (!c->optimizer || !c->optimizer->besser || !c->loss || !c->loss->besser || !rate) {
        buf_add(&x->body, "# BESSER-NN cannot say this training: it needs an optimizer, a rate and "
                          "a loss that it knows\n");
        buml_note(x, (Span){0, 0},
                  "this training: it needs an optimizer, a rate and a loss that it knows");
        return;
    }
    const PValue *batch = c->batch_size.kind == PV_INT ? &c->batch_size : NULL;
    const PValue *epochs = c->epochs.kind == PV_INT ? &c->epochs : NULL;
    map_set(&x->classes, "Configuration", "");
    buf_printf(&x->body,
               "\n%s.add_configuration(Configuration(batch_size=%s, epochs=%s, learning_rate=%s, "
               "optimizer=\"%s\", loss_function=\"%s\", metrics=%s",
               variable, number(a, batch, "32"), number(a, epochs, "1"), rate, c->optimizer->besser,
               c->loss->besser, metric_list(x, c));
    static const char *const extra[] = {"weight_decay", "momentum"};
    for (int i = 0; i < 2; i++) {
        double v = attr_float(&c->optimizer_attrs, extra[i], 0);
        if (v > 0)
            buf_printf(&x->body, ", %s=%s", extra[i],
                       pv_text(a, attr_get(&c->optimizer_attrs, extra[i])));
    }
    buf_add(&x->body, "))\n");
    if (!batch || !epochs)
        buf_printf(&x->body, "# the source does not say %s%s%s; the number above stands for it\n",
                   batch ? "" : "the batch size", batch || epochs ? "" : " and ",
                   epochs ? "" : "how many epochs");
}

static bool is_one_of(const char *s, const char *x, const char *y, const char *z)
{
    return str_eq(s, x) || str_eq(s, y) || (z && str_eq(s, z));
}

/* The first is for training, the second for the test; one without a path says nothing. */
static void write_datasets(BumlExport *x, const char *variable)
{
    static const char *const adders[] = {"add_train_data", "add_test_data"};
    for (int i = 0, n = 0; i < x->m->datasets.len && n < 2; i++) {
        const PivotDataset *d = &x->m->datasets.at[i];
        const char *shape = buml_ints(x->a, &d->image_shape, 1);
        if (!d->path) continue;
        PValue path = pv_str(d->path);
        map_set(&x->classes, "Dataset", "");
        buf_printf(&x->body, "%s.%s(Dataset(name=\"%s\", path_data=%s", variable, adders[n++],
                   buml_identifier(x->a, d->name ? d->name : "", "data"), pv_text(x->a, &path));
        if (is_one_of(d->task_type, "binary", "multi_class", "regression"))
            buf_printf(&x->body, ", task_type=\"%s\"", d->task_type);
        if (is_one_of(d->input_format, "csv", "images", NULL))
            buf_printf(&x->body, ", input_format=\"%s\"", d->input_format);
        if (shape && d->image_shape.kind == PV_LIST) {
            map_set(&x->classes, "Image", "");
            buf_printf(&x->body, ", image=Image(shape=%s)", shape);
        }
        buf_add(&x->body, "))\n");
    }
}

/* ---- the whole ---- */

static int compare_names(const void *l, const void *r)
{
    return strcmp(*(const char *const *)l, *(const char *const *)r);
}

static void write_head(BumlExport *x, Buf *out)
{
    int n = 0;
    const char **names = ARENA_ARRAY(x->a, const char *, x->classes.len + 1);
    for (int i = 0; i < x->classes.len; i++) {
        if (x->classes.entries[i].key) names[n++] = x->classes.entries[i].key;
    }
    qsort(names, (size_t)n, sizeof *names, compare_names);
    const char *path = x->m->source_path ? strrchr(x->m->source_path, '/') : NULL;
    const char *base = path ? path + 1 : x->m->source_path ? x->m->source_path : "a pivot";
    buf_printf(out, "# B-UML of %s, for the besser platform, by Portolan.\n",
               buml_one_line(x->a, base));
    buf_add(out, "from besser.BUML.metamodel.nn import NN");
    for (int i = 0; i < n; i++) buf_printf(out, ", %s", names[i]);
    buf_add(out, "\n");
}

char *pivot_to_buml(Arena *a, const PivotModel *m, DiagList *lost)
{
    BumlExport x = {.a = a, .m = m, .lost = lost};
    map_init(&x.classes, a);
    map_init(&x.variables, a);
    x.variable_of = ARENA_ARRAY(a, const char *, m->nnns + 1);
    x.made_by = ARENA_ARRAY(a, const char *, m->ntensors + 1);
    x.uses = ARENA_ARRAY(a, int, m->ntensors + 1);
    x.beside = ARENA_ARRAY(a, bool, m->ntensors + 1);
    x.called = ARENA_ARRAY(a, bool, m->nnns + 1);
    x.applied = ARENA_ARRAY(a, bool, m->nlayers + 1);
    for (int i = 0; pivot_kind_at(i); i++) { /* the names that the import takes */
        const char *cls = pivot_kind_at(i)->besser;
        if (cls) map_set(&x.variables, cls, "");
    }
    static const char *const taken[] = {"NN", "Configuration", "Dataset", "Image", "TensorOp"};
    for (size_t i = 0; i < sizeof taken / sizeof taken[0]; i++) map_set(&x.variables, taken[i], "");
    buf_add(&x.body, "");
    for (int i = 0; i < m->roots.len; i++) write_nn(&x, m->roots.at[i]);
    const char *first = m->roots.len ? x.variable_of[m->roots.at[0]->id] : NULL;
    if (first) {
        write_configuration(&x, first);
        write_datasets(&x, first);
    }
    Buf out = {0};
    write_head(&x, &out);
    buf_add(&out, x.body.s);
    buf_free(&x.body);
    return buf_take(&out, a);
}
