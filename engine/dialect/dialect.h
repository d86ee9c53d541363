/* Dialect: all that is known of a framework's names, loaded from templates/<framework>/dialect.json.
 *
 * The rows serve reading (a call in the source -> pivot kind and attributes) and writing (pivot kind and
 * attributes -> a call), so what is read is what can be written.
 *
 * dialect.json:
 *   "framework": "tensorflow", "title": "Keras", "version": "3",
 *   "channels_first": false,
 *   "aliases": { "tensorflow.keras": "keras", ... }        longest prefix wins; applied to a dotted name before matching
 *   "imports": [ {"prefix": "keras.layers", "as": "layers", "import": "from keras import layers"}, ... ]
 *   "module_bases": ["keras.Model", "keras.layers.Layer", ...]   first is what is written
 *   "forward": "call", "training_argument": true, ...       facts, read with dialect_fact
 *   "reserved": ["layers", "input", ...]                    attribute names a module refuses, "rename": {"layers": "blocks"}
 *   "rows": [ { "kind": "Conv2D",
 *               "form": "layer" | "function" | "method" | "string",
 *               "names": ["keras.layers.Conv2D", "keras.layers.Convolution2D"],   first is what is written; method: "view"
 *               "params": "filters>out_channels, kernel_size>kernel_dim|ints, strides=(1, 1)>stride_dim|ints, padding='valid'>padding|keras_pad, ...",
 *               "positional": 2,                            how many leading arguments are written by position
 *               "set": {"dimension": 2},                    attributes this row implies; on writing they must match
 *               "write": false,                             read only (a Keras 2 spelling)
 *               "keras": 2,                                 only in this generation
 *               "note": "…"                                 why the row is as it is, shown by "why"
 *             }, ... ]
 *   "inert": ["torch.manual_seed", ...]                    calls without meaning for the network
 *
 * params is a Python-like signature. Each: name[=default][>target[|conversion]]
 *   no ">"        the parameter is the pivot attribute of the same name
 *   >attr         that attribute; |conv a named conversion of dialect/convert.c, both ways
 *   >@0, >@1      the operation's input tensor by number; >@* a list of tensors; >@?name an optional further input
 *   >-            without meaning for the port (device, dtype): dropped
 *   >!            understood only at its default; another value is a gap that is reported
 *   *             what follows is keyword-only;  *shape>shape  takes the rest of the positional arguments
 * A default is a Python literal. A method's receiver is "self>@0". */
#ifndef DIALECT_DIALECT_H
#define DIALECT_DIALECT_H

#include "base/arena.h"
#include "base/map.h"
#include "base/vec.h"
#include "pivot/pivot.h"

typedef enum { FORM_LAYER, FORM_FUNCTION, FORM_METHOD, FORM_STRING } RowForm;
typedef enum { ROLE_ATTR, ROLE_INPUT, ROLE_INPUT_LIST, ROLE_INPUT_OPTIONAL, ROLE_INERT, ROLE_DEFAULT_ONLY } ParamRole;

typedef struct Conversion Conversion; /* convert.h */

typedef struct RowParam {
    const char *name;
    bool has_default;
    PValue dflt; /* the framework's default, in the framework's own terms */
    ParamRole role;
    const char *attr; /* ROLE_ATTR; the input's name for ROLE_INPUT_OPTIONAL */
    int input;        /* ROLE_INPUT */
    const Conversion *conv; /* NULL: the value as it is */
    bool keyword_only, rest; /* rest: *args */
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
} DialectRow;

typedef struct DialectImport {
    const char *prefix, *as, *text;
} DialectImport;

typedef struct Dialect {
    const char *name, *title, *folder;
    bool channels_first;
    VEC(DialectRow *) rows;
    VEC(DialectImport) imports;
    StrVec module_bases, reserved;
    /* private to dialect.c */
    Map *by_name[4];
    Map *by_kind;
    Map *aliases, *facts, *inert, *rename;
    Arena *arena;
} Dialect;

/* Loads DIR/dialect.json. NULL and *err ("templates/x/dialect.json: rows[12]: unknown kind Conv4D"). */
Dialect *dialect_load(Arena *a, const char *dir, const char **err);

/* The dotted name after aliases; unchanged (same pointer) when none applies. */
const char *dialect_canonical(const Dialect *d, Arena *a, const char *dotted);
/* The row for a canonical dotted name (or a method's or string's plain name); keras 0 = any generation. */
const DialectRow *dialect_read(const Dialect *d, RowForm form, const char *name, int keras);
/* The row to write a kind with: form, and every "set" of the row equal in attrs. NULL: none. */
const DialectRow *dialect_write(const Dialect *d, RowForm form, const char *kind, const PAttrs *attrs);
/* Does this framework know a dotted name at all (any row, inert, a module base or a prefix of an import)? */
bool dialect_owns(const Dialect *d, const char *dotted);
bool dialect_inert(const Dialect *d, const char *dotted);
bool dialect_is_module_base(const Dialect *d, const char *dotted);
const char *dialect_fact(const Dialect *d, const char *name); /* any other top-level string; NULL */
/* How a dotted name is written ("layers.Conv2D") and the import line it needs (*import_text). */
const char *dialect_spelling(const Dialect *d, Arena *a, const char *dotted, const char **import_text);
/* NULL: the name may stand; else the name to use instead. */
const char *dialect_rename(const Dialect *d, Arena *a, const char *attribute);

#endif
