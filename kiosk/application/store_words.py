"""What a trouble of the store means to whoever stands before the terminal, and what to do."""

from collections.abc import Mapping

from offline_store import StoreError

SENTENCES: Mapping[str, str] = {
    "store.backup_folder_not_empty": "There are files in that folder already. Name a new or an empty one.",
    "store.both_damaged": "Both journals of the store are damaged. Bring the store back from a backup.",
    "store.bundle_damaged": "The bundle of keys in that backup is damaged. Take another backup.",
    "store.busy": "The store has more to do than it can just now. Try again in a moment.",
    "store.closed": "The store has stopped after a fault of the disk. Check the disk, then start the terminal again.",
    "store.commit_uncertain": (
        "The disk did not say whether it kept the last step. Check the disk, then start the terminal again: "
        "it reads what is there before it does anything else."
    ),
    "store.damaged": "What is on the disk is not what was written. Start the terminal: it rebuilds the store itself.",
    "store.disk": "The disk refused a read or a write. Check the disk and the rights of its folder.",
    "store.duplicate_key": "The same message was to be queued twice. Start the terminal again.",
    "store.exists_already": "There is a store in that folder already. Name a new or an empty one.",
    "store.forgotten": "The personal data of that sale has been forgotten.",
    "store.full": "The disk is full. Make room, then try again: nothing is begun that could not be written down.",
    "store.in_use": "A terminal is already running with this store. Use it, or stop it first.",
    "store.journal_file_behind": "The second journal ends before the first. Start the terminal: it mends it by itself.",
    "store.message_damaged": "A message that waits for the platform cannot be read. See: guichet store verify",
    "store.newer_schema": "A newer version of this program has used the store. Start that version.",
    "store.rolled_back": "An older copy of the store lies here. Bring back the newest, or sales would be made twice.",
    "store.setting_refused": "The disk does not give the safety that sales depend on. Put the store on another disk.",
    "store.still_owed": "That sale is still open, or the platform does not have it yet. Try again once it has.",
}


def store_sentence(trouble: StoreError) -> str:
    """Return what the trouble means and what to do; the key stays out of it."""
    return SENTENCES.get(
        trouble.key, "The store did not do it. Start the terminal again and see its technician's page."
    )
