"""The only place where parts are chosen and joined: a start, a terminal, a face."""

from kiosk.application.control import NotDone
from kiosk.application.settings_file import SettingsProblem
from kiosk.bootstrap.faces import Visit, asked, open_beside, run_face, run_faces, serving
from kiosk.bootstrap.linking import joined, left, linked, renewed
from kiosk.bootstrap.platforms import embedded_config, open_link, open_platform
from kiosk.bootstrap.starting import CannotStart, Start, clock_of
from kiosk.bootstrap.store import open_store
from kiosk.bootstrap.terminal import claim_key, open_terminal

__all__ = [
    "CannotStart",
    "NotDone",
    "SettingsProblem",
    "Start",
    "Visit",
    "asked",
    "claim_key",
    "clock_of",
    "embedded_config",
    "joined",
    "left",
    "linked",
    "open_beside",
    "open_link",
    "open_platform",
    "open_store",
    "open_terminal",
    "renewed",
    "run_face",
    "run_faces",
    "serving",
]
