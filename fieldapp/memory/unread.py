"""Which answers of the bureau nobody has read yet, and in which reports it asked for something."""

from collections.abc import Iterable
from typing import Self
from uuid import UUID

from contract.cases import CaseState
from contract.protocol import UNREADABLE, Answer
from contract.value import Value


class UnreadAnswers(Value):
    """Report ids, oldest answer first. A report stays in `asked` until the bureau's next answer
    about it that can be read, seen or not."""

    unread: tuple[UUID, ...] = ()
    asked: tuple[UUID, ...] = ()

    def with_answers(self, answers: Iterable[Answer]) -> Self:
        """With new answers, in the order they were given; the last one about a report counts."""
        unread, asked = dict.fromkeys(self.unread), dict.fromkeys(self.asked)
        for answer in answers:
            unread[answer.report] = None
            if answer.state == UNREADABLE:
                continue
            asked.pop(answer.report, None)
            if answer.state == CaseState.RETURNED:
                asked[answer.report] = None
        return self.changed(unread=tuple(unread), asked=tuple(asked))

    def without(self, report: UUID) -> Self:
        """The worker has read the answers about this report."""
        return self.changed(unread=tuple(one for one in self.unread if one != report))
