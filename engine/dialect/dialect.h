/* Dialect: all that is known of a framework's names, from templates/<framework>/dialect.json.
 *
 * The rows serve reading (a call in the source -> pivot kind and attributes) and writing (pivot
 * kind and attributes -> a call), so what is read is what can be written.
 *
 * dialect.json:
 *   "framework", "title"   "tensorflow", "Keras"
 *   "channels_first"       where this framework holds the channels of images
 *   "aliases"              {"tensorflow.keras": "keras"}: longest prefix wins, until none applies;
 *                          the key "a.b.*" drops the component behind a.b, whatever it is
 *   "otherwise"            the same, but only where no row has the name itself
 *   "imports"              [{"prefix": "keras.layers", "as": "layers", "module": "keras",
 *                          "name": "layers"}]: from module import name; else import module
 *   "module_bases"         the first is what is written
 *   "reserved", "rename"   attribute names that a module refuses; {"layers": "blocks"}
 *   "dtypes"               {"torch.float32": "float32"}: the first spelling is what is written
 *   "derived"              attributes that no argument says here: traced, or the layout's business
 *   "every"                {"layer": "name=None>-"}: parameters that each row of that form takes
 *                          besides its own; "exempt" names the callables that do not
 *   "inert"                calls without meaning for the network; "a.b.*" for all below a.b
 *   "rows"                 below
 *   "helpers"              rows too, whose names are the framework's helpers (helpers/NAME.py): only
 *                          written, and only where no other row of the kind says everything
 *   any other key          a fact (dialect_fact) or a list of strings (dialect_list)
 *
 * A row:
 *   "kind", "form"         "Conv2D"; "layer", "function", "method" or "string"
 *   "names"                the first is what is written; a method's is plain: "view"
 *   "params"               "filters>out_channels, kernel_size>kernel_dim|ints, name=None>-"
 *   "positional"           how many leading arguments are written by position
 *   "set"                  attributes that the row implies; on writing they must match
 *   "implies"              attributes that it implies; writing does not choose by them, and
 *                          dialect_row_write reports one that differs as unsaid
 *   "noted"                attributes that no argument says here and that matter in training only
 *   "moot"                 attributes that make no difference where this row is written
 *   "write": false         read only (a spelling of Keras 2);  "read": false: written only
 *   "keras": 2             only in this generation
 *   "note"                 why the row is as it is, shown by "why"
 *
 * params is a Python-like signature. Each: name[=default][>target[|conversion]]
 *   no ">"        the parameter is the pivot attribute of the same name
 *   >attr         that attribute; |conv a named conversion (convert.c), both ways
 *   >@0, >@1      the operation's input tensor by number (a wrapper's layer, an optimizer's
 *                 parameters); >@* a list of tensors; >@?name an optional further input
 *   >-            without meaning for the port (device, dtype): dropped
 *   >~name        matters in training only (an initialiser): any but the default is noted
 *   >!            understood only at its default; another value is a gap that is reported
 *   >=LITERAL     always written with this value, which is what makes the call say this kind
 *                 (activation>='silu'); a call without it or with another value is not this row's
 *   *             what follows is keyword-only; *shape>shape takes the rest of those by position
 * A default is a Python literal or a dotted name. A method's receiver is "self>@0".
 *
 * Several rows may have one name (torch.max(x), torch.max(x, dim), torch.max(x, y); "mse" is a loss
 * and a metric; another meaning in another generation): dialect_read gives the first of them,
 * dialect_match and dialect_match_values the first that a call fits. */
#ifndef DIALECT_DIALECT_H
#define DIALECT_DIALECT_H

#include "base/arena.h"
#include "base/map.h"
#include "base/vec.h"
#include "pivot/pivot.h"

typedef enum { FORM_LAYER, FORM_FUNCTION, FORM_METHOD, FORM_STRING } RowForm;
typedef enum {
    ROLE_ATTR,
    ROLE_INPUT,
    ROLE_INPUT_LIST,
    ROLE_INPUT_OPTIONAL,
    ROLE_INERT,
    ROLE_DEFAULT_ONLY,
    ROLE_TRAINING
} ParamRole;

typedef struct Conversion Conversion; /* convert.h */

