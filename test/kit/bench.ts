// A node with a config and without a network: messages go in, what the script logs and sends comes
// out.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeCore } from '../../server/boot/make-core.ts'
import { check, ConfigError } from '../../server/boot/check.ts'
import { readOptions } from '../../server/boot/options.ts'
import { declareCoreParams, makeParams } from '../../server/boot/parameters.ts'
import { declareInstances, declareVariables } from '../../server/boot/variables.ts'
import { chooseEngine } from '../../server/boot/wiring.ts'
import type { CoreInstance } from '../../server/core/core.module.ts'
import type { Core } from '../../server/core/core.ts'
import { ModuleHost } from '../../server/core/host.ts'
import type { LogLine } from '../../server/core/log.ts'
import { Receiver } from '../../server/core/receive.ts'
import { type Clock, systemClock } from '../../server/lib/clock.ts'
import { SeededRandom } from '../../server/lib/random.ts'
import { link } from '../../server/script/index.ts'
import { type Destination, socketInfo, UDP } from '../../server/sip/transport.ts'
import { PEER_PORT, SERVER_PORT } from './bench-ports.ts'
import { simulatedNetwork } from './simulated-network.ts'

const ADVERTISED = { host: '203.0.113.9', port: 5070 }

/** The sockets of every bench. */
export const main = socketInfo(UDP, '127.0.0.1', SERVER_PORT, null, 'main')
export const second = socketInfo(UDP, '127.0.0.1', SERVER_PORT + 1, ADVERTISED, 'second')

export class Bench {
  readonly core: Core
  readonly host: ModuleHost
  /** Lines of the log, oldest first. */
  readonly lines: LogLine[] = []
  readonly sent: { text: string; to: Destination }[]
  private readonly receiver: Receiver

  private constructor(core: Core, host: ModuleHost, sent: Bench['sent']) {
    this.core = core
    this.host = host
    this.sent = sent
    this.receiver = new Receiver(core, (host.instance('core') as CoreInstance).statistics)
    core.log.addSink(line => this.lines.push(line))
  }

  /**
   * Compiles the config and makes its modules; throws an Error that names all that is wrong with
   * it.
   */
  static async start(config: string, clock: Clock = systemClock): Promise<Bench> {
    const folder = mkdtempSync(join(tmpdir(), 'bench-'))
    try {
      const path = join(folder, 'bench.cfg')
      writeFileSync(path, config, 'latin1')
      return await Bench.load(path, [], clock)
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      const wrong = error.diagnostics.map(one => one.text)
      throw new Error(wrong.join('\n'), { cause: error })
    } finally {
      rmSync(folder, { recursive: true })
    }
  }

  /** The same with a config that lies on the disk, and more of the command line. */
  static async load(
    path: string,
    args: readonly string[] = [],
    clock: Clock = systemClock,
  ): Promise<Bench> {
    const line = readOptions(['-f', path, '-DD', '-E', ...args])
    const { compiled, surfaces, registry } = await check(line)
    const sent: Bench['sent'] = []
    const network = simulatedNetwork({
      send: (text, to) => sent.push({ text, to }) > 0,
      resolve: (address, port, proto, _secure, done) => done({ proto, ip: address, port }),
      socketFor: () => main,
    })
    const params = makeParams(compiled.coreSettings)
    const core = makeCore({
      clock,
      random: new SeededRandom(1),
      options: { ...line, runDir: '/nowhere', nodeName: 'bench' },
      params,
      registry,
      formats: compiled.formats,
      vars: compiled.vars,
      shutdown: () => undefined,
      network: () => network,
    })
    declareCoreParams(params, core.cfg, core.log)
    core.sockets.add(main)
    core.sockets.add(second)
    core.sockets.addAlias({ proto: 0, host: 'example.org', port: 0 })
    const host = new ModuleHost(core)
    declareVariables(compiled, core)
    chooseEngine(core, compiled)
    host.make(surfaces, compiled.paramValues)
    declareInstances(compiled, core)
    compiled.formats.attach(core, host)
    host.link()
    link(compiled, core, host)
    await host.start()
    return new Bench(core, host, sent)
  }

  receive(text: string, srcPort = PEER_PORT): void {
    const { address: dstIp, port: dstPort } = main
    const from = { proto: UDP, srcIp: '127.0.0.1', srcPort }
    this.receiver.receive(text, { ...from, dstIp, dstPort, socket: main, connection: 0 })
  }

  /** What is left in the log after a message, as texts. */
  logged(text: string): string[] {
    this.lines.length = 0
    this.receive(text)
    return this.lines.map(line => line.text)
  }

  /** Calls an RPC command as a JSON client does. */
  rpc(name: string, ...params: unknown[]): unknown {
    const strictness = { convert: false, skipWrongOptional: false }
    const reply = this.core.rpc.call(name, params, {
      transport: 'stream',
      strictness,
      connection: null,
    })
    if (reply instanceof Promise) throw new Error(`${name} takes its time`)
    return reply.value
  }
}
