"""How many networks of the corpora are ported, run, and are equal; and none that is wrong without saying so.

    measure.py [--corpus torchvision,keras] [--only NAME,...] [--quick] [--trials N] [--table COVERAGE.md]

Each network is ported, verified on the real frameworks with the same drawn weights, ported back from its port and
verified again, one at a time under a memory cap. What was measured is kept in build/corpora under a hash of the
program, the source and the call, so that a run that was broken off goes on where it stopped.

The summary counts as *wrong* every port that is said to be complete and does not run or is not equal.
"""

import argparse
import hashlib
import json
import os
import pathlib
import re
import resource
import statistics
import subprocess
import sys
import time

import corpora

ROOT = pathlib.Path(__file__).resolve().parents[2]
PORTOLAN = ROOT / "build" / "portolan"
WORK = ROOT / "build" / "corpora"
OTHER = {"tensorflow": "pytorch", "pytorch": "tensorflow"}
MEMORY = 14 << 30


def environment():
    site = str(pathlib.Path(__file__).resolve().parent / "site")
    return {**os.environ, "PYTHONPATH": site, "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONDONTWRITEBYTECODE": "1"}


def limited():
    resource.setrlimit(resource.RLIMIT_AS, (4 * MEMORY, 4 * MEMORY))


def run(*command, timeout=900):
    start = time.monotonic()
    done = subprocess.run([str(PORTOLAN), *map(str, command)], capture_output=True, text=True, timeout=timeout,
                          env=environment(), preexec_fn=limited, stdin=subprocess.DEVNULL)
    return done, time.monotonic() - start


def gaps(text):
    """The marks of a port, by what they say."""
    found = re.findall(r"# PORT: (.*)", text)
    return sorted({re.sub(r"\s+", " ", g).strip()[:90] for g in found})


def port(source, to, entry, shape, target):
    arguments = ["port", source, "--to", to, "-o", target]
    arguments += ["--entry", entry] if entry else []
    arguments += ["--shape", shape] if shape else []
    target.unlink(missing_ok=True)
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    done, seconds = run(*arguments, timeout=120)
    after = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    text = target.read_text() if target.exists() else ""
    result = {"status": done.returncode, "seconds": round(seconds, 3), "gaps": gaps(text),
              "lines": text.count("\n"), "memory": max(before, after) >> 10}
    if done.returncode not in (0, 3):
        result["message"] = done.stderr.strip().splitlines()[-1:] or [""]
    return result


def compare(source, target, entry, shape, trials):
    arguments = ["verify", source, target, "--trials", trials, "--json", "--python", sys.executable, "--timeout", 600]
    arguments += ["--entry", entry] if entry else []
    arguments += ["--shape", shape] if shape else []
    try:
        done, seconds = run(*arguments, timeout=1500)
    except subprocess.TimeoutExpired:
        return {"equal": False, "message": "the comparison took too long"}
    try:
        found = json.loads(done.stdout)
    except ValueError:
        lines = [l for l in done.stderr.strip().splitlines() if l.startswith("portolan:")] or [done.stderr.strip()]
        return {"equal": False, "message": lines[-1][-300:]}
    return {"equal": done.returncode == 0, "max": found.get("max"), "relative": found.get("relative"),
            "unseen": len(found.get("unseen") or []), "message": "" if done.returncode == 0 else done.stdout[-200:]}


def source_lines(path):
    return pathlib.Path(path).read_text().count("\n")


def measure(network, trials):
    folder = WORK / network.corpus
    folder.mkdir(parents=True, exist_ok=True)
    target, back = folder / f"{network.name}.py", folder / f"{network.name}_back.py"
    row = {"network": network.name, "corpus": network.corpus, "source_lines": source_lines(network.file)}
    row["port"] = port(network.file, network.to, network.entry, network.shape, target)
    if row["port"]["status"] in (0, 3):
        row["there"] = compare(network.file, target, network.entry, network.shape, trials)
    if row["port"]["status"] == 0 and row["there"]["equal"]:
        row["back_port"] = port(target, OTHER[network.to], network.entry, None, back)
        if row["back_port"]["status"] in (0, 3):
            row["back"] = compare(target, back, network.entry, None, trials)
    return row


