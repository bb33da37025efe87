// A core as boot makes it, without a config and without sockets: what RPC handlers work on.
import { addCoreCommands } from '../../../../../server/core/rpc/core-commands.ts'
import type { Core } from '../../../../../server/core/core.ts'
import type { World } from '../../../../../server/boot/make-core.ts'
import type { Caller } from '../../../../../server/core/rpc/registry.ts'
import type { NodeFacts } from '../../../../../server/core/rpc/facts.ts'
import { simulatedNetwork } from '../../../../kit/simulated-network.ts'
import { plainCore } from '../../../../kit/plain-core.ts'

/** Saturday 21 November 2026, 07:03:06 UTC. */
export const START = Date.UTC(2026, 10, 21, 7, 3, 6)

export class FakeClock {
  milliseconds = START
  now(): number {
    return this.milliseconds
  }
  monotonic(): number {
    return this.milliseconds - START
  }
}

export interface TestNode {
  readonly core: Core
  readonly clock: FakeClock
  stop(): void
}

/** `names`: name servers and how they are reached. */
export function testNode(
  facts: Partial<NodeFacts> = {},
  names: Pick<World, 'names' | 'nameTransport'> = {},
): TestNode {
  const clock = new FakeClock()
  const core = plainCore({
    clock,
    options: {
      configFile: '/etc/kamailio/kamailio.cfg',
      runDir: '/run/kamailio',
      workDir: '/',
      argv: ['ohana', '-f', 'kamailio.cfg'],
      logToStderr: true,
    },
    network: () =>
      simulatedNetwork({
        send: () => false,
        resolve: (_host, _port, _proto, _secure, done) => done(null),
        socketFor: () => null,
      }),
    ...names,
  })
  const stop = addCoreCommands(core, {
    version: '0.1.0',
    platform: 'x86_64/linux',
    defines: () => [
      ['KAMAILIO_5', null],
      ['PORT', '5060'],
    ],
    connections: () => [],
    queuedBytes: () => 0,
    state: () => 'running',
    ...facts,
  })
  return { core, clock, stop }
}

export const caller = (transport: Caller['transport'] = 'datagram'): Caller => ({
  transport,
  strictness: { convert: false, skipWrongOptional: false },
  connection: null,
})
