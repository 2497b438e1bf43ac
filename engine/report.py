"""What became of each song of a batch, for programs (JSON) and for people (a table)."""

from __future__ import annotations

import csv
import io
import json
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.ledger import write_whole

if TYPE_CHECKING:
    from engine.batch import Item

JSON_NAME, CSV_NAME = "batch-report.json", "batch-report.csv"
COLUMNS = (
    "song", "state", "seconds", "seconds_taken", "times_real_time", "null_db", "device",
    "outputs", "remarks", "error", "hint",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Report:
    """The items of a batch when it ended, and how long it took."""

    chain: str
    target: Path
    items: Sequence[Item]
    seconds_taken: float

    @property
    def counts(self) -> dict[str, int]:
        """How many items are in which state."""
        return dict(Counter(item.state.value for item in self.items))

    @property
    def worked(self) -> bool:
        """Whether every item is done, now or before."""
        return set(self.counts) <= {"done", "skipped"}


def row(item: Item) -> dict[str, Any]:
    """One item as plain values; numbers that nobody knows are None."""
    taken, null_db = item.seconds_taken, item.null_db
    return {
        "song": str(item.source),
        "state": item.state.value,
        "seconds": round(item.seconds, 3),
        "seconds_taken": round(taken, 2),
        "times_real_time": round(item.seconds / taken, 2) if taken > 0 else None,
        "null_db": round(null_db, 1) if null_db is not None and math.isfinite(null_db) else None,
        "device": item.device,
        "outputs": [str(path) for path in item.outputs],
        "remarks": list(item.remarks),
        "error": item.error,
        "hint": item.hint,
    }


def write_report(report: Report) -> None:
    """Write both files into the target folder, over those of the last run. Raises `OSError`."""
    rows = [row(item) for item in report.items]
    whole = {
        "chain": report.chain,
        "seconds_taken": round(report.seconds_taken, 2),
        "counts": report.counts,
        "items": rows,
    }
    text = json.dumps(whole, indent=1, allow_nan=False)
    write_whole(report.target / JSON_NAME, text.encode())
    table = io.StringIO()
    writer = csv.DictWriter(table, COLUMNS)
    writer.writeheader()
    for each in rows:
        flat = {
            **each,
            "outputs": "\n".join(each["outputs"]),
            "remarks": "\n".join(each["remarks"]),
        }
        writer.writerow({name: "" if value is None else value for name, value in flat.items()})
    # With a mark at its start, or spreadsheets take UTF-8 for something else.
    write_whole(report.target / CSV_NAME, table.getvalue().encode("utf-8-sig", "backslashreplace"))
