# ---------------------------------------------------------------------------------------------- one side, as a process

class Side:
    """Obeys commands of `Peer.ask` below: one JSON object a line in, one out."""

    def __init__(self, job, which):
        self.job, self.which = job, which
        # another seed for the port, so that weights which nobody moves do not agree by chance
        spec = dict(job[which], seed=job.get("seed", 0) + (which == "port"), form=job.get("form"))
        self.framework = (Torch if spec["framework"] == "pytorch" else Keras)(spec)
        self.counted = {}                           # by framework: layers that go by their order
        self.names = [i.get("port_name", i["name"]) if which == "port" else i["name"] for i in job["inputs"]]

    def inputs(self, path):
        """The list of calls in a file of inputs; a call is the list of its arrays."""
        with np.load(path) as f:
            calls = int(f["calls"])
            return [[f[f"{self.which}.{i}.{c}"] for i in range(len(self.names))] for c in range(calls)]

    def call(self, arrays, framework=None):
        return (framework or self.framework).call(self.names, arrays)

    def build(self, inputs):
        """Builds the network and finds out how it behaves: is it repeatable, may trials be joined along axis 0?"""
        self.framework.build()
        one, other = self.inputs(inputs)
        first = self.call(one)
        started = time.monotonic()
        again = self.call(one)
        seconds = time.monotonic() - started
        if not all(is_near(a, b) for a, b in zip(first, again)):
            first, again = again, self.call(one)    # the first call of a Keras network builds it, which may draw numbers
        joined = False
        try:
            if seconds > 5:
                raise TimeoutError
            both = self.call([np.concatenate(pair) for pair in zip(one, other)])
            apart = [np.concatenate(pair) for pair in zip(first, self.call(other))]
            joined = all(is_near(a, b) for a, b in zip(both, apart))
        except Exception:       # slow, or a batch size that is written into the network: trials run one by one
            pass
        return {"version": self.framework.version, "seconds": seconds, "joined": joined,
                "repeatable": all(is_near(a, b) for a, b in zip(first, again)),
                "outputs": [list(a.shape) for a in first], "draws": CHANCE.draws,
                "absent": self.framework.spec.get("absent", [])}

    # ---- weights

    def resolve(self, framework, pair):
        path = self.path_of(pair)
        if framework not in self.counted:
            self.counted[framework] = counted_layers(framework.root, [self.path_of(p) for p in self.job["pairs"]])
        layer = self.counted[framework].get(path)
        return resolve(framework.root, framework.names, path) if layer is None else layer

    def path_of(self, pair):
        return (pair.get("path") or pair["source"]) if self.which == "source" else pair["target"]

    def all_units(self):
        """Units by pair, and what is wrong with the pairs whose layer is not there."""
        found, lost = {}, {}
        for i, pair in enumerate(self.job["pairs"]):
            try:
                obj = self.resolve(self.framework, pair)
                if pair.get("rule") not in (None, "", "none"):
                    found[i] = [u for u in self.framework.units(obj) if u.slots]
            except Mismatch as e:
                lost[i] = str(e)
        return found, lost

    def covered(self, units):
        """The variables that some pair moves, by identity."""
        found = set()
        for unit in (u for group in units.values() for u in group):
            owner = unit.owner
            whole = owner.parameters() if hasattr(owner, "parameters") else getattr(owner, "weights", [])
            found.update(id(v) for v in [s.variable for s in unit.slots.values()] +
                         (list(whole) if unit.kind != "own" else []))
        return found

    def uncovered(self, units):
        covered = self.covered(units)
        return [name for name, v in self.framework.variables() if id(v) not in covered]

    def leftovers(self):
        """Layers and variables that no pair names: how many numbers each of their units' weights holds, by path."""
        units, _ = self.all_units()
        covered, found = self.covered(units), {}
        for path, obj in self.framework.bearers():
            mine = self.framework.units(obj)
            if mine and not covered & self.covered({0: mine}):
                found[path] = [sum(int(np.prod(s.variable.shape)) for n, s in u.slots.items() if "weight" in n)
                               for u in mine]
        return {"leftovers": found}

    def extend(self, pairs):
        self.job["pairs"] += pairs
        return {}

    def prepare(self, inputs, out, weights):
        """Draws the source's weights, and writes them for the port."""
        fw = self.framework
        units, lost = self.all_units()
        rng = np.random.default_rng(self.job.get("seed", 0))
        if weights == "drawn":
            for group in units.values():
                for unit in group:
                    unit.set(fw.read, fw.write, draw(unit, unit.get(fw.read), rng))
            self.fit(units, self.inputs(inputs), rng)
        arrays = {f"{i}.{j}.{name}": a for i, group in units.items() for j, unit in enumerate(group)
                  for name, a in unit.get(fw.read).items()}
        np.savez(out, **arrays)
        return {"lost": lost, "uncovered": self.uncovered(units)}

    def fit(self, units, calls, rng):
        """One run in which each BatchNorm, as it is reached, takes its statistics from what arrives."""
        fw, undo, done = self.framework, [], set()

        def fitting(unit):
            def before(inputs):
                if id(unit.owner) not in done:
                    done.add(id(unit.owner))
                    fit_batchnorm(self.framework, unit, fw.read(flat(inputs)[0]), rng)
            return before
        for group in units.values():
            undo += [fw.watch(u.owner, fitting(u), None) for u in group if u.kind == "batchnorm"]
        for arrays in calls:
            self.call(arrays)
        for u in undo:
            u()

    def load(self, path):
        """Gives the port the source's weights. Returns what did not fit, by pair."""
        fw = self.framework
        units, lost = self.all_units()
        idle = {}
        with np.load(path) as f:
            arrays = {k: f[k] for k in f.files}
        for i, group in units.items():
            given = [{k.split(".", 2)[2]: a for k, a in arrays.items() if k.startswith(f"{i}.{j}.")}
                     for j in range(1 + max([int(k.split(".")[1]) for k in arrays if k.startswith(f"{i}.")],
                                            default=-1))]
            try:
                if given and not group:                 # it has none yet: nothing called it
                    idle[i] = f"the source holds {len(given)} sets of weights here, the port 0"
                    continue
                if len(given) != len(group):
                    raise Mismatch(f"the source holds {len(given)} sets of weights here, the port {len(group)}")
                for unit, d in zip(group, given):
                    unit.set(fw.read, fw.write, d)
            except Mismatch as e:
                lost[i] = str(e)
        return {"idle": idle, "lost": lost, "uncovered": self.uncovered(units)}

    # ---- runs

    def watched(self, framework, after):
        """Watches every pair's layer: after(pair, layer, inputs, output, shown). Returns what undoes it, by pair."""
        undo = {}
        for i, pair in enumerate(self.job["pairs"]):
            with contextlib.suppress(Mismatch):
                obj = self.resolve(framework, pair)
                while isinstance(obj, (tuple, list)) and obj and not isinstance(obj, Itself):
                    obj = obj[-1]       # several layers that are one on the other side: the last has its output
                if framework.callable(obj) and obj is not framework.root:
                    undo[i] = framework.watch(obj, None, lambda x, y, z, i=i, o=obj: after(i, o, x, y, z))
        return undo

    def run(self, inputs, out, record=False, double=False):
        calls = self.inputs(inputs)
        if not double:
            return self.run_with(self.framework, calls, out, record)
        calls = [[a.astype(np.float64) if a.dtype.kind == "f" else a for a in c] for c in calls]
        with self.framework.float64(self.names, calls[0]) as fw:
            return self.run_with(fw, calls, out, record)

    def run_with(self, framework, calls, out, record):
        arrays, order, counts = {}, [], {}

        def after(i, layer, inputs, output, shown):
            call = counts[i] = counts.get(i, -1) + 1
            if call < CALLS:
                order.append([i, call])
                for part, a in framework.recorded(layer, inputs, shown).items():
                    arrays[f"layer.{i}.{call}.{part}"] = a
        undo = self.watched(framework, after) if record else {}
        try:
            for c, call in enumerate(calls):
                for o, a in enumerate(self.call(call, framework)):
                    arrays[f"output.{o}.{c}"] = a
        finally:
            unwatch(undo)
        np.savez(out, **arrays)
        return {"order": order, "watched": list(undo)}

    def disturb(self, inputs, limit):
        """How far the outputs move, relative to their size and at most, when one layer's output is disturbed."""
        fw, deadline = self.framework, time.monotonic() + limit
        arrays = self.inputs(inputs)[0]
        plain, moves, target = self.call(arrays), {}, [None]
        rng = np.random.default_rng(1)

        def after(i, layer, x, output, shown):
            return mapped(output, lambda t: fw.disturbed(t, rng)) if i == target[0] else None
        undo = self.watched(fw, after)
        for i in range(len(self.job["pairs"])):
            if time.monotonic() > deadline:
                break
            target[0] = i
            try:
                moved = self.call(arrays)
            except Exception:           # the network checks its own numbers: it does not let the layer be off
                moves[i] = [1.0, [largest(a, 2 * a) for a in plain]]
                continue
            moves[i] = [max(rms(a - b) / (rms(b) or 1.0) for a, b in zip(moved, plain)),
                        [largest(a, b) for a, b in zip(moved, plain)]]
        unwatch(undo)
        return {"moves": moves}

    def estimate(self, inputs, out):
        """Where float64 cannot run: the source again, its weights and inputs each off by one rounding."""
        fw, rng = self.framework, np.random.default_rng(2)
        units, _ = self.all_units()

        def nudge(a):
            if a.dtype.kind != "f":
                return a
            return (a * (1 + 1.2e-7 * rng.choice([-1, 1], a.shape))).astype(a.dtype)
        kept = [(u, u.get(fw.read)) for group in units.values() for u in group]
        for u, arrays in kept:
            u.set(fw.read, fw.write, {n: nudge(a) for n, a in arrays.items()})
        calls = [[nudge(a) for a in c] for c in self.inputs(inputs)]
        answer = self.run_with(fw, calls, out, True)
        for u, arrays in kept:
            u.set(fw.read, fw.write, arrays)
        return answer


