class Peer:
    """The other end of a Side."""

    def __init__(self, job, which, path, folder, timeout):
        self.which, self.spec, self.timeout = which, job[which], timeout
        self.label = "the source" if which == "source" else "the port"
        self.errors = os.path.join(folder, f"{which}.stderr")
        environment = dict(os.environ, CUDA_VISIBLE_DEVICES="", TF_CPP_MIN_LOG_LEVEL="3", TF_ENABLE_ONEDNN_OPTS="0",
                           PYTHONUNBUFFERED="1")
        with open(self.errors, "wb") as err:
            self.process = subprocess.Popen([sys.executable, os.path.abspath(__file__), "--side", which, path],
                                            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=err,
                                            env=environment, text=True)
        self.line, self.reader = None, None

    def begin(self, verb, **arguments):
        self.verb = verb
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.write(json.dumps(dict(arguments, do=verb)) + "\n")
            self.process.stdin.flush()
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        self.line = self.process.stdout.readline()

    def end(self):
        self.reader.join(self.timeout)
        where = f"{self.label} ({os.path.basename(self.spec['path'])})"
        if self.reader.is_alive():
            self.process.kill()
            raise Failure(f"{where} did not answer for {self.timeout:g} seconds ({WORDS[self.verb]}); "
                          "--timeout allows more")
        if not self.line:
            raise Failure(f"the Python of {where} {self.death()} ({WORDS[self.verb]}){self.last_words()}")
        answer = json.loads(self.line)
        if answer["ok"]:
            return answer
        if answer["kind"] == "missing":
            raise Failure(f"{sys.executable} has no module named {answer['module']}, which {where} needs; "
                          "name another Python with --python, or activate its environment")
        raise Failure(f"{where}: {WORDS[self.verb]} failed: {answer['text']}")

    def death(self):
        code = self.process.wait()
        if code >= 0:
            return f"ended with status {code}"
        return f"was ended by {signal.Signals(-code).name}"

    def last_words(self):
        with open(self.errors, errors="replace") as f:
            lines = [x.strip() for x in f if x.strip()]
        return f": {lines[-1][:300]}" if lines else ""

    def ask(self, verb, **arguments):
        self.begin(verb, **arguments)
        return self.end()

    def stop(self):
        self.process.kill()
        self.process.wait()


WORDS = {"build": "building the network and calling it", "prepare": "drawing weights", "load": "taking the weights",
         "leftovers": "listing its layers",
         "extend": "listing its layers", "run": "running it", "disturb": "disturbing its layers",
         "estimate": "measuring rounding"}
