"""What the bureau said and nobody has read yet, and where it asked for something."""

from collections.abc import Iterable
from typing import Self
from uuid import UUID

from contract.cases import CaseState
from contract.protocol import Answer
from contract.value import Value


class UnreadAnswers(Value):
    """Report ids, oldest news first. `asked` keeps its reports until they are seen answered."""

    unread: tuple[UUID, ...] = ()
    asked: tuple[UUID, ...] = ()

    def told(self, answers: Iterable[Answer]) -> Self:
        """With new answers, in the order they were given; the last one about a report counts."""
        unread, asked = dict.fromkeys(self.unread), dict.fromkeys(self.asked)
        for answer in answers:
            unread[answer.report] = None
            asked.pop(answer.report, None)
            if answer.state == CaseState.RETURNED:
                asked[answer.report] = None
        return self.changed(unread=tuple(unread), asked=tuple(asked))

    def read(self, report: UUID) -> Self:
        """The worker has seen what became of this one."""
        return self.changed(unread=tuple(one for one in self.unread if one != report))
