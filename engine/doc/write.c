/* Writing: the target and the sidecar, and what stands where the target would go.
 *
 * Whether a file there is an unchanged port of ours is told by a fingerprint of the last text that was written,
 * kept in the sidecar's folder state; without one, the header line alone marks it as ours. */
#include <string.h>

#include "base/file.h"
#include "doc/doc.h"

PtlTargetState ptl_target_state(PtlDoc *doc, const char *path, const char **text)
{
    size_t len;
    const char *err = NULL;
    if (text) *text = NULL;
    if (!file_exists(path)) return PTL_TARGET_NEW;
    char *now = file_read(doc->port_arena, path, &len, &err);
    if (!now) return PTL_TARGET_FOREIGN;
    if (text) *text = now;
    if (doc->port.text && strcmp(now, doc->port.text) == 0) return PTL_TARGET_SAME;
    const char *end = strchr(now, '\n');
    bool header = str_starts(now, "# Ported from ") && end && end > now + 13 && strncmp(end - 13, " by Portolan.", 13) == 0;
    return header ? PTL_TARGET_OURS : PTL_TARGET_FOREIGN;
}

bool ptl_write_target(PtlDoc *doc, const char *path, const char **note, const char **err)
{
    if (!doc->port.text) {
        *err = doc->port.impossible ? doc->port.impossible : "there is nothing to write";
        return false;
    }
    return file_write_atomic(doc->port_arena, path, doc->port.text, strlen(doc->port.text), note, err);
}

bool ptl_write_sidecar(PtlDoc *doc, const char *path, const char **note, const char **err)
{
    char *text = sidecar_text(doc);
    if (!file_write_atomic(doc->port_arena, path ? path : doc->sidecar_path, text, strlen(text), note, err)) return false;
    doc->saved_at = doc->log_at;
    return true;
}
