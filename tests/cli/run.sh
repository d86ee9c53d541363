#!/bin/sh
# run.sh: the command line as scripts see it: statuses, streams, files. Speaks TAP.
set -u
portolan=$(pwd)/${PORTOLAN:-build/portolan}
root=$(pwd)
work=$root/build/cli-tests
number=0 failed=0
rm -rf "$work" && mkdir -p "$work" && cd "$work" || exit 1
unset NO_COLOR VIRTUAL_ENV

cat > net.py << 'PY'
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self, hidden=8):
        super().__init__()
        self.fc1 = nn.Linear(4, hidden)
        self.fc2 = nn.Linear(hidden, 2)

    def forward(self, x):
        return self.fc2(torch.relu(self.fc1(x)))


if __name__ == "__main__":
    print(Net()(torch.randn(1, 4)).shape)
PY
sed 's/torch.relu(self.fc1(x))/torch.relu(self.fc1(x)))/' net.py > broken.py
cp "$root/samples/decisions/unsupported.py" gap.py
cp "$root/samples/decisions/channel_order.py" images.py
cp "$root/samples/cnn_rnn.py" branches.py

result() { # result STATUS NAME
    number=$((number + 1))
    if [ "$1" = 0 ]; then
        echo "ok $number - $2"
    else
        failed=$((failed + 1))
        echo "not ok $number - $2"
        sed 's/^/#   out: /' out | head -12
        sed 's/^/#   err: /' err | head -12
    fi
}

# run STATUS NAME ARGUMENTS...: the program ends with that status. Leaves out, err and $right.
run() {
    expected=$1 name=$2
    shift 2
    timeout 60 "$portolan" "$@" > out 2> err < /dev/null
    status=$?
    [ "$status" = "$expected" ]
    right=$?
    [ "$right" = 0 ] || echo "#   status $status, not $expected: portolan $*"
}
# check NAME COMMAND...: after a run: it had the right status, and the command succeeds.
also() { [ "$right" != 0 ] || { "$@" > check 2>&1; right=$?; [ "$right" = 0 ] || echo "#   failed: $*"; }; }
end() { result "$right" "$name"; }
no() { ! "$@"; }
is_empty() { [ ! -s "$1" ]; }
lines_at_most() { [ "$(wc -l < "$2")" -le "$1" ]; }

run 0 'help' -h
also grep -q 'portolan port FILE --to F' out
also lines_at_most 24 out
also is_empty err
end
run 0 'help of a command' port -h
also grep -q -- --save-decisions out
end
run 0 'version' --version
also grep -qx 'portolan [0-9.]*' out
end
run 0 'version with files' --version -v
also grep -q '^templates: .*templates' out
also grep -q '^frameworks:.* pytorch.* tensorflow' out
end

run 2 'no target' port net.py
also grep -q -- --to err
also is_empty out
end
run 2 'an unknown option is answered with the nearest' port net.py --to tensorflow --strct
also grep -q 'did you mean --strict' err
end
run 2 'an unknown framework is answered with the nearest' port net.py --to tensorflw
also grep -q 'did you mean tensorflow' err
end
run 2 'an unknown style' port net.py --to tensorflow --style neat
also grep -q subclassing err
end
run 2 'PyTorch has no functional style' port net.py --to pytorch --style functional
end
run 2 'a misspelt command' prot net.py
also grep -q 'did you mean port' err
end
run 2 'the workbench needs a terminal' net.py
also grep -q terminal err
end
run 2 'export needs a format' export net.py
end
run 2 'a --set that is no pair' port net.py --to tensorflow --set channel-order
end
run 2 'a --set of no question' port images.py --to tensorflow --set channel-ordr:Denoiser.x=native -o x.py
also grep -q 'did you mean channel-order:Denoiser.x' err
end
run 2 'a --set of no answer' port images.py --to tensorflow --set channel-order:Denoiser.x=sideways -o x.py
end

run 1 'a file that is not there' port nothing.py --to tensorflow
also grep -q nothing.py err
end
run 1 'a folder' port . --to tensorflow
end
run 1 'a target that cannot be written' port net.py --to tensorflow -o nowhere/x.py
end
run 1 'templates that are not there' port net.py --to tensorflow --templates nowhere
also grep -q nowhere err
end
run 1 'a branching network cannot be sequential' port branches.py --to pytorch --style sequential -o x.py
also no test -e x.py
end

run 0 'beside the source' port net.py --to tensorflow
also test -s net_tensorflow.py
also test ! -e net.port.json
also sh -c 'head -1 net_tensorflow.py | grep -qx "# Ported from net.py (PyTorch) to Keras by Portolan."'
also is_empty out
end
cp net_tensorflow.py first.py
run 0 'a port of ours is overwritten' port net.py --to tensorflow
also cmp net_tensorflow.py first.py
end
echo '# mine' >> net_tensorflow.py
cp net_tensorflow.py mine.py
run 0 'diff shows it' diff net.py --to tensorflow
also grep -qx -- '-# mine' out
end
run 0 'a changed one is kept beside' port net.py --to tensorflow
also cmp net_tensorflow.py first.py
also cmp net_tensorflow.py~ mine.py
end
echo 'print("mine")' > net_tensorflow.py
run 1 'a file of somebody is left alone' port net.py --to tensorflow
also grep -q mine net_tensorflow.py
end
rm net_tensorflow.py
run 0 'diff of what is not there yet' diff net.py --to tensorflow
also grep -q '^+class Net' out
also test ! -e net_tensorflow.py
end
run 0 'standard output' port net.py --to tensorflow -o -
also cmp out first.py
also test ! -e net_tensorflow.py
end
run 0 'the report' port net.py --to tensorflow -o x.py --report -
also grep -qi complete out
end
run 0 'decisions are kept when asked' port images.py --to tensorflow -o x.py --save-decisions \
    --set channel-order:Denoiser.x=same-input
