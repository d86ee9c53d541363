"""Networks of installed packages: the quick part of what `make coverage` measures."""

import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "coverage"))

import corpora  # noqa: E402
import measure  # noqa: E402

# Those that are equal there; the others must say that they are not complete.
EQUAL = {"resnet18", "squeezenet1_1", "mobilenet_v2"}
QUICK = [n for listed in corpora.CORPORA.values() for n in listed() if n.quick]


@pytest.mark.skipif(not corpora.package("torchvision"), reason="torchvision is not installed")
def test_the_quick_networks_are_listed():
    assert EQUAL <= {n.name for n in QUICK}


@pytest.mark.parametrize("network", QUICK, ids=[n.name for n in QUICK])
def test_network(network):
    row = measure.measure(network, 2)
    assert not measure.is_wrong(row), row
    if network.name in EQUAL:
        assert row["port"]["status"] == 0 and measure.is_equal(row, "there"), row
