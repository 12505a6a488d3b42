"""Mean over all organizations from their counts and sums, into result.json: combine.py PART..."""

import json
import sys
from pathlib import Path

parts = {Path(name).stem: json.loads(Path(name).read_text(encoding="utf-8")) for name in sys.argv[1:]}
count = sum(part["count"] for part in parts.values())
means = {name: part["sum"] / part["count"] for name, part in parts.items()}
means["all"] = sum(part["sum"] for part in parts.values()) / count
Path("result.json").write_text(json.dumps(means, indent=2) + "\n", encoding="utf-8")
print(f"mean of {count} penguins: {means['all']:.1f} g")
