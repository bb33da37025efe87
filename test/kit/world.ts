// A world in a box: nodes with their configs, phones, a wire and a clock, all from one seed. The
// wire can lose, double and delay; a minute passes in milliseconds; the same seed tells the same
// story again.
import { check } from '../../server/boot/check.ts'
import { makeCore } from '../../server/boot/make-core.ts'
import { readOptions } from '../../server/boot/options.ts'
import { makeParams } from '../../server/boot/parameters.ts'
import type { CoreInstance } from '../../server/core/core.module.ts'
import type { Core } from '../../server/core/core.ts'
import { ModuleHost } from '../../server/core/host.ts'
import { L_BUG } from '../../server/core/log.ts'
import type { Network } from '../../server/core/network.ts'
import { Receiver } from '../../server/core/receive.ts'
import { SeededRandom } from '../../server/lib/random.ts'
import { TICK_MS } from '../../server/lib/wheel.ts'
import { link } from '../../server/script/index.ts'
import { type SocketInfo, UDP, socketInfo } from '../../server/sip/transport.ts'
import { DnsZone } from './dns-server.ts'
import { SERVER, testSources, zoneTransport } from './name-world.ts'
import { simulatedNetwork } from './simulated-network.ts'

const START = Date.UTC(2026, 0, 1)

/** What the wire does to a datagram. */
export type Faults = {
  /** Of a hundred datagrams so many are lost, and so many arrive twice. */
  lost: number
  doubled: number
  /** The longest way, in milliseconds; the shortest is none. */
  delayMs: number
}

export const PERFECT: Faults = { lost: 0, doubled: 0, delayMs: 0 }

/** Takes datagrams at an address. */
export type Receive = (text: string, from: string) => void

type Event = { at: number; order: number; run: () => void }

export class World {
  readonly random: SeededRandom
  readonly nodes: WorldNode[] = []
  /** Every datagram that arrived: "time from to first line". */
  readonly story: string[] = []
  faults: Faults
  #now = 0
  #order = 0
  #events: Event[] = []
  readonly #addresses = new Map<string, Receive>()
  /** The names of the world, which its nodes ask for over the same wire. */
  readonly names = new DnsZone()
  /** What an address does not hear, although it arrives. */
  readonly deaf = new Map<string, (text: string) => boolean>()

  constructor(seed: number, faults: Faults = PERFECT) {
    this.random = new SeededRandom(seed)
    this.faults = faults
  }

  now(): number {
    return START + this.#now
  }

  monotonic(): number {
    return this.#now
  }

  /** Does something after a while. */
  after(milliseconds: number, run: () => void): void {
    this.#events.push({ at: this.#now + milliseconds, order: this.#order++, run })
  }

  /** A number below the limit. */
  below(limit: number): number {
    return this.random.uint32() % limit
  }

  listen(address: string, receive: Receive): void {
    this.#addresses.set(address, receive)
  }

  /** Puts a datagram on the wire, which treats it as its faults say. */
  send(text: string, from: string, to: string): void {
    const { lost, doubled, delayMs } = this.faults
    if (this.below(100) < lost) return
    const copies = this.below(100) < doubled ? 2 : 1
    for (let copy = 0; copy < copies; copy++)
      this.after(delayMs === 0 ? 0 : this.below(delayMs + 1), () => {
        this.story.push(`${this.#now} ${from} -> ${to} ${text.slice(0, text.indexOf('\r'))}`)
        if (this.deaf.get(to)?.(text) !== true) this.#addresses.get(to)?.(text, from)
      })
  }

  /** Carries the answer of a name server, or loses it. */
  carry(milliseconds: number, run: () => void): void {
    const { lost, delayMs } = this.faults
    if (this.below(100) < lost) return
    this.after(milliseconds + (delayMs === 0 ? 0 : this.below(delayMs + 1)), run)
  }

  /** Lets time pass: what is due arrives, timers run. */
  run(milliseconds: number): void {
    const end = this.#now + milliseconds
    for (; this.#now < end; this.#now += TICK_MS) {
      this.#arrive()
      for (const node of this.nodes) node.core.timers.run()
    }
    this.#arrive()
  }

  #arrive(): void {
    for (;;) {
      const due = this.#events.filter(event => event.at <= this.#now)
      if (due.length === 0) return
      this.#events = this.#events.filter(event => event.at > this.#now)
      due.sort((a, b) => a.at - b.at || a.order - b.order)
      for (const event of due) event.run()
    }
  }

  /** Starts a node with a config file at an address of the world. */
  async node(address: string, config: string): Promise<WorldNode> {
    const node = await WorldNode.start(this, address, config)
    this.nodes.push(node)
    return node
  }
}

export class WorldNode {
  readonly address: string
  readonly core: Core
  readonly host: ModuleHost
  /** What it logged about mistakes of its own. */
  readonly mistakes: string[] = []

  private constructor(address: string, core: Core) {
    this.address = address
    this.core = core
    this.host = new ModuleHost(core)
    core.log.addSink(({ level, source, text }) => {
      if (level <= L_BUG) this.mistakes.push(`${source}: ${text}`)
    })
  }

  static async start(world: World, address: string, config: string): Promise<WorldNode> {
    const line = readOptions(['-f', config, '-DD', '-l', `udp:${address}`])
    const { compiled, surfaces, registry } = await check(line)
    const [host = '', port = ''] = address.split(':')
    const socket = socketInfo(UDP, host, Number(port), null, '')
    const core = makeCore({
      clock: world,
      random: new SeededRandom(world.random.uint32()),
      options: { ...line, runDir: '/nowhere', nodeName: address },
      params: makeParams(compiled.coreSettings),
      registry,
      formats: compiled.formats,
      vars: compiled.vars,
      shutdown: () => undefined,
      names: testSources({ servers: [{ ip: SERVER, port: 53 }] }),
      nameTransport: zoneTransport(new Map([[SERVER, world.names]]), (milliseconds, run) =>
        world.carry(milliseconds, run),
      ),
      network: core => wireNetwork(world, core, socket),
    })
    const node = new WorldNode(address, core)
    core.sockets.add(socket)
    node.host.make(surfaces, compiled.paramValues)
    compiled.formats.attach(core, node.host)
    node.host.link()
    link(compiled, core, node.host)
    const receiver = new Receiver(core, (node.host.instance('core') as CoreInstance).statistics)
    await node.host.start()
    world.listen(address, (text, from) => {
      const [srcIp = '', srcPort = ''] = from.split(':')
      const to = { dstIp: host, dstPort: Number(port), socket, connection: 0 }
      receiver.receive(text, { proto: UDP, srcIp, srcPort: Number(srcPort), ...to })
    })
    return node
  }

  /** A statistic, or NaN when there is none of that name. */
  statistic(group: string, name: string): number {
    return this.core.counters.find(group, name)?.current() ?? Number.NaN
  }
}

/** The node's side of the wire: datagrams alone. */
function wireNetwork(world: World, core: Core, socket: SocketInfo): Network {
  return simulatedNetwork({
    send(text, { proto, ip, port }) {
      if (proto !== UDP) return false
      world.send(text, `${socket.address}:${socket.port}`, `${ip}:${port}`)
      return true
    },
    resolve: (host, port, proto, secure, done) => core.dns.resolve(host, port, proto, secure, done),
    socketFor: proto => (proto === UDP ? socket : null),
  })
}
