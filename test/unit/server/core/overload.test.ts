// Who is refused when a node has no time left, and who never is.
import { afterEach, describe, expect, it } from 'vitest'
import { Overload } from '../../../../server/core/overload.ts'
import { SipMessage } from '../../../../server/sip/message.ts'
import { received } from '../../../kit/received.ts'
import { testNode } from './rpc/core-for-test.ts'

interface Door {
  readonly overload: Overload
  readonly core: ReturnType<typeof testNode>['core']
  readonly sent: string[]
  /** Passes a request on to the script? */
  passes(method: string, options?: { to?: string; callId?: string }): boolean
}

const ended: (() => void)[] = []
afterEach(() => {
  for (const end of ended.splice(0)) end()
})

function door(): Door {
  const { core, stop } = testNode()
  const sent: string[] = []
  core.network.send = text => sent.push(text) > 0
  const overload = new Overload(core)
  overload.start()
  ended.push(() => {
    overload.stop()
    stop()
  })
  const passes: Door['passes'] = (method, { to = '', callId = 'c1' } = {}) => {
    const text = [
      `${method} sip:bob@example.org SIP/2.0`,
      'Via: SIP/2.0/UDP 192.0.2.1:5062;branch=z9hG4bK1',
      'From: <sip:alice@example.org>;tag=1',
      `To: <sip:bob@example.org>${to}`,
      `Call-ID: ${callId}`,
      `CSeq: 1 ${method}`,
      'Content-Length: 0\r\n\r\n',
    ].join('\r\n')
    return core.hooks.preRequest!.every(hook => hook(new SipMessage(text, received(), 1)))
  }
  return { overload, core, sent, passes }
}

/** The loop works for a moment, and the next look comes. */
async function withoutPause(overload: Overload): Promise<void> {
  // A turn of its own: the runtime counts busy time from the beginning of a turn.
  await new Promise(setImmediate)
  const end = performance.now() + 3
  while (performance.now() < end);
  overload.look()
}

const toTagOf = (reply: string): string => /^To: .*(;tag=\S+)/m.exec(reply)![1]!

describe('a node without time', () => {
  it('refuses new requests with 503, Retry-After and a tag, and counts them', () => {
    const { overload, core, sent, passes } = door()
    overload.share = 256
    expect(['INVITE', 'REGISTER', 'OPTIONS'].map(method => passes(method))).toEqual([
      false,
      false,
      false,
    ])
    for (const reply of sent) {
      expect(reply).toMatch(/^SIP\/2\.0 503 Service Unavailable\r\n/)
      expect(reply).toMatch(/\r\nRetry-After: [2-9]\r\n/)
    }
    expect(core.counters.find('ohana', 'overload_refused')?.current()).toBe(3)
    expect(core.counters.find('ohana', 'overload_share')?.current()).toBe(100)
  })

  it('takes what belongs to a dialog or ends something', () => {
    const { overload, passes, sent } = door()
    overload.share = 256
    const inDialog = ['INVITE', 'BYE', 'INFO', 'ACK'].map(method =>
      passes(method, { to: ';tag=2' }),
    )
    expect(inDialog).toEqual([true, true, true, true])
    expect(['ACK', 'CANCEL', 'PRACK'].map(method => passes(method))).toEqual([true, true, true])
    expect(sent).toEqual([])
  })

  it('takes a request that has its transaction already', () => {
    const { overload, core, passes } = door()
    overload.share = 256
    core.hooks.isKnown = msg => msg.callId === 'known'
    expect(passes('INVITE', { callId: 'known' })).toBe(true)
    expect(passes('INVITE', { callId: 'new' })).toBe(false)
  })

  it('keeps the ACKs to its refusals to itself, also after the overload', () => {
    const { overload, sent, passes } = door()
    overload.share = 256
    passes('INVITE')
    const to = toTagOf(sent[0]!)
    expect(passes('ACK', { to })).toBe(false)
    overload.share = 0
    expect(passes('ACK', { to })).toBe(false)
    expect(passes('ACK', { to: ';tag=other' })).toBe(true)
  })

  it('refuses the share that it should, and all copies of a request alike', () => {
    const { overload, passes } = door()
    overload.share = 64
    const answers = (): boolean[] =>
      Array.from({ length: 2000 }, (_, i) => passes('INVITE', { callId: `call-${i}@host` }))
    const first = answers()
    const refused = first.filter(passed => !passed).length
    expect(refused).toBeGreaterThan(2000 * 0.2)
    expect(refused).toBeLessThan(2000 * 0.3)
    expect(answers()).toEqual(first)
  })

  it('takes everything when it has time', () => {
    const { passes } = door()
    expect(passes('INVITE')).toBe(true)
  })

  it('refuses after a second without a pause in which requests came, and not before', async () => {
    const { overload, passes } = door()
    const shares: number[] = []
    for (let look = 0; look < 12; look++) {
      passes('OPTIONS')
      await withoutPause(overload)
      shares.push(overload.share)
    }
    expect(shares.slice(0, 9)).toEqual(Array(9).fill(0))
    expect(shares.at(-1)).toBeGreaterThan(0)
  })

  it('takes the first request after a long start, in which nobody asked', async () => {
    const { overload, passes } = door()
    for (let look = 0; look < 12; look++) await withoutPause(overload)
    expect(overload.share).toBe(0)
    expect(passes('REGISTER')).toBe(true)
  })
})
