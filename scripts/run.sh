#!/bin/sh
# What `make run` ends with: the workbench where there is a terminal, else the sample's port and its report.
set -eu
if [ -t 0 ] && [ -t 1 ]; then
    exec build/portolan samples/alexnet.py
fi
echo "No terminal: porting samples/alexnet.py headless, into build/alexnet_tensorflow.py."
exec build/portolan port samples/alexnet.py --to tensorflow -o build/alexnet_tensorflow.py --report -
