"""The canonical decompositions and combining classes of Unicode, for src/Makemore/Data/Normalization.txt.

    python3 tests/Makemore.Tests/Data/generate.py

Writes the file from Python's own tables, and prints the hash that NormalizationTests expects. Made with Python 3.11 (Unicode 14).

  compose CODE FIRST SECOND     a character, and the pair that it composes from
  decompose CODE PARTS          a character that is always replaced by its one or two parts
  class FIRST LAST CLASS        a range of characters whose canonical combining class is not 0

Hangul syllables are not in it, because they follow from arithmetic.
"""

import hashlib
import itertools
import pathlib
import unicodedata

CODES = [code for code in range(0x110000) if not 0xD800 <= code < 0xE000]
HANGUL = range(0xAC00, 0xD7A4)
FILE = pathlib.Path(__file__).resolve().parents[3] / "src" / "Makemore" / "Data" / "Normalization.txt"


def lines():
    yield f"# From the Unicode Character Database {unicodedata.unidata_version} (https://www.unicode.org/terms_of_use.html),"
    yield "# by tests/Makemore.Tests/Data/generate.py"
    for code in CODES:
        parts = unicodedata.decomposition(chr(code))
        if parts and not parts.startswith("<") and code not in HANGUL:
            rule = "compose" if unicodedata.normalize("NFC", chr(code)) == chr(code) else "decompose"
            yield f"{rule} {code:04X} {parts}"
    for combining, group in itertools.groupby(CODES, key=lambda code: unicodedata.combining(chr(code))):
        group = list(group)
        if combining:
            yield f"class {group[0]:04X} {group[-1]:04X} {combining}"


def digest():
    """The hash of the normal forms of every character between marks of several classes."""
    forms = hashlib.sha256()
    for code in CODES:
        text = f"a{chr(code)}\u0323\u0301{chr(code)}\u093c\u11a8\u1161"
        forms.update(unicodedata.normalize("NFC", text).encode())
    return forms.hexdigest()


FILE.write_text("".join(line + "\n" for line in lines()))
print(digest())
