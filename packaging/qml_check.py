"""Check every QML file: qmllint with types generated from the view-models (no warning allowed), and qmlformat."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOLS = Path(sys.executable).parent


def _files() -> list[Path]:
    return sorted(ROOT.glob("kiosk/**/*.qml"))


def lint() -> int:
    """Generate the types and run qmllint; its exit status without `-W 0` would be 0 whatever it finds."""
    subprocess.run([sys.executable, ROOT / "packaging" / "qml_types.py"], check=True, capture_output=True)  # noqa: S603
    files = [str(path) for path in _files()]
    done = subprocess.run(  # noqa: S603
        [TOOLS / "pyside6-qmllint", "-I", str(ROOT), "-W", "0", *files], check=False, text=True, capture_output=True
    )
    print(done.stderr[-6000:] or f"qmllint: {len(files)} files, no warning")
    return int(done.returncode != 0)


def formatted() -> int:
    """Name the files that qmlformat would write differently."""
    off = []
    for path in _files():
        done = subprocess.run([TOOLS / "pyside6-qmlformat", path], check=True, text=True, capture_output=True)  # noqa: S603
        if done.stdout != path.read_text(encoding="utf-8"):
            off.append(str(path.relative_to(ROOT)))
    print("\n".join(f"not formatted: {each}" for each in off) or "qmlformat: nothing to do")
    return int(bool(off))


def write() -> int:
    """Format all QML files in place."""
    for path in _files():
        subprocess.run([TOOLS / "pyside6-qmlformat", "-i", path], check=True)  # noqa: S603
    return 0


if __name__ == "__main__":
    sys.exit({"lint": lint, "format": formatted, "write": write}[sys.argv[1]]())
