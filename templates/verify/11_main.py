def run_job(path):
    import shutil
    import tempfile
    with open(path) as f:
        job = json.load(f)
    folder = tempfile.mkdtemp(prefix="arrays-", dir=os.path.dirname(os.path.abspath(path)))
    comparison = None
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))       # so that the sides are ended and the arrays removed
    try:
        comparison = Comparison(job, folder, os.path.abspath(path))
        return comparison.compare()
    except Mismatch as e:
        return comparison.mismatch(str(e))
    except Failure as e:
        say("result", verdict="error", message=str(e))
        return 1
    finally:
        if comparison:
            comparison.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    try:
        import numpy as np
    except ModuleNotFoundError:
        print(json.dumps({"event": "result", "verdict": "error", "message":
                          f"{sys.executable} has no module named numpy, which the comparison needs; "
                          "name another Python with --python, or activate its environment"}), flush=True)
        sys.exit(1)
    if sys.argv[1:2] == ["--side"]:
        with open(sys.argv[3]) as job_file:
            serve(json.load(job_file), sys.argv[2])
    elif len(sys.argv) == 2:
        sys.exit(run_job(sys.argv[1]))
    else:
        sys.exit(__doc__)
