#!/usr/bin/env python3
"""Do a network and its port compute the same?    python verify.py job.json

job.json names both files, the statements of each that build the network, the inputs, and which layer of the one is
which layer of the other. This script
  1. builds each network in a Python process of its own, from those statements only
     (no data is loaded, nothing is trained);
  2. draws weights for the source that make every layer count, and hands them to the port, layer by layer;
  3. feeds both the same random inputs, and compares every paired layer in the order of execution, then the outputs;
  4. measures the source's own float32 rounding against a float64 run, and allows a small multiple of it;
  5. disturbs one layer after the other, to learn which of them the outputs would not betray.

On stdout stands one JSON object a line: {"event": "progress", ...} and last {"event": "result", ...}.
Exit status: 0 equal, 4 unequal, 1 could not compare. Needs numpy and the two frameworks, nothing of Portolan.

The arrays of a layer travel in one form, PyTorch's, as a list of units (a bidirectional LSTM is two, a separable
convolution is two), each a dictionary of arrays by name: `torch_units` and `keras_units` find a layer's units, and a
unit's slots read and write them.
"""
import contextlib
import importlib
import importlib.machinery
import importlib.util
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
import traceback
import types

TRIALS = 100            # unless the job says otherwise
SECONDS = 60.0          # the default number of trials is lowered to take about this long
TIMEOUT = 300.0         # for one step of one side
TOLERANCE = 3e-6        # of the size (root mean square) of what is compared: about 25 roundings of float32 ...
ROUNDINGS = 8.0         # ... or this multiple of the rounding that was measured, whichever is more
DISTURBANCE = 0.1       # a layer is seen if being this much off (relative) would show in the outputs
DISTURB_SECONDS = 30.0
CALLS = 4               # of one layer that are compared: a cell in a loop is called once a time step


class Mismatch(Exception):
    """Source and port do not fit together: a verdict of unequal, not a failure of the comparison."""


class Failure(Exception):
    """Nothing can be compared; the text is for the user."""
