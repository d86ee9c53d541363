/* Runs a program and hands on its lines of output as they come. Nothing of it reaches our own
 * terminal: its standard input is empty, its standard output is read here, and of its standard
 * error the end is kept. */
#ifndef VERIFY_PROCESS_H
#define VERIFY_PROCESS_H

#include <stdbool.h>

typedef enum {
    PROCESS_EXITED,     /* code: exit status */
    PROCESS_SIGNALED,   /* code: signal */
    PROCESS_SILENT,     /* said nothing for longer than allowed, and was ended */
    PROCESS_CANCELLED,  /* on_line returned false, and it was ended */
    PROCESS_NOT_STARTED /* code: errno */
} ProcessHow;

typedef struct ProcessEnd {
    ProcessHow how;
    int code;
    char last_words[512]; /* the last line that is not blank of its standard error */
} ProcessEnd;

typedef struct ProcessOptions {
    const char *const *argv; /* NULL-terminated; argv[0] is looked up in PATH */
    double silence;          /* seconds without a line before it is ended; 0: no limit */
    bool (*on_line)(
        void *user,
        const char *line); /* without the line ending; also NULL every 100 ms of silence */
    void *user;
} ProcessOptions;

ProcessEnd process_run(const ProcessOptions *options);

#endif
