/* From a command line to an open document, with what the line says checked against what there is.
 */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"

PtlOptions engine_options(const Args *args)
{
    return (PtlOptions){
        .from = args->value[OPT_FROM],
        .to = args->value[OPT_TO],
        .style = args->value[OPT_STYLE],
        .entry = args->value[OPT_ENTRY],
        .shapes = args->shapes.at,
        .sets = args->sets.at,
        .decisions = args->value[OPT_DECISIONS],
        .templates = args->value[OPT_TEMPLATES],
        .output = args->value[OPT_OUTPUT],
    };
}

static int count_words(const char *const *words)
{
    int n = 0;
    while (words && words[n]) n++;
    return n;
}

/* Is the option's value one of the words? An absent option is fine. */
static bool check_word(const Args *args, OptionId id, const char *what, const char *const *words)
{
    const char *value = args->value[id];
    int n = count_words(words);
    if (!value || !words || !n)
        return true;
    for (int i = 0; i < n; i++)
        if (str_eq(value, words[i]))
            return true;
    Buf message = {0};
    const char *near = nearest_word(value, words, n);
    buf_printf(&message, "%s: no %s is called %s", cli_options[id].name, what, value);
    if (near)
        buf_printf(&message, "; did you mean %s?", near);
    else
        for (int i = 0; i < n; i++)
            buf_printf(&message, "%s%s", i ? ", " : "; there are ", words[i]);
    say_usage(args, message.s);
    buf_free(&message);
    return false;
}

static bool check_sets(const Args *args)
{
    for (int i = 0; args->sets.at[i]; i++) {
        const char *equals = strchr(args->sets.at[i], '=');
        if (!equals || equals == args->sets.at[i]) {
            say_usage(args, "--set takes ID=ANSWER, as in --set channel-order:Net.x=same-input");
            return false;
        }
    }
    return true;
}

bool check_target(const Args *args, const char *path)
{
    static const char *const styles[] = {"subclassing", "sequential", "functional", NULL};
    if (!check_word(args, OPT_STYLE, "style", styles) || !check_sets(args))
        return false;
    /* The frameworks are the folders of templates/, which a document of any file knows. */
    const char *err = NULL;
    PtlOptions plain = {.templates = args->value[OPT_TEMPLATES], .no_sidecar = true};
    PtlDoc *doc = ptl_open_text(path, &plain, &err);
    const char *const *names = doc ? ptl_frameworks(doc) : NULL;
    bool ok = check_word(args, OPT_FROM, "framework", names) &&
              check_word(args, OPT_TO, "framework", names);
    ptl_close(doc);
    /* PyTorch has no functional style of building a network; there is nothing to fall back to. */
    const char *to = args->value[OPT_TO], *style = args->value[OPT_STYLE];
    if (ok && to && style && str_eq(style, "functional") && str_eq(to, "pytorch")) {
        say_usage(args, "PyTorch has no functional style; take subclassing or sequential");
        return false;
    }
    return ok;
}

PtlDoc *open_document(const Args *args, const char *path, int *status)
{
    *status = STATUS_USAGE;
    if (!check_target(args, path))
        return NULL;
    const char *err = NULL;
    PtlOptions options = engine_options(args);
    PtlDoc *doc = ptl_open(path, &options, &err);
    if (!doc) {
        say_error("%s", err ? err : "the file cannot be opened");
        *status = STATUS_FAILED;
        return NULL;
    }
    *status = STATUS_COMPLETE;
    return doc;
}

static const PtlDecision *find_decision(const PtlPort *port, const char *id)
{
    for (int i = 0; i < port->ndecisions; i++)
        if (str_eq(port->decisions[i].id, id))
            return &port->decisions[i];
    return NULL;
}

static void say_no_question(const Args *args, const PtlPort *port, const char *id)
{
    const char *words[64];
    int n = 0;
    for (int i = 0; i < port->ndecisions && n < 64; i++) words[n++] = port->decisions[i].id;
    const char *near = nearest_word(id, words, n);
    say_usage(args, arena_printf(args->arena, "--set: this port asks no question %s%s%s%s", id,
                                 near ? "; did you mean " : "", near ? near : "", near ? "?" : ""));
}

bool check_answers(const Args *args, PtlDoc *doc)
{
    for (int i = 0; args->sets.at[i]; i++) {
        const char *equals = strchr(args->sets.at[i], '='), *err = NULL;
        const char *id =
            arena_strndup(args->arena, args->sets.at[i], (size_t)(equals - args->sets.at[i]));
        const PtlPort *port = ptl_port(doc);
        if (!port || port->impossible)
            return true;
        if (!find_decision(port, id)) {
            say_no_question(args, port, id);
            return false;
        }
        if (!ptl_check_answer(doc, id, equals + 1, &err)) {
            say_usage(args, arena_printf(args->arena, "--set %s: %s", id, err ? err : "no answer"));
            return false;
        }
    }
    return true;
}
