"""Provisioning by a scanned code, as operator and technician do it: a QR code is read and taken, or refused."""

from pathlib import Path

import pytest
import zxingcpp

from kiosk.__main__ import main
from kiosk.application.settings_file import load

TOML = '[terminal]\nid = "hall-7"\nname = "Hall 7"\n'


def told(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    status = main(words)
    said = capsys.readouterr()
    return status, said.out.strip(), said.err


def test_a_terminal_is_provisioned_by_a_code_of_the_operator_and_of_nobody_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wanted, key, other, data = (tmp_path / name for name in ("hall.toml", "operator.key", "other.key", "data"))
    wanted.write_text(TOML, encoding="utf-8")
    named = ("--data", str(data))
    _, public, _ = told(capsys, "settings", "key", "--key", str(key))
    assert key.stat().st_mode & 0o077 == 0
    assert told(capsys, "settings", "key", "--key", str(key))[0] == 3, "a key is never written over"
    _, code, _ = told(capsys, "settings", "code", str(wanted), "--key", str(key))
    assert "trusts no operator" in told(capsys, "settings", "accept", code, *named)[2]
    assert "64 hexadecimal" in told(capsys, "settings", "trust", "12", *named)[2]
    assert told(capsys, "settings", "trust", public, *named)[0] == 0
    told(capsys, "settings", "key", "--key", str(other))
    _, strange, _ = told(capsys, "settings", "code", str(wanted), "--key", str(other))
    assert "not signed by the operator" in told(capsys, "settings", "accept", strange, *named)[2]
    assert load(None, data).settings.terminal.id == "demo-1"
    barcode = zxingcpp.create_barcode(code, zxingcpp.BarcodeFormat.QRCode)
    [scanned] = zxingcpp.read_barcodes(zxingcpp.write_barcode_to_image(barcode, scale=4))
    assert told(capsys, "settings", "accept", scanned.text, *named)[0] == 0
    assert load(None, data).settings.terminal.name == "Hall 7"
    assert "older" in told(capsys, "settings", "accept", code, *named)[2], "no code is taken twice"
    _, elsewhere, _ = told(capsys, "settings", "code", str(wanted), "--key", str(key), "--terminal", "hall-9")
    assert "another terminal" in told(capsys, "settings", "accept", elsewhere, *named)[2]


def test_what_is_missing_or_wrong_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wanted, bad = tmp_path / "hall.toml", tmp_path / "bad.key"
    wanted.write_text(TOML, encoding="utf-8")
    bad.write_bytes(b"short")
    assert "Name both" in told(capsys, "settings", "code", str(wanted))[2]
    assert "holds no key" in told(capsys, "settings", "code", str(wanted), "--key", str(bad))[2]
    assert "cannot be used" in told(capsys, "settings", "code", str(wanted), "--key", str(tmp_path / "none"))[2]
    assert told(capsys, "settings", "check", str(wanted))[0] == 0
