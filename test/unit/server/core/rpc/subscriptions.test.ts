import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Connection } from '../../../../../server/core/rpc/registry.ts'
import { Subscriptions } from '../../../../../server/core/rpc/subscriptions.ts'
import { RECEIVED } from '../../../../../server/core/trace.ts'
import { UDP } from '../../../../../server/sip/transport.ts'
import { testNode, type TestNode } from './core-for-test.ts'

/** A connection that keeps what it is sent, and can be slow. */
class FakeConnection implements Connection {
  slow = false
  readonly events: Record<string, unknown>[] = []
  private readonly endings: (() => void)[] = []

  notify(_method: string, params: unknown): boolean {
    if (this.slow) return false
    this.events.push(params as Record<string, unknown>)
    return true
  }
  onEnd(callback: () => void): void {
    this.endings.push(callback)
  }
  end(): void {
    for (const callback of this.endings) callback()
  }
}

let node: TestNode
let subscriptions: Subscriptions
let connection: FakeConnection
beforeEach(() => {
  node = testNode()
  subscriptions = new Subscriptions(node.core, () => ({ now: node.clock.now() }))
  connection = new FakeConnection()
})
afterEach(() => node.stop())

const keep = (callId: string): void =>
  node.core.trace.keep(RECEIVED, UDP, '::1', 1, '::1', 2, `X sip:a SIP/2.0\r\ni: ${callId}\r\n\r\n`)
function pass(milliseconds: number): void {
  node.clock.milliseconds += milliseconds
  node.core.timers.run()
}

describe('a slow reader', () => {
  test('is told how many events it missed, once it reads again', () => {
    const { log } = node.core
    const id = subscriptions.start(connection, 'log', {})
    connection.slow = true
    for (let i = 0; i < 3; i++) log.write(0, 'tm', `missed ${i}`)
    connection.slow = false
    log.write(0, 'tm', 'seen')
    expect(connection.events).toEqual([
      { subscription: id, dropped: 3 },
      { subscription: id, data: expect.objectContaining({ text: 'seen' }) },
    ])
  })

  test('of a busy trace gets the newest messages and the number of the others', () => {
    subscriptions.start(connection, 'trace', {})
    for (let i = 0; i < 2500; i++) keep(`call-${i}`)
    pass(300)
    expect(connection.events[0]).toMatchObject({ dropped: 500 })
    expect(connection.events).toHaveLength(2001)
    expect(connection.events.at(-1)).toMatchObject({ data: { seq: 2500 } })
  })
})

describe('the trace', () => {
  test('begins with the backlog asked for and goes on', () => {
    for (let i = 0; i < 5; i++) keep(`call-${i}`)
    subscriptions.start(connection, 'trace', { backlog: 2 })
    pass(300)
    keep('later')
    pass(300)
    const seqs = connection.events.map(event => (event.data as { seq: number }).seq)
    expect(seqs).toEqual([4, 5, 6])
  })
})

describe('the end', () => {
  test('of a connection ends all its subscriptions', () => {
    for (const topic of ['log', 'stats', 'trace']) subscriptions.start(connection, topic, {})
    const other = new FakeConnection()
    subscriptions.start(other, 'stats', {})
    expect(subscriptions.count).toBe(4)
    connection.end()
    expect(subscriptions.count).toBe(1)
    expect(node.core.timers.armedCount).toBe(1)
    node.core.log.write(0, 'tm', 'unheard')
    expect(connection.events.filter(event => 'text' in (event.data as object))).toEqual([])
  })

  test('of one is by its number and its connection', () => {
    const id = subscriptions.start(connection, 'stats', { interval_ms: 1 })
    expect(subscriptions.stop(new FakeConnection(), id)).toBe(false)
    pass(50)
    expect(connection.events).toHaveLength(1)
    pass(60)
    expect(connection.events).toHaveLength(2)
    expect(subscriptions.stop(connection, id)).toBe(true)
    expect(subscriptions.stop(connection, id)).toBe(false)
    pass(500)
    expect(connection.events).toHaveLength(2)
  })

  test('a connection may have so many and no more', () => {
    for (let i = 0; i < 32; i++) subscriptions.start(connection, 'log', {})
    expect(() => subscriptions.start(connection, 'log', {})).toThrow('too many subscriptions')
  })
})
