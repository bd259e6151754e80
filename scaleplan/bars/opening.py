"""The bytes of a file of bars: mapped, unpacked or come through a pipe, and never more of them than fit in memory."""

import gzip
import io
import mmap
import os
import stat
import subprocess
import sys
import zlib
from collections.abc import Callable

from scaleplan.source import STANDARD_INPUT, Unreachable, more_of_pipe, name_of, opened

#: The bytes of a file; a plain one is mapped.
Data = bytes | mmap.mmap
#: The most bytes that are held of what is unpacked or comes through a pipe: a bomb of zeros ends here.
_MOST_BYTES = 1 << 30
_PIECE = 1 << 24
#: A head longer than this is none.
LONGEST_HEAD = 1 << 22


def data_of(path: str) -> Data:
    """Returns the bytes of a file; a plain one is mapped."""
    if path == STANDARD_INPUT:
        if sys.stdin is None or sys.stdin.closed:
            raise Unreachable(name_of(path), "standard input is closed")
        return _limited(sys.stdin.buffer.read, name_of(path))
    with opened(path) as file:
        found = os.fstat(file.fileno())
        if stat.S_ISFIFO(found.st_mode):
            return _limited(more_of_pipe(file, path), path)
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if found.st_size else b""


def _limited(more: Callable[[int], bytes], name: str) -> bytes:
    found = bytearray()
    while piece := more(_PIECE):
        found += piece
        if len(found) >= LONGEST_HEAD and found.find(b"\n", 0, LONGEST_HEAD) < 0:
            raise Unreachable(name, "is no CSV: its first line has no end")
        if len(found) > _MOST_BYTES:
            raise Unreachable(name, f"has more than {_MOST_BYTES:,} bytes; give a part of it")
    return bytes(found)


def plain(path: str, data: Data) -> Data:
    """Returns the text of a file, which may be packed."""
    lower = path.lower()
    try:
        if lower.endswith(".gz") or data[:2] == b"\x1f\x8b":
            with gzip.open(io.BytesIO(bytes(data))) as file:
                return _limited(file.read, name_of(path))
        if lower.endswith(".zst") or data[:4] == b"\x28\xb5\x2f\xfd":
            return _zstd(path, bytes(data))
    except (OSError, EOFError, zlib.error) as error:
        raise Unreachable(name_of(path), f"cannot be unpacked: {error}") from error
    return data


#: Unpacks Zstandard as polars does, with a bound on memory: one line is one field, as no text has that separator.
_UNPACK = """
import sys
import polars as pl
if sys.platform != "win32":
    import resource
    resource.setrlimit(resource.RLIMIT_DATA, (int(sys.argv[1]), int(sys.argv[1])))
frame = pl.read_csv(sys.stdin.buffer.read(), has_header=False, separator=chr(1), quote_char=None,
    infer_schema_length=0, truncate_ragged_lines=True)
frame.write_csv(sys.stdout.buffer, include_header=False, quote_style="never", separator=chr(1))
"""
#: What unpacking may take in memory, in bytes, and in seconds.
_UNPACK_BYTES, _UNPACK_SECONDS = 1 << 30, 60


def _zstd(path: str, data: bytes) -> bytes:
    """Returns what Zstandard has packed, by polars in a process of its own: only there a bomb can be stopped."""
    command = [sys.executable, "-c", _UNPACK, str(_UNPACK_BYTES)]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=_UNPACK_SECONDS, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise Unreachable(name_of(path), f"was not unpacked in {_UNPACK_SECONDS} s") from error
    if done.returncode:
        raise Unreachable(name_of(path), f"cannot be unpacked, or takes more than {_UNPACK_BYTES:,} bytes to")
    return done.stdout
