/* Which statements of a file build its network. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "verify/request.h"

/* The slice for root has exactly the statements of the text whose lines end in "#". */
static void check(const char *root, const char *text)
{
    Arena *a = arena_new();
    DiagList diags = {.arena = a};
    Module *m = python_parse(a, "x.py", text, (int)strlen(text), &diags);
    int n, marked = 0;
    Span *spans = request_slice(a, m, root, &n);
    for (const char *p = text; (p = strstr(p, "  #")); p++) marked++;
    for (int i = 0; i < n; i++) {
        const char *end = text + spans[i].end;
        if (strncmp(end, "  #", 3) != 0)
            fail_msg("%s takes \"%.*s\"", root, spans[i].end - spans[i].start, text + spans[i].start);
    }
    if (n != marked) fail_msg("%s: %d statements, not %d", root, n, marked);
    arena_free(a);
}

static void a_class_and_what_it_reads(void **state)
{
    (void)state;
    check("Net(width=8)", "from torch import nn  #\n"
                          "import os, sys\n"
                          "WIDTH = 4  #\n"
                          "EPOCHS = 3\n"
                          "def block(n):\n    return nn.Linear(n, WIDTH)  #\n"
                          "class Net(nn.Module):\n    def __init__(self, width):\n        self.a = block(width)  #\n"
                          "data = load(EPOCHS)\n"
                          "def train(): Net(EPOCHS).fit(data)\n"
                          "if __name__ == '__main__':\n    train()\n");
}

static void a_module_level_model(void **state)
{
    (void)state;
    check("model", "import keras  #\n"
                   "from keras import layers  #\n"
                   "images = load()\n"
                   "model = keras.Sequential()  #\n"
                   "model.add(layers.Dense(3))  #\n"
                   "for n in (4, 5):\n    model.add(layers.Dense(n))  #\n"
                   "model.compile(loss='mse')\n"
                   "model.fit(images)\n"
                   "model.summary()\n");
}

static void under_the_main_guard(void **state)
{
    (void)state;
    check("model", "from torch import nn  #\n"
                   "if __name__ == '__main__':\n"
                   "    size = 3  #\n"
                   "    model = nn.Linear(size, size)  #\n"
                   "    print(model)\n");
}

static void locals_need_nothing_outside(void **state)
{
    (void)state;
    check("Net()", "x = expensive()\n"
                   "y = expensive()\n"
                   "z = 1  #\n"
                   "class Net:\n    def forward(self, x):\n        y = [x for _ in x]\n        return y, z  #\n");
}

static void functional_chain(void **state)
{
    (void)state;
    check("model", "from keras import Input, Model, layers  #\n"
                   "inputs = Input((4,))  #\n"
                   "x = layers.Dense(3)(inputs)  #\n"
                   "x = layers.Dense(2)(x)  #\n"
                   "model = Model(inputs, x)  #\n"
                   "model.compile()\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_class_and_what_it_reads), cmocka_unit_test(a_module_level_model),
        cmocka_unit_test(under_the_main_guard),      cmocka_unit_test(locals_need_nothing_outside),
        cmocka_unit_test(functional_chain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
