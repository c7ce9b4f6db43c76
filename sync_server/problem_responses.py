"""Turns exceptions into responses: RFC 9457 problems, whatever went wrong."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute, Match, Route

from contract import wire
from contract.protocol import ProblemDetails
from contract.revocation import RevocationNotice
from sync_server import problems
from sync_server.private_traceback import private_traceback

Then = Callable[[Request], Awaitable[Response]]
RefusalPage = Callable[[Request, int], Response | None]
log = logging.getLogger("xuncha")
BY_STATUS: dict[int, type[problems.Problem]] = {
    404: problems.NotFound,
}


def problem_response(problem: problems.Problem) -> Response:
    """The response to a problem: `application/problem+json`."""
    body = ProblemDetails(
        type=f"urn:xuncha:problem:{problem.code}",
        title=problem.code.replace("_", " "),
        status=problem.status,
        code=problem.code,
        detail=problem.detail[:500],
    )
    if isinstance(problem, problems.TokenRevoked) and problem.taken is not None:
        body = body.changed(
            farewell=RevocationNotice(
                device=problem.device, taken=problem.taken, wanted=problem.wanted
            )
        )
    fields = {name: value for name, value in wire.to_json(body).items() if value is not None}
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    if problem.retry_after:
        headers["Retry-After"] = str(problem.retry_after)
    if isinstance(problem, problems.MethodNotAllowed):
        headers["Allow"] = ", ".join(sorted(problem.allowed))
    if problem.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return Response(wire.canonical(fields), problem.status, headers, "application/problem+json")


def unforeseen_response(request: Request, error: Exception) -> Response:
    """Logs an error of ours and answers 500 `internal`."""
    log_unforeseen(request.method, request.url.path, error)
    return problem_response(problems.Problem())


def log_unforeseen(method: str, path: str, error: Exception) -> None:
    """Logs where an error of ours was raised, without its message. `path` as it travelled: a line
    break in it would begin a line of the log that a stranger wrote."""
    log.error("%s %s: %s", method, quote(path), private_traceback(error))


def install(
    app: FastAPI, pages: Sequence[BaseRoute] = (), refusal_page: RefusalPage = lambda *_: None
) -> None:
    """Answers every exception of the app, which includes `pages`, with a problem; an address that
    is none, where a person asked for a page, with that page. An unforeseen exception says nothing
    more; Starlette raises it again after the answer, and `app.Bureau` logs it."""

    async def known(_: Request, error: Exception) -> Response:
        return problem_response(
            error if isinstance(error, problems.Problem) else problems.Problem()
        )

    async def routing(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        problem = BY_STATUS.get(status, problems.Problem)()
        if status == problems.MethodNotAllowed.status:
            problem = problems.MethodNotAllowed(_methods_of([*app.routes, *pages], request))
        answer = problem_response(problem)
        page = refusal_page(request, status)
        return _with_allow(page, answer) if page else answer

    async def unknown(_: Request, error: Exception) -> Response:
        return problem_response(problems.Problem())

    app.add_exception_handler(problems.Problem, known)
    app.add_exception_handler(HTTPException, routing)
    app.add_exception_handler(Exception, unknown)


def _with_allow(page: Response, answer: Response) -> Response:
    """The page, with the methods that the answer in its place allows."""
    if "allow" in answer.headers:
        page.headers["Allow"] = answer.headers["Allow"]
    return page


def _methods_of(routes: Sequence[BaseRoute], request: Request) -> set[str]:
    """The methods that the address of this request has, of all routes together."""
    found: set[str] = set()
    for route in routes:
        if isinstance(route, Route) and route.matches(request.scope)[0] is not Match.NONE:
            found |= route.methods or set()
    if not found or "GET" in found:  # static files are no route
        found |= {"GET", "HEAD"}
    return found
