"""The scenarios on few inputs. `make table` runs them all on a hundred, and VGG16 in every form.

TF-Tutorial goes through every scenario; AlexNet and VGG16, whose runs take long, through those that differ in
what is asked of the port; the recurrent networks through all that they have.
"""

import pytest
import run_scenarios as rs

TRIALS = 4


def chosen():
    cases = []
    for name in ("tf_tutorial", "lstm", "cnn_rnn", "alexnet", "vgg16"):
        for scenario in rs.scenarios(name):
            verified = name not in ("alexnet", "vgg16") or (
                scenario.label
                in (
                    "PyTorch Subclassing → Keras Subclassing",
                    "PyTorch Subclassing → Keras Subclassing → back",
                    "PyTorch Subclassing → Keras functional",
                )
                or (name == "alexnet" and scenario.group == "port")
            )
            cases.append(pytest.param(scenario, verified, id=f"{name}: {scenario.label}"))
    return cases


@pytest.mark.parametrize("scenario, verified", chosen())
def test_scenario(scenario, verified):
    rs.port(scenario)
    if verified:
        trials = 2 if scenario.network == "vgg16" else TRIALS
        rs.verify(scenario, trials, "drawn")
