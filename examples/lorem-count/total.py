"""Adds the counts and writes result.txt: total.py COUNT..."""

import sys
from pathlib import Path

total = sum(int(Path(name).read_text(encoding="utf-8")) for name in sys.argv[1:])
Path("result.txt").write_text(f"lorem = {total}\n", encoding="utf-8")
print(f"lorem = {total}")
