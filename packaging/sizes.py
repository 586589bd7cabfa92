"""Hold functions, modules and QML files to the sizes of CONTRIBUTING.md, and print the distribution."""

import ast
import statistics
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FUNCTION_LINES_MAX = 40
MODULE_LINES_MAX = 400
QML_LINES_MAX = 245  # aim under 120; the longest page may reach the ninetieth percentile of the model we follow
PACKAGES = ("kiosk", "hardware", "offline_store")


def _functions(path: Path) -> list[tuple[int, str]]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            start = node.body[0].end_lineno if ast.get_docstring(node) else node.lineno
            lines = (node.end_lineno or 0) - (start or 0)
            found.append((lines, f"{path.relative_to(ROOT)} {node.name}"))
    return found


def main() -> int:
    """Print what is too long; the exit status counts as a check."""
    modules = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    functions = [each for path in modules for each in _functions(path)]
    lengths = sorted(length for length, _ in functions)
    sizes = sorted((len(path.read_text(encoding="utf-8").splitlines()), path) for path in modules)
    qml = sorted((len(path.read_text(encoding="utf-8").splitlines()), path) for path in ROOT.glob("kiosk/**/*.qml"))
    p90 = lengths[int(len(lengths) * 0.9)]
    print(f"functions: {len(lengths)}, median {statistics.median(lengths):.0f}, p90 {p90}, longest {lengths[-1]} lines")
    print(f"modules: {len(sizes)}, median {statistics.median(size for size, _ in sizes):.0f}, longest {sizes[-1][0]}")
    if qml:
        print(f"QML: {len(qml)}, median {statistics.median(size for size, _ in qml):.0f}, longest {qml[-1][0]}")
    found = [(name, length, FUNCTION_LINES_MAX) for length, name in functions]
    found += [(str(path.relative_to(ROOT)), size, MODULE_LINES_MAX) for size, path in sizes]
    found += [(str(path.relative_to(ROOT)), size, QML_LINES_MAX) for size, path in qml]
    too_long = [f"{name}: {length} lines" for name, length, limit in found if length > limit]
    for each in too_long:
        print(f"too long: {each}")
    return int(bool(too_long))


if __name__ == "__main__":
    sys.exit(main())
