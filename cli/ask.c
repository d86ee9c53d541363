/* portolan ask: the open questions one by one, on plain standard input and output, for a terminal
 * without curses, a screen reader, or a script. The answers go into the sidecar; the port is not
 * written. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

enum { LINE = 4096 };

typedef enum { GIVEN, SKIPPED, ENDED } Reply;

static void show_question(const PtlDoc *doc, const PtlDecision *d, int left)
{
    printf("\n%s\n", d->id);
    if (d->line)
        printf("  %s:%d\n", ptl_path(doc), d->line);
    printf("  %s\n", d->question);
    if (d->evidence && *d->evidence)
        printf("  %s\n", d->evidence);
    for (int i = 0; i < d->noptions; i++)
        printf("  %d  %s%s%s%s%s\n", i + 1, d->options[i].answer,
               d->options[i].label && *d->options[i].label ? ": " : "",
               d->options[i].label ? d->options[i].label : "",
               d->options[i].consequence && *d->options[i].consequence ? " - " : "",
               d->options[i].consequence ? d->options[i].consequence : "");
    printf("%d left%s. Answer, Enter to leave it open, q to stop: ", left,
           d->free_text ? "; your own may be typed" : "");
    fflush(stdout);
}

/* A number picks an option where the question has that many, unless it is free and wants a number.
 */
static const char *chosen(const PtlDecision *d, const char *line)
{
    char *end;
    long n = strtol(line, &end, 10);
    if (*end == 0 && n >= 1 && n <= d->noptions && !d->free_text)
        return d->options[n - 1].answer;
    return line;
}

static Reply ask_one(PtlDoc *doc, const PtlDecision *d, int left)
{
    char line[LINE];
    for (;;) {
        show_question(doc, d, left);
        if (!fgets(line, sizeof line, stdin))
            return ENDED;
        line[strcspn(line, "\n")] = 0;
        if (str_eq(line, "q"))
            return ENDED;
        if (!*line)
            return SKIPPED;
        const char *err = NULL, *answer = chosen(d, line);
        if (ptl_check_answer(doc, d->id, answer, &err) && ptl_answer(doc, d->id, answer, &err))
            return GIVEN;
        printf("  %s\n", err ? err : "that is no answer to it");
    }
}

static bool was_asked(const StrVec *done, const char *id)
{
    for (int i = 0; i < done->len; i++)
        if (str_eq(done->at[i], id))
            return true;
    return false;
}

/* The first open question that was not asked yet, and how many there are. An answer may bring new
 * ones, and a stub that was chosen stays unsupported. */
static const PtlDecision *next_open(const PtlPort *port, const StrVec *done, int *left)
{
    const PtlDecision *first = NULL;
    *left = 0;
    for (int i = 0; i < port->ndecisions; i++) {
        const PtlDecision *d = &port->decisions[i];
        bool open = d->status == PTL_OPEN || d->status == PTL_UNSUPPORTED || d->status == PTL_STALE;
        if (!open || was_asked(done, d->id))
            continue;
        first = first ? first : d;
        ++*left;
    }
    return first;
}

static int ask_all(const Args *args, PtlDoc *doc)
{
    say_diagnostics(doc);
    if (ptl_port(doc)->impossible) {
        say_error("%s", ptl_port(doc)->impossible);
        return STATUS_FAILED;
    }
    StrVec done = {0};
    int left, given = 0;
    const PtlDecision *d;
    while ((d = next_open(ptl_port(doc), &done, &left))) {
        const char *id = arena_strdup(args->arena, d->id);
        Reply reply = ask_one(doc, d, left);
        if (reply == ENDED)
            break;
        given += reply == GIVEN;
        vec_push(args->arena, &done, id);
    }
    const char *note = NULL, *err = NULL;
    if (given && !ptl_write_sidecar(doc, ptl_sidecar_path(doc), &note, &err)) {
        say_error("%s", err);
        return STATUS_FAILED;
    }
    const PtlPort *port = ptl_port(doc);
    printf("\n%d answered%s%s; %d open, %d unsupported.\n", given, given ? ", kept in " : "",
           given ? ptl_sidecar_path(doc) : "", port->open + port->stale, port->unsupported);
    return finish_stdout() ? port_status(port) : STATUS_FAILED;
}

int cmd_ask(const Args *args)
{
    if (!args_has(args, OPT_TO)) {
        say_usage(args, "ask needs to know where to: --to pytorch or --to tensorflow");
        return STATUS_USAGE;
    }
    int status;
    PtlDoc *doc = open_document(args, args->files.at[0], &status);
    if (!doc)
        return status;
    status = ask_all(args, doc);
    ptl_close(doc);
    return status;
}
