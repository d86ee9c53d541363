"""The dialect tables against the frameworks that are installed: names, parameters, their order, their defaults.

A row may ask for less than the framework takes (another row with the same name has the rest), so it is checked
that what it says is right, and that all rows with one name together leave no parameter of the framework out.
Signatures come from inspect; for what PyTorch writes in C++ from the schemas of its operators and from docstrings.
Rows of Keras 2 are held against tf-keras. What cannot be looked up is listed in UNCHECKED.
"""
import ast
import importlib
import inspect
import json
import pathlib
import re

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
FRAMEWORKS = ("pytorch", "tensorflow")

# Parameters whose default in the table is what the framework's own default means.
MEANT = {
    ("tensorflow.nn.softmax", "axis"), ("tensorflow.nn.log_softmax", "axis"),
    ("tensorflow.math.softmax", "axis"), ("tensorflow.math.log_softmax", "axis"),
    ("tensorflow.argmax", "axis"), ("tensorflow.math.argmax", "axis"),
    ("tensorflow.argmin", "axis"), ("tensorflow.math.argmin", "axis"),
    ("tensorflow.gather", "axis"),
    ("tensorflow.zeros", "dtype"), ("tensorflow.ones", "dtype"),
    ("keras.ops.arange", "step"), ("torch.topk", "dim"), ("topk", "dim"), ("torch.randint", "dtype"),
    ("torch.nn.functional.grid_sample", "align_corners"), ("torch.nn.functional.affine_grid", "align_corners"),
}
# Words of a dialect whose callables nobody has installed, or that take anything.
UNCHECKED = re.compile(
    r"keras\.layers\.CuDNN|tensorflow\.compat\.v1\.keras|keras\.optimizers\.legacy|keras\.models\.Model$|keras\.Model$"
    r"|keras\.Functional|keras\.models\.Functional|keras\.models\.functional|torch\.nn\.(RNN|LSTM|GRU)$"
    r"|keras\.layers\.experimental|^to$|torch\.meshgrid$|^einops\.|^timm\.|keras\.layers\.Random"
)
# Keywords that hide behind **kwargs, or that only the Python side of an operator takes.
KEYWORDS = {
    "name", "input_length", "implementation", "fused", "virtual_batch_size", "adjustment", "renorm", "renorm_clipping",
    "renorm_momentum", "decay", "lr", "normalize", "optimize", "trainable", "layers", "batch_input_shape", "out",
    "requires_grad", "pin_memory", "generator", "memory_format", "output_size", "synchronized", "clipnorm", "clipvalue",
    "stable", "indexing",
}
MISSING = object()


def rows(framework):
    table = json.loads((ROOT / "templates" / framework / "dialect.json").read_text())
    for i, row in enumerate(table["rows"]):
        if row["form"] != "string" and not row.get("note", "").startswith("the words of Keras 1"):
            yield i, row, table


def split(text):
    out, depth, quote, cur = [], 0, None, ""
    for c in text:
        if quote:
            quote = None if c == quote else quote
        elif c in "'\"":
            quote = c
        elif c in "([":
            depth += 1
        elif c in ")]":
            depth -= 1
        elif c == "," and depth == 0:
            out.append(cur.strip())
            cur = ""
            continue
        cur += c
    return out + [cur.strip()] if cur.strip() else out


def parameters(row):
    """(name, keyword only, default or None, role) of each parameter; *rest has its star."""
    keyword = False
    for part in split(row.get("params", "")):
        if part == "*":
            keyword = True
            continue
        m = re.match(r"(\*?\w+)\s*(?:=\s*((?:'[^']*'|\"[^\"]*\"|\([^>]*?\)|\[[^>]*?\]|[^>])+?))?\s*(>.*)?$", part)
        yield m.group(1), keyword, m.group(2), m.group(3) or ""
        if part.startswith("*"):
            keyword = True


