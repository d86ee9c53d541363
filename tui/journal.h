/* Journal: each change of a decision, appended to a file of the source's own before it is shown, so
 * that no crash costs an answer. A line a step: a word, and fields with tabs between them (tab,
 * newline and backslash escaped).
 *
 *     answer<TAB>ID<TAB>ANSWER
 *     clear<TAB>ID
 *     target<TAB>TO<TAB>STYLE
 *     undo
 *     redo
 *     written
 *
 * What stands behind the last "written" is what a crash would have lost. A journal in use is
 * locked; a second workbench on the same file runs without one and says so. */
#ifndef TUI_JOURNAL_H
#define TUI_JOURNAL_H

#include <stdbool.h>

struct App;

typedef enum { STEP_ANSWER, STEP_CLEAR, STEP_UNDO, STEP_REDO, STEP_TARGET } StepKind;

typedef struct JournalStep {
    StepKind kind;
    char *a, *b;
} JournalStep;

typedef struct Journal Journal;

/* NULL when there is no folder for it; *locked when somebody else holds it. */
Journal *journal_open(const char *dir, const char *source, bool *locked);
/* finished: the user has quit in order, nothing is to be recovered. */
void journal_close(Journal *j, bool finished);
const char *journal_path(const Journal *j);
void journal_answer(Journal *j, const char *id, const char *answer);
void journal_undo(Journal *j, bool redo);
void journal_target(Journal *j, const char *to, const char *style);
void journal_written(Journal *j);
/* Asks whether the steps of a crashed session should be taken again. */
void journal_offer(struct App *app);
void journal_steps_free(JournalStep *steps, int n);

#endif