def unwatch(undo):
    for u in reversed(list(undo.values())):     # a shared layer may be watched twice
        u()


def describe(error, path):
    """An exception, with the last line of the user's file that it came through."""
    lines = [f"{os.path.basename(path)}:{f.lineno}" for f in traceback.extract_tb(error.__traceback__)
             if f.filename == path]
    text = " ".join(str(error).split())
    text = text if len(text) < 600 else text[:600] + " ..."
    return f"{type(error).__name__}: {text}" + (f" ({lines[-1]})" if lines else "")


def end_with_parent():
    """A side that is stuck in the user's code would outlive a comparison that was killed."""
    parent = os.getppid()

    def watch():
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)
    threading.Thread(target=watch, daemon=True).start()


def serve(job, which):
    end_with_parent()
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)                       # what the user's file prints is not an answer
    spec, side = job[which], None
    sys.argv = [spec["path"]]
    for line in sys.stdin:
        command = json.loads(line)
        verb = command.pop("do")
        try:
            if side is None:
                side = Side(job, which)             # imports the framework, before the user's folder can shadow a name
                sys.path.insert(0, os.path.dirname(os.path.abspath(spec["path"])))
            answer = dict(getattr(side, verb)(**command), ok=True)
        except ModuleNotFoundError as e:
            traceback.print_exc()
            answer = {"ok": False, "kind": "missing", "module": e.name, "text": describe(e, spec["path"])}
        except Failure as e:
            answer = {"ok": False, "kind": "failure", "text": str(e)}
        except BaseException as e:      # the user's code may raise anything, SystemExit included
            traceback.print_exc()
            answer = {"ok": False, "kind": "exception", "text": describe(e, spec["path"])}
        print(json.dumps(answer), file=answers, flush=True)
