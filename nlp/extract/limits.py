"""The limits one file is read under; it must not know how they are enforced."""

from __future__ import annotations

import os
from dataclasses import dataclass, field


def cores() -> int:
    """Count the processor cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class Limits:
    """Bound what reading one file may cost.

    `seconds` is wall time for the file; every page adds `page_seconds` and every page read by OCR adds `ocr_seconds`. A worker
    that reports no progress for `stall_seconds` is stopped sooner. `memory` is address space of the worker in bytes,
    `page_points` the longest side of a page that is rendered at full resolution, `decoded_bytes` what a compressed part may
    unpack to, `characters` the length of the document's text.
    """

    seconds: float = 120.0
    page_seconds: float = 0.1
    ocr_seconds: float = 20.0
    stall_seconds: float = 45.0
    cpu_seconds: int = 600
    memory: int = 1 << 30
    pages: int = 10_000
    page_points: float = 14_400.0
    file_bytes: int = 256 << 20
    decoded_bytes: int = 256 << 20
    characters: int = 50_000_000
    ocr_threads: int = field(default_factory=cores)
