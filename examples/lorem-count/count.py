"""Counts the word "lorem" in every text of a folder: count.py FOLDER RESULT"""

import re
import sys
from pathlib import Path

folder, result = Path(sys.argv[1]), Path(sys.argv[2])
count = sum(
    len(re.findall(r"\blorem\b", text.read_text(encoding="utf-8"), re.IGNORECASE))
    for text in sorted(folder.glob("*.txt"))
)
result.write_text(f"{count}\n", encoding="utf-8")
print(f"{folder.name}: {count}")
