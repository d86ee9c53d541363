"""What `portolan export --buml` writes is loaded and validated by BESSER's own metamodel, where the package besser is installed."""

import glob
import os
import subprocess

import pytest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PORTOLAN = os.path.join(ROOT, "build", "portolan")
SAMPLES = sorted(glob.glob(os.path.join(ROOT, "samples", "*.py")))


@pytest.mark.parametrize("sample", SAMPLES, ids=os.path.basename)
def test_besser_loads_it(sample):
    nn = pytest.importorskip("besser.BUML.metamodel.nn")
    if not os.path.exists(PORTOLAN):
        pytest.skip("build/portolan is not built")
    run = subprocess.run([PORTOLAN, "export", sample, "--buml"], capture_output=True, text=True, timeout=60)
    assert run.returncode == 0, run.stderr
    names = {}
    exec(compile(run.stdout, "buml", "exec"), names)
    networks = [n for n in names.values() if isinstance(n, nn.NN)]
    assert networks
    for network in networks:
        result = network.validate(raise_exception=False)
        assert result["success"], result["errors"]
        assert network.modules
