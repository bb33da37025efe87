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

// A new connection for each message fills the kernel's table: fewer of those.
const WAYS: [transport: Transport, rounds: number][] = [
  ['udp', ROUNDS],
  ['tcp', Math.ceil(ROUNDS / 5)],
]

test.for(WAYS)(
  `over %s %i damaged messages, seed ${SEED}`,
  { timeout: 30_000 + ROUNDS * 20 },
  async ([transport, rounds]) => {
    const server = await serverForTest()
    const random = randomFrom(SEED)
    const good = corpus()
    let sent: string[] = []
    let read = 0
    for (let round = 0; round < rounds; round++) {
      const text = good[random(good.length)] ?? ''
      sent.push(mutate(filled(text, server, round), random))
      if (sent.length < BATCH && round + 1 < rounds) continue
      await send(sent, server, transport)
      await expectUnharmed(server, sent, read)
      read = server.log.length
      sent = []
    }
    // They came in: what is no message at all is not counted as a request.
    const counted = await server.rpc('stats.get_statistics', 'core:')
    const requests = Number(/core:rcv_requests = (\d+)/.exec(counted)?.[1])
    expect(requests, counted).toBeGreaterThan(rounds / 10)
  },
)

function filled(text: string, server: SipServer, round: number): string {
  return text
    .replaceAll('{server}', server.address)
    .replaceAll('{me}', '127.0.0.1:9')
    .replaceAll('{n}', String(round + 1))
}

/** A stream that has lost its frame is closed by the server: each message gets one of its own. */
async function send(messages: string[], server: SipServer, transport: Transport): Promise<void> {
  const phones: Phone[] = []
  for (const message of messages) {
    const phone = await Phone.open(transport)
    await phone.send(message, server.host, server.port)
    phones.push(phone)
  }
  // Who hangs up at once may take a message back that was not read yet.
  await Promise.all(phones.map(phone => phone.finish()))
  await Promise.all(phones.map(phone => phone.close()))
}

/** The log is looked at from where the last look ended. */
async function expectUnharmed(server: SipServer, sent: string[], from: number): Promise<void> {
  const blame = (what: string) => {
    const path = join(tmpdir(), `ohana-fuzz-seed-${SEED}.json`)
    writeFileSync(path, JSON.stringify(sent, null, 2))
    expect.fail(`${what}\nafter one of the ${sent.length} messages in ${path}`)
  }
  await answersOptions(server, 'udp', 5000).catch((error: unknown) => blame(String(error)))
  const news = server.log.slice(from)
  const trace = EXCEPTION.exec(news)
  if (trace) blame(news.slice(Math.max(0, trace.index - 500), trace.index + 2000))
}
