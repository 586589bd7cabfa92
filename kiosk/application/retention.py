"""The hourly sweep: personal data of sales long at rest is forgotten, old proofs are trimmed."""

import asyncio
import logging

from offline_store import RetentionPolicy, Store, StoreError

_log = logging.getLogger(__name__)
SWEEP_S = 3600.0


class Retention:
    """Keep what is kept no longer than the settings say."""

    def __init__(self, store: Store, policy: RetentionPolicy, *, sweep_s: float = SWEEP_S) -> None:
        self._store = store
        self._policy = policy
        self._sweep_s = sweep_s

    async def run(self) -> None:
        """Sweep until cancelled; a store that cannot just now is asked again at the next round."""
        while True:
            try:
                gone = await self._store.retain(self._policy)
            except StoreError as trouble:
                _log.warning("personal data could not be swept: %s", trouble.key)
            else:
                if gone.forgotten:
                    _log.info("personal data of %d sales forgotten", len(gone.forgotten))
            await asyncio.sleep(self._sweep_s)
