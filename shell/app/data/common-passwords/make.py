"""Makes table.bin from the word lists of two published packages, and from french.txt beside this file.

    pip download --no-deps django==5.2.19 zxcvbn==4.5.0
    python make.py django-5.2.19-py3-none-any.whl zxcvbn-4.5.0-py2.py3-none-any.whl table.bin

Each password is put in lower case, kept if it has three characters or more, and hashed with SHA-256; the
table is the sorted list of the first five bytes of each hash, without header or separator.
"""
import ast
import gzip
import hashlib
import pathlib
import sys
import zipfile

django, zxcvbn, out = sys.argv[1:]
words = set()
with zipfile.ZipFile(django) as wheel:
    packed = wheel.read("django/contrib/auth/common-passwords.txt.gz")
    words.update(gzip.decompress(packed).decode().split("\n"))
with zipfile.ZipFile(zxcvbn) as wheel:
    tree = ast.parse(wheel.read("zxcvbn/frequency_lists.py").decode())
    lists = next(node.value for node in tree.body if isinstance(node, ast.Assign))
    lists = dict(zip((key.value for key in lists.keys), lists.values))
    # Written there as one text, cut at its commas.
    words.update(ast.literal_eval(lists["passwords"].func.value).split(","))
words.update((pathlib.Path(__file__).parent / "french.txt").read_text().split())
words = {word.strip().lower() for word in words}
words = {word for word in words if len(word) >= 3}
prefixes = sorted({hashlib.sha256(word.encode()).digest()[:5] for word in words})
with open(out, "wb") as table:
    table.write(b"".join(prefixes))
print(len(words), "passwords,", 5 * len(prefixes), "bytes")
