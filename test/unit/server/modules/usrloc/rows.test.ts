// The rows that the real Kamailio wrote for the cases of test/compat/usrloc: ours are the same.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  type Case,
  cases,
  masked,
  type Outcome,
  registerText,
  type Row,
} from '../../../../compat/usrloc/cases.ts'
import { SERVER_PORT } from '../../../../kit/bench-ports.ts'
import { databaseFile, locationBench } from '../../../../kit/location-bench.ts'

const recorded = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../../compat/usrloc/rows.json'), 'utf8'),
) as Record<string, Outcome[]>

async function replay({ settings, head = [], script = '', steps }: Case): Promise<Outcome[]> {
  const folder = mkdtempSync(join(tmpdir(), 'rows-'))
  const path = databaseFile(folder)
  const db = new DatabaseSync(path)
  const node = await locationBench({ path, settings, head, script })
  const outcomes: Outcome[] = []
  for (const [i, step] of steps.entries()) {
    const now = Math.floor(Date.now() / 1000)
    const replies: string[] = []
    if ('rpc' in step) await node.rpc(...(step.rpc as [string, ...unknown[]]))
    else replies.push((await node.send(registerText(step.register, i + 1))).split('\r\n')[0]!)
    const read = (table: string): Row[] =>
      masked(db.prepare(`SELECT * FROM ${table} ORDER BY id`).all() as Row[], now)
    outcomes.push({ replies, rows: read('location'), attributes: read('location_attrs') })
  }
  await node.stop()
  db.close()
  rmSync(folder, { recursive: true })
  return outcomes
}

/** Our sockets are other ones than those of the recording. */
const withOurPort = (outcomes: Outcome[]): unknown =>
  JSON.parse(
    JSON.stringify(outcomes).replaceAll('udp:127.0.0.1:27160', `udp:127.0.0.1:${SERVER_PORT}`),
  )

describe('rows of the location table are those of Kamailio', () => {
  test.for(cases)('$name', async each => {
    const ours = await replay(each)
    expect(withOurPort(ours)).toEqual(withOurPort(recorded[each.name]!))
  })
})