def resolve(dotted, row):
    if row["form"] == "method":
        import torch

        return getattr(torch.Tensor, dotted, MISSING)
    if dotted.startswith("keras.") and row.get("keras") == 2:
        dotted = "tf_" + dotted
    first, *rest = dotted.split(".")
    try:
        value = importlib.import_module(first)
    except ImportError:
        return MISSING
    for part in rest:
        value = getattr(value, part, MISSING)
        if value is MISSING:
            return MISSING
    return value


def documented(value, name):
    """Signatures in a docstring: max(input, dim, keepdim=False, *, out=None)."""
    found = []
    text = re.sub(r",\s*\n\s*", ", ", inspect.getdoc(value) or "")
    for line in text.splitlines():
        m = re.match(r"\s*(?:\.\. (?:function|method):: *)?%s\(([^)]*(?:\([^)]*\)[^)]*)*)\)" % re.escape(name.rstrip("_")), line)
        if not m and name.endswith("_"):
            m = re.match(r"\s*(?:\.\. (?:function|method):: *)?%s\(([^)]*)\)" % re.escape(name), line)
        if not m:
            continue
        source = m.group(1).replace("\\", "")
        source = re.sub(r"(\w+) ?: ?[\w\[\], ]*?(?=[,=]|$)", r"\1", source)
        try:
            args = ast.parse(f"def f({source}): pass").body[0].args
        except SyntaxError:
            try: # torch.zeros(*size, *, out=None): the second star says nothing
                args = ast.parse(f"def f({source.replace(', *,', ',')}): pass").body[0].args
            except SyntaxError:
                continue
        found.append(from_ast(args))
    return found


def from_ast(args):
    out = []
    need = len(args.args) - len(args.defaults)
    for i, a in enumerate(args.args):
        out.append((a.arg, False, ast.unparse(args.defaults[i - need]) if i >= need else None))
    if args.vararg:
        out.append(("*" + args.vararg.arg, False, None))
    for a, d in zip(args.kwonlyargs, args.kw_defaults):
        out.append((a.arg, True, ast.unparse(d) if d is not None else None))
    return out


def schemas(name):
    """The overloads of an operator of PyTorch."""
    import torch

    out = []
    for schema in torch._C._jit_get_schemas_for_operator("aten::" + name) + \
            torch._C._jit_get_schemas_for_operator("aten::linalg_" + name):
        args = []
        for a in schema.arguments:
            default = spell(a.default_value) if a.has_default_value() else None
            args.append((a.name, a.kwarg_only, default))
        out.append(args)
    return out


def signatures(value, name, dotted=""):
    try:
        sig = inspect.signature(value)
    except (ValueError, TypeError):
        torch_own = dotted.startswith("torch.") or "." not in dotted
        return documented(value, name) + (schemas(name) if torch_own else [])
    out = []
    for p in sig.parameters.values():
        if p.kind is p.VAR_KEYWORD:
            continue
        star = "*" if p.kind is p.VAR_POSITIONAL else ""
        default = None if p.default is p.empty else spell(p.default)
        out.append((star + p.name, p.kind is p.KEYWORD_ONLY, default))
    return [out] if any(not n.startswith("*") for n, _, _ in out) or not out else documented(value, name) or [out]


def spell(value):
    if value == [] or value == ():
        return "None"
    if type(value).__name__ == "DType":
        return "tensorflow." + value.name
    return repr(value)


def same(x, y):
    x, y = ("None" if v in ("()", "[]") else v for v in (x, y)) # no axes named: all
    try:
        return ast.literal_eval(x) == ast.literal_eval(y)
    except (ValueError, SyntaxError):
        return x == y


