/* Patterns are compiled to a little program that is run with backtracking: a split tries its first
 * way and, failing that, the second. Counted repetition compiles its atom several times, from the
 * same place of the pattern. Steps and depth are bounded, so that no pattern hangs. */
#include "trace/regex.h"

#include <ctype.h>
#include <string.h>

#include "base/str.h"
#include "base/vec.h"

#define STEPS_MAX 200000
#define DEPTH_MAX 3000
#define PROGRAM_MAX 5000

typedef enum {
    R_CHAR,
    R_ANY,
    R_CLASS,
    R_SPLIT,
    R_JUMP,
    R_SAVE,
    R_START,
    R_END,
    R_WORD,
    R_NOT_WORD,
    R_DONE
} Op;

typedef struct Ins {
    Op op;
    int x, y; /* R_SPLIT: ways in order of preference; R_JUMP: where to; R_SAVE: slot; R_CHAR: the
                 byte */
    const unsigned char *set; /* R_CLASS: 32 bytes, one bit for each byte */
} Ins;

struct Regex {
    VEC(Ins) code;
    int groups;
    bool ignore_case;
    const char *names[REGEX_GROUPS];
};

typedef struct Parser {
    Arena *a;
    Regex *r;
    const char *s;
    int depth;
    bool bad;
} Parser;

static int emit(Parser *p, Op op, int x, int y)
{
    if (p->r->code.len >= PROGRAM_MAX) p->bad = true;
    Ins ins = {op, x, y, NULL};
    if (!p->bad) vec_push(p->a, &p->r->code, ins);
    return p->bad ? 0 : p->r->code.len - 1;
}

/* ---- classes ---- */

static void set_add(unsigned char *set, int c)
{
    set[c >> 3] |= (unsigned char)(1 << (c & 7));
}

/* \d \w \s and their opposites; false for another letter. */
static bool add_named(unsigned char *set, char name)
{
    char kind = (char)tolower((unsigned char)name);
    if (kind != 'd' && kind != 'w' && kind != 's') return false;
    for (int c = 0; c < 256; c++) {
        bool in = kind == 'd'   ? isdigit(c)
                  : kind == 's' ? isspace(c)
                                : isalnum(c) || c == '_' || c >= 128;
        if (in == (name == kind)) set_add(set, c);
    }
    return true;
}

static int escaped(char c)
{
    switch (c) {
    case 'n': return '\n';
    case 't': return '\t';
    case 'r': return '\r';
    case 'f': return '\f';
    case 'v': return '\v';
    default: return isalnum((unsigned char)c) ? -1 : (unsigned char)c;
    }
}

static void emit_set(Parser *p, const unsigned char *set)
{
    int i = emit(p, R_CLASS, 0, 0);
    if (!p->bad) p->r->code.at[i].set = set;
}

static void parse_class(Parser *p)
{
    unsigned char *set = arena_alloc(p->a, 32);
    bool negate = *p->s == '^';
    if (negate) p->s++;
    for (bool first = true; *p->s && (*p->s != ']' || first); first = false) {
        int lo = (unsigned char)*p->s++;
        if (lo == '\\') {
            char c = *p->s ? *p->s++ : 0;
            if (c && add_named(set, c)) continue;
            if (!c || (lo = escaped(c)) < 0) {
                p->bad = true;
                return;
            }
        }
        int hi = lo;
        if (*p->s == '-' && p->s[1] && p->s[1] != ']') {
            hi = (unsigned char)p->s[1];
            p->s += 2;
            if (hi == '\\') hi = *p->s ? escaped(*p->s++) : -1;
        }
        for (int c = lo; c <= hi; c++) set_add(set, c);
    }
    if (*p->s != ']') p->bad = true;
    else p->s++;
    for (int i = 0; negate && i < 32; i++) set[i] = (unsigned char)~set[i];
    emit_set(p, set);
}

/* ---- atoms and repetition ---- */

static void parse_alternatives(Parser *p);

