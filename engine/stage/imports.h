/* What the import statements of a file bind, and the dotted names that expressions spell with them. */
#ifndef STAGE_IMPORTS_H
#define STAGE_IMPORTS_H

#include "base/map.h"
#include "python/ast.h"

/* Name -> dotted name, as char *. */
Map *imports_of(Arena *a, const Module *m);
/* "torch.nn.Conv1d" for nn.Conv1d; NULL where the expression is no name of an import. */
const char *imports_dotted(Arena *a, const Map *names, const Node *n);

#endif
