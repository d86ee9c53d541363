# ---------------------------------------------------------------------------------------------- the comparison

def say(event, **fields):
    def plain(v):
        if isinstance(v, dict):
            return {str(k): plain(x) for k, x in v.items()}
        if isinstance(v, (list, tuple)):
            return [plain(x) for x in v]
        if isinstance(v, float) and not np.isfinite(v):
            return None if v != v else (1e308 if v > 0 else -1e308)
        return v
    print(json.dumps(plain(dict(fields, event=event))), flush=True)


def flatten_order(pair, source):
    """attrs C, H, W: the dense layer after a flatten whose order differs, as sizes of the source's flattened axes and
    the order in which the port flattens them."""
    attrs = pair.get("attrs") or {}
    attrs = attrs.get("flatten") or attrs
    spatial = [attrs[k] for k in ("D", "H", "W", "L", "T") if k in attrs]
    if "C" not in attrs or not spatial:
        return None
    n = len(spatial)
    if source == "pytorch":
        return [attrs["C"]] + spatial, [*range(1, n + 1), 0]
    return spatial + [attrs["C"]], [n, *range(n)]


def adapt(job, arrays):
    """Source's arrays as the port wants them, where that depends on the place and not only on the layer."""
    same = job["source"]["framework"] == job["port"]["framework"]
    for key in list(arrays):
        i, _, name = key.split(".", 2)
        pair, a = job["pairs"][int(i)], arrays[key]
        perm, attrs = pair.get("out_perm"), pair.get("attrs") or {}
        order = None if same else flatten_order(pair, job["source"]["framework"])
        if order and name == "weight" and a.ndim == 2:
            sizes, axes = order
            if a.shape[1] % int(np.prod(sizes)) == 0:
                b = a.reshape(a.shape[0], *sizes, -1)
                arrays[key] = b.transpose(0, *[x + 1 for x in axes], b.ndim - 1).reshape(a.shape)
        elif attrs.get("perm") and len(attrs["perm"]) == a.ndim:
            arrays[key] = a.transpose(attrs["perm"])
        elif perm and a.ndim > 1 and pair.get("rule") in ("layernorm", "prelu") and len(perm) > a.ndim:
            first = len(perm) - a.ndim              # the weight spans the last axes of the source
            arrays[key] = a.transpose([x - first for x in perm if x >= first])
    return arrays


def plain_path(path):
    """Without what a port adds to a name that the other framework keeps for itself: layers_, module_list."""
    return ".".join(RENAMED.get(part, part).rstrip("_") for part in path.split("."))


def renamed_parts(pairs):
    """What attributes of the port are called in the source, as the paths of paired layers tell."""
    was = {}
    for pair in pairs:
        source, target = (pair[k].replace("[", ".").replace("]", "").split(".") for k in ("source", "target"))
        if len(source) == len(target):
            was.update({t: s for s, t in zip(source, target) if s != t})
    return was


def paired_by_order(source, target):
    """Where both sides have the same weights left, under the same last names and of the same sizes, in the same order."""
    ends = [[(path.split(".")[-1], size) for path, size in side.items()] for side in (source, target)]
    if ends[0] != ends[1]:
        return []
    return [{"source": s, "target": t, "rule": "name", "kind": "by order", "attrs": {}} for s, t in zip(source, target)]


