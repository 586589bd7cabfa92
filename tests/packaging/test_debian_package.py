"""The .deb installs into a clean Debian root and answers there."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


def the_builder() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_deb", ROOT / "packaging" / "build_deb.py")
    assert spec is not None
    assert spec.loader is not None
    build_deb = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(build_deb)
    return build_deb


@pytest.mark.soak
@pytest.mark.timeout(1500)
@pytest.mark.debian("debootstrap")
@pytest.mark.debian("dpkg-dev")
def test_package_installs_into_a_clean_root_and_names_its_version(tmp_path: Path) -> None:
    build_deb = the_builder()
    package = build_deb.build(tmp_path)
    root = tmp_path / "root"
    bootstrap = ["debootstrap", "--variant=minbase", "bookworm", str(root)]
    subprocess.run(bootstrap, check=True, capture_output=True)
    (root / "guichet.deb").write_bytes(package.read_bytes())
    inside = ["chroot", str(root), "sh", "-c"]
    script = "apt-get update -q && apt-get install -y -q --no-install-recommends /guichet.deb"
    done = subprocess.run([*inside, script], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    said = subprocess.run([*inside, "guichet --version"], check=True, capture_output=True, text=True).stdout
    assert said.strip().endswith(build_deb.version())


def test_modules_are_packed_compiled_and_a_start_looks_at_no_source(tmp_path: Path) -> None:
    build_deb = the_builder()
    site = tmp_path / build_deb.SITE
    site.mkdir(parents=True)
    module = site / "packed.py"
    module.write_text("answer = 'as packed'\n", encoding="utf-8")
    build_deb.compile_modules(tmp_path)
    module.write_text("answer = 'read anew'\n", encoding="utf-8")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    told = subprocess.run(
        [sys.executable, "-c", "import packed; print(packed.answer)"],
        env={**inherited, "PYTHONPATH": str(site)}, check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    assert told == "as packed\n"