def key(network, trials):
    h = hashlib.sha256(PORTOLAN.read_bytes())
    for folder in sorted((ROOT / "templates").rglob("*")):
        if folder.is_file() and folder.suffix != ".pyc":
            h.update(folder.read_bytes())
    h.update(pathlib.Path(network.file).read_bytes())
    h.update(f"{network} {trials}".encode())
    return h.hexdigest()[:24]


def kept(network, trials, fresh):
    place = WORK / "results" / f"{network.corpus}-{network.name}-{key(network, trials)}.json"
    if place.exists() and not fresh:
        return json.loads(place.read_text())
    row = measure(network, trials)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(json.dumps(row))
    return row


def is_equal(row, leg):
    return bool(row.get(leg, {}).get("equal"))


def is_wrong(row):
    """Said to be complete, and is not."""
    there = row["port"]["status"] == 0 and not is_equal(row, "there")
    back = row.get("back_port", {}).get("status") == 0 and not is_equal(row, "back")
    return there or back


def figure(value):
    return "–" if value is None else f"{value:.1e}"


def verdict(row, port_leg, leg):
    made = row.get(port_leg)
    if not made:
        return "–"
    if made["status"] not in (0, 3):
        return "refused"
    if made["status"] == 3:
        return f"{len(made['gaps'])} gaps"
    return "equal" if is_equal(row, leg) else "**wrong**"


def table(rows, trials):
    equal = [r for r in rows if r["port"]["status"] == 0 and is_equal(r, "there")]
    back = [r for r in equal if is_equal(r, "back")]
    ratios = [r["port"]["lines"] / r["source_lines"] for r in rows if r["port"]["lines"]]
    seconds = [r["port"]["seconds"] for r in rows]
    out = ["# Coverage: networks of installed packages, ported and compared", "",
           f"Made by `make coverage`: each network is ported, run on both frameworks with the same drawn weights over {trials}",
           "inputs, ported back from its port and compared again. *wrong*: said to be complete, and not equal.", "",
           f"* {len(rows)} networks; {len(equal)} ported completely and equal; {len(back)} of them back again and equal.",
           f"* Wrong without saying so: {sum(map(is_wrong, rows))}.",
           f"* Target lines for each source line, median: {statistics.median(ratios):.2f}." if ratios else "",
           f"* Seconds for a port, median: {statistics.median(seconds):.2f}; worst: {max(seconds):.2f}." if seconds else "",
           ""]
    for corpus in dict.fromkeys(r["corpus"] for r in rows):
        out += [f"## {corpus}", "", "| network | port | largest difference | back | lines | seconds | what is missing |",
                "|---|---|---|---|---|---|---|"]
        for r in (r for r in rows if r["corpus"] == corpus):
            missing = "; ".join(r["port"]["gaps"][:2]) or (r.get("there", {}).get("message") or "")[:120]
            missing = missing.replace("|", "/").replace("\n", " ")
            ratio = r["port"]["lines"] / r["source_lines"] if r["port"]["lines"] else 0
            out.append(f"| {r['network']} | {verdict(r, 'port', 'there')} | {figure(r.get('there', {}).get('max'))} | "
                       f"{verdict(r, 'back_port', 'back')} | {ratio:.2f} | {r['port']['seconds']:.2f} | {missing} |")
        out.append("")
    return "\n".join(out)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", default=",".join(corpora.CORPORA))
    parser.add_argument("--only", default="")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--fresh", action="store_true")
    parser.add_argument("--trials", type=int, default=2)
    parser.add_argument("--table")
    options = parser.parse_args()
    only = set(filter(None, options.only.split(",")))
    rows = []
    for corpus in options.corpus.split(","):
        for network in corpora.CORPORA[corpus]():
            if (only and network.name not in only) or (options.quick and not network.quick):
                continue
            start = time.monotonic()
            row = kept(network, options.trials, options.fresh)
            rows.append(row)
            message = row.get("there", {}).get("message") or row["port"].get("message") or ""
            print(f"{network.corpus} {network.name}: {verdict(row, 'port', 'there')}, back {verdict(row, 'back_port', 'back')} "
                  f"({time.monotonic() - start:.0f} s) {message or row['port']['gaps'][:1]}", flush=True)
            if options.table:
                (ROOT / options.table).write_text(table(rows, options.trials))
    wrong = sum(map(is_wrong, rows))
    print(f"{len(rows)} networks, {wrong} wrong without saying so")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
