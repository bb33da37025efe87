// The console on a virtual terminal over fake nodes, with a clock that the test moves.
import { setTimeout as pause } from 'node:timers/promises'
import { expect, onTestFinished } from 'vitest'
import { FleetModel } from '../../console/model/fleet-model.ts'
import { showConsole } from '../../console/show.tsx'
import type { ViewName } from '../../console/view.ts'
import type { Environment } from '../../rpc/fleet/fleet-file.ts'
import { FakeFleet, FakeNode, START_MS } from './fake-node.ts'
import { answeredCall } from './sip-story.ts'
import { VirtualTerminal } from './virtual-terminal.ts'

// Times on the screen are local ones.
process.env.TZ = 'UTC'

export type ConsoleOptions = {
  columns?: number
  rows?: number
  environment?: Environment
  view?: ViewName
  colour?: boolean
  ascii?: boolean
}

const KEYS: Record<string, string> = {
  enter: '\r',
  esc: '\x1b',
  tab: '\t',
  up: '\x1b[A',
  down: '\x1b[B',
  right: '\x1b[C',
  left: '\x1b[D',
  'ctrl-c': '\x03',
  'ctrl-d': '\x04',
  'ctrl-u': '\x15',
  backspace: '\x7f',
}
/** Ink waits a moment after Escape, in case it is the beginning of another key. */
const ESCAPE_MS = 60

export class ConsoleUnderTest {
  readonly terminal: VirtualTerminal
  readonly model: FleetModel
  readonly nodes: FakeNode[]
  readonly fakes: FakeFleet
  readonly gone = new AbortController()
  readonly ended: Promise<void>
  /** Milliseconds that the console believes to have passed since the start. */
  passed = 0

  constructor(fakes: FakeFleet, options: ConsoleOptions) {
    this.fakes = fakes
    this.nodes = fakes.nodes
    this.terminal = new VirtualTerminal(options.columns ?? 80, options.rows ?? 24)
    this.model = new FleetModel({
      name: 'testing',
      nodes: fakes.rows(options.environment),
      connect: fakes.connect,
      now: () => START_MS + this.passed,
      timeoutMs: 200,
    })
    const { terminal: input } = this
    const style = { colour: options.colour ?? true, ascii: options.ascii ?? false }
    this.ended = showConsole(
      { input, output: input, style, gone: this.gone.signal },
      this.model,
      options.view ?? 'nodes',
    )
  }

  async press(...keys: string[]): Promise<void> {
    for (const key of keys) {
      this.terminal.type(KEYS[key] ?? key)
      await pause(key === 'esc' ? ESCAPE_MS : 5)
    }
  }

  /** Waits until the screen shows it. */
  async shows(pattern: string | RegExp): Promise<void> {
    const matcher = typeof pattern === 'string' ? expect.stringContaining(pattern) : undefined
    const poll = expect.poll(() => this.terminal.text, { interval: 10 })
    await (matcher ? poll.toEqual(matcher) : poll.toMatch(pattern))
  }

  async hides(pattern: string): Promise<void> {
    await expect.poll(() => this.terminal.text, { interval: 10 }).not.toContain(pattern)
  }

  /** The row of the screen that has this text; -1 for none. */
  rowOf(text: string): number {
    return this.terminal.screen().findIndex(line => line.includes(text))
  }
}

/** Opens the console; it is closed after the test. */
export function openConsole(fakes: FakeFleet, options: ConsoleOptions = {}): ConsoleUnderTest {
  const opened = new ConsoleUnderTest(fakes, options)
  onTestFinished(async () => {
    opened.gone.abort()
    await opened.ended
    await opened.model.close()
  })
  return opened
}

/** Three nodes with registrations, a call, log lines and traffic; always the same. */
export function busyFleet(): FakeFleet {
  const [n1, n2, n3] = [
    new FakeNode('n1', 5060),
    new FakeNode('n2', 5062),
    new FakeNode('n3', 5064),
  ] as const
  n1.register('alice', 'sip:alice@127.0.0.1:7001').register('carol', 'sip:carol@127.0.0.1:7003')
  n2.register('bob', 'sip:bob@127.0.0.1:7002', { expires: 25, userAgent: 'Hardphone 2000' })
  n1.write('INVITE for bob: not on this node', { time: START_MS, prefix: '{1 7f3a91c2@phone} ' })
  n2.write('INVITE for bob: found on this node', { time: START_MS + 3 })
  n3.write('something is wrong', { time: START_MS + 900, level: -1, name: 'ERROR', source: 'tm' })
  n2.parameters[0]!.value = 3
  const fakes = new FakeFleet(n1, n2, n3)
  for (const { node, messages } of answeredCall().told())
    fakes.nodes.find(({ name }) => name === node)!.messages = [...messages]
  return fakes
}

/** A second passes on every node, and things happen in it: snapshots from which rates follow. */
export function traffic(fakes: FakeFleet): void {
  for (const [index, node] of fakes.nodes.entries()) {
    const tell = (second: number, busy_us: number): void => {
      const snapshot = node.snapshot()
      const now = START_MS + (99 + second) * 1000
      node.tell('stats', { ...snapshot, now, cpu: { user_us: 4e6 + busy_us, system_us: 1e6 } })
    }
    tell(0, 0)
    const calls = 12 * (index + 1)
    node.counts = {
      requests: { received: calls * 3, invite: calls, register: 4 },
      sent: { '2xx': calls, '4xx': 2, '5xx': index },
      calls: { attempted: 10 + calls, answered: 7 + calls, failed: 2 },
    }
    tell(1, 120_000 * (index + 1))
  }
}
