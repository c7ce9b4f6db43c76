"""GET /tasks: what was asked of grids and what came of it; /tasks/new asks something, and POST
/tasks/{task}/take-back takes it back."""

from contextlib import suppress
from datetime import date
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from contract.zone import ZONE
from sync_server.casework.other_grid import avoided_for
from sync_server.casework.tasks import NewTask, give_task, take_task_back
from sync_server.console.access import needs
from sync_server.console.context import ConsoleContext
from sync_server.console.entry_form import EntryForm, FieldNote, read_day
from sync_server.console.forms import Form, check_token, read_form
from sync_server.console.key_pages import SIZE, KeyPage, address, page_of, read_key, read_time
from sync_server.console.printer import PRIVATE, now, wording_of
from sync_server.console.task_cards import task_groups
from sync_server.console.task_draft import FIELDS, task_draft
from sync_server.domain.roles import Permission, Staff
from sync_server.problems import StateChanged
from sync_server.store import complaints, fieldwork, tasks
from sync_server.store.engine import Tx

WAITING, LISTED = "waiting", "listed"
FOLDERS = ("", WAITING, LISTED)


def routes(router: APIRouter, console: ConsoleContext) -> None:
    @router.get("/tasks")
    @needs(Permission.READ_EVERYWHERE)
    def show(request: Request) -> Response:
        return _page(console, request)

    @router.get("/tasks/new")
    @needs(Permission.TAKE_IN)
    def draft(request: Request) -> Response:
        return _draft(console, request)

    @router.post("/tasks")
    @needs(Permission.TAKE_IN)
    def give(request: Request, form: Annotated[Form, Depends(read_form)]) -> Response:
        entry = EntryForm(FIELDS, partial(_give, console), partial(_form, console, request))
        return entry.submit(console, request, form)

    _take_back_routes(router, console)


def _take_back_routes(router: APIRouter, console: ConsoleContext) -> None:
    @router.get("/tasks/{task}/take-back")
    @needs(Permission.READ_EVERYWHERE)
    def again(task: str) -> Response:
        """The address that stays after a refusal, loaded again."""
        return RedirectResponse("/tasks", 303, PRIVATE)

    @router.post("/tasks/{task}/take-back")
    @needs(Permission.TAKE_IN)
    def take_back(
        request: Request, task: str, form: Annotated[Form, Depends(read_form)]
    ) -> Response:
        visitor = console.visitor(request)
        check_token(form, visitor.csrf)
        with suppress(StateChanged):  # somebody else did: the page shows it
            take_task_back(console.store, visitor.staff, task[:40], now())
        return RedirectResponse("/tasks", 303, PRIVATE)


def _draft(console: ConsoleContext, request: Request) -> Response:
    time = now().astimezone(ZONE).date()
    with console.store.reading() as tx:
        values = task_draft(tx, dict(request.query_params), time, wording_of(request).say)
    return _form(console, request, values, {}, 200)


def _give(console: ConsoleContext, staff: Staff, values: Form) -> str:
    new = NewTask(
        title=values["title"],
        note=values["note"],
        grid=values["grid"],
        address=values["address"],
        due=read_day(values["due"]),
        complaint=values["complaint"][:40],
        record=values["record"][:36],
        again=values["again"][:40],
    )
    give_task(console.store, staff, new, now())
    return f"/complaints/{new.complaint}" if new.complaint else "/tasks"


def _form(
    console: ConsoleContext,
    request: Request,
    values: Form,
    notes: dict[str, FieldNote],
    status: int,
) -> Response:
    with console.store.reading() as tx:
        grids = sorted(fieldwork.grids_by_code(tx).items())
        names = [row.name for row in complaints.known_compounds(tx)]
        avoided = avoided_for(tx, values["record"][:36], values["complaint"][:40])
    shown = {
        "title": wording_of(request).say("tasks.new"),
        "section": "tasks",
        "entry": values,
        "notes": notes,
        "grids": [(code, row.name) for code, row in grids if code not in avoided],
        "avoided": [row.name for code, row in grids if code in avoided],
        "compounds": names,
    }
    return console.printer.page(request, "task_new.html", shown, status)


def _page(console: ConsoleContext, request: Request) -> Response:
    """The tasks that were made here; with ?of= those that wait, or those of the imported list."""
    wording, asked = wording_of(request), request.query_params
    folder = asked.get("of", "") if asked.get("of", "") in FOLDERS else ""
    with console.store.reading() as tx:
        page = _found(tx, folder, asked.get("after"))
        groups = task_groups(tx, page.rows, now(), wording)
    say = wording.say
    values = {
        "title": say("tasks.title"),
        "section": "tasks",
        "groups": groups,
        "page": page,
        "begun": bool(asked.get("after")),
        "folders": [(_url(one), say(f"tasks.folder.{one or 'made'}")) for one in FOLDERS],
        "folder": _url(folder),
        "empty": say("tasks.none_here" if folder else "tasks.empty"),
        "may_give": Permission.TAKE_IN in request.state.visitor.permissions,
    }
    return console.printer.page(request, "tasks.html", values)


def _found(tx: Tx, folder: str, after: str | None) -> KeyPage:
    def url(key: str) -> str:
        return _url(folder, after=key)

    if folder == LISTED:
        listed = tasks.listed(tx, read_key(after, date.fromisoformat), SIZE + 1)
        return page_of(listed, url, lambda row: (row.due or tasks.NEVER, row.task))
    made = tasks.made(tx, read_key(after, read_time), SIZE + 1, waiting=folder == WAITING)
    return page_of(made, url, lambda row: (row.made_at, row.task))


def _url(folder: str, **more: str) -> str:
    return address("/tasks", of=folder, **more)
