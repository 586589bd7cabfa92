"""Ask the platform without waiting: one running question per subject, a newer one replaces it."""

import asyncio
from collections.abc import Callable, Coroutine

from kiosk.application.errors import PlatformError


class Questions:
    """Hold the running questions of a page, so that none is lost, doubled or left behind."""

    def __init__(self, on_trouble: Callable[[PlatformError], None]) -> None:
        """`on_trouble` is told of what the platform refused or could not answer."""
        self._on_trouble = on_trouble
        self._running: dict[str, asyncio.Task[None]] = {}

    @property
    def is_any_running(self) -> bool:
        """Say whether an answer is still awaited."""
        return bool(self._running)

    def ask(self, subject: str, question: Coroutine[object, object, None]) -> None:
        """Put a question; an older one on the same subject is dropped."""
        self.drop(subject)
        task = asyncio.get_running_loop().create_task(self._guarded(question))
        self._running[subject] = task
        task.add_done_callback(lambda done: self._forget(subject, question, done))

    def drop(self, subject: str) -> None:
        """Want no answer any more."""
        task = self._running.pop(subject, None)
        if task is not None:
            task.cancel()

    def close(self) -> None:
        """Want no answers at all."""
        for subject in tuple(self._running):
            self.drop(subject)

    def _forget(self, subject: str, question: Coroutine[object, object, None], task: asyncio.Task[None]) -> None:
        question.close()  # one dropped before it began was never awaited
        if self._running.get(subject) is task:
            del self._running[subject]
        if not task.cancelled() and (error := task.exception()) is not None:
            task.get_loop().call_exception_handler(
                {"message": f"the counter asked in vain: {error!r}", "exception": error}
            )

    async def _guarded(self, question: Coroutine[object, object, None]) -> None:
        try:
            await question
        except PlatformError as trouble:
            self._on_trouble(trouble)
