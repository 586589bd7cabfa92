"""The binding of Qt, loaded before everything else of Qt where a face starts."""

import builtins

import PySide6.QtQuick  # noqa: F401 - before an engine is made, else a window is a bare QWindow


def leave_imports_alone() -> None:
    """Take the binding's hook out of `import`: it reads the source of each module, for a feature not used here."""
    builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
