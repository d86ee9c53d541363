/* Writes the job, and joins the script from its parts: small files to read here, one file for the
 * user. */
#include "verify/job.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/str.h"

static const char *absolute(Arena *a, const char *path)
{
    char cwd[4096];
    if (*path == '/' || !getcwd(cwd, sizeof cwd))
        return path;
    return path_join(a, cwd, path);
}

static void add_text(cJSON *o, const char *name, const char *value)
{
    if (value)
        cJSON_AddStringToObject(o, name, value);
    else
        cJSON_AddNullToObject(o, name);
}

static cJSON *perm_json(VerifyPerm p)
{
    return p.len > 0 ? cJSON_CreateIntArray(p.at, p.len) : cJSON_CreateNull();
}

static cJSON *side_json(Arena *a, const VerifySide *s)
{
    cJSON *o = cJSON_CreateObject();
    add_text(o, "path", absolute(a, s->path));
    add_text(o, "framework", s->framework);
    cJSON_AddNumberToObject(o, "keras", s->keras);
    cJSON *slice = cJSON_AddArrayToObject(o, "slice");
    for (int i = 0; i < s->nslice; i++) {
        int range[2] = {s->slice[i].start, s->slice[i].end};
        cJSON_AddItemToArray(slice, cJSON_CreateIntArray(range, 2));
    }
    add_text(o, "root", s->root);
    return o;
}

static cJSON *input_json(const VerifyInput *in)
{
    cJSON *o = cJSON_CreateObject();
    add_text(o, "name", in->name);
    if (in->port_name)
        add_text(o, "port_name", in->port_name);
    cJSON *shape = cJSON_AddArrayToObject(o, "shape");
    for (int i = 0; i < in->rank; i++)
        cJSON_AddItemToArray(shape, cJSON_CreateNumber((double)in->shape[i]));
    add_text(o, "dtype", in->dtype ? in->dtype : "float32");
    if (in->high > 0)
        cJSON_AddNumberToObject(o, "high", (double)in->high);
    cJSON_AddItemToObject(o, "port_perm", perm_json(in->port_perm));
    return o;
}

static cJSON *pair_json(const VerifyPair *p)
{
    cJSON *o = cJSON_CreateObject();
    add_text(o, "source", p->source);
    add_text(o, "target", p->target);
    add_text(o, "kind", p->kind);
    add_text(o, "rule", p->rule);
    if (p->path) cJSON_AddStringToObject(o, "path", p->path);
    cJSON_AddNumberToObject(o, "source_line", p->source_line);
    cJSON_AddNumberToObject(o, "target_line", p->target_line);
    cJSON_AddItemToObject(o, "out_perm", perm_json(p->out_perm));
    cJSON_AddItemToObject(o, "attrs",
                          p->attrs ? cJSON_Duplicate(p->attrs, true) : cJSON_CreateObject());
    return o;
}

static void add_settings(cJSON *job, const VerifyRequest *q)
{
    if (q->trials > 0)
        cJSON_AddNumberToObject(job, "trials", q->trials);
    if (q->tolerance > 0)
        cJSON_AddNumberToObject(job, "tolerance", q->tolerance);
    if (q->timeout > 0)
        cJSON_AddNumberToObject(job, "timeout", q->timeout);
    add_text(job, "weights", q->weights ? q->weights : "drawn");
    cJSON_AddNumberToObject(job, "seed", q->seed);
}

char *job_text(Arena *a, const VerifyRequest *q)
{
    cJSON *job = cJSON_CreateObject();
    cJSON_AddItemToObject(job, "source", side_json(a, &q->source));
    cJSON_AddItemToObject(job, "port", side_json(a, &q->port));
    cJSON *inputs = cJSON_AddArrayToObject(job, "inputs");
    for (int i = 0; i < q->ninputs; i++) cJSON_AddItemToArray(inputs, input_json(&q->inputs[i]));
    cJSON *form = q->input_form ? cJSON_Parse(q->input_form) : NULL;
    if (form) cJSON_AddItemToObject(job, "form", form);
    cJSON *perms = cJSON_AddArrayToObject(job, "output_perms");
    for (int i = 0; i < q->noutput_perms; i++)
        cJSON_AddItemToArray(perms, perm_json(q->output_perms[i]));
    cJSON *pairs = cJSON_AddArrayToObject(job, "pairs");
    for (int i = 0; i < q->npairs; i++) cJSON_AddItemToArray(pairs, pair_json(&q->pairs[i]));
    add_settings(job, q);
    char *text = cJSON_Print(job);
    char *copy = arena_strdup(a, text ? text : "{}");
    cJSON_free(text);
    cJSON_Delete(job);
    return copy;
}

static int is_part(const struct dirent *e)
{
    return e->d_name[0] != '.' && str_ends(e->d_name, ".py");
}

char *job_script(Arena *a, const char *templates, const char **err)
{
    const char *dir = path_join(a, templates, "verify");
    struct dirent **parts = NULL;
    int n = scandir(dir, &parts, is_part, alphasort); /* 01_head.py, 02_build.py, ... */
    if (n <= 0) {
        *err = arena_printf(a, "the comparison script is not in %s", dir);
        free(parts);
        return NULL;
    }
    Buf script = {0};
    *err = NULL;
    for (int i = 0; i < n; i++) {
        size_t len = 0;
        char *text = *err ? NULL : file_read(a, path_join(a, dir, parts[i]->d_name), &len, err);
        if (text && i > 0)
            buf_add(&script, "\n\n");
        if (text)
            buf_addn(&script, text, len);
        free(parts[i]);
    }
    free(parts);
    char *joined = buf_take(&script, a);
    return *err ? NULL : joined;
}

const char *job_python(Arena *a, const VerifyRequest *q)
{
    if (q->python && *q->python)
        return q->python;
    const char *env = getenv("VIRTUAL_ENV");
    if (env && *env) {
        const char *python = path_join(a, path_join(a, env, "bin"), "python");
        if (file_exists(python))
            return python;
    }
    return "python3";
}
