// The torture messages of RFC 4475 against a plain proxy and registrar: each must end within what
// the RFC allows, at the least wherever Kamailio 5.6.3 does, and the server must live on.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Phone } from '../kit/phone.ts'
import { KAMAILIO, type SipServer, startServer } from '../kit/server.ts'
import {
  allowed,
  kamailioForwardsBadly,
  nameOf,
  recordedName,
  wellForwarded,
} from './torture-judge.ts'
import {
  ABSENT,
  FOLDER,
  type Message,
  type Outcome,
  Street,
  openNextHop,
  sendDatagram,
  sendStream,
  torture,
} from './torture-messages.ts'

const messages = torture()

const recordedBy = (message: Message, column: string) =>
  recordedName(message.recorded[column] ?? '')

const WAYS = [
  { way: 'UDP', column: 'kamailio563_udp', defines: [], send: sendDatagram },
  { way: 'UDP with sanity_check', column: 'kamailio563_udp_sanity', send: sendDatagram },
  { way: 'TCP with sanity_check', column: 'kamailio563_tcp_sanity', send: sendStream },
]

/** Whether Kamailio does right by a message. */
function isRight(message: Message, column: string, udp: boolean): boolean {
  return allowed(message, recordedBy(message, column), udp) && !kamailioForwardsBadly(message)
}

describe.skipIf(ABSENT)(`RFC 4475 (not run where ${FOLDER} is absent)`, () => {
  describe.for(WAYS)('over $way', ({ column, defines = ['WITH_SANITY'], send }) => {
    const udp = send === sendDatagram
    const outcomes = new Map<string, Outcome>()
    let server: SipServer | undefined
    let hop: Phone | undefined

    beforeAll(async () => {
      const street = new Street()
      const text = readFileSync(join(FOLDER, 'proxy-test.cfg'), 'latin1')
      const config = text.replaceAll('127.0.0.3', street.nextHop)
      const started = await startServer({ config, defines })
      const next = await openNextHop(street)
      server = started
      hop = next
      await Promise.all(
        messages.map(async (message, index) => {
          outcomes.set(message.file, await send(message, started, street.house(index), next))
        }),
      )
    })

    afterAll(async () => {
      await hop?.close()
      await server?.stop()
    })

    test.for(messages)('$file: $what', message => {
      const outcome = outcomes.get(message.file)
      expect(outcome).toBeDefined()
      if (!outcome) return
      const ours = nameOf(outcome)
      const theirs = recordedBy(message, column)
      // Against the original itself the run proves that messages are sent and judged as recorded.
      if (KAMAILIO) {
        const stable = !message.recorded.note?.includes('unstable')
        expect(ours).toBe(stable ? theirs : ours)
        expect(wellForwarded(message, outcome, udp)).toBe(!kamailioForwardsBadly(message))
        return
      }
      const right = allowed(message, ours, udp) && wellForwarded(message, outcome, udp)
      const asked = `${message.accepted.join('|')}; Kamailio: ${theirs}`
      if (!right && isRight(message, column, udp))
        expect.fail(`${ours}, not ${asked}\n${outcome.forwarded.join('\n')}`)
    })

    test('more of them end as the RFC wants than with Kamailio', () => {
      const theirs = messages.filter(message => isRight(message, column, udp))
      const wrong = messages.flatMap(message => {
        const outcome = outcomes.get(message.file)
        if (!outcome) return [message.file]
        const name = nameOf(outcome)
        const right = allowed(message, name, udp) && wellForwarded(message, outcome, udp)
        return right ? [] : [`${message.file}: ${name}, not ${message.accepted.join('|')}`]
      })
      const ours = messages.length - wrong.length
      console.info(`${ours} (Kamailio ${theirs.length}) of ${messages.length}\n${wrong.join('\n')}`)
      if (!KAMAILIO) expect(ours).toBeGreaterThan(theirs.length)
    })

    test('the server lives on and logged no exception', async () => {
      expect(server?.child.code).toBeNull()
      expect(server?.log).not.toMatch(/^\s+at .*:\d+:\d+\)?$|\w+Error:|assert/m)
    })
  })
})
