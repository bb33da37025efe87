// Whatever happens in whatever order, every transaction ends, nothing stays armed, nothing throws,
// and the caller gets at most one final reply that is not a 2xx per transaction.
import { describe, expect, test } from 'vitest'
import { SeededRandom } from '../../../../../server/lib/random.ts'
import { RESPONSE_OUT, type TransactionView } from '../../../../../server/modules/tm/api.ts'
import * as own from '../../../../../server/modules/tm/answer-functions.ts'
import { checkTransaction } from '../../../../../server/modules/tm/checks.ts'
import { BY_URI } from '../../../../../server/modules/tm/forward.ts'
import { relay } from '../../../../../server/modules/tm/relay.ts'
import * as set from '../../../../../server/modules/tm/settings.ts'
import type { SipMessage } from '../../../../../server/sip/message.ts'
import { replyTo, request, TestProxy } from './proxy-for-test.ts'

const CODES = [100, 180, 183, 200, 202, 302, 401, 404, 407, 408, 486, 487, 500, 503, 603]
const PHONES = ['10.0.0.11', '10.0.0.12', '10.0.0.13']

class World {
  readonly proxy: TestProxy
  private readonly random: SeededRandom
  private calls = 0

  constructor(seed: number) {
    this.random = new SeededRandom(seed)
    this.proxy = new TestProxy((proxy, msg) => this.script(proxy, msg))
    this.proxy.block('event', 'tm:branch-failure:x', msg => this.retry(msg))
    this.proxy.start()
  }

  pick<T>(items: readonly T[]): T {
    return items[this.random.uint32() % items.length]!
  }

  private script(proxy: TestProxy, msg: SipMessage): number {
    const { tm } = proxy
    if (checkTransaction(tm, msg) === 0) return 0
    if (msg.method !== 'ACK' && msg.method !== 'CANCEL') this.settings(proxy, msg)
    this.destinations(msg)
    return relay(tm, msg, BY_URI, 0)
  }

  private settings(proxy: TestProxy, msg: SipMessage): void {
    const { tm } = proxy
    if (this.pick([true, false])) {
      const failure = proxy.block('failure', 'F', failed => {
        if (this.pick([true, false])) set.onFailure(tm, failed, failure)
        return this.pick([() => this.retry(failed), () => own.tReply(tm, failed, 404, 'Mine')])()
      })
      set.onFailure(tm, msg, failure)
    }
    if (this.pick([true, false])) set.onBranchFailure(tm, msg, 'x')
    const reply = proxy.block('onreply', 'R', each => {
      if (this.pick([1, 2, 3, 4, 5]) === 1) each.scriptState = 2
      return 1
    })
    set.onReply(tm, msg, reply)
  }

  private destinations(msg: SipMessage): void {
    msg.setUri(`sip:u@${this.pick(PHONES)}${this.pick(['', '', ';transport=tcp'])}`)
    if (this.pick([1, 2, 3]) !== 1) return
    const uri = `sip:v@${this.pick([...PHONES, 'x.invalid', 'x.slow'])}`
    msg.branches = [{ ...NOTHING, uri }]
  }

  private retry(msg: SipMessage): number {
    this.destinations(msg)
    return relay(this.proxy.tm, msg, BY_URI, 0)
  }

  step(): void {
    const { proxy } = this
    this.pick([
      () => this.request(),
      () => this.request(),
      () => this.reply(),
      () => this.reply(),
      () => this.reply(),
      () => proxy.pass(this.pick([10, 300, 900, 4000, 31_000])),
      () => this.again('ACK'),
      () => this.again('CANCEL'),
      () => this.again('INVITE'),
      () => this.resolved(),
      () => this.broken(),
    ])()
  }

  private request(): void {
    const n = ++this.calls
    const method = this.pick(['INVITE', 'INVITE', 'OPTIONS', 'BYE'])
    this.proxy.receive(request(method, 'u', { callId: `c${n}`, branch: `z9hG4bK-${n}` }))
  }

  private again(method: string): void {
    const n = 1 + (this.random.uint32() % Math.max(1, this.calls))
    this.proxy.receive(
      request(method, 'u', { callId: `c${n}`, branch: `z9hG4bK-${n}`, toTag: 'b' }),
    )
  }

  private reply(): void {
    const sent = this.proxy.sent.filter(({ sip }) => sip.isRequest && sip.method !== 'ACK')
    if (sent.length === 0) return
    const { sip, to } = this.pick(sent.slice(-12))
    this.proxy.receive(replyTo(sip, this.pick(CODES), 'X'), to.split(':')[0]!)
  }

  private resolved(): void {
    const done = this.proxy.lookups.get('x.slow')
    this.proxy.lookups.delete('x.slow')
    done?.(this.pick([null, { ip: PHONES[0]!, port: 5060, proto: 1 }]))
  }

  private broken(): void {
    const ip = this.pick(PHONES)
    this.proxy.core.network.onSendError!(
      { proto: 2, ip, port: 5060, connection: 0, socket: null },
      '',
    )
    const address = `${ip}:5060`
    if (this.proxy.broken.has(address)) this.proxy.broken.delete(address)
    else if (this.pick([1, 2, 3]) === 1) this.proxy.broken.add(address)
  }
}

const NOTHING = {
  dstUri: '',
  path: '',
  q: -1,
  flags: 0,
  socket: null,
  instance: '',
  regId: 0,
  ruid: '',
  userAgent: '',
  connection: 0,
}

/** Counts the final replies but 2xx that each transaction sends. */
function countFailures(proxy: TestProxy): Map<TransactionView, number> {
  const counts = new Map<TransactionView, number>()
  proxy.tm.onRequestIn((_event, made) =>
    made.addCallback(RESPONSE_OUT, (_out, t, _request, _reply, code) => {
      if (code >= 300) counts.set(t, (counts.get(t) ?? 0) + 1)
    }),
  )
  return counts
}

describe('every transaction ends', () => {
  test.for(Array.from({ length: 40 }, (_, seed) => seed))('in world %i', seed => {
    const world = new World(seed)
    const { proxy } = world
    for (let i = 0; i < 300; i++) world.step()
    proxy.pass(400_000)
    expect(
      proxy.log.filter(line => line.includes('dropped') || line.includes('in a timer')),
    ).toEqual([])
    expect(proxy.tm.counters).toMatchObject({ current: 0, waiting: 0 })
    expect(proxy.tm.counters.created).toBe(proxy.tm.counters.freed)
    expect(proxy.core.timers.armedCount).toBe(0)
    expect(proxy.tm.streaming.size).toBe(0)
    expect(proxy.tm.table.all()).toEqual([])
  })

  test.for([1, 2, 3, 4, 5])('and fails once, in world %i', seed => {
    const world = new World(1000 + seed)
    const counts = countFailures(world.proxy)
    for (let i = 0; i < 200; i++) world.step()
    expect(Math.max(...counts.values())).toBe(1)
  })
})