class Comparison:
    def __init__(self, job, folder, path):
        self.job, self.folder = job, folder
        self.timeout = job.get("timeout") or TIMEOUT
        self.tolerance = job.get("tolerance") or TOLERANCE
        self.rng = np.random.default_rng(job.get("seed", 0))
        self.pairs = job["pairs"]
        self.notes, self.mismatches, self.uncovered = [], {}, {}
        self.source, self.port = (Peer(job, w, path, folder, self.timeout) for w in ("source", "port"))
        self.gaps = []

    def file(self, name):
        return os.path.join(self.folder, name + ".npz")

    def progress(self, done, total, text):
        say("progress", done=done, total=total, text=text)

    def both(self, verb, source, port):
        self.source.begin(verb, **source)
        self.port.begin(verb, **port)
        return self.source.end(), self.port.end()

    # ---- inputs

    def trial(self):
        arrays = []
        for i in self.job["inputs"]:
            shape, dtype = i["shape"], i.get("dtype", "float32")
            if dtype == "bool":
                a = self.rng.random(shape) < 0.8
            elif "int" in dtype:
                a = self.rng.integers(0, max(1, i.get("high") or 10), shape)
            else:
                a = self.rng.standard_normal(shape)
            arrays.append(a.astype(dtype))
        return arrays

    def write_inputs(self, name, trials, joined):
        """A file of calls: one for each trial, or all in one where the batch axis is free."""
        calls = [[np.concatenate(parts) for parts in zip(*trials)]] if joined else trials
        arrays = {"calls": np.array(len(calls))}
        for c, call in enumerate(calls):
            for i, a in enumerate(call):
                perm = self.job["inputs"][i].get("port_perm")
                arrays[f"source.{i}.{c}"] = a
                arrays[f"port.{i}.{c}"] = a if perm is None else np.ascontiguousarray(a.transpose(perm))
        np.savez(self.file(name), **arrays)
        return self.file(name)

    # ---- steps

    def build(self):
        inputs = self.write_inputs("first", [self.trial(), self.trial()], False)
        s, p = self.both("build", {"inputs": inputs}, {"inputs": inputs})
        for side, answer in (("source", s), ("port", p)):
            if not answer["repeatable"]:
                raise Failure(f"the {side} is random: the same input twice gives different outputs even at inference, "
                              "so there is nothing to compare (dropout that ignores eval mode?)")
        if len(s["outputs"]) != len(p["outputs"]):
            raise Mismatch(f"the source has {len(s['outputs'])} outputs, the port {len(p['outputs'])}")
        self.versions = {"source": s["version"], "port": p["version"]}
        self.joined = s["joined"] and p["joined"]
        absent = sorted(set(s["absent"]) | set(p["absent"]))
        if absent:
            self.notes.append(f"not installed, and not needed to build and call the network: {', '.join(absent)}")
        if s["draws"] or p["draws"]:
            self.notes.append("the network draws random numbers: both sides were given the same ones")
        self.seconds = max(s["seconds"], p["seconds"])

    def plan(self):
        """How many trials, in calls of how many."""
        asked = self.job.get("trials") or TRIALS
        self.trials = asked
        if not self.job.get("trials") and self.seconds * asked > SECONDS:
            self.trials = max(3, int(SECONDS / self.seconds))
            self.notes.append(f"{self.trials} trials instead of {asked}: one takes {self.seconds:.1f} s")
        size = sum(int(np.prod(i["shape"])) for i in self.job["inputs"])
        self.chunk = max(1, min(20, self.trials, int(2e6 // max(1, size)))) if self.joined else min(5, self.trials)

    def pair_by_name(self):
        """What the job does not pair is paired by its path, where it has as many weights on both sides."""
        s, p = self.both("leftovers", {}, {})
        s, p = s["leftovers"], p["leftovers"]
        was = renamed_parts(self.pairs)
        theirs = {".".join(was.get(part, part) for part in path.split(".")): path for path in p}
        extra = [{"source": path, "target": theirs[path], "rule": "name", "kind": "by name", "attrs": {}}
                 for path in s if s[path] == p.get(theirs.get(path))]
        extra += paired_by_order({path: s[path] for path in s if path not in {e["source"] for e in extra}},
                                 {path: p[path] for path in p if path not in {e["target"] for e in extra}})
        if extra:
            self.both("extend", {"pairs": extra}, {"pairs": extra})
            self.pairs += extra
            shown = ", ".join(e["source"] for e in extra[:5]) + (" ..." if len(extra) > 5 else "")
            self.notes.append(f"paired by name: {shown}")

    def move_weights(self):
        inputs = self.write_inputs("fit", [self.trial() for _ in range(8 if self.joined else 1)], self.joined)
        drawn = self.job.get("weights", "drawn")
        answer = self.source.ask("prepare", inputs=inputs, out=self.file("drawn"), weights=drawn)
        with np.load(self.file("drawn")) as f:
            np.savez(self.file("weights"), **adapt(self.job, {k: f[k] for k in f.files}))
        taken = self.port.ask("load", path=self.file("weights"))
        self.uncovered = {"source": answer["uncovered"], "port": taken["uncovered"]}
        self.mismatches = {int(i): t for i, t in {**taken["lost"], **answer["lost"]}.items()}
        self.idle = {int(i): t for i, t in taken["idle"].items()}

    def forgive_idle(self, called):
        """Layers without weights in the port are none of the network where the source never calls them either."""
        self.mismatches = {i: t for i, t in self.idle.items() if i in called}
        idle = [self.pairs[i]["source"] for i in self.idle if i not in called]
        if idle:
            self.notes.append("never called, and so without weights in the port: " + ", ".join(idle[:5]))

    def refuse(self):
        if self.mismatches:
            i = min(self.mismatches)
            raise Mismatch(f"the weights of {self.place(i)} cannot move: {self.mismatches[i]}")

    def compare_layers(self):
        """One small run on both sides, every pair recorded; and the source's own rounding."""
        inputs = self.write_inputs("layers", [self.trial()], False)
        s, p = self.both("run", {"inputs": inputs, "out": self.file("s"), "record": True},
                         {"inputs": inputs, "out": self.file("p"), "record": True})
        self.forgive_idle({i for i, _ in s["order"]})
        self.refuse()
        self.measure_rounding(inputs, "exact", True)
        self.unreached = sorted({i for side in (s, p) for i in set(side["watched"]) - {i for i, _ in side["order"]}})
        with np.load(self.file("s")) as fs, np.load(self.file("p")) as fp, np.load(self.file("exact")) as fe:
            self.layers = [self.compare_layer(i, call, fs, fp, fe) for i, call in s["order"]]
        self.layers = [layer for layer in self.layers if layer]

    def measure_rounding(self, inputs, name, record):
        try:
            if not self.estimated:
                self.source.ask("run", inputs=inputs, out=self.file(name), record=record, double=True)
        except Failure as e:
            if self.source.process.poll() is not None:
                raise
            self.estimated = True
            self.notes.append(f"the source does not run in float64 ({e}); its rounding is estimated by "
                              "nudging inputs and weights in the last place")
        if self.estimated:
            self.source.ask("estimate", inputs=inputs, out=self.file(name))
    estimated = False

    def compare_layer(self, i, call, fs, fp, fe):
        pair, guesses = self.pairs[i], layout_guesses(self.job["source"]["framework"] == self.job["port"]["framework"])
        key = f"layer.{i}.{call}."
        part = next((k for k in ("seq", "last", "out") if key + k in fs and key + k in fp), None)
        s, p = (fs[key + part], fp[key + part]) if part else (None, None)
        if part is None:                            # a sequence on one side, its last step on the other
            s, p = ends(fs, key), ends(fp, key)
            if s is None or p is None:
                return None
        perm = pair.get("out_perm") if part == "out" else None
        layer = {"pair": i, "call": call, "certain": part != "out" or perm is not None or s.ndim <= 2}
        moved = arranged(s, p, perm, guesses)
        if moved.shape != p.shape:
            return dict(layer, gap=None, shapes=[list(s.shape), list(p.shape)], certain=False)
        gap, exact = Gap(), fe[key + part] if part and key + part in fe else None
        gap.add(moved, p, None if exact is None else arranged(exact, p, perm, guesses))
        layer["gap"] = gap
        if key + "in" in fs and key + "in" in fp:
            a, b = fs[key + "in"], fp[key + "in"]
            a = arranged(a, b, perm if perm and len(perm) == a.ndim else None, guesses)
            if a.shape == b.shape:
                layer["fed"] = largest(a, b) <= max(10 * self.tolerance * rms(a), 10 * gap.rounding)
        return layer

    def run_trials(self):
        done, outputs = 0, None
        while done < self.trials:
            n = min(self.chunk, self.trials - done)
            inputs = self.write_inputs("trials", [self.trial() for _ in range(n)], self.joined)
            self.both("run", {"inputs": inputs, "out": self.file("s")}, {"inputs": inputs, "out": self.file("p")})
            if done == 0:
                self.measure_rounding(inputs, "exact", False)
            with np.load(self.file("s")) as fs, np.load(self.file("p")) as fp, np.load(self.file("exact")) as fe:
                self.compare_outputs(fs, fp, fe if done == 0 else None)
            done += n
            self.progress(done, self.trials, "comparing outputs")
            if done >= 5 and any(not g.equal(self.tolerance) for g in self.gaps):
                break
        self.trials_run = done

    def compare_outputs(self, fs, fp, fe):
        names = [k for k in fs.files if k.startswith("output.")]
        count = 1 + max(int(k.split(".")[1]) for k in names)
        if not self.gaps:
            self.gaps, self.shapes = [Gap() for _ in range(count)], [None] * count
            self.perms = [self.output_perm(o, fs[f"output.{o}.0"], fp[f"output.{o}.0"]) for o in range(count)]
        for key in names:
            o = int(key.split(".")[1])
            s, p = fs[key].transpose(self.perms[o]), fp[key]
            if s.shape != p.shape:
                raise Mismatch(f"output {o + 1} has shape {s.shape} in the source and {p.shape} in the port")
            self.shapes[o] = list(p.shape)
            exact = fe[key].transpose(self.perms[o]) if fe is not None and key in fe else None
            self.gaps[o].add(s, p, exact)

    def output_perm(self, o, s, p):
        """The order of axes in which the port has an output: as the job says, else as the shapes tell."""
        perms = self.job.get("output_perms") or []
        same = list(range(s.ndim))
        if o < len(perms) and perms[o] and len(perms[o]) == s.ndim:
            return perms[o]
        if s.shape == p.shape:
            return same
        alike = self.job["source"]["framework"] == self.job["port"]["framework"]
        fits = [g for g in layout_guesses(alike) if len(g) == s.ndim and s.transpose(g).shape == p.shape]
        if not fits:
            return same
        best = min(fits, key=lambda g: largest(s.transpose(g), p))
        self.notes.append(f"output {o + 1} is compared with its axes in the order {best}")
        return best

    def disturb(self):
        inputs = self.write_inputs("disturb", [self.trial()], False)
        answer = self.source.ask("disturb", inputs=inputs, limit=min(DISTURB_SECONDS, self.timeout / 2))
        self.moves = {int(i): m for i, m in answer["moves"].items()}

    # ---- what it comes to

    def place(self, i):
        """A layer in words, with both source lines where they are known."""
        pair, lines = self.pairs[i], []
        for side, key in (("source", "source_line"), ("port", "target_line")):
            if pair.get(key):
                lines.append(f"{os.path.basename(self.job[side]['path'])}:{pair[key]}")
        text = f"{pair['source'] or 'the network'} ({pair.get('kind') or '?'})"
        return text + (", " + " and ".join(lines) if lines else "")

    def is_seen(self, i):
        if i not in self.moves:
            return None
        return any(m > g.allowed(self.tolerance) for m, g in zip(self.moves[i][1], self.gaps))

    def row(self, layer):
        i, gap = layer["pair"], layer["gap"]
        row = {k: self.pairs[i].get(k) for k in ("source", "target", "kind", "source_line", "target_line")}
        row.update(call=layer["call"], moves=self.moves.get(i, [None])[0], seen=self.is_seen(i), fed=layer.get("fed"))
        if gap is None:
            return dict(row, equal=False, note=f"shapes {layer['shapes'][0]} and {layer['shapes'][1]}")
        return dict(row, max=gap.max, mean=gap.mean(), scale=gap.scale, rounding=gap.rounding,
                    allowed=gap.allowed(self.tolerance), equal=gap.equal(self.tolerance), note="")

    def explain(self, rows):
        """Where the two part, in the order of execution."""
        first = next((n for n, r in enumerate(rows) if not r["equal"]), None)
        if first is None:
            return None, "every layer that was compared agrees, so the difference is in what comes after the last one"
        row, i = rows[first], self.layers[first]["pair"]
        text = f"the first layer that diverges is {self.place(i)}"
        if row["note"]:
            return first, f"{text}: {row['note']}"
        if row["fed"] is False:
            before = f"after {self.place(self.layers[first - 1]['pair'])}" if first else "before it, from the input on"
            return first, f"{text}: what it receives differs already, so look {before}"
        if row["fed"]:
            return first, f"{text}: it receives the same and gives something else"
        return first, text

    def result(self):
        rows = [self.row(layer) for layer in self.layers]
        tolerance = self.tolerance
        outputs = [dict(index=o, shape=self.shapes[o], max=g.max, mean=g.mean(), scale=g.scale, rounding=g.rounding,
                        allowed=g.allowed(tolerance), equal=g.equal(tolerance)) for o, g in enumerate(self.gaps)]
        worst = max(outputs, key=lambda o: o["max"] / (o["allowed"] or 1e-300))
        equal = all(o["equal"] for o in outputs)
        if equal and all(o["scale"] == 0 for o in outputs):
            raise Failure("nothing can be compared: the outputs are zero or not a number, whatever the input")
        hidden = [n for n, (r, layer) in enumerate(zip(rows, self.layers))
                  if not r["equal"] and r["seen"] is False and layer["certain"]]
        numbers = (f"largest difference {worst['max']:.2g}, mean {worst['mean']:.2g}, allowed {worst['allowed']:.2g}, "
                   f"over {self.trials_run} inputs")
        first, why = (None, "") if equal else self.explain(rows)
        if equal and hidden:
            first, equal = hidden[0], False
            why = (f"the outputs agree, but {self.place(self.layers[first]['pair'])} differs, and the outputs do not "
                   "show what becomes of it")
        self.add_notes(outputs, rows, equal)
        unseen = sorted({r["source"] for r in rows if r["seen"] is False})
        unreached = [self.pairs[i]["source"] for i in self.unreached]
        say("result", verdict="equal" if equal else "unequal", message=numbers + ("" if equal else "; " + why),
            outputs=outputs, layers=rows, first=first, unseen=unseen, unreached=unreached, max=worst["max"],
            mean=worst["mean"], allowed=worst["allowed"], rounding=worst["rounding"], scale=worst["scale"],
            trials=self.trials_run, uncovered=self.uncovered, notes=self.notes, versions=self.versions)
        return 0 if equal else 4

    def add_notes(self, outputs, rows, equal):
        for side, names in self.uncovered.items():
            if names:
                shown = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
                self.notes.append(f"weights of the {side} that belong to no pair: {shown}")
        if any(o["rounding"] * ROUNDINGS > 0.01 * o["scale"] for o in outputs):
            self.notes.append("rounding alone moves the outputs by a large share: the comparison is weak here")
        if any(o["scale"] == 0 for o in outputs):
            self.notes.append("an output is zero or not a number everywhere: it shows nothing")
        if len(self.moves) < len(self.pairs):
            self.notes.append(f"{len(self.moves)} of {len(self.pairs)} layers were disturbed, for want of time")
        differing = [r["source"] for r in rows if not r["equal"]]
        if equal and differing:
            self.notes.append("recorded differently, though the outputs agree (another order of axes, or a split "
                              "layer): " + ", ".join(differing[:5]))

    def compare(self):
        steps = 6
        self.progress(0, steps, "building both networks")
        self.build()
        self.plan()
        self.pair_by_name()
        self.progress(1, steps, f"drawing weights ({self.versions['source']})")
        self.move_weights()
        self.refuse()
        self.progress(2, steps, "comparing layer by layer")
        self.compare_layers()
        self.progress(3, steps, "disturbing each layer")
        self.disturb()
        self.progress(4, steps, f"comparing {self.trials} outputs")
        self.run_trials()
        return self.result()

    def mismatch(self, text):
        say("result", verdict="unequal", message=text, outputs=[], layers=[], first=None, unseen=[], unreached=[],
            trials=0, uncovered=self.uncovered, notes=self.notes, versions=getattr(self, "versions", {}),
            mismatches=[{"source": self.pairs[i]["source"], "text": t,
                         "source_line": self.pairs[i].get("source_line"),
                         "target_line": self.pairs[i].get("target_line")} for i, t in self.mismatches.items()])
        return 4

    def stop(self):
        self.source.stop()
        self.port.stop()


def ends(f, key):
    """The last step of a recorded sequence, where only that can be compared."""
    if key + "last" in f:
        return f[key + "last"]
    return f[key + "seq"][:, -1] if key + "seq" in f else None
