"""What a program told the kernel, in order, by strace: was it on the disk before it was said?"""

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

WATCHED = (
    "fsync,fdatasync,mkdir,mkdirat,rename,renameat,renameat2,link,linkat"
    ",write,writev,pwrite64,sendto,sendmsg"
)
SHOWN = 40_000  # bytes of each write: a page of SQLite's, a whole reply with reference data
LINE = re.compile(r"(\d+) +(?:(\w+)\((.*)|<\.\.\. (\w+) resumed>(.*))")
SYNCS = {"fsync", "fdatasync"}
RENAMES = {"rename", "renameat", "renameat2", "link", "linkat"}
MKDIRS = {"mkdir", "mkdirat"}
WRITES = {"write", "writev", "pwrite64", "sendto", "sendmsg"}


class NotDurable(AssertionError):
    """Something was said before it was on the disk."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the kernel: `began` and `ended` are places in the order of all that happened."""

    name: str
    words: str
    began: int
    ended: int


@dataclass(frozen=True, slots=True)
class Trace:
    """All calls of one program and its threads that were watched."""

    calls: tuple[Call, ...]

    @classmethod
    def read(cls, path: Path) -> "Trace":
        return cls(tuple(_calls(path.read_text(errors="replace").splitlines())))

    def said(self, where: str, *words: str) -> Call:
        """The first write to a socket (`TCP`) or a pipe (`pipe`) that holds all these words."""
        for call in self.calls:
            is_there = call.name in WRITES and f"<{where}:" in call.words.partition(",")[0]
            if is_there and all(word in call.words for word in words):
                return call
        raise LookupError(f"nothing said with {words}")

    def committed(self, wal: str, words: str, before: Call) -> Call:
        """The sync after which what holds these words was on the -wal, before `before` began.
        Raises NotDurable."""
        writes = [
            call
            for call in self.calls
            if call.name in WRITES
            and call.began < before.began
            and f"{wal}>" in call.words.partition(",")[0]
            and words in call.words
        ]
        if not writes:
            raise NotDurable(f"{words} is not in {wal}")
        return self.synced(wal, (writes[-1].ended, before.began))

    def kept(self, name: str, before: Call) -> Call:
        """The sync of the folder. A file got this name only when its bytes were on the disk, and
        the folder was synced before `before` began, and so was the parent of a folder made for it.
        Raises NotDurable."""
        named = [
            call
            for call in self.calls
            if call.name in RENAMES and f'{name}"' in call.words and "= 0" in call.words
        ]
        if len(named) != 1:
            raise NotDurable(f"{name} was named {len(named)} times")
        [rename] = named
        source, target = (Path(path) for path in re.findall(r'"([^"]+)"', rename.words))
        self.synced(str(source), (0, rename.began))
        folder = self.synced(str(target.parent), (rename.ended, before.began))
        for made in self.calls:
            if made.name in MKDIRS and f'"{target.parent}"' in made.words and "= 0" in made.words:
                self.synced(str(target.parent.parent), (made.ended, before.began))
        return folder

    def synced(self, path: str, between: tuple[int, int]) -> Call:
        """A sync of this path that began and ended between two moments. Raises NotDurable."""
        since, until = between
        for call in self.calls:
            is_done = call.name in SYNCS and call.words.endswith("= 0")
            in_time = since < call.began and call.ended < until
            if is_done and in_time and f"{path}>" in call.words:
                return call
        raise NotDurable(f"{path} was not synced in time")


def _calls(lines: Sequence[str]) -> Iterator[Call]:
    begun: dict[tuple[str, str], tuple[str, int]] = {}
    for n, line in enumerate(lines, 1):
        if not (found := LINE.match(line)):
            continue
        thread, name, words, resumed, rest = found.groups()
        if resumed:
            words, began = begun.pop((thread, resumed))
            yield Call(resumed, words + rest, began, n)
        elif words.endswith("<unfinished ...>"):
            begun[thread, name] = (words.removesuffix("<unfinished ...>"), n)
        else:
            yield Call(name, words, n, n)
    for (_, name), (words, began) in begun.items():
        yield Call(name, words, began, len(lines) + 1)


def tracing(out: Path, *command: str) -> list[str]:
    """A command that runs another one and writes down its calls; skips where there is no strace."""
    strace = shutil.which("strace")
    if strace is None:
        pytest.skip("no strace here: apt-get install strace")
    watch = ["-f", "--seccomp-bpf", "-yy", "-s", str(SHOWN), "-e", f"trace={WATCHED}"]
    return [strace, *watch, "-e", "signal=none", "-o", str(out), *command]


@contextmanager
def program(command: Sequence[str], cwd: Path, environment: dict[str, str]) -> Iterator[None]:
    """A traced program as long as the block lasts, then ended gently."""
    with subprocess.Popen(command, cwd=cwd, env=environment) as tracer:
        try:
            yield
        finally:
            children = Path(f"/proc/{tracer.pid}/task/{tracer.pid}/children").read_text()
            for child in children.split():
                os.kill(int(child), signal.SIGTERM)
            tracer.wait(30)
