"""Reads a Python file into its tree, for tests that look at the house's own code."""

import ast
import gc
from pathlib import Path


def tree_of(path: Path) -> ast.Module:
    """The file's tree. The collector waits: in Python 3.11 a finaliser in the middle breaks `ast` (gh-106905)."""
    gc.disable()
    try:
        return ast.parse(path.read_text(encoding="utf-8"))
    finally:
        gc.enable()