typedef struct RowParam {
    const char *name;
    bool has_default;
    PValue dflt; /* the framework's default, in the framework's own terms */
    ParamRole role;
    const char *attr;        /* ROLE_INPUT_OPTIONAL: its name; ROLE_TRAINING: what it is about */
    int input;               /* ROLE_INPUT */
    const Conversion *conv;  /* NULL: the value as it is */
    bool keyword_only, rest; /* rest: *args */
    PValue fixed; /* ">=": role is ROLE_ATTR, attr is "", and this is the value; else PV_UNSET */
} RowParam;

typedef struct DialectRow {
    const PivotKind *kind;
    RowForm form;
    StrVec names;
    VEC(RowParam) params;
    int positional;
    PAttrs set;
    bool write;
    int keras; /* 0: any generation */
    const char *note;
    PAttrs implies;
    StrVec noted, moot;
    bool read;
    bool strict; /* read only where it takes the values that are given; else the name is none that it knows */
    bool helper;
} DialectRow;

typedef struct DialectImport {
    const char *prefix, *as, *module;
    const char *name; /* from module import name; NULL: import module */
    const char *text; /* "from keras import layers" */
} DialectImport;

typedef struct Dialect {
    const char *name, *title, *folder;
    bool channels_first;
    VEC(DialectRow *) rows;
    VEC(DialectImport) imports;
    StrVec module_bases, reserved;
    /* private to dialect.c */
    Map *by_name[4]; /* name -> RowList */
    Map *by_kind[4]; /* kind -> RowList of rows that may be written */
    Map *aliases, *otherwise, *facts, *lists, *inert, *rename, *dtypes, *dtype_names;
    Arena *arena;
} Dialect;

/* Loads DIR/dialect.json. NULL and *err ("templates/x/dialect.json: rows[12]: unknown kind
 * Conv4D"). */
Dialect *dialect_load(Arena *a, const char *dir, const char **err);

/* The dotted name after aliases; unchanged (same pointer) when none applies. */
const char *dialect_canonical(const Dialect *d, Arena *a, const char *dotted);
/* The row for a canonical dotted name (or a method's or string's plain name); keras 0 = any
 * generation. Rows of just that generation come first; a row of another generation is given where
 * there is no other. */
const DialectRow *dialect_read(const Dialect *d, RowForm form, const char *name, int keras);
/* The same among the kinds of one group: "mse" as a loss. */
const DialectRow *dialect_read_group(const Dialect *d, RowForm form, const char *name, int keras,
                                     KindGroup group);

/* How the arguments of a call look, for choosing between rows with one name. */
typedef enum {
    ARG_UNKNOWN,
    ARG_TENSOR,
    ARG_TENSORS, /* a list or tuple with a tensor in it */
    ARG_OTHER,   /* a number, None, a string, a list of numbers, ... */
    ARG_SHAPE    /* the shape of a tensor: sizes, and no data */
} ArgLook;
typedef struct CallLook {
    const ArgLook *pos; /* a method's receiver is the first */
    int npos;
    const char *const *kw_names;
    const ArgLook *kw;
    int nkw;
} CallLook;
/* Can the arguments be bound to the row's parameters: number, keywords, required ones, tensors
 * where inputs are? */
bool dialect_fits(const DialectRow *row, const CallLook *look);
/* The first row with that name that the call fits; the first row with that name where it fits none;
 * NULL where there is none. */
const DialectRow *dialect_match(const Dialect *d, RowForm form, const char *name, int keras,
                                const CallLook *look);
/* The same with the values of the arguments in the framework's own terms (PV_UNSET: not looked at):
 * a row whose conversions refuse them, or for which one would be a gap, gives way to one that takes
 * them all. ops.split(x, 3) and ops.split(x, [2, 5]); x.to(dtype) and x.to(device). */
const DialectRow *dialect_match_values(const Dialect *d, Arena *a, RowForm form, const char *name,
                                       int keras, const CallLook *look, const PValue *pos,
                                       const PValue *kw);
/* The next one after a row that turned out not to fit for its values; NULL when there is none. */
const DialectRow *dialect_match_next(const Dialect *d, RowForm form, const char *name, int keras,
                                     const CallLook *look, const DialectRow *after);

