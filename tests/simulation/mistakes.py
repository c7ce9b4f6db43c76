"""The mistakes of `mutations`: where, what stands there, what would be wrong, in words."""

from typing import NamedTuple


class Mistake(NamedTuple):
    """`right` stands in `file` exactly once; a test holds that."""

    file: str
    what: str
    right: str
    wrong: str


PHONE = (
    Mistake(
        "fieldapp/telling.py",
        "one answer of a reply is not filed",
        "for answer in told]",
        "for answer in told[1:]]",
    ),
    Mistake(
        "fieldapp/telling.py",
        "answers told anew do not replace those that were lost",
        "if memory.retelling():",
        "if False:",
    ),
    Mistake(
        "fieldapp/errand.py",
        "a reply is applied piece by piece, not in one transaction",
        "    with notebook.atomic():\n        if reply.forgot and asked.ledger:",
        "    if True:\n        if reply.forgot and asked.ledger:",
    ),
    Mistake(
        "fieldapp/errand.py",
        "a bureau that forgot is not sent everything again",
        "            send_again(notebook)\n",
        "            pass\n",
    ),
    Mistake(
        "fieldapp/errand.py",
        "no new era of the ledger when the bureau forgot",
        "            Memory(notebook).new_era()\n",
        "            pass\n",
    ),
    Mistake(
        "fieldapp/errand.py",
        "what was refused is not kept aside",
        "        Memory(notebook).set_aside(parcel)\n",
        "",
    ),
    Mistake(
        "fieldapp/errand.py",
        "everything sent counts as received, receipt or not",
        "            notebook.shelve(receipt.digest, receipt.position, reply.server_time)\n",
        "            for one in sent:\n"
        "                notebook.shelve(one.digest, receipt.position, reply.server_time)\n",
    ),
    Mistake(
        "fieldapp/errand.py",
        "a picture counts as stored because it was asked about",
        "if name in stored and not picture.stored:",
        "if name in asked.photos and not picture.stored:",
    ),
    Mistake(
        "fieldapp/errand.py",
        "a picture that the bureau lost is not sent again",
        "elif name in wanted and picture.stored and name not in stored:",
        "elif False:",
    ),
    Mistake(
        "fieldapp/again.py",
        "pictures stay stored when the bureau forgot",
        "            if not picture.forgotten:\n",
        "            if False:\n",
    ),
    Mistake(
        "fieldapp/retention.py",
        "a picture is forgotten without the bureau's word of that moment",
        "        if picture.sha256 in stored:\n",
        "        if True:\n",
    ),
    Mistake(
        "fieldapp/retention.py",
        "receipted parcels are forgotten after a day",
        "RECORD_STAYS = timedelta(days=7)",
        "RECORD_STAYS = timedelta(days=1)",
    ),
    Mistake(
        "fieldapp/calls.py",
        "the phone does not say what it knows of the ledger",
        "ledger=memory.top(),",
        "ledger=None,",
    ),
    Mistake(
        "fieldapp/calls.py",
        "the phone does not say which answer it heard last",
        "heard=memory.heard(),",
        'heard="",',
    ),
    Mistake(
        "fieldapp/memory.py",
        "a phone under a new name keeps its old cursor",
        '("cursor", "heard", "retelling", "head", "top", "era", "ledger_broken")',
        '("heard", "retelling", "head", "top", "era", "ledger_broken")',
    ),
    Mistake(
        "fieldapp/memory.py",
        "a phone under a new name does not send again",
        "                    send_again(self._notebook)\n",
        "",
    ),
    Mistake(
        "fieldapp/ledger.py",
        "the highest link is not noted",
        "            self._memory.keep_top(link)\n",
        "            pass\n",
    ),
    Mistake(
        "fieldapp/adapters/sqlite_rows.py",
        "a clock that jumped back holds parcels up for ever",
        " OR sealed_us > ?)",
        " OR sealed_us = ?)",
    ),
    Mistake(
        "fieldapp/adapters/sqlite_file.py",
        "the notebook's commits do not wait for the disk",
        "PRAGMA synchronous=FULL",
        "PRAGMA synchronous=NORMAL",
    ),
    Mistake(
        "fieldapp/adapters/sqlite_notebook.py",
        "an undone seal stays in the outbox's table as if receipted",
        '"digest = ? AND position IS NULL"',
        '"digest = ? AND position = 0"',
    ),
    Mistake(
        "fieldapp/adapters/folder_album.py",
        "a picture is not synced before it gets its name",
        "            os.fsync(place)\n        Path(half)",
        "        Path(half)",
    ),
    Mistake(
        "fieldapp/adapters/folder_album.py",
        "the album's folder is not synced",
        "        os.fsync(place)\n    finally:",
        "        pass\n    finally:",
    ),
)
BUREAU = (
    Mistake(
        "sync_server/merge.py",
        "the content that came last wins",
        "    best = max(digests)\n",
        "    best = came.digest\n",
    ),
    Mistake(
        "sync_server/merge.py",
        "a newer revision undoes a withdrawal",
        "merged = replace(known, shown=came, rivals=frozenset())",
        "merged = replace(known, shown=came, rivals=frozenset(), withdrawn_at=None)",
    ),
    Mistake(
        "sync_server/merge.py",
        "an older revision that comes late is shown",
        "    if came.revision < shown.revision:\n        return Outcome.STALE, known\n",
        "    if came.revision < shown.revision:\n"
        "        return Outcome.RECORDED, replace(known, shown=came, rivals=frozenset())\n",
    ),
    Mistake(
        "sync_server/merge.py",
        "of two withdrawals the later counts",
        "    earliest = min(at, known.withdrawn_at or at)\n",
        "    earliest = max(at, known.withdrawn_at or at)\n",
    ),
    Mistake(
        "sync_server/recording.py",
        "a withdrawal that overtook its report is forgotten",
        "known = records.merged(row, book.taken_back(id, came.phone.author))",
        "known = records.merged(row, None)",
    ),
    Mistake(
        "sync_server/recording.py",
        "the record names the phone that brought it",
        '"device": report.device,',
        '"device": came.phone.device,',
    ),
    Mistake(
        "sync_server/intake.py",
        "a repetition is recorded again",
        "        if held is not None:\n",
        "        if held is not None and False:\n",
    ),
    Mistake(
        "sync_server/intake.py",
        "the ledger's head is not written on",
        "        self._heads[device] = (position, hash)\n",
        "",
    ),
    Mistake(
        "sync_server/intake.py",
        "a phone that the restored bureau forgot is turned away",
        "self._owners.get(one.sent.device, brought.phone.author)",
        'self._owners.get(one.sent.device, "")',
    ),
    Mistake(
        "sync_server/intake.py",
        "the counter of receipts is not written on",
        "            arrivals.count_on(self._tx, self._number)\n",
        "            pass\n",
    ),
    Mistake(
        "sync_server/daybook.py",
        "the pictures of a new revision are not hung",
        "        records.hang(self.tx, self._hung, self._hung.keys() - self._added.keys())\n",
        "        records.hang(self.tx, {}, ())\n",
    ),
    Mistake(
        "sync_server/feedback.py",
        "a bureau that forgot does not say so",
        "            forgot=forgot,\n",
        "            forgot=False,\n",
    ),
    Mistake(
        "sync_server/feedback.py",
        "the bureau does not compare the answer that was heard",
        'rows[0].seq == cursor and heard in ("", names[0])',
        "rows[0].seq == cursor",
    ),
    Mistake(
        "sync_server/feedback.py",
        "the answer after the cursor is skipped",
        "            rows = rows[1:] if cursor else rows\n",
        "            rows = rows[2:] if cursor else rows\n",
    ),
    Mistake(
        "sync_server/uploads.py",
        "the database knows of a picture before the disk has it",
        "        self.folder.finish(upload.name, digest)\n",
        "        self.folder.drop(upload.name)\n",
    ),
    Mistake(
        "sync_server/uploads.py",
        "a picture is kept under the name that was announced",
        "        digest = sha256(jpeg).hexdigest()\n",
        "        digest = upload.announced or sha256(jpeg).hexdigest()\n",
    ),
    Mistake(
        "sync_server/store/folder.py",
        "a finished picture is not synced",
        "        _sync(self._parts / upload)\n        with",
        "        with",
    ),
    Mistake(
        "sync_server/store/folder.py",
        "the folder of a finished picture is not synced",
        "        _sync(photo.parent)\n        if",
        "        if",
    ),
    Mistake(
        "sync_server/store/engine.py",
        "the server's commits do not wait for the disk",
        '"synchronous=FULL"',
        '"synchronous=NORMAL"',
    ),
    Mistake(
        "sync_server/store/trail.py",
        "a decision is answered under a number that was taken",
        "values(last_answer=staff.c.last_answer + 1)",
        "values(last_answer=staff.c.last_answer + 2)",
    ),
    Mistake(
        "sync_server/review.py",
        "a decision is not told to its worker",
        "    trail.answer(\n",
        "    (lambda *_, **__: None)(\n",
    ),
)
MISTAKES: tuple[Mistake, ...] = PHONE + BUREAU
