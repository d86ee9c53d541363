/* Between the files that find, apply and finish the roots of a trace. */
#ifndef TRACE_ROOTS_H
#define TRACE_ROOTS_H

#include "trace/frame.h"

/* roots.c */
void run_settle(Interp *in, Node *about);
void root_of_value(Interp *in, Value *v, Definition *factory);
void roots_collect(Interp *in, int objects, int containers);
bool definition_used(Interp *in, Definition *d);
bool arguments_for(Interp *in, const char *title, Node *fn, int skip, Args *args);
Value *class_of_definition(Interp *in, const Definition *d);
Value *function_of_definition(Interp *in, const Definition *d);
bool has_instance(Interp *in, const Definition *d);
Value *build_class(Interp *in, const Definition *d, bool *known);
int required_params(const FunctionValue *fn, int skip);

/* apply.c: the forward pass of each root that the file does not apply itself; then the questions
 * about inputs. */
void roots_apply(Interp *in);
void roots_ask(Interp *in);

/* uncalled.c: functions and methods that nothing ran, for their events. */
void uncalled_run(Interp *in);

#endif
