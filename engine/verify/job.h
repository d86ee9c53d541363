/* What the comparison script is given: the script itself and a job. Private to verify. */
#ifndef VERIFY_JOB_H
#define VERIFY_JOB_H

#include "verify/verify.h"

/* The job as JSON text, in the arena. Paths become absolute, so that a kept job runs from anywhere.
 */
char *job_text(Arena *a, const VerifyRequest *q);
/* The script, its parts joined; NULL and *err when the templates do not hold them. */
char *job_script(Arena *a, const char *templates, const char **err);
/* The Python to run it with. */
const char *job_python(Arena *a, const VerifyRequest *q);

#endif
