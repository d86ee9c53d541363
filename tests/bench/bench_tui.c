/* The workbench's budgets, measured on a pseudo-terminal with the real engine: a source of 10,000
 * lines of model code.
 *
 * Each figure stands beside its budget. A figure over its budget is marked, and over three times
 * its budget ends the program with 1: a loaded machine is slow, but not that slow. */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../tui/pty.h"
#include "base/file.h"
#include "tui/tui.h"

#define DIR "build/bench-tui"

static int over_far;

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void figure(const char *what, double got, double budget, const char *unit)
{
    printf("  %-52s %9.2f %-3s budget %g%s\n", what, got, unit, budget,
           got > budget ? "   OVER" : "");
    if (got > 3 * budget)
        over_far = 1;
}

static void write_source(const char *path, int lines)
{
    FILE *f = fopen(path, "w");
    if (!f)
        exit(1);
    fprintf(f, "import torch\nfrom torch import nn\n\n\n");
    int n = 4;
    for (int k = 0; n < lines && k < 40; k++, n += 25) {
        fprintf(f,
                "class Net%d(nn.Module):\n    \"\"\"Network number %d.\"\"\"\n\n    def "
                "__init__(self, classes=10):\n"
                "        super().__init__()\n",
                k, k);
        for (int i = 0; i < 4; i++)
            fprintf(
                f,
                "        self.conv%d = nn.Conv2d(%d, %d, kernel_size=3, padding=1)  # a comment\n"
                "        self.bn%d = nn.BatchNorm2d(%d)\n",
                i, i ? 8 << (i - 1) : 3, 8 << i, i, 8 << i);
        fprintf(f, "        self.pool = nn.AdaptiveAvgPool2d(1)\n        self.fc = nn.Linear(64, "
                   "classes)\n\n"
                   "    def forward(self, x):\n");
        for (int i = 0; i < 4; i++)
            fprintf(f, "        x = torch.relu(self.bn%d(self.conv%d(x)))\n", i, i);
        fprintf(f, "        x = self.pool(x).flatten(1)\n        return self.fc(x)\n\n\n");
    }
    for (; n < lines; n++)
        fprintf(f, "VALUE_%d = {\"name\": \"number %d\", \"size\": (%d, %d)}\n", n, n, n, n + 1);
    fclose(f);
}

static int workbench(void *arg)
{
    setenv("TERM", "xterm-256color", 1);
    setenv("LC_ALL", "C.UTF-8", 1);
    setenv("XDG_STATE_HOME", "/dev/null/none", 1);
    setenv("XDG_CONFIG_HOME", "/dev/null/none", 1);
    TuiOptions o = {.path = arg,
                    .engine = {.output = DIR "/out.py", .decisions = DIR "/out.json"},
                    .no_session = true};
    return tui_run(&o);
}

/* Takes in what comes until nothing has for quiet ms; when the last byte came, relative to start.
 */
static double last_byte(Pty *p, double start, int quiet)
{
    double last = start;
    char bytes[65536];
    struct pollfd f = {p->fd, POLLIN, 0};
    while (poll(&f, 1, quiet) > 0) {
        ssize_t n = read(p->fd, bytes, sizeof bytes);
        if (n <= 0)
            break;
        last = now_ms();
        buf_addn(&p->out, bytes, (size_t)n);
        vterm_input_write(p->vt, bytes, (size_t)n);
    }
    return last - start;
}

static double until_shown(Pty *p, const char *text, double start)
{
    struct pollfd f = {p->fd, POLLIN, 0};
    char bytes[65536];
    while (!pty_shows(p, text)) {
        if (poll(&f, 1, 60000) <= 0)
            return 60000;
        ssize_t n = read(p->fd, bytes, sizeof bytes);
        if (n <= 0)
            return 60000;
        vterm_input_write(p->vt, bytes, (size_t)n);
    }
    return now_ms() - start;
}

static double resident_mb(pid_t pid)
{
    char path[64], line[256];
    double kb = 0;
    snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
    FILE *f = fopen(path, "r");
    while (f && fgets(line, sizeof line, f))
        if (strncmp(line, "VmRSS:", 6) == 0)
            kb = atof(line + 6);
    if (f)
        fclose(f);
    return kb / 1024;
}

static void sort(double *v, int n)
{
    for (int i = 1; i < n; i++)
        for (int k = i; k > 0 && v[k] < v[k - 1]; k--) {
            double swap = v[k];
            v[k] = v[k - 1];
            v[k - 1] = swap;
        }
}

/* The median of n presses. */
static void press(Pty *p, const char *keys, int n, const char *what, double ms_budget,
                  double bytes_budget)
{
    double times[64], bytes[64];
    char label[80];
    for (int i = 0; i < n; i++) {
        size_t before = p->out.len;
        double start = now_ms();
        pty_send(p, keys);
        times[i] = last_byte(p, start, 15);
        bytes[i] = (double)(p->out.len - before);
    }
    sort(times, n);
    sort(bytes, n);
    snprintf(label, sizeof label, "%s, to the last byte", what);
    figure(label, times[n / 2], ms_budget, "ms");
    snprintf(label, sizeof label, "%s, bytes", what);
    figure(label, bytes[n / 2], bytes_budget, "B");
}

static void measure(int w, int h, double paint_budget)
{
    Pty p;
    double start = now_ms();
    printf("%dx%d\n", w, h);
    pty_start(&p, w, h, workbench, DIR "/long.py");
    figure("first paint of the source", until_shown(&p, "import torch", start), paint_budget, "ms");
    double ready = until_shown(&p, "?0", start);
    printf("  %-52s %9.2f ms  (the engine's part grows with the file)\n", "tree and target painted",
           ready);
    last_byte(&p, now_ms(), 100);
    press(&p, "j", 30, "a cursor key", 2, 700);
    press(&p, "]", 40, "a step to the next mapping", 2, 4000);
    press(&p, "\033[6~", 20, "a page", 4, 16000);
    char burst[201];
    memset(burst, 'j', 200);
    burst[200] = '\0';
    press(&p, burst, 5, "200 keys at once", 10, 20000);
    printf("  %-52s %9.1f MB\n", "resident memory", resident_mb(p.pid));
    pty_free(&p);
}

int main(void)
{
    Arena *a = arena_new();
    const char *err = NULL;
    file_mkdirs(a, DIR, &err);
    write_source(
        DIR "/long.py",
        10000); /* plain lines behind 40 networks: the panes are measured, not the engine */
    measure(80, 24, 20);
    measure(200, 60, 30);
    write_source(DIR "/long.py", 60);
    Pty p;
    double start = now_ms();
    pty_start(&p, 120, 40, workbench, DIR "/long.py");
    until_shown(&p, "?0", start);
    printf("60 lines, 120x40\n");
    figure("resident memory", resident_mb(p.pid), 20, "MB");
    figure("tree and target painted", now_ms() - start, 200, "ms");
    pty_free(&p);
    arena_free(a);
    return over_far;
}
