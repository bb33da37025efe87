// Damaged messages: whatever comes in over UDP or TCP, the server goes on, answers the next good
// request and logs no exception. A short run by default; `npm run fuzz` is the long one.
import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { mutate, randomFrom } from '../kit/mutate.ts'
import { Phone, type Transport } from '../kit/phone.ts'
import { type SipServer, answersOptions, serverForTest } from '../kit/server.ts'
import { corpus } from './corpus.ts'

const SEED = Number(process.env.FUZZ_SEED ?? 1)
const ROUNDS = Number(process.env.FUZZ_ROUNDS ?? 1500)

/** After so many messages the server must show that it lives. */
const BATCH = 100

/** A stack trace, or the name of an error class. */
const EXCEPTION = /^\s+at .*:\d+:\d+\)?$|\b(Type|Range|Reference|Syntax|Assertion)Error\b/m

test.for(['udp', 'tcp'] as Transport[])(
  `${ROUNDS} damaged messages over %s, seed ${SEED}`,
  { timeout: 30_000 + ROUNDS * 20 },
  async transport => {
    const server = await serverForTest()
    const random = randomFrom(SEED)
    const good = corpus()
    let sent: string[] = []
    for (let round = 0; round < ROUNDS; round++) {
      const text = good[random(good.length)] ?? ''
      sent.push(mutate(filled(text, server, round), random))
      if (sent.length < BATCH && round + 1 < ROUNDS) continue
      await send(sent, server, transport)
      await expectUnharmed(server, sent)
      sent = []
    }
  },
)

function filled(text: string, server: SipServer, round: number): string {
  return text
    .replaceAll('{server}', server.address)
    .replaceAll('{me}', '127.0.0.1:9')
    .replaceAll('{n}', String(round + 1))
}

async function send(messages: string[], server: SipServer, transport: Transport): Promise<void> {
  for (const message of messages) {
    // A stream that has lost its frame is closed by the server, so each message gets a new one.
    const phone = await Phone.open(transport)
    await phone.send(message, server.host, server.port)
    await phone.close()
  }
}

async function expectUnharmed(server: SipServer, sent: string[]): Promise<void> {
  const blame = (what: string) => {
    const path = join(tmpdir(), `ohana-fuzz-seed-${SEED}.json`)
    writeFileSync(path, JSON.stringify(sent, null, 2))
    expect.fail(`${what}\nafter one of the ${sent.length} messages in ${path}`)
  }
  await answersOptions(server, 'udp', 5000).catch((error: unknown) => blame(String(error)))
  const trace = EXCEPTION.exec(server.log)
  if (trace) blame(server.log.slice(Math.max(0, trace.index - 500), trace.index + 2000))
}
