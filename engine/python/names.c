#include "python/names.h"

#include <string.h>

bool names_target_binds(const Node *t, const char *name)
{
    if (t->kind == N_NAME) return str_eq(t->name, name);
    if (t->kind == N_STAR || t->kind == N_PAREN) return names_target_binds(t->a, name);
    for (int i = 0; (t->kind == N_TUPLE || t->kind == N_LIST) && i < t->items.len; i++)
        if (names_target_binds(t->items.at[i], name)) return true;
    return false;
}

const Node *names_alias_binds(const Node *n, const char *name)
{
    for (int i = 0; i < n->items.len; i++) {
        const Node *al = n->items.at[i];
        const char *bound = al->asname ? al->asname : al->name;
        size_t first = n->kind == N_IMPORT && !al->asname ? strcspn(bound, ".") : strlen(bound);
        if (strlen(name) == first && strncmp(bound, name, first) == 0) return al;
    }
    return NULL;
}

bool names_block_binds(const NodeVec *body, const char *name)
{
    for (int i = 0; i < body->len; i++)
        if (names_stmt_binds(body->at[i], name)) return true;
    return false;
}

bool names_stmt_binds(const Node *n, const char *name)
{
    switch (n->kind) {
    case N_IMPORT: case N_IMPORTFROM: return names_alias_binds(n, name) != NULL;
    case N_CLASS: case N_FUNCTION: return str_eq(n->name, name);
    case N_ASSIGN:
        for (int i = 0; i < n->items.len; i++)
            if (names_target_binds(n->items.at[i], name)) return true;
        return false;
    case N_ANNASSIGN: case N_AUGASSIGN: return names_target_binds(n->a, name);
    case N_EXCEPT:
        if (n->name && str_eq(n->name, name)) return true;
        break;
    case N_FOR:
        if (names_target_binds(n->a, name)) return true;
        break;
    case N_IF: case N_WHILE: case N_TRY: break;
    case N_WITH:
        for (int i = 0; i < n->items.len; i++)
            if (n->items.at[i]->b && names_target_binds(n->items.at[i]->b, name)) return true;
        break;
    default: return false;
    }
    bool excepts = n->kind == N_TRY && names_block_binds(&n->items, name);
    return excepts || names_block_binds(&n->body, name) || names_block_binds(&n->orelse, name) ||
           names_block_binds(&n->final, name);
}

bool names_function_binds(const Node *fn, const char *name)
{
    for (int i = 0; i < fn->params.list.len; i++)
        if (str_eq(fn->params.list.at[i].name, name)) return true;
    return fn->kind == N_FUNCTION && names_block_binds(&fn->body, name);
}

typedef struct Uses {
    const char *name;
    int n;
} Uses;

static bool count_use(Node *n, void *ctx)
{
    Uses *u = ctx;
    u->n += n->kind == N_NAME && str_eq(n->name, u->name);
    return true;
}

int names_uses(Node *n, const char *name)
{
    Uses u = {name, 0};
    node_walk(n, count_use, &u);
    return u.n;
}
