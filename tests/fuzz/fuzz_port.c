/* Any bytes are a file: reads them as a network of each framework, and ports them. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "portolan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[64];
    snprintf(path, sizeof path, "build/fuzz/input-%ld.py", (long)getpid());
    FILE *file = fopen(path, "wb");
    if (!file)
        abort();
    fwrite(data, 1, size, file);
    fclose(file);
    static const char *const frameworks[] = {"pytorch", "tensorflow"};
    for (int i = 0; i < 2; i++) {
        const char *err = NULL;
        PtlOptions options = {.from = frameworks[i],
                              .to = frameworks[1 - i],
                              .no_sidecar = true,
                              .templates = "templates"};
        PtlDoc *doc = ptl_open(path, &options, &err);
        if (doc)
            ptl_report(doc);
        ptl_close(doc);
    }
    remove(path);
    return 0;
}
