"""The bytes of the texts of a column, as numbers: numpy looks at many at once."""

from __future__ import annotations

import numpy as np
import pyarrow as pa


def letters(texts: pa.StringArray | pa.LargeStringArray) -> tuple[np.ndarray, np.ndarray]:
    """Return the bytes of texts, one after another; where each starts, and where the last ends."""
    kind = np.int64 if pa.types.is_large_string(texts.type) else np.int32
    if not len(texts):
        return np.zeros(0, np.uint8), np.zeros(1, kind)
    _, ends, content = texts.buffers()
    edges = np.frombuffer(ends, kind)[texts.offset : texts.offset + len(texts) + 1]
    first, last = edges[0], edges[-1]
    return np.frombuffer(content or b"", np.uint8)[first:last], edges - first if first else edges


def outer_letters(texts: pa.StringArray | pa.LargeStringArray) -> tuple[np.ndarray, np.ndarray]:
    """Return the first bytes of texts, and the last ones; a text without any is left out."""
    content, edges = letters(texts)
    starts, ends = edges[:-1], edges[1:]
    some = starts < ends
    return content[starts[some]], content[ends[some] - 1]
