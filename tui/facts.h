/* Facts: what the document says of itself, copied while it is at rest. Drawing reads these: it must
 * not ask the document while a job works on it. */
#ifndef TUI_FACTS_H
#define TUI_FACTS_H

struct App;

typedef struct Facts {
    char *path, *source, *target;    /* the source's path; names without folders */
    char *from, *to, *style, *input; /* "" where not known */
    int unsaved;
} Facts;

void facts_init(Facts *f);
void facts_free(Facts *f);
void facts_learn(struct App *app); /* no job may be running */

#endif
