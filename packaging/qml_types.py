"""Write .qmltypes beside each qmldir from the Python view-models, so that qmllint sees across the language border.

Run: python packaging/qml_types.py   (exit status 0; prints the files written). It imports every *_view_model.py and
every module of kiosk that registers QML types, and reads Qt's own meta-objects.
"""

import importlib
import os
import pkgutil
import sys
from pathlib import Path

from PySide6.QtCore import QMetaMethod, QMetaObject, QObject

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
TYPES = {"QObject*": "QObject", "QStringList": "QStringList", "PyObject": "QVariant"}
MARK = "QML_IMPORT_NAME"


def view_model_modules() -> list[str]:
    """Return the modules whose source registers QML types."""
    found = []
    for each in pkgutil.walk_packages([str(ROOT / "kiosk")], "kiosk."):
        path = ROOT.joinpath(*each.name.split("."))
        source = path / "__init__.py" if each.ispkg else path.with_suffix(".py")
        if source.exists() and MARK in source.read_text(encoding="utf-8"):
            found.append(each.name)
    return found


def registered(module_name: str) -> tuple[str, list[type[QObject]]]:
    """Return the QML module a Python module registers in, and its classes."""
    module = importlib.import_module(module_name)
    classes = [
        value
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, QObject) and value.__module__ == module_name
        and not value.__name__.startswith("_")
    ]  # fmt: skip
    return str(getattr(module, MARK)), classes


def component(cls: type[QObject], qml_module: str) -> str:
    """Return one Component of a .qmltypes file."""
    meta: QMetaObject = cls.staticMetaObject  # type: ignore[assignment]
    base = QObject.staticMetaObject  # type: ignore[attr-defined]
    lines = [
        f'        name: "{cls.__name__}"',
        '        accessSemantics: "reference"',
        '        prototype: "QObject"',
        f'        exports: ["{qml_module}/{cls.__name__} 1.0"]',
        "        exportMetaObjectRevisions: [256]",
    ]
    lines += [_property(meta, at, cls) for at in range(base.propertyCount(), meta.propertyCount())]
    lines += [_method(meta.method(at)) for at in range(base.methodCount(), meta.methodCount())]
    return "    Component {\n" + "\n".join(lines) + "\n    }\n"


def _property(meta: QMetaObject, at: int, cls: type[QObject]) -> str:
    prop = meta.property(at)
    name = prop.name()
    kind = _type(str(prop.typeName()))
    declared = next((vars(each)[name] for each in cls.__mro__ if name in vars(each)), None)
    is_rows = type(declared).__name__ == "RowsProperty"
    kind, is_pointer = ("QAbstractListModel", True) if is_rows else (kind, str(prop.typeName()).endswith("*"))
    flags = "" if prop.isWritable() else "; isReadonly: true"
    flags += "; isPointer: true" if is_pointer else ""
    flags += "; isPropertyConstant: true" if prop.isConstant() else ""
    notify = f'; notify: "{prop.notifySignal().name().data().decode()}"' if prop.hasNotifySignal() else ""
    return f'        Property {{ name: "{name}"; type: "{kind}"; read: "{name}"{notify}; index: {at}{flags} }}'


def _method(method: QMetaMethod) -> str:
    word = "Signal" if method.methodType() == QMetaMethod.MethodType.Signal else "Method"
    names = [bytes(each.data()).decode() for each in method.parameterNames()]
    kinds = [bytes(each.data()).decode() for each in method.parameterTypes()]
    result = str(method.typeName())
    returns = "" if result in {"void", ""} else f'; type: "{_type(result)}"'
    parameters = "".join(
        f' Parameter {{ name: "{name or f"arg{at}"}"; type: "{_type(kind)}"'
        + ("; isPointer: true" if kind.endswith("*") else "")
        + " }"
        for at, (name, kind) in enumerate(zip(names, kinds, strict=True))
    )
    return f'        {word} {{ name: "{method.name().data().decode()}"{returns};{parameters} }}'


def _type(name: str) -> str:
    return TYPES.get(name, name.rstrip("*"))


def main() -> int:
    """Write all files."""
    modules: dict[str, list[str]] = {}
    for name in view_model_modules():
        qml_module, classes = registered(name)
        modules.setdefault(qml_module, []).extend(component(cls, qml_module) for cls in classes)
    for qml_module, components in sorted(modules.items()):
        folder = ROOT.joinpath(*qml_module.split("."))
        path = folder / f"{folder.name}.qmltypes"
        text = "import QtQuick.tooling 1.2\n\n// Written by packaging/qml_types.py.\nModule {\n"
        path.write_text(text + "".join(components) + "}\n", encoding="utf-8")
        print(path.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
