"""junit-to-tap.py FILE: a test report of pytest as TAP lines."""

import sys
import xml.etree.ElementTree as tree

number = 0
for case in tree.parse(sys.argv[1]).iter("testcase"):
    number += 1
    name = f"{case.get('classname')}.{case.get('name')} ({float(case.get('time')):.1f}s)"
    bad = [e for e in case if e.tag in ("failure", "error")]
    if bad:
        print(f"not ok {number} - {name}")
        for line in (bad[0].text or "").splitlines()[-12:]:
            print("#   " + line)
    else:
        skip = case.find("skipped")
        print(f"ok {number} - {name}" + ("" if skip is None else f" # SKIP {skip.get('message')}"))
