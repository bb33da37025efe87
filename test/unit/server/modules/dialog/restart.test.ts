// What others have noted about a dialog lasts over a restart of the node.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { accCdrs } from '../../../../../server/core/db/tables/acc.ts'
import { dialog, dialogVars } from '../../../../../server/core/db/tables/dialog.ts'
import type { Outcome, Setup } from '../../../../compat/dialog/facts.ts'
import { People } from '../../../../compat/dialog/people.ts'
import { Replay } from '../../../../compat/dialog/replay.ts'
import { sqliteFile } from '../../../../kit/sqlite-file.ts'

/** Milliseconds from the first start to the second. */
const SECOND_START = 10_000

const ROUTES = `
request_route {
  if (has_totag()) {
    loose_route();
    xlog("L_ALERT", "@@$rm lifetime $dlg(lifetime)\\n");
    t_relay();
    exit;
  }
  setflag(6);
  dlg_manage();
  if ($hdr(X-From) != $null) uac_replace_from("$hdr(X-From)");
  record_route();
  t_relay();
}
event_route[dialog:end] { xlog("L_ALERT", "@@over\\n"); }
`

/** A call that begins at one node and goes on at the next, which has its database. */
async function overRestart(before: string[], after: string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'restart-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'dialogs.sqlite')
  const db_url = sqliteFile(path, dialog, dialogVars, accCdrs)
  const setup: Setup = {
    name: 'restart',
    modules: ['sst', 'uac', 'db_sqlite', 'acc'],
    params: {
      dialog: { db_mode: 1, db_url },
      sst: { sst_flag: 6 },
      uac: { restore_dlg: 1 },
      acc: { cdr_enable: 1, cdrs_table: 'acc_cdrs', db_url },
    },
    routes: ROUTES,
    calls: [],
  }
  const people = new People('restart')
  const told: Outcome[] = []
  for (const steps of [before, after]) {
    const replay = await Replay.start(setup, path, told.length === 0 ? 0 : SECOND_START)
    told.push(...(await replay.tell({ name: 'restart', steps }, people)))
    await replay.delivered()
    await replay.stop()
  }
  const db = new DatabaseSync(path, { readOnly: true })
  const records = db.prepare('SELECT duration FROM acc_cdrs').all()
  db.close()
  return { told, records }
}

const SE = 'Supported: timer | Session-Expires: 100'
const ANSWERED = [`alice INVITE | ${SE} | X-From: sip:nobody@example.net`, `bob 200 | ${SE}`]
const BEGUN = [...ANSWERED, 'alice ACK', 'wait 7']

test('a call has one record, from its beginning on', async () => {
  const { records } = await overRestart(BEGUN, ['wait 5', 'alice BYE', 'bob 200 BYE'])
  expect(records).toEqual([{ duration: expect.closeTo(15, 0) }])
})

test('replaced addresses stay replaced', async () => {
  const { told } = await overRestart(BEGUN, ['alice INFO', 'bob 200 INFO', 'bob INFO'])
  const heard = told.slice(-3).map(({ heard: texts }) => texts!.join('\n'))
  expect(heard[0]).toContain('From: "alice" <sip:nobody@example.net>;tag=a1')
  expect(heard[1]).toContain('From: "alice" <sip:alice@example.com>;tag=a1')
  expect(heard[2]).toContain('To: "alice" <sip:alice@example.com>;tag=a1')
})

test('the session timer runs on, and a refresh counts', async () => {
  const refresh = ['alice UPDATE | Session-Expires: 200', 'bob 200 UPDATE | Session-Expires: 200']
  const { told } = await overRestart(BEGUN, [...refresh, 'wait 150', 'alice INFO', 'wait 210'])
  const lines = told.map(({ log = [] }) => log.join())
  expect(lines.slice(-3)).toEqual(['', 'INFO lifetime 200', 'over'])
})
