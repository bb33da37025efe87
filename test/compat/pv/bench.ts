// A node with the config of the facts, without a network: messages go in, what the script logs
// comes out.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeCore } from '../../../server/boot/make-core.ts'
import { check, ConfigError } from '../../../server/boot/node.ts'
import { readOptions } from '../../../server/boot/options.ts'
import { declareCoreParams, makeParams } from '../../../server/boot/parameters.ts'
import type { CoreInstance } from '../../../server/core/core.module.ts'
import type { Core } from '../../../server/core/core.ts'
import { ModuleHost } from '../../../server/core/host.ts'
import type { Network } from '../../../server/core/network.ts'
import { Receiver } from '../../../server/core/receive.ts'
import { systemClock } from '../../../server/lib/clock.ts'
import { SeededRandom } from '../../../server/lib/random.ts'
import { link } from '../../../server/script/index.ts'
import { socketInfo, UDP } from '../../../server/sip/transport.ts'
import { PEER_PORT, SERVER_PORT } from './facts.ts'

const ADVERTISED = { host: '203.0.113.9', port: 5070 }
const main = socketInfo(UDP, '127.0.0.1', SERVER_PORT, null, 'main')
const second = socketInfo(UDP, '127.0.0.1', SERVER_PORT + 1, ADVERTISED, 'second')

/** Everything leaves, nothing arrives. */
const nowhere: Network = {
  send: () => true,
  resolve: (host, port, _proto, _secure, done) => done({ proto: UDP, ip: host, port }),
  socketFor: () => main,
  onSendError: null,
}

export class Bench {
  readonly core: Core
  readonly host: ModuleHost
  /** Lines of the log, oldest first. */
  readonly lines: string[] = []
  private readonly receiver: Receiver

  private constructor(core: Core, host: ModuleHost) {
    this.core = core
    this.host = host
    this.receiver = new Receiver(core, (host.instance('core') as CoreInstance).statistics)
    core.log.addSink(line => this.lines.push(line.text))
  }

  /**
   * Compiles the config and makes its modules; throws an Error that names all that is wrong with
   * it.
   */
  static async start(config: string): Promise<Bench> {
    const folder = mkdtempSync(join(tmpdir(), 'facts-'))
    try {
      const path = join(folder, 'facts.cfg')
      writeFileSync(path, config, 'latin1')
      return await Bench.load(path)
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      const wrong = error.diagnostics.map(one => one.text)
      throw new Error(wrong.join('\n'), { cause: error })
    } finally {
      rmSync(folder, { recursive: true })
    }
  }

  private static async load(path: string): Promise<Bench> {
    const line = readOptions(['-f', path, '-DD', '-E'])
    const { compiled, surfaces, registry } = await check(line)
    const params = makeParams(compiled.coreSettings)
    const core = makeCore({
      clock: systemClock,
      random: new SeededRandom(1),
      options: { ...line, runDir: '/nowhere', nodeName: 'bench' },
      params,
      registry,
      formats: compiled.formats,
      vars: compiled.vars,
      shutdown: () => undefined,
      network: () => nowhere,
    })
    declareCoreParams(params, core.cfg, core.log)
    core.sockets.add(main)
    core.sockets.add(second)
    core.sockets.addAlias({ proto: 0, host: 'example.org', port: 0 })
    const host = new ModuleHost(core)
    host.make(surfaces, compiled.paramValues)
    compiled.formats.attach(core, host)
    host.link()
    link(compiled, core, host)
    await host.start()
    const custom = { gw_ip: '192.0.2.7', gw_port: 5080 }
    for (const [name, value] of Object.entries(custom)) {
      const kind = typeof value === 'number' ? 'int' : 'string'
      const variable = { group: 'pstn', name, kind, doc: '', default: value, live: true } as const
      core.cfg.declare(variable, custom)
    }
    return new Bench(core, host)
  }

  receive(text: string): void {
    const { address: dstIp, port: dstPort } = main
    const from = { proto: UDP, srcIp: '127.0.0.1', srcPort: PEER_PORT }
    this.receiver.receive(text, { ...from, dstIp, dstPort, socket: main, connection: 0 })
  }
}