static void parse_group(Parser *p)
{
    int number = 0;
    const char *name = NULL;
    if (*p->s == '?') {
        if (p->s[1] == 'P' && p->s[2] == '<') {
            size_t n = strcspn(p->s + 3, ">");
            name = arena_strndup(p->a, p->s + 3, n);
            p->s += 3 + n + (p->s[3 + n] == '>');
        } else if (p->s[1] == ':') {
            p->s += 2;
            number = -1;
        } else {
            p->bad = true;
            return;
        }
    }
    if (number == 0) {
        number = ++p->r->groups;
        if (number >= REGEX_GROUPS) {
            p->bad = true;
            return;
        }
        p->r->names[number] = name;
        emit(p, R_SAVE, 2 * number, 0);
    }
    parse_alternatives(p);
    if (*p->s != ')') p->bad = true;
    else p->s++;
    if (number > 0 && !p->bad) emit(p, R_SAVE, 2 * number + 1, 0);
}

static void parse_escape(Parser *p)
{
    char c = *p->s ? *p->s++ : 0;
    unsigned char *set = arena_alloc(p->a, 32);
    if (c && add_named(set, c)) emit_set(p, set);
    else if (c == 'b' || c == 'B') emit(p, c == 'b' ? R_WORD : R_NOT_WORD, 0, 0);
    else if (c == 'A') emit(p, R_START, 0, 0);
    else if (c == 'Z') emit(p, R_END, 1, 0);
    else if (c && escaped(c) >= 0) emit(p, R_CHAR, escaped(c), 0);
    else p->bad = true;
}

static void parse_atom(Parser *p)
{
    char c = *p->s++;
    switch (c) {
    case '.': emit(p, R_ANY, 0, 0); break;
    case '^': emit(p, R_START, 0, 0); break;
    case '$': emit(p, R_END, 0, 0); break;
    case '[': parse_class(p); break;
    case '(': parse_group(p); break;
    case '\\': parse_escape(p); break;
    case '*': case '+': case '?': p->bad = true; break;
    default: emit(p, R_CHAR, (unsigned char)c, 0); break;
    }
}

static bool digits(const char **s, int *out)
{
    if (!isdigit((unsigned char)**s)) return false;
    for (*out = 0; isdigit((unsigned char)**s) && *out < 10000; (*s)++)
        *out = *out * 10 + (**s - '0');
    return true;
}

/* How often the atom before p->s repeats; false where nothing says so. */
static bool parse_count(Parser *p, int *lo, int *hi)
{
    const char *s = p->s;
    *lo = 0;
    *hi = -1;
    if (*s == '*') s++;
    else if (*s == '+') {
        s++;
        *lo = 1;
    } else if (*s == '?') {
        s++;
        *hi = 1;
    } else if (*s == '{') {
        s++;
        bool some = digits(&s, lo);
        if (*s == ',') {
            s++;
            some |= digits(&s, hi);
        } else *hi = *lo;
        if (!some || *s++ != '}') return false;
    } else return false;
    p->s = s;
    return true;
}

static void split_to(Parser *p, int at, int one, int other, bool lazy)
{
    if (p->bad) return;
    p->r->code.at[at].x = lazy ? other : one;
    p->r->code.at[at].y = lazy ? one : other;
}

/* The atom at `from` again: its groups keep their numbers. */
static void again(Parser *p, const char *from, int groups)
{
    p->s = from;
    p->r->groups = groups;
    parse_atom(p);
}

static void parse_piece(Parser *p)
{
    const char *from = p->s;
    int start = p->r->code.len, groups = p->r->groups, lo, hi;
    parse_atom(p);
    if (p->bad || !parse_count(p, &lo, &hi)) return;
    const char *end = p->s;
    bool lazy = *end == '?';
    if (lazy) end++;
    if (lo > 200 || hi > 200 || (hi >= 0 && hi < lo)) {
        p->bad = true;
        return;
    }
    p->r->code.len = start;
    for (int i = 0; i < lo && !p->bad; i++) again(p, from, groups);
    if (hi < 0) {
        int split = emit(p, R_SPLIT, 0, 0);
        again(p, from, groups);
        emit(p, R_JUMP, split, 0);
        split_to(p, split, split + 1, p->r->code.len, lazy);
    }
    for (int i = lo; i < hi && !p->bad; i++) {
        int split = emit(p, R_SPLIT, 0, 0);
        again(p, from, groups);
        split_to(p, split, split + 1, p->r->code.len, lazy);
    }
    p->s = end;
}

static void parse_sequence(Parser *p)
{
    while (*p->s && *p->s != '|' && *p->s != ')' && !p->bad) parse_piece(p);
}

