"""Mistakes in the phone's program that `mutations` makes."""

from tests.simulation.mistake import Mistake

PHONE = (
    Mistake(
        "fieldapp/courier/deferral.py",
        "what is put off never goes",
        "    return until if until and now < until <= now + LONGEST else None\n",
        "    return until\n",
    ),
    Mistake(
        "fieldapp/courier/apply_answers.py",
        "one answer of a reply is not filed",
        "for answer in answers if _file",
        "for answer in answers[1:] if _file",
    ),
    Mistake(
        "fieldapp/courier/apply_answers.py",
        "answers told anew do not replace those that were lost",
        "if memory.retelling():",
        "if False:",
    ),
    Mistake(
        "fieldapp/courier/apply_reply.py",
        "a reply is applied piece by piece, not in one transaction",
        "    with notebook.atomic():\n        if reply.forgot and asked.ledger",
        "    if True:\n        if reply.forgot and asked.ledger",
    ),
    Mistake(
        "fieldapp/courier/apply_reply.py",
        "a bureau that forgot is not sent everything again",
        "            send_again(notebook)\n",
        "            pass\n",
    ),
    Mistake(
        "fieldapp/courier/apply_reply.py",
        "no new era of the ledger when the bureau forgot",
        "            memory.new_era()",
        "            pass",
    ),
    Mistake(
        "fieldapp/courier/apply_reply.py",
        "what was refused is not kept aside",
        "        memory.keep_refused(parcel)\n",
        "",
    ),
    Mistake(
        "fieldapp/courier/sync_calls.py",
        "what was sent counts as received, receipt or not",
        "        reply = await self.ports.link.sync(",
        "        for one in batch:\n"
        "            self.ports.notebook.keep_receipted(one.digest, 1, self.ports.clock.now())\n"
        "        reply = await self.ports.link.sync(",
    ),
    Mistake(
        "fieldapp/courier/apply_reply.py",
        "a picture counts as stored because it was asked about",
        "if name in stored and not photo.stored:",
        "if name in asked.photos and not photo.stored:",
    ),
    Mistake(
        "fieldapp/courier/apply_reply.py",
        "a picture that the bureau lost is not sent again",
        "elif name in wanted and photo.stored and name not in stored:",
        "elif False:",
    ),
    Mistake(
        "fieldapp/memory/resend.py",
        "pictures stay stored when the bureau forgot",
        "            if not photo.forgotten:\n",
        "            if False:\n",
    ),
    Mistake(
        "fieldapp/courier/retention.py",
        "a picture is forgotten without the bureau's word of that moment",
        "        if photo.sha256 in stored:\n",
        "        if True:\n",
    ),
    Mistake(
        "fieldapp/courier/retention.py",
        "receipted parcels are forgotten after a minute",
        "RECORD_STAYS = timedelta(days=7)",
        "RECORD_STAYS = timedelta(minutes=1)",
    ),
    Mistake(
        "fieldapp/courier/sync_calls.py",
        "the phone does not say what it knows of the ledger",
        "ledger=memory.highest_link(),",
        "ledger=None,",
    ),
    Mistake(
        "fieldapp/courier/sync_calls.py",
        "the phone does not say which answer it heard last",
        "heard=memory.heard_name(),",
        'heard="",',
    ),
    Mistake(
        "fieldapp/memory/memory.py",
        "a phone under a new name keeps its old cursor",
        '"cursor heard retelling era',
        '"heard retelling era',
    ),
    Mistake(
        "fieldapp/memory/memory.py",
        "a phone under a new name does not send again",
        "                    send_again(self._notebook)\n",
        "",
    ),
    Mistake(
        "fieldapp/courier/ledger.py",
        "the highest link is not noted",
        "            self._memory.keep_highest_link(link)\n",
        "            pass\n",
    ),
    Mistake(
        "fieldapp/courier/revoked.py",
        "a revoked phone does not look whether all was taken",
        "and here <= self._taken\n",
        "and here is not None\n",
    ),
    Mistake(
        "fieldapp/courier/courier.py",
        "a revoked phone empties itself before it has handed over",
        'if why == "token_revoked":\n                why = await',
        'if why == "token_revoked":\n'
        "                self._ports.notebook.close_if(lambda: True)\n"
        "                await self._ports.safe.put('wipe_record',"
        ' \'{"at":"2026-11-20T12:00:00Z",\'\n'
        '                    \'"device":"d"}\')\n'
        "                await self._ports.safe.put('storage_key', None)\n"
        "                why = await",
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
        "fieldapp/adapters/durable_files.py",
        "a picture is not synced before it gets its name",
        "            os.fsync(descriptor)\n    except",
        "    except",
    ),
    Mistake(
        "fieldapp/adapters/durable_files.py",
        "the album's folder is not synced",
        "        os.fsync(descriptor)\n    finally:",
        "        pass\n    finally:",
    ),
    Mistake(
        "fieldapp/adapters/httpx_link.py",
        "what a proxy unzipped is not sent unzipped",
        "MAY_BLAME_ZIPPING = {400, 415, 422}",
        "MAY_BLAME_ZIPPING = set[int]()",
    ),
    Mistake(
        "fieldapp/courier/photo_upload.py",
        "a picture is blamed for what the network did to its request",
        "            if not is_about_the_photo(refused):\n",
        "            if False:\n",
    ),
)
