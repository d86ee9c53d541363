/* Libraries of Python that model code computes with: which of their names have a meaning here. A
 * name that is not known here stays a V_EXT, and a call of it is unknown. */
#include <math.h>
#include <string.h>

#include "trace/pystate.h"

static Value *constant(Interp *in, const char *d)
{
    static const struct {
        const char *name;
        double value;
    } floats[] = {
        {"math.pi", 3.14159265358979323846},
        {"math.e", 2.71828182845904523536},
        {"math.tau", 6.28318530717958647693},
        {"math.inf", INFINITY},
        {"math.nan", NAN},
        {"numpy.pi", 3.14159265358979323846},
        {"numpy.e", 2.71828182845904523536},
        {"numpy.inf", INFINITY},
        {"numpy.nan", NAN},
    };
    static const char *const texts[][2] = {
        {"os.sep", "/"},
        {"os.linesep", "\n"},
        {"string.ascii_lowercase", "abcdefghijklmnopqrstuvwxyz"},
        {"string.ascii_uppercase", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"},
        {"string.digits", "0123456789"},
        {"string.ascii_letters", "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"},
        {"sys.byteorder", "little"},
    };
    for (size_t i = 0; i < sizeof(floats) / sizeof(*floats); i++)
        if (strcmp(floats[i].name, d) == 0) return v_float(in, floats[i].value);
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
        if (strcmp(texts[i][0], d) == 0) return v_str(in, texts[i][1]);
    if (strcmp(d, "re.IGNORECASE") == 0 || strcmp(d, "re.I") == 0) return v_int(in, 2);
    if (strcmp(d, "sys.maxsize") == 0) return v_int(in, 9223372036854775807LL);
    if (strcmp(d, "typing.TYPE_CHECKING") == 0) return v_bool(in, false);
    if (strcmp(d, "numpy.newaxis") == 0) return v_none(in);
    if (strcmp(d, "sys.argv") == 0) return v_unknown(in, "the arguments of the program");
    if (strcmp(d, "sys.version_info") == 0) {
        static const int version[] = {3, 11, 0};
        Value *t = v_list(in, V_TUPLE);
        for (int i = 0; i < 3; i++) vec_push(in->arena, &t->items, v_int(in, version[i]));
        return t;
    }
    return NULL;
}

Value *stdlib_attr(Interp *in, const char *dotted)
{
    static const char *const with_constants[] = {"math.", "numpy.", "re.", "os.",
                                                 "string.", "sys.",   "typing."};
    if (!strchr(dotted, '.')) return NULL;
    if (in->dialect && dialect_lists(in->dialect, "none_names", dotted)) return v_none(in);
    for (size_t i = 0; i < sizeof(with_constants) / sizeof(*with_constants); i++) {
        if (strncmp(dotted, with_constants[i], strlen(with_constants[i])) != 0) continue;
        Value *v = constant(in, dotted);
        if (v) return v;
    }
    if (strncmp(dotted, "builtins.", 9) == 0) {
        const Builtin *plain = builtin_find(in, dotted + 9);
        return plain ? v_builtin(in, plain->name, NULL) : NULL;
    }
    const Builtin *b = builtin_find(in, dotted);
    return b ? v_builtin(in, b->name, NULL) : NULL;
}
