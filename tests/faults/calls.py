"""System calls that are counted, refused, or the last thing that a process does: strace around the real binary."""

import collections
import pathlib
import re
import shutil
import subprocess
import sys

# What changes a file, in the words of the kernel.
WRITING = "pwrite64,write,pwritev,fdatasync,fsync,ftruncate,unlink,unlinkat,rename,renameat2,fallocate"


def may_trace(test):
    """Skips the test, saying so, where strace is missing or forbidden."""
    why = ""
    if not shutil.which("strace"):
        why = "strace is not installed"
    elif subprocess.run(["strace", "-o", "/dev/null", "true"], capture_output=True).returncode != 0:
        why = "no process may be traced here"
    if why:
        print(f"SKIPPED: {test.id()}: {why}", file=sys.stderr)
        test.skipTest(why)


def traced(paths, inject=None, log="/dev/null", calls=WRITING):
    """A prefix for a command: its calls upon the files `paths`, with the fault `inject`. Every thread counts its own, each name apart.

    Without --seccomp-bpf, with which no signal is sent.
    """
    command = ["strace", "-f", "-qq", "-y", "-e", "signal=none", "-o", str(log), "-e", f"trace={calls}"]
    for path in paths:
        command += ["-P", str(path)]
    if inject:
        command += ["-e", f"inject={calls}:{inject}"]
    return command


def counts(log, paths):
    """Name of a call: the most that one thread made of it, from a log of `traced`."""
    found = collections.Counter()
    for line in pathlib.Path(log).read_text(errors="replace").splitlines():
        if (parts := re.match(r"(\d+) +(\w+)\(", line)) and any(str(path) in line for path in paths):
            found[parts[2], parts[1]] += 1
    names = {name for name, _ in found}
    return {name: max(count for (other, _), count in found.items() if other == name) for name in sorted(names)}
