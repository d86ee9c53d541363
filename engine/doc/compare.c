/* The request for a comparison of the document's network with a ported file. */
#include <string.h>

#include "base/file.h"
#include "doc/doc.h"
#include "verify/request.h"

bool ptl_verify_request(PtlDoc *doc, const char *ported, struct VerifyRequest *request, const char **err)
{
    size_t len;
    Arena *a = doc->port_arena;
    char *text = file_read(a, ported, &len, err);
    if (!text) return false;
    if (!doc->trace || !doc->result) {
        *err = "no framework is recognised in the source, so there is no network to compare";
        return false;
    }
    DiagList diags = {.arena = a};
    Module *m = python_parse(a, ported, text, (int)len, &diags);
    request->templates = doc->templates;
    return request_fill(a, doc->trace, doc->result, doc->to, m, request, err);
}
