"""Measures the memory of a server to which many visitors send a list at once, and what comes back.

Every visitor sends a file that is refused, then a list, uses it, looks at a page and leaves.
``make bench-uploads`` writes the figures into ``RESULTS.md``.
"""

from __future__ import annotations

import argparse
import gzip
import io
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import pyarrow.csv
from streamlit.proto.Common_pb2 import FileUploaderState, FileURLs, UploadedFileInfo
from streamlit.proto.WidgetStates_pb2 import WidgetState

from benchmarks.catalogue import MIB, draw_list, memory, serving
from benchmarks.pages import put_section
from legwise.intake.limits import MOST_UNPACKED
from legwise.tables.catalogue import load_catalogue
from tests.browser.websocket import Visitor, visitor

PATH = "/data?view=upload"
#: Rows of a list of some 4 MB.
ROWS = 17_000
#: One visitor of so many sends a gzip bomb; the others a picture that is named a list.
BOMBS = 10
#: Seconds until a visitor who left is forgotten: Streamlit keeps a session for two minutes.
FORGOTTEN = 160


class Sender:
    """A visitor who sends files on the page for lists."""

    def __init__(self, base: str, visit: Visitor) -> None:
        self.base, self.visit = base, visit
        with urlopen(f"{base}/_stcore/health", timeout=60) as answer:
            self.cookie = answer.headers["Set-Cookie"].partition(";")[0]

    def send(self, number: int, name: str, content: bytes) -> WidgetState:
        """Send a file as a browser does, and run the page with it; return the state of its box."""
        path = f"/_stcore/upload_file/{self.visit.session}/{number}"
        start = '--part\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
        body = start.encode() + content + b"\r\n--part--\r\n"
        headers = {
            "Cookie": self.cookie,
            "X-Xsrftoken": self.cookie.partition("=")[2],
            "Content-Type": "multipart/form-data; boundary=part",
        }
        connection = HTTPConnection(urlsplit(self.base).netloc, timeout=300)
        connection.request("PUT", path, body, headers)
        status = connection.getresponse().status
        connection.close()
        if status != 204:
            raise RuntimeError(f"the file was not taken: {status}")
        info = UploadedFileInfo(name=name, size=len(content), file_id=str(number))
        info.file_urls.CopyFrom(FileURLs(file_id=str(number), upload_url=path, delete_url=path))
        state = WidgetState(id=self.visit.all("file_uploader")[0].id)
        state.file_uploader_state_value.CopyFrom(FileUploaderState(uploaded_file_info=[info]))
        self.visit.rerun([state])
        return state


def bring(stack: ExitStack, base: str, content: bytes, number: int, refused: bytes) -> str:
    """Send a file that is refused, and a list; use it, and look at another page; tell if all was so."""
    someone = stack.enter_context(visitor(base))
    someone.open(PATH)
    sender = Sender(base, someone)
    sender.send(2 * number, "refused.csv", refused)
    refusals = [item.body for item in someone.all("alert")]
    box = sender.send(2 * number + 1, f"list{number}.csv", content)
    button = next(item for item in someone.all("button") if item.label.startswith("Use this list"))
    someone.rerun([box, WidgetState(id=button.id, trigger_value=True)])
    someone.open("/find")
    banner = any("Your own list" in item.body for item in someone.all("markdown"))
    return "in use" if banner and refusals else f"{banner} {refusals}"


def main() -> None:
    """Let all of them come, and leave."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visitors", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=1)
    options = parser.parse_args()
    text = io.BytesIO()
    pyarrow.csv.write_csv(draw_list(load_catalogue(), ROWS), text)
    content, picture = text.getvalue(), b"\x89PNG\r\n\x1a\n" + bytes(1 << 20)
    bomb = gzip.compress(bytes(MOST_UNPACKED + 1))
    rows = []
    with tempfile.TemporaryDirectory() as name, serving("", Path(name)) as (process, base, _):
        with visitor(base) as first:
            first.open(PATH)
        before, _ = memory(process)
        for turn in range(options.rounds):
            start = time.perf_counter()
            # The peak is that of this round.
            Path(f"/proc/{process}/clear_refs").write_text("5")
            numbers = range(options.visitors)
            with ExitStack() as stack, ThreadPoolExecutor(options.visitors) as pool:
                sent = [picture if number % BOMBS else bomb for number in numbers]
                told = list(pool.map(partial(bring, stack, base, content), numbers, sent))
                seconds = time.perf_counter() - start
                held, peak = memory(process)
            time.sleep(FORGOTTEN)
            after, _ = memory(process)
            kinds = {word: told.count(word) for word in set(told)}
            print(turn, kinds, f"{seconds:.0f} s", before, peak, held, after, file=sys.stderr)
            rows.append(
                f"| {turn + 1} | {told.count('in use')} of {options.visitors} | {seconds:.0f} "
                f"| {peak:.0f} | {held:.0f} | {after:.0f} |"
            )
    lines = [
        "# Many lists at once",
        "",
        f"Made by `make bench-uploads`: {options.visitors} visitors at the same time, each with a "
        f"file that is refused ({options.visitors // BOMBS} gzip bombs of "
        f"{MOST_UNPACKED // MIB} MiB, else pictures named .csv) and a list of "
        f"{len(content) / MIB:.1f} MiB that is then used. The server without them: {before:.0f} MiB "
        f"resident. {FORGOTTEN} seconds after they left it is measured again.",
        "",
        "| round | lists in use | seconds | peak MiB | all in use MiB | all gone MiB |",
        "| --- | --- | --- | --- | --- | --- |",
        *rows,
    ]
    print("\n".join(lines))
    put_section("uploads", lines)


if __name__ == "__main__":
    main()
