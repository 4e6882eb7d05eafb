"""What a server keeps of the memory that threads gave back."""

import subprocess
import sys

import pytest

#: Allocates in threads that all live at once; prints how many heaps the C library has then.
HEAPS = """
import ctypes, sys
from threading import Barrier, Thread

from legwise.intake.memory import keep_little

if sys.argv[1] == "little":
    keep_little()
library, meet = ctypes.CDLL("libc.so.6"), Barrier(9)
library.malloc.restype = ctypes.c_void_p

def work():
    for _ in range(100):
        library.malloc(ctypes.c_size_t(5_000))
    meet.wait()

for _ in range(8):
    Thread(target=work, daemon=True).start()
meet.wait()
library.fopen.restype = ctypes.c_void_p
file = ctypes.c_void_p(library.fopen(sys.argv[2].encode(), b"w"))
library.malloc_info(0, file)
library.fclose(file)
print(open(sys.argv[2]).read().count("<heap nr="))
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a setting of Linux")
def test_threads_share_one_heap(tmp_path):
    def heaps(way):
        command = [sys.executable, "-c", HEAPS, way, str(tmp_path / "info.xml")]
        return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)

    assert heaps("as ever") > 2
    assert heaps("little") <= 2  # its own, and one that Arrow's threads had before


def test_arrow_uses_the_heap_that_is_given_back():
    code = "import pyarrow as pa; from legwise.intake.memory import keep_little; keep_little()"
    command = [sys.executable, "-c", f"{code}; print(pa.default_memory_pool().backend_name)"]
    run = subprocess.run(command, check=True, capture_output=True, text=True)
    assert run.stdout.strip() == "system"
