"""Mistakes in the bureau's program that `mutations` makes."""

from tests.simulation.mistake import Mistake

BUREAU = (
    Mistake(
        "sync_server/domain/merge.py",
        "the content that came last wins",
        "    best = max(digests)\n",
        "    best = came.digest\n",
    ),
    Mistake(
        "sync_server/domain/merge.py",
        "a newer revision undoes a withdrawal",
        "merged = replace(known, shown=came, rivals=frozenset())",
        "merged = replace(known, shown=came, rivals=frozenset(), withdrawn_at=None)",
    ),
    Mistake(
        "sync_server/domain/merge.py",
        "an older revision that comes late is shown",
        "    if came.revision < shown.revision:\n        return Outcome.STALE, known\n",
        "    if came.revision < shown.revision:\n"
        "        return Outcome.RECORDED, replace(known, shown=came, rivals=frozenset())\n",
    ),
    Mistake(
        "sync_server/domain/merge.py",
        "of two withdrawals the later counts",
        "    earliest = min(at, known.withdrawn_at or at)\n",
        "    earliest = max(at, known.withdrawn_at or at)\n",
    ),
    Mistake(
        "sync_server/intake/recording.py",
        "a withdrawal that overtook its report is forgotten",
        "known = records.merged(row, unit.withdrawn_at(id, incoming.phone.author))",
        "known = records.merged(row, None)",
    ),
    Mistake(
        "sync_server/intake/recording.py",
        "the record names the phone that brought it",
        '"device": report.device,',
        '"device": incoming.phone.device,',
    ),
    Mistake(
        "sync_server/intake/receive.py",
        "a repetition is recorded again",
        "        if held is not None:\n",
        "        if held is not None and False:\n",
    ),
    Mistake(
        "sync_server/intake/receive.py",
        "the ledger's head is not written on",
        "        self._heads[device] = (position, hash)\n",
        "",
    ),
    Mistake(
        "sync_server/intake/receive.py",
        "a phone that the restored bureau forgot is turned away",
        "self._owners.get(one.body.device, call.phone.author)",
        'self._owners.get(one.body.device, "")',
    ),
    Mistake(
        "sync_server/intake/receive.py",
        "the counter of receipts is not written on",
        "            arrivals.set_last_number(self._tx, self._number)\n",
        "            pass\n",
    ),
    Mistake(
        "sync_server/intake/revoked.py",
        "what a revoked phone brings is named and not put aside",
        "    arrivals.add_to_quarantine(tx, new, now)\n",
        "",
    ),
    Mistake(
        "sync_server/intake/unit_of_work.py",
        "the pictures of a new revision are not hung",
        "records.set_photos(self.tx, self._photos, self._photos.keys() - self._added.keys())",
        "records.set_photos(self.tx, {}, ())",
    ),
    Mistake(
        "sync_server/intake/reply.py",
        "a bureau that forgot does not say so",
        "            forgot=forgot,\n",
        "            forgot=False,\n",
    ),
    Mistake(
        "sync_server/intake/reply.py",
        "the bureau does not compare the answer that was heard",
        'rows[0].seq == cursor and heard in ("", names[0])',
        "rows[0].seq == cursor",
    ),
    Mistake(
        "sync_server/intake/reply.py",
        "the answer after the cursor is skipped",
        "            rows = rows[1:] if cursor else rows\n",
        "            rows = rows[2:] if cursor else rows\n",
    ),
    Mistake(
        "sync_server/photos/completion.py",
        "the database knows of a picture before the disk has it",
        "            self._folder.finish(names, staying=known)\n",
        "",
    ),
    Mistake(
        "sync_server/photos/completion.py",
        "a picture is kept under the name that was announced",
        "            digest = sha256(jpeg).hexdigest()\n",
        "            digest = upload.announced or sha256(jpeg).hexdigest()\n",
    ),
    Mistake(
        "sync_server/store/photo_folder.py",
        "a finished picture is not synced",
        "                os.fsync(descriptor)\n            for",
        "                pass\n            for",
    ),
    Mistake(
        "sync_server/store/photo_folder.py",
        "the folder of a finished picture is not synced",
        "            _sync(folder)\n        if",
        "            pass\n        if",
    ),
    Mistake(
        "sync_server/store/engine.py",
        "the server's commits do not wait for the disk",
        '"synchronous=FULL"',
        '"synchronous=NORMAL"',
    ),
    Mistake(
        "sync_server/store/answers.py",
        "a decision is answered under a number that was taken",
        "values(last_answer=staff.c.last_answer + 1)",
        "values(last_answer=staff.c.last_answer + 2)",
    ),
    Mistake(
        "sync_server/casework/review.py",
        "a decision is not told to its worker",
        "    answers.add(\n",
        "    (lambda *_, **__: None)(\n",
    ),
)
