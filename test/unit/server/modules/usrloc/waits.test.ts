// Routes wait for the location service only where it has a database.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { SipMessage } from '../../../../../server/sip/message.ts'
import { databaseFile, locationBench } from '../../../../kit/location-bench.ts'
import { received } from '../../../../kit/received.ts'

test.for([
  [0, 'number'],
  [1, 'object'],
  [2, 'object'],
  [3, 'object'],
  [4, 'object'],
] as const)('a route with save() in db_mode %i gives a %s', async ([mode, kind]) => {
  const folder = mkdtempSync(join(tmpdir(), 'waits-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const path = databaseFile(folder)
  const node = await locationBench({ path, settings: { usrloc: { db_mode: mode } } })
  onTestFinished(() => node.stop())
  const { routes, sockets } = node.bench.core
  const socket = sockets.list[0]!
  const raw = 'OPTIONS sip:bob@example.org SIP/2.0\r\nCall-ID: i\r\nCSeq: 1 OPTIONS\r\n\r\n'
  // Steps are an object that has done nothing yet; a plain function has run.
  expect(typeof routes.request!.run(new SipMessage(raw, received({ socket }), 1))).toBe(kind)
})
