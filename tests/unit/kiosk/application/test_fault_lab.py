"""The technician is offered every fault of every simulator, however its family keeps them."""

from pathlib import Path
from typing import Any

import pytest

from hardware.inventory import DeviceConfig, DevicesConfig, open_devices
from hardware.printer import FaultKind
from kiosk.application.fault_lab import faults_of, set_fault

KINDS = ("printer", "payment_terminal", "cash", "scanner", "card_reader")


def device(family: str, folder: Path) -> Any:
    config = DevicesConfig((DeviceConfig(f"{family}.simulator", family),))
    return open_devices(config, training_dir=folder).device(family)


@pytest.mark.parametrize("family", KINDS)
def test_each_fault_is_offered_started_and_stopped(family: str, tmp_path: Path) -> None:
    simulator = device(family, tmp_path)
    offered = faults_of(simulator)
    assert offered
    for name, what, is_on in offered:
        assert what
        assert not is_on
        assert set_fault(simulator, name, is_on=True)
        assert [each for each, _, on in faults_of(simulator) if on] == [name]
        assert set_fault(simulator, name, is_on=False)
        assert not any(on for _, _, on in faults_of(simulator))


def test_no_fault_of_a_printer_is_left_out(tmp_path: Path) -> None:
    assert {name for name, _, _ in faults_of(device("printer", tmp_path))} == set(FaultKind)


def test_a_real_device_has_no_faults_to_start(tmp_path: Path) -> None:
    config = DevicesConfig((DeviceConfig("printer.escpos.tcp", "real"),))
    real = open_devices(config, training_dir=tmp_path).device("real")
    assert faults_of(real) == ()
    assert not set_fault(real, "paper_out", is_on=True)