static void parse_alternatives(Parser *p)
{
    if (++p->depth > 100) p->bad = true;
    int start = p->r->code.len;
    const char *from = p->s;
    int groups = p->r->groups;
    parse_sequence(p);
    if (*p->s == '|' && !p->bad) { /* once more, behind a split */
        p->r->code.len = start;
        p->r->groups = groups;
        int split = emit(p, R_SPLIT, 0, 0);
        p->s = from;
        parse_sequence(p);
        int jump = emit(p, R_JUMP, 0, 0);
        split_to(p, split, split + 1, p->r->code.len, false);
        p->s++;
        parse_alternatives(p);
        if (!p->bad) p->r->code.at[jump].x = p->r->code.len;
    }
    p->depth--;
}

Regex *regex_compile(Arena *a, const char *pattern, bool ignore_case)
{
    Regex *r = ARENA_NEW(a, Regex);
    r->ignore_case = ignore_case;
    Parser p = {a, r, pattern, 0, false};
    parse_alternatives(&p);
    emit(&p, R_DONE, 0, 0);
    return p.bad || *p.s ? NULL : r;
}

int regex_groups(const Regex *r)
{
    return r->groups;
}

const char *regex_name(const Regex *r, int group)
{
    return r->names[group];
}

int regex_named(const Regex *r, const char *name)
{
    for (int i = 1; i <= r->groups; i++)
        if (str_eq(r->names[i], name)) return i;
    return -1;
}

/* ---- matching ---- */

typedef struct Run {
    const Regex *r;
    const char *text;
    int n, steps;
    bool whole, over;
    RegexMatch *m;
} Run;

static bool word_at(const Run *run, int i)
{
    if (i < 0 || i >= run->n) return false;
    unsigned char c = (unsigned char)run->text[i];
    return isalnum(c) || c == '_' || c >= 128;
}

static bool same(const Run *run, int want, int have)
{
    return want == have || (run->r->ignore_case && tolower(want) == tolower(have));
}

/* One step that takes no choice: the next place in the text, or -1. */
static int advance(const Run *run, const Ins *ins, int at)
{
    int c = at < run->n ? (unsigned char)run->text[at] : -1;
    switch (ins->op) {
    case R_CHAR: return c >= 0 && same(run, ins->x, c) ? at + 1 : -1;
    case R_ANY: return c >= 0 && c != '\n' ? at + 1 : -1;
    case R_CLASS: {
        bool in = c >= 0 && (ins->set[c >> 3] >> (c & 7) & 1);
        if (!in && c >= 0 && run->r->ignore_case && isalpha(c)) {
            int other = islower(c) ? toupper(c) : tolower(c);
            in = ins->set[other >> 3] >> (other & 7) & 1;
        }
        return in ? at + 1 : -1;
    }
    case R_START: return at == 0 ? at : -1;
    case R_END: return at == run->n || (!ins->x && at == run->n - 1 && c == '\n') ? at : -1;
    case R_WORD: return word_at(run, at - 1) != word_at(run, at) ? at : -1;
    case R_NOT_WORD: return word_at(run, at - 1) == word_at(run, at) ? at : -1;
    default: return at;
    }
}

static bool run_from(Run *run, int pc, int at, int depth)
{
    for (;;) {
        if (++run->steps > STEPS_MAX || depth > DEPTH_MAX) {
            run->over = true;
            return false;
        }
        const Ins *ins = &run->r->code.at[pc];
        if (ins->op == R_DONE) {
            if (run->whole && at != run->n) return false;
            run->m->at[1] = at;
            return true;
        }
        if (ins->op == R_JUMP) {
            pc = ins->x;
        } else if (ins->op == R_SPLIT) {
            if (run_from(run, ins->x, at, depth + 1)) return true;
            if (run->over) return false;
            pc = ins->y;
        } else if (ins->op == R_SAVE) {
            int had = run->m->at[ins->x];
            run->m->at[ins->x] = at;
            if (run_from(run, pc + 1, at, depth + 1)) return true;
            run->m->at[ins->x] = had;
            return false;
        } else {
            at = advance(run, ins, at);
            if (at < 0) return false;
            pc++;
        }
    }
}

int regex_match(const Regex *r, const char *text, int n, int from, bool whole, RegexMatch *m)
{
    Run run = {r, text, n, 0, whole, false, m};
    for (int i = 0; i < 2 * REGEX_GROUPS; i++) m->at[i] = -1;
    m->at[0] = from;
    bool found = run_from(&run, 0, from, 0);
    return run.over ? -1 : found;
}
