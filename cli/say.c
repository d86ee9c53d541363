/* What the command line says on stderr.
 *
 * A diagnostic is `file:line:col: severity: text [code]`, the line, a caret, and a hint. Open
 * questions are said in the same form, so that an editor that jumps to compiler messages jumps to
 * them too. Colours only on a terminal, and not under NO_COLOR. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/diag.h"
#include "cli/cli.h"

static bool coloured(void)
{
    const char *no_colour = getenv("NO_COLOR");
    const char *term = getenv("TERM");
    return isatty(STDERR_FILENO) && !(no_colour && *no_colour) && !(term && str_eq(term, "dumb"));
}

void say_error(const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    fputs("portolan: ", stderr);
    vfprintf(stderr, format, ap);
    fputc('\n', stderr);
    va_end(ap);
}

void say_usage(const Args *args, const char *message)
{
    const char *name = cli_commands[args->command].name;
    say_error("%s", message);
    fprintf(stderr, "  hint: portolan %s%s-h shows what can be given\n", name, *name ? " " : "");
}

/* A message of the engine is plain text; its first line is painted here. */
static void say_painted(const char *text, PtlSeverity severity)
{
    static const char *const words[] = {": note: ", ": warning: ", ": error: "};
    static const char *const paints[] = {"\033[1;36m", "\033[1;33m", "\033[1;31m"};
    const char *at = strstr(text, words[severity]);
    size_t length = strlen(text);
    bool newline = length && text[length - 1] == '\n';
    if (!coloured() || !at) {
        fprintf(stderr, "%s%s", text, newline ? "" : "\n");
        return;
    }
    const char *word = at + 2, *after = strchr(word, ':') + 1;
    fprintf(stderr, "\033[1m%.*s%s%.*s\033[0m%s%s", (int)(word - text), text, paints[severity],
            (int)(after - word), word, after, newline ? "" : "\n");
}

void say_diagnostics(const PtlDoc *doc)
{
    const PtlPort *port = ptl_port(doc);
    for (int i = 0; port && i < port->ndiags; i++)
        say_painted(port->diags[i].text, port->diags[i].severity);
}

static void question_hint(const PtlDecision *d, Buf *hint)
{
    buf_printf(hint, "--set '%s=ANSWER'", d->id);
    for (int i = 0; i < d->noptions; i++)
        buf_printf(hint, "%s%s", i ? ", " : ": ", d->options[i].answer);
    if (d->free_text)
        buf_add(hint, d->noptions ? ", or your own" : ": your own");
}

static void say_question(Arena *a, const SourceText *source, const PtlDecision *d)
{
    Buf hint = {0}, text = {0};
    bool unsupported = d->status == PTL_UNSUPPORTED;
    question_hint(d, &hint);
    const char *state = unsupported ? "unsupported" : d->status == PTL_STALE ? "stale" : "open";
    Diag diag = {.severity = SEV_WARNING,
                 .code = state,
                 .file = source->path,
                 .span = {d->source.start, d->source.end},
                 .hint = hint.s};
    diag.message = arena_printf(a, "%s %s: %s", state, d->title, d->question);
    if (unsupported)
        diag.message = arena_printf(a, "%s", d->question);
    diag_format(&diag, source, false, &text);
    say_painted(text.s, PTL_WARNING);
    buf_free(&hint);
    buf_free(&text);
}

static bool is_unsettled(const PtlDecision *d)
{
    return d->status == PTL_OPEN || d->status == PTL_UNSUPPORTED || d->status == PTL_STALE;
}

/* Is a question said about a place within the range? Then its message is enough. */
static bool is_asked(const PtlPort *port, PtlRange r)
{
    for (int i = 0; i < port->ndecisions; i++) {
        int at = port->decisions[i].source.start;
        if (is_unsettled(&port->decisions[i]) && at >= r.start && at < r.end)
            return true;
    }
    return false;
}

static void say_flagged(const SourceText *source, const PtlAccount *account)
{
    Buf text = {0};
    Diag diag = {.severity = SEV_WARNING,
                 .code = "unsupported",
                 .file = source->path,
                 .span = {account->source.start, account->source.end},
                 .message =
                     account->why && *account->why ? account->why : "this has no counterpart"};
    diag_format(&diag, source, false, &text);
    say_painted(text.s, PTL_WARNING);
    buf_free(&text);
}

void say_questions(const PtlDoc *doc)
{
    const PtlPort *port = ptl_port(doc);
    int len;
    const char *text = ptl_source(doc, &len);
    Arena *a = arena_new();
    SourceText *source = source_text_new(a, ptl_path(doc), text, len);
    for (int i = 0; port && i < port->ndecisions; i++)
        if (is_unsettled(&port->decisions[i]))
            say_question(a, source, &port->decisions[i]);
    for (int i = 0; port && i < port->naccounts; i++)
        if (port->accounts[i].fate == PTL_FLAGGED && !is_asked(port, port->accounts[i].source))
            say_flagged(source, &port->accounts[i]);
    arena_free(a);
}

int port_status(const PtlPort *port)
{
    return port->complete ? STATUS_COMPLETE : STATUS_INCOMPLETE;
}

void say_summary(const PtlDoc *doc, const char *path)
{
    const PtlPort *port = ptl_port(doc);
    fprintf(stderr,
            "%s: %s; questions: %d open, %d unsupported, %d stale, %d by default, %d chosen\n",
            path, port->complete ? "complete" : "incomplete, its gaps are marked PORT", port->open,
            port->unsupported, port->stale, port->defaults, port->chosen);
}
