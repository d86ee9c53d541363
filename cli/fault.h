/* Fault: what happens when something happened that cannot: one line to stderr and exit status 70.
 */
#ifndef CLI_FAULT_H
#define CLI_FAULT_H

/* Installs the handler for crashes (and failed assertions) on a stack of its own. file is named in
 * the message; may be NULL. The workbench installs its own over it, which restores the terminal
 * first. */
void fault_install(const char *file);

#endif
