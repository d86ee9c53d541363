/* How long a port takes, against how long tree-sitter alone takes to parse the same file: a ratio
 * in one run, so that it says the same on a slow machine. The best of several runs counts. */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <tree_sitter/api.h>

#include "portolan.h"

enum { RUNS = 15 };

const TSLanguage *tree_sitter_python(void);

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static double parse_ms(const char *text, int len)
{
    double start = now_ms();
    TSParser *parser = ts_parser_new();
    ts_parser_set_language(parser, tree_sitter_python());
    TSTree *tree = ts_parser_parse_string(parser, NULL, text, (uint32_t)len);
    ts_tree_delete(tree);
    ts_parser_delete(parser);
    return now_ms() - start;
}

static void bench(const char *path)
{
    double parse = 1e9, port = 1e9;
    for (int i = 0; i < RUNS; i++) {
        const char *err = NULL;
        PtlOptions options = {.no_sidecar = true, .templates = "templates"};
        double start = now_ms();
        PtlDoc *doc = ptl_open(path, &options, &err);
        double took = now_ms() - start;
        if (!doc) {
            fprintf(stderr, "%s: %s\n", path, err);
            exit(1);
        }
        port = took < port ? took : port;
        int len;
        const char *text = ptl_source(doc, &len);
        took = parse_ms(text, len);
        parse = took < parse ? took : parse;
        ptl_close(doc);
    }
    printf("%-36s %8.2f %8.2f %7.1fx\n", path, port, parse, port / parse);
}

int main(void)
{
    glob_t files;
    if (glob("samples/*.py", 0, NULL, &files) != 0)
        return 1;
    glob("samples/decisions/*.py", GLOB_APPEND, NULL, &files);
    printf("%-36s %8s %8s %8s\n", "sample", "port ms", "parse ms", "ratio");
    for (size_t i = 0; i < files.gl_pathc; i++) bench(files.gl_pathv[i]);
    globfree(&files);
    return 0;
}
