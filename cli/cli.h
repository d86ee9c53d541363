/* The subcommands, one file each, and what they share. A command gets a parsed line and returns an
 * exit status; what was asked for goes to stdout, the rest to stderr. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <stdbool.h>

#include "base/arena.h"
#include "cli/args.h"
#include "portolan.h"

enum {
    STATUS_COMPLETE = 0,
    STATUS_FAILED = 1,
    STATUS_USAGE = 2,
    STATUS_INCOMPLETE = 3,
    STATUS_UNEQUAL = 4
};

int cmd_workbench(const Args *args);
int cmd_port(const Args *args);
int cmd_inspect(const Args *args);
int cmd_verify(const Args *args);
int cmd_diff(const Args *args);
int cmd_ask(const Args *args);
int cmd_export(const Args *args);

/* open.c */
/* The engine's options from the line's. */
PtlOptions engine_options(const Args *args);
/* Checks --from, --to and --style against what there is. True, or false after a usage message. */
bool check_target(const Args *args, const char *path);
/* The document of path, or NULL after a message; *status is then the exit status. */
PtlDoc *open_document(const Args *args, const char *path, int *status);
/* True unless a --set names no question of this port or gives it no valid answer: a usage message.
 */
bool check_answers(const Args *args, PtlDoc *doc);

/* say.c */
void say_usage(const Args *args, const char *message);
void say_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* The diagnostics of the current port, each with its line and a caret. */
void say_diagnostics(const PtlDoc *doc);
/* What is open, stale or unsupported, with the answers that would settle it. */
void say_questions(const PtlDoc *doc);
/* One line about the port as a whole, for stderr: counts and whether it is complete. */
void say_summary(const PtlDoc *doc, const char *path);
int port_status(const PtlPort *port);

/* output.c */
/* Writes text to path, or to stdout where it is "-". False after a message. */
bool put_text(const char *path, const char *text, size_t len);
/* Closes stdout; a failed write (a full disk, a closed pipe) is an error like any other. */
bool finish_stdout(void);

#endif
