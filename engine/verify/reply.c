/* From the script's JSON to a VerifyResult. The texts stay in the JSON, which the result owns. */
#include "verify/reply.h"

#include "base/str.h"

const char *reply_text(const cJSON *o, const char *name)
{
    const cJSON *v = cJSON_GetObjectItemCaseSensitive(o, name);
    return cJSON_IsString(v) ? v->valuestring : "";
}

double reply_number(const cJSON *o, const char *name, double otherwise)
{
    const cJSON *v = cJSON_GetObjectItemCaseSensitive(o, name);
    return cJSON_IsNumber(v) ? v->valuedouble : otherwise;
}

static bool is_true(const cJSON *o, const char *name)
{
    return cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(o, name));
}

static const cJSON *first_of(const cJSON *o, const char *name)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(o, name);
    return cJSON_IsArray(list) ? list->child : NULL;
}

static void read_texts(Arena *a, StrVec *to, const cJSON *o, const char *name)
{
    for (const cJSON *v = first_of(o, name); v; v = v->next)
        if (cJSON_IsString(v))
            vec_push(a, to, v->valuestring);
}

static VerifyGap read_gap(const cJSON *o)
{
    return (VerifyGap){.max = reply_number(o, "max", 0),
                       .mean = reply_number(o, "mean", 0),
                       .scale = reply_number(o, "scale", 0),
                       .rounding = reply_number(o, "rounding", 0),
                       .allowed = reply_number(o, "allowed", 0),
                       .equal = is_true(o, "equal")};
}

static VerifyLayer read_layer(const cJSON *o)
{
    return (VerifyLayer){.source = reply_text(o, "source"),
                         .target = reply_text(o, "target"),
                         .kind = reply_text(o, "kind"),
                         .source_line = (int)reply_number(o, "source_line", 0),
                         .target_line = (int)reply_number(o, "target_line", 0),
                         .call = (int)reply_number(o, "call", 0),
                         .gap = read_gap(o),
                         .moves = reply_number(o, "moves", -1),
                         .unseen = cJSON_IsFalse(cJSON_GetObjectItemCaseSensitive(o, "seen")),
                         .note = reply_text(o, "note")};
}

static VerifyVerdict read_verdict(const char *text)
{
    if (str_eq(text, "equal"))
        return VERIFY_EQUAL;
    return str_eq(text, "unequal") ? VERIFY_UNEQUAL : VERIFY_ERROR;
}

VerifyResult *reply_read(Arena *a, cJSON *event)
{
    VerifyResult *r = ARENA_NEW(a, VerifyResult);
    r->arena = a;
    r->json = event;
    r->verdict = read_verdict(reply_text(event, "verdict"));
    r->message = reply_text(event, "message");
    if (!*r->message && r->verdict == VERIFY_ERROR)
        r->message = "the answer of the comparison script cannot be read";
    r->worst = read_gap(event);
    r->worst.equal = r->verdict == VERIFY_EQUAL;
    r->trials = (int)reply_number(event, "trials", 0);
    for (const cJSON *o = first_of(event, "outputs"); o; o = o->next)
        vec_push(a, &r->outputs, read_gap(o));
    for (const cJSON *o = first_of(event, "layers"); o; o = o->next)
        vec_push(a, &r->layers, read_layer(o));
    r->first = (int)reply_number(event, "first", -1);
    if (r->first < 0 || r->first >= r->layers.len)
        r->first = -1;
    read_texts(a, &r->unseen, event, "unseen");
    read_texts(a, &r->unreached, event, "unreached");
    read_texts(a, &r->notes, event, "notes");
    const cJSON *versions = cJSON_GetObjectItemCaseSensitive(event, "versions");
    r->source_version = reply_text(versions, "source");
    r->port_version = reply_text(versions, "port");
    return r;
}

VerifyResult *reply_failure(Arena *a, const char *message)
{
    cJSON *event = cJSON_CreateObject();
    cJSON_AddStringToObject(event, "verdict", "error");
    cJSON_AddStringToObject(event, "message", message);
    return reply_read(a, event);
}
