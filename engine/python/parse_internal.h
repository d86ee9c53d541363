/* What the files of the parser share: the grammar's node kinds as an enum, the stack of children,
 * and the way in which a statement is given up.
 *
 * A conversion opens the children of a tree-sitter node (kids_open), reads them by index, and
 * closes them. They live on one growing stack, so a Kid is copied out before anything else is
 * opened.
 *
 * What cannot be converted sets `bad` (parse_give_up) and converts to whatever is at hand; the
 * statement that is being built sees it, throws the nodes away and becomes an N_ERROR. So an
 * N_ERROR is always a statement. */
#ifndef PYTHON_PARSE_INTERNAL_H
#define PYTHON_PARSE_INTERNAL_H

#include <stdint.h>
#include <tree_sitter/api.h>

#include "python/ast.h"

/* clang-format off */
/* Alphabetical: names are found by bisection. */
#define PARSE_SYMBOLS(X) \
    X(aliased_import) X(argument_list) X(as_pattern) X(as_pattern_target) X(assert_statement) \
    X(assignment) X(attribute) X(augmented_assignment) X(await) X(binary_operator) X(block) \
    X(boolean_operator) X(break_statement) X(call) X(case_clause) X(case_pattern) \
    X(class_definition) X(class_pattern) X(comment) X(comparison_operator) X(complex_pattern) \
    X(concatenated_string) X(conditional_expression) X(continue_statement) X(decorated_definition) \
    X(decorator) X(default_parameter) X(delete_statement) X(dict_pattern) X(dictionary) \
    X(dictionary_comprehension) X(dictionary_splat) X(dictionary_splat_pattern) X(dotted_name) \
    X(elif_clause) X(ellipsis) X(else_clause) X(except_clause) X(except_group_clause) \
    X(exec_statement) X(expression_list) X(expression_statement) X(false) X(finally_clause) \
    X(float) X(for_in_clause) X(for_statement) X(format_expression) X(format_specifier) \
    X(function_definition) X(future_import_statement) X(generator_expression) X(generic_type) \
    X(global_statement) X(identifier) X(if_clause) X(if_statement) X(import_from_statement) \
    X(import_prefix) X(import_statement) X(integer) X(interpolation) X(keyword_argument) \
    X(keyword_pattern) X(keyword_separator) X(lambda) X(lambda_parameters) X(line_continuation) \
    X(list) X(list_comprehension) X(list_pattern) X(list_splat) X(list_splat_pattern) \
    X(match_statement) X(member_type) X(module) X(named_expression) X(none) X(nonlocal_statement) \
    X(not_operator) X(pair) X(parameters) X(parenthesized_expression) X(pass_statement) \
    X(pattern_list) X(positional_separator) X(print_statement) X(raise_statement) \
    X(relative_import) X(return_statement) X(set) X(set_comprehension) X(slice) X(splat_pattern) \
    X(splat_type) X(string) X(subscript) X(true) X(try_statement) X(tuple) X(tuple_pattern) \
    X(type) X(type_alias_statement) X(type_conversion) X(type_parameter) \
    X(typed_default_parameter) X(typed_parameter) X(unary_operator) X(union_pattern) X(union_type) \
    X(while_statement) X(wildcard_import) X(with_clause) X(with_item) X(with_statement) X(yield)
/* clang-format on */

typedef enum Gram {
    G_other, /* a hidden or unused node kind */
#define X(name) G_##name,
    PARSE_SYMBOLS(X)
#undef X
        G_NAMED_END,
    G_token, /* punctuation and keywords, apart from these: */
    G_comma,
    G_colon,
    G_equals,
    G_minus,
    G_star,
    G_starstar,
    G_dot,
    G_async,
    G_from,
    G_underscore,
    G_ERROR
} Gram;

/* clang-format off */
#define PARSE_FIELDS(X) \
    X(alias) X(alternative) X(arguments) X(attribute) X(body) X(cause) X(condition) X(consequence) \
    X(definition) X(expression) X(function) X(guard) X(key) X(left) X(module_name) X(name) \
    X(object) X(operator) X(operators) X(parameters) X(return_type) X(right) X(subject) \
    X(subscript) X(superclasses) X(type) X(type_parameters) X(value)
/* clang-format on */

typedef enum Field {
    F_none,
#define X(name) F_##name,
    PARSE_FIELDS(X)
#undef X
        F_END
} Field;

typedef struct Kid {
    TSNode node;
    Gram gram;
    Field field;
} Kid;

typedef struct Kids {
    int from, n;
} Kids;

typedef struct Parse {
    Arena *arena;
    Module *module;
    DiagList *diags; /* or NULL */
    const char *text;
    int len;
    TSTreeCursor cursor;
    const uint8_t *gram;  /* of each symbol of the language */
    const uint8_t *field; /* of each field id */
    uint32_t nsymbols, nfields;
    Kid *kids; /* the stack: heap, because it only grows while a file is read */
    int nkids, capkids;
    int next_id;
    int depth;  /* of nested conversions */
    int errors; /* diagnostics given so far */
    bool bad;
    Span bad_span;
    const char *bad_why, *bad_hint;
} Parse;

/* Conversions nested deeper than this are given up: every reader of the tree recurses over it. */
#define PARSE_DEPTH_MAX 1000

/* parse.c */
Kids kids_open(Parse *p, TSNode n);
void kids_close(Parse *p, Kids ks);
Kid kid(const Parse *p, Kids ks, int i);
/* The first child in that field; its node is null (ts_node_is_null) when there is none. */
Kid kid_in(const Parse *p, Kids ks, Field field);
bool kid_is_there(Kid k);
bool kids_have(const Parse *p, Kids ks, Gram gram);
Gram parse_gram(const Parse *p, TSNode n);
Span parse_span(TSNode n);
char *parse_text(Parse *p, Span span);
Node *parse_node(Parse *p, NodeKind kind, Span span);
void parse_give_up(Parse *p, Span span, const char *why, const char *hint);
/* Goes one level down; false (and gives up) when that is too deep. Pair with p->depth--. */
bool parse_deeper(Parse *p, TSNode n);

/* parse_expr.c */
Node *parse_expr(Parse *p, TSNode n);
void parse_params(Parse *p, TSNode n, Params *out);
void parse_arguments(Parse *p, TSNode n, NodeVec *out);
/* `a.b.c` without the blanks and comments that may stand between. */
char *parse_dotted(Parse *p, TSNode n);
/* The expressions among the kids from index `from`, where an unparenthesised tuple may stand. NULL
 * when there are none. */
Node *parse_bare_tuple(Parse *p, Kids ks, int from, Field field);

/* parse_pattern.c */
Node *parse_pattern(Parse *p, TSNode n);

/* parse_literal.c */
Node *parse_number(Parse *p, TSNode n, bool is_float);
Node *parse_string(Parse *p, TSNode n);
Node *parse_concatenated(Parse *p, TSNode n);

/* parse_compound.c */
Node *parse_compound(Parse *p, TSNode n);
bool parse_is_compound(Gram g);

/* parse_stmt.c */
/* e, or give up where it is NULL. */
Node *parse_need(Parse *p, Node *e, Span whole);
/* The expression in that field, or give up. */
Node *parse_expr_in(Parse *p, Kids ks, Field field, Span whole);
void parse_statements(Parse *p, TSNode block, NodeVec *out);

#endif
