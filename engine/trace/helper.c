/* Helpers of an earlier port. A definition at the top of a file that is, to the letter of its syntax tree, a helper
 * which ports into this framework write, is read as the operation that it stands for: so a way back does not carry
 * the helpers of the way there. */
#include <string.h>

#include "base/file.h"
#include "python/build.h"
#include "trace/pystate.h"

bool own_helper(Interp *in, Env *env, Node *n)
{
    const Dialect *d = in->dialect;
    if (!d || !env->is_module || in->act || !n->name || !dialect_lists(d, "helpers_read", n->name)) return false;
    size_t len;
    const char *err = NULL;
    char *path = path_join(in->arena, d->folder, arena_printf(in->arena, "helpers/%s.py", n->name));
    char *text = file_read(in->arena, path, &len, &err);
    if (!text) return false;
    NodeVec made = py_parse_stmts(in->arena, text, &err);
    if (made.len != 1 || !py_same(made.at[0], n)) return false;
    env_set(env, n->name, v_ext(in, arena_printf(in->arena, "%s.%s", DIALECT_HELPERS, n->name)));
    vec_push(in->arena, &in->trace->own_helpers, n);
    return true;
}
