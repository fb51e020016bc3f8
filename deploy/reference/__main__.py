"""Write the reference pages; run from the project's folder as `python -m deploy.reference`."""

import sys

from deploy.reference.pages import DOCS, pages

for name, text in pages().items():
    (DOCS / name).write_text(text, "utf-8")
    sys.stdout.write(f"{DOCS / name}\n")
