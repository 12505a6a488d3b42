"""Number and sum of the body masses in penguins.csv: mean.py FOLDER RESULT. Only these two numbers leave the folder."""

import csv
import json
import sys
from pathlib import Path

folder, result = Path(sys.argv[1]), Path(sys.argv[2])
with (folder / "penguins.csv").open(encoding="utf-8", newline="") as table:
    masses = [float(row["Body Mass (g)"]) for row in csv.DictReader(table) if row["Body Mass (g)"]]
result.write_text(json.dumps({"count": len(masses), "sum": sum(masses)}), encoding="utf-8")
print(f"{folder.name}: {len(masses)} penguins, mean {sum(masses) / len(masses):.1f} g")
