"""A real `ft.Page` without any client: screens rendered, fired and read in the test process.

Leans on private parts of flet 1.0.5 (Session, Connection), which is why flet is pinned exactly.
"""

import asyncio
import inspect
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Self, TypeVar

import flet as ft
import msgpack  # type: ignore[import-untyped]  # it ships no types
from flet.controls.base_control import BaseControl
from flet.controls.context import _context_page, context
from flet.messaging.connection import Connection
from flet.messaging.protocol import Message, MessageAction, configure_encode_object_for_msgpack
from flet.messaging.session import Session
from flet.pubsub.pubsub_hub import PubSubHub

from tests.fieldapp.threads import Threads

Control = TypeVar("Control", bound=BaseControl)
Main = Callable[[ft.Page], Any]
DRAWN = 5  # rounds from an answer to what a screen makes of it
PHONE = {"route": "/", "platform": "android", "web": False, "width": 390, "height": 844}


class Silent(Connection):
    """Encodes what a client would get, for components render while they are encoded, and answers
    method calls from `replies`: a value, or a function of the arguments that may raise."""

    def __init__(self, replies: dict[str, Any]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # flet's own
        self.loop = asyncio.get_running_loop()
        self.executor = ThreadPoolExecutor(2)
        self.pubsubhub = PubSubHub(loop=self.loop, executor=self.executor)
        self.page_url, self.page_name = "http://127.0.0.1", ""
        self.replies = replies
        self.session: Session | None = None
        self.crashes: list[str] = []

    def send_message(self, message: Message) -> None:
        pack(message.body)
        if message.action == MessageAction.INVOKE_METHOD:
            self._answer(message.body)
        if message.action == MessageAction.SESSION_CRASHED:
            self.crashes.append(message.body.message)

    def _answer(self, call: Any) -> None:
        assert self.session
        reply, flaw = self.replies.get(call.name), None
        try:
            result = reply(call.args) if callable(reply) else reply
        except RuntimeError as error:
            result, flaw = None, str(error)
        handle = self.session.handle_invoke_method_results
        self.loop.call_soon(handle, call.control_id, call.call_id, result, flaw)
        if call.name == "push_route":
            self.loop.create_task(routed(self.session, call.args["route"]))

    def dispose(self) -> None:
        """Nothing is open."""


class Headless:
    """`async with Headless(main) as app:` then find, fire and read."""

    def __init__(self, main: Main, replies: dict[str, Any] | None = None, **page: Any) -> None:
        self.main, self.replies, self.props = main, replies or {}, PHONE | page
        self.started: list[asyncio.Task[None]] = []
        self.threads = Threads()

    async def __aenter__(self) -> Self:
        asyncio.get_running_loop().set_default_executor(self.threads)
        self.silent = Silent(self.replies)
        self.session: Any = Session(self.silent)
        self.silent.session = self.session
        self.page: ft.Page = self.session.page
        _context_page.set(self.page)
        self.session.apply_page_patch(self.props)
        patch = self.session.get_page_patch()  # type: ignore[no-untyped-call]  # flet's own
        pack(patch)  # encoding takes the snapshots that later diffs need
        context.reset_auto_update()  # type: ignore[no-untyped-call]  # flet's own
        started = self.main(self.page)
        if inspect.isawaitable(started):
            await started
        await self.session.after_event(self.page)
        await self.settle()
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self.started:
            task.cancel()
        self.session.close()
        await asyncio.sleep(0)
        self.silent.executor.shutdown(wait=False)

    async def settle(self, rounds: int = 20) -> None:
        """So long, and until what is asked of the notebook has been answered and drawn."""
        while rounds:
            await asyncio.sleep(0.005)
            rounds = max(rounds - 1, DRAWN if self.threads.busy else 0)
        assert not self.silent.crashes, self.silent.crashes

    async def tap(self, identifier: str) -> None:
        """Fires the click of the button that carries this identifier."""
        for part in walk(self.find(identifier)):
            if getattr(part, "on_click", None):
                return await self.fire(part, "click")
        raise LookupError(f"nothing to tap in {identifier}")

    def start(self, identifier: str) -> None:
        """A tap whose handler goes on for longer than a test wants to wait."""
        task = asyncio.create_task(self.tap(identifier))
        self.started.append(task)

    async def seal(self, identifier: str = "seal") -> None:
        """Pressed, and the undo is offered: on a busy machine the disk takes its time."""
        self.start(identifier)
        await self.until(lambda: self.shows("undo"))

    async def until(self, seen: Callable[[], object]) -> None:
        """For what the app itself waits before: a timer of its own passes unseen by `settle`."""
        for _ in range(500):
            await self.settle(4)
            if seen():
                return await self.settle()
        raise TimeoutError

    async def write(self, identifier: str, words: str) -> None:
        field = next(part for part in walk(self.find(identifier)) if isinstance(part, ft.TextField))
        self.session.apply_patch(field._i, {"value": words})
        await self.fire(field, "change", words)

    async def fire(self, control: BaseControl, name: str, news: Any = None) -> None:
        await self.session.dispatch_event(control._i, name, news)
        await self.settle()

    async def route(self, route: str) -> None:
        await routed(self.session, route)
        await self.settle()

    def find(self, identifier: str) -> ft.Semantics:
        for part in self.all(ft.Semantics):
            if part.identifier == identifier:
                return part
        raise LookupError(identifier)

    def shows(self, identifier: str) -> bool:
        return any(part.identifier == identifier for part in self.all(ft.Semantics))

    def identifiers(self) -> list[str]:
        """Of everything on the screen, from above to below."""
        return [part.identifier for part in self.all(ft.Semantics) if part.identifier]

    def all(self, kind: type[Control]) -> list[Control]:
        return [part for part in walk(self.top()) if isinstance(part, kind)]

    def below(self, part: BaseControl, kind: type[Control]) -> list[Control]:
        return [found for found in walk(part) if isinstance(found, kind)]

    def texts(self) -> list[str]:
        return [part.value for part in self.all(ft.Text) if part.value]

    def says(self, words: str) -> bool:
        return any(words in text for text in self.texts())

    def top(self) -> BaseControl:
        views: Any = ft.unwrap_component(self.page.views)
        top: BaseControl = ft.unwrap_component(views[-1] if isinstance(views, list) else views)
        return top


def walk(root: BaseControl) -> Iterator[BaseControl]:
    """`root` and everything below it, components unfolded, each once."""
    seen: set[int] = set()
    waiting: list[Any] = [root]
    while waiting:
        part = waiting.pop(0)
        if isinstance(part, list | tuple):
            waiting = [*part, *waiting]
        elif isinstance(part, BaseControl) and id(part) not in seen:
            seen.add(id(part))
            yield part
            waiting = [*_children(part), *waiting]


def _children(part: BaseControl) -> list[Any]:
    own = {**vars(part), **getattr(part, "_values", {})}
    return [value for name, value in own.items() if name not in {"_parent", "_frozen", "_values"}]


def pack(body: Any) -> bytes:
    encode = configure_encode_object_for_msgpack(BaseControl)  # type: ignore[no-untyped-call]
    return bytes(msgpack.packb(body, default=encode))


async def routed(session: Any, route: str) -> None:
    """What a client sends when its address changes."""
    session.apply_page_patch({"route": route})
    await session.dispatch_event(session.page._i, "route_change", {"route": route})
