"""Build guichet_VERSION_amd64.deb: a venv under /opt/guichet, the command, the systemd unit and the udev rule.

Run: python packaging/build_deb.py OUT_DIR. It needs dpkg-deb; packages come from requirements/run.txt, hashes checked.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGING = ROOT / "packaging"
SITE = Path("opt/guichet/venv/lib/python3.11/site-packages")
SOURCES = ("kiosk", "hardware", "offline_store")
# What PySide6-Essentials brings and a ticket terminal never loads; a third of its size.
PRUNED = (
    "PySide6/assistant", "PySide6/designer", "PySide6/linguist", "PySide6/glue", "PySide6/include",
    "PySide6/typesystems", "PySide6/doc", "PySide6/scripts", "PySide6/Qt/libexec", "PySide6/Qt/translations",
)  # fmt: skip
LAUNCHER = '#!/bin/sh\nexec /opt/guichet/venv/bin/python -m kiosk "$@"\n'
VENV = "home = /usr/bin\ninclude-system-site-packages = false\nversion = 3.11\n"


def version() -> str:
    """Return the version the program itself names."""
    text = (ROOT / "kiosk" / "__init__.py").read_text(encoding="utf-8")
    return text.split('__version__ = "')[1].split('"')[0]


def _site(tree: Path) -> None:
    site = tree / SITE
    site.mkdir(parents=True)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--require-hashes", "--no-compile", "--target", str(site)]
    subprocess.run([*pip, "-r", str(ROOT / "requirements" / "run.txt")], check=True)  # noqa: S603
    for pruned in PRUNED:
        path = site / pruned
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    for name in SOURCES:
        shutil.copytree(ROOT / name, site / name, ignore=shutil.ignore_patterns("__pycache__", "*.qmltypes"))
    binaries = tree / "opt/guichet/venv/bin"
    binaries.mkdir()
    (binaries / "python").symlink_to("/usr/bin/python3.11")
    (tree / "opt/guichet/venv/pyvenv.cfg").write_text(VENV, encoding="utf-8")


def compile_modules(tree: Path) -> None:
    """Put the compiled form beside every module: who runs the terminal may not write there, and compiled at each start.

    Valid by what was packed, not by time: a start looks at no source.
    """
    if sys.version_info[:2] != (3, 11):
        raise SystemExit("The package is for Python 3.11; build it with that.")
    binding = str(tree / SITE)
    unpack = [sys.executable, "-I", "-c", "import sys; sys.path.insert(0, sys.argv[1]); import shiboken6", binding]
    if (tree / SITE / "shiboken6").is_dir():  # it holds modules as text in its library, else compiled at each start
        subprocess.run(unpack, check=True, env={**os.environ, "SBK_EMBED": "0"})  # noqa: S603
    form = ["--invalidation-mode", "unchecked-hash", "-s", str(tree), "-p", "/"]
    subprocess.run([sys.executable, "-I", "-m", "compileall", "-q", "-j", "0", *form, str(tree / SITE)], check=True)  # noqa: S603


def _place(tree: Path, source: Path, target: str, mode: int) -> None:
    path = tree / target
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, path)
    path.chmod(mode)


def build(out: Path) -> Path:
    """Build the package into `out` and return its path."""
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "tree"
        tree.mkdir()
        tree.chmod(0o755)
        _site(tree)
        compile_modules(tree)
        command = tree / "usr/bin/guichet"
        command.parent.mkdir(parents=True)
        command.write_text(LAUNCHER, encoding="utf-8")
        command.chmod(0o755)
        _place(tree, PACKAGING / "systemd" / "guichet.service", "lib/systemd/system/guichet.service", 0o644)
        _place(tree, PACKAGING / "udev" / "70-guichet.rules", "lib/udev/rules.d/70-guichet.rules", 0o644)
        _place(tree, ROOT / "LICENSE", "usr/share/doc/guichet/copyright", 0o644)
        _place(tree, PACKAGING / "debian" / "postinst", "DEBIAN/postinst", 0o755)
        control = (PACKAGING / "debian" / "control").read_text(encoding="utf-8").replace("@VERSION@", version())
        (tree / "DEBIAN" / "control").write_text(control, encoding="utf-8")
        package = out / f"guichet_{version()}_amd64.deb"
        build_command = ["dpkg-deb", "--root-owner-group", "-Zzstd", "-z3", "--build", str(tree), str(package)]
        subprocess.run(build_command, check=True, capture_output=True)  # noqa: S603
    return package


if __name__ == "__main__":
    print(build(Path(sys.argv[1] if len(sys.argv) > 1 else "dist")))