/* The row to write a kind with: every "set" of the row equal in attrs (an attribute that is absent
 * counts with the kind's default); among several the one with most of them, then the first. NULL:
 * none. */
const DialectRow *dialect_write(const Dialect *d, RowForm form, const char *kind,
                                const PAttrs *attrs);
/* The name that a helper of an earlier port goes by when it is read: "portolan_helper.pad". Those that a dialect lists
 * under "helpers_read" are. */
#define DIALECT_HELPERS "portolan_helper"

/* The helpers that are written for a kind, one after the other: the one behind `after` (NULL: the
 * first) whose "set" fits; NULL when there is none. */
const DialectRow *dialect_helper(const Dialect *d, RowForm form, const char *kind,
                                 const PAttrs *attrs, const DialectRow *after);

/* Arguments in the framework's own terms -> pivot attributes. given has one value for each of
 * row->params, PV_UNSET where the call does not give it. Fills "set", "implies", the row's defaults
 * and then the kind's defaults. An unknown argument makes its attributes unknown. False and *err (a
 * phrase that names the parameter) where a value cannot be read; out holds the rest. Gaps (>!) are
 * not looked at here: see dialect_param_is_gap. A row that does not fit for its values (ops.split
 * with a number, where the row takes a list) fails too: dialect_match_next has the next one to try.
 */
bool dialect_row_read(const Dialect *d, Arena *a, const DialectRow *row, int keras,
                      const PValue *given, PAttrs *out, const char **err);
/* Pivot attributes -> arguments: out has one value for each of row->params, PV_UNSET where the
 * argument is to be left out (no attribute, the framework's default, or an input). An activation
 * that the framework has no string for stays PV_ACT. False where some attribute cannot be said by
 * this row, or one that it must say has no value; *unsaid lists them. *noted lists those that are
 * not said and matter in training only. Either may be NULL. */
bool dialect_row_write(const Dialect *d, Arena *a, const DialectRow *row, const PAttrs *attrs,
                       PValue *out, StrVec *unsaid, StrVec *noted);
/* A value given for a ">!" parameter that is not its default, or for a ">=" parameter that is not
 * the one it needs. */
bool dialect_param_is_gap(const RowParam *p, const PValue *given);

/* What only the dialect can resolve, for a parameter with a conversion: the string or dotted name
 * of an activation -> PV_ACT, of a dtype -> its neutral name. Anything else is returned as it is.
 */
PValue dialect_resolve(const Dialect *d, Arena *a, int keras, const Conversion *conv, PValue v);
/* An activation by its string or (canonical) function name -> PV_ACT with attributes; NULL when it
 * is none. */
const PivotAct *dialect_act(const Dialect *d, Arena *a, const char *name, int keras);
/* The string that says just this activation ("relu"), or NULL: an object or a function is needed.
 */
const char *dialect_act_string(const Dialect *d, const PivotAct *act);

/* Does this framework know a dotted name at all (any row, inert, a module base or a prefix of an
 * import)? */
bool dialect_owns(const Dialect *d, const char *dotted);
bool dialect_inert(const Dialect *d, const char *dotted);
bool dialect_is_module_base(const Dialect *d, const char *dotted);
/* Any other top-level string, number or boolean, as text; NULL. */
const char *dialect_fact(const Dialect *d, const char *name);
/* The words of a fact, at blanks; none where it is not stated. */
StrVec dialect_fact_words(const Dialect *d, Arena *a, const char *name);
/* Any other top-level list of strings; empty when there is none. */
const StrVec *dialect_list(const Dialect *d, const char *name);
bool dialect_lists(const Dialect *d, const char *list, const char *item);
/* "torch.float32" -> "float32" and back; NULL: not known. */
const char *dialect_dtype(const Dialect *d, const char *dotted);
const char *dialect_dtype_spelling(const Dialect *d, const char *dtype);
/* How a dotted name is written ("layers.Conv2D") and the import line it needs (*import_text). */
const char *dialect_spelling(const Dialect *d, Arena *a, const char *dotted,
                             const char **import_text);
/* The import with the longest prefix of it; NULL. */
const DialectImport *dialect_import_for(const Dialect *d, const char *dotted);
/* NULL: the name may stand; else the name to use instead. */
const char *dialect_rename(const Dialect *d, Arena *a, const char *attribute);

#endif