def complaints(row, name, sig, others):
    """What the row says that this signature does not. A parameter that another overload goes without may be left out."""
    bad = []
    own = list(parameters(row))
    if row["form"] == "method":
        own, sig = own[1:], [s for s in sig if s[0] != "self"]
    elif sig and sig[0][0] == "self" and own: # an operator's first operand has another name in Python
        sig = [(own[0][0], *sig[0][1:])] + sig[1:]
    loose = [p[0].lstrip("*") for p in own if p[0].startswith("*")]
    sig = [("*" + s[0] if s[0] in loose else s[0], *s[1:]) for s in sig]
    names = [s[0] for s in sig]
    positional = [p[0] for p in own if not p[1] and p[0] not in KEYWORDS]
    theirs = [n for n, keyword, _ in sig if not keyword and n not in KEYWORDS]
    for p, keyword, default, role in own:
        if p not in names:
            if p not in KEYWORDS:
                bad.append(f"no parameter {p}")
            continue
        _, their_keyword, their_default = next(s for s in sig if s[0] == p)
        if their_keyword and not keyword and p not in KEYWORDS:
            bad.append(f"{p} is keyword-only")
        if default is not None and (name, p) not in MEANT and role != ">-":
            if their_default is None and any(all(p != o[0] for o in other) for other in others):
                continue
            if their_default is None or not same(default, their_default):
                bad.append(f"{p}={default}, and the framework has {their_default}")
    if "lr" in (p[0] for p in own) or "adaptive_epsilon" in theirs: # the older optimizers of Keras 2
        return bad
    if not bad and positional != theirs[: len(positional)]:
        bad.append(f"order {positional}, and the framework has {theirs}")
    return bad


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_rows_say_what_the_framework_takes(framework):
    wrong, unknown, checked = [], [], 0
    for i, row, _ in rows(framework):
        names = row["names"] if row["form"] != "method" else [n for n in row["names"] if not n.endswith("_")]
        for k, name in enumerate(names):
            if UNCHECKED.search(name):
                continue
            value = resolve(name, row)
            if value is MISSING:
                older = k > 0 and resolve(name, {"form": "function", "keras": 2}) is not MISSING
                if not row.get("keras") and not older:
                    unknown.append(f"rows[{i}] {name}: there is no such callable")
                continue
            found = signatures(value, name.split(".")[-1])
            if not found or row["form"] == "method" and k > 0:
                continue
            checked += 1
            tries = [complaints(row, name, sig, found) for sig in found]
            if all(tries) and (k == 0 or row["form"] == "layer"):
                wrong.append(f"rows[{i}] {name}: {min(tries, key=len)}")
    assert not wrong + unknown, "\n".join(wrong + unknown)
    assert checked > 300


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_no_parameter_is_left_out(framework):
    said = {}
    for _, row, table in rows(framework):
        for name in row["names"]:
            if row["form"] == "method" or row.get("keras") == 2:
                continue
            every = table.get("every", {}).get(row["form"], "") if name not in table.get("exempt", ()) else ""
            own = said.setdefault(name, set())
            own.update(p[0] for p in parameters(row))
            own.update(p[0] for p in parameters({"params": every}))
    missing = []
    for name, own in said.items():
        value = resolve(name, {"form": "function"})
        if UNCHECKED.search(name) or value is MISSING:
            continue
        try:
            sig = inspect.signature(value)
        except (ValueError, TypeError):
            continue
        for p in sig.parameters.values():
            if p.kind in (p.VAR_KEYWORD, p.VAR_POSITIONAL):
                continue
            if p.name not in own:
                missing.append(f"{name}: {p.name}")
    assert not missing, "\n".join(missing)


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_positional_arguments_are_positional(framework):
    for i, row, _ in rows(framework):
        own = list(parameters(row))
        for p in own[: row.get("positional", 0)]:
            assert not p[1], f"rows[{i}] {row['names'][0]}: {p[0]} is written by position and is keyword-only"
        assert row.get("positional", 0) <= len(own), f"rows[{i}] {row['names'][0]}"


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_dtypes_and_bases_exist(framework):
    table = json.loads((ROOT / "templates" / framework / "dialect.json").read_text())
    for dotted in table["module_bases"] + list(table["dtypes"]) + table["lazy"]:
        if "." in dotted and dotted.split(".")[0] in ("torch", "tensorflow", "keras"):
            if dotted in ("keras.Functional", "keras.models.Functional"):
                continue
            assert resolve(dotted, {"form": "function"}) is not MISSING, dotted