also grep -q '"channel-order:Denoiser.x": {"answer": "same-input"' images.port.json
end
cp x.py kept.py
run 0 'and read again' port images.py --to tensorflow -o x.py
also cmp x.py kept.py
end
run 0 'unless another sidecar is named' port images.py --to tensorflow -o y.py --decisions other.json
also no cmp y.py kept.py
end
rm -f images.port.json

run 3 'a gap is written as a stub' port gap.py --to tensorflow -o gap_out.py
also grep -q '# PORT:' gap_out.py
also grep -q 'unsupported:' err
end
rm -f gap_out.py
run 3 'and not under --strict' port gap.py --to tensorflow -o gap_out.py --strict
also test ! -e gap_out.py
end
run 3 'messages jump like those of a compiler' port gap.py --to tensorflow -o -
also grep -qE '^gap.py:[0-9]+:[0-9]+: (warning|error): .* \[[a-z-]+\]$' err
also no grep -q "$(printf '\033')" err
end
run 3 'a syntax error has line, column and caret' port broken.py --to tensorflow -o -
also grep -qE '^broken.py:12:[0-9]+: error: .*\[syntax\]$' err
also grep -qE '^ *\^' err
end

run 0 'inspect' inspect net.py
also grep -q fc1 out
end
run 0 'inspect as JSON' inspect net.py --json
also python3 -m json.tool out
end
run 0 'inspect of a broken file' inspect broken.py
end
run 1 'inspect of no file' inspect nothing.py
end
run 0 'export' export net.py --json -o net.json
also python3 -m json.tool net.json
end
run 0 'the workbench without a terminal' net.py --to tensorflow --keys 'q' --size 80x24 --dump screen.txt
also grep -q fc1 screen.txt
end

run 0 'verify beside the work says how its Python failed' net.py --to tensorflow --keys ':set python=/bin/false<Enter>v' --size 100x24 --dump screen.txt
also grep -q 'verify did not come to a result' screen.txt
also grep -q 'bin/false ended with status 1' screen.txt
end
# A Python that only waits: what ends the comparison takes the temporary folder along, and the status is the signal's.
printf '#!/bin/sh\nexec sleep 60\n' > waiting && chmod +x waiting && mkdir -p tmp
"$portolan" port net.py --to tensorflow -o waited.py > /dev/null 2>&1
TMPDIR=$work/tmp "$portolan" verify net.py waited.py --python "$work/waiting" > out 2> err &
comparing=$!
for _ in 1 2 3 4 5 6 7 8 9 10; do [ -n "$(ls tmp)" ] && break; sleep 0.5; done
made=$(ls tmp | wc -l)
kill -TERM $comparing; wait $comparing; ended=$?
[ "$made" = 1 ] && [ "$ended" = 143 ] && [ -z "$(ls tmp)" ]
result $? 'an interrupted comparison leaves nothing behind'
run 0 'attributes edited, code typed and notes are decisions' net.py --to tensorflow --no-session --keys ']]Mlooked at<Enter>' --size 100x24 --dump screen.txt
also grep -q 'note:.* = looked at   u undoes it' screen.txt
end

cat > branches.py <<'EOF'
import torch
from torch import nn


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.one = nn.Linear(4, 4)
        self.two = nn.Linear(4, 4)

    def forward(self, x, y):
        a = torch.relu(self.one(x))
        b = self.two(a) + x
        return torch.cat([a, b, y], 1)


Block()(torch.zeros(2, 4), torch.zeros(2, 4))
EOF
run 0 'the graph draws branches and joins' branches.py --to tensorflow --keys 't' --no-session --size 80x24 --dump screen.txt
also grep -q '●          x ' screen.txt
also grep -q '├─┼─●      one' screen.txt
also grep -q '●─┼─┼─╯    add' screen.txt
also grep -q '●─┴─╯      concatenate' screen.txt
end
run 0 'and in ASCII' branches.py --to tensorflow --keys ':set ascii=on<Enter>t' --no-session --size 80x24 --dump screen.txt
also grep -q '+-+-o      one' screen.txt
end

name='ask takes answers from standard input'
printf 'stub\n' | timeout 60 "$portolan" ask gap.py --to tensorflow > out 2> err
[ $? = 3 ] && grep -q 'unsupported:' out
right=$?
end
rm -f gap.port.json

name='a full disk is an error'
if [ -w /dev/full ]; then
    timeout 60 "$portolan" port net.py --to tensorflow -o - > /dev/full 2> err
    [ $? = 1 ]
    right=$?
    end
fi
name='any bytes are a file'
head -c 20000 /dev/urandom > noise.py
timeout 60 "$portolan" port noise.py --to tensorflow --from pytorch -o noise_out.py > out 2> err
[ $? -le 3 ]
right=$?
end
name='an empty file is a file'
: > empty.py
timeout 60 "$portolan" port empty.py --to tensorflow --from pytorch -o empty_out.py > out 2> err
[ $? -le 3 ]
right=$?
end

echo "1..$number"
[ "$failed" = 0 ]
