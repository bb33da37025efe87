// A node with a config file that a test rewrites: no sockets, a clock that the test moves, and the
// commands of a node.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { MethodName, Params, Result } from '../../rpc/contract/index.ts'
import { check } from '../../server/boot/check.ts'
import { addConfigCommands } from '../../server/boot/generations/commands.ts'
import { Generations } from '../../server/boot/generations/generations.ts'
import { makeCore } from '../../server/boot/make-core.ts'
import { type CommandLine, readOptions } from '../../server/boot/options.ts'
import { declareCoreParams, makeParams } from '../../server/boot/parameters.ts'
import { declareInstances, declareVariables } from '../../server/boot/variables.ts'
import { prefixLog } from '../../server/boot/wiring.ts'
import type { CoreInstance } from '../../server/core/core.module.ts'
import type { Core } from '../../server/core/core.ts'
import { ModuleHost } from '../../server/core/host.ts'
import { Receiver } from '../../server/core/receive.ts'
import { SeededRandom } from '../../server/lib/random.ts'
import { link } from '../../server/script/index.ts'
import { type Destination, socketInfo, UDP } from '../../server/sip/transport.ts'
import { simulatedNetwork } from './simulated-network.ts'

const START = Date.UTC(2026, 0, 1)
const STEP_MS = 10
const socket = socketInfo(UDP, '127.0.0.1', 5060, null, '')

export class ReloadStage {
  readonly core: Core
  readonly host: ModuleHost
  readonly generations: Generations
  readonly path: string
  /** Lines of the log behind their prefix. */
  readonly lines: string[] = []
  readonly sent: { text: string; to: Destination }[]
  private readonly clock: { ms: number }
  private readonly receiver: Receiver

  private constructor(
    made: Pick<ReloadStage, 'core' | 'host' | 'generations' | 'path' | 'sent'>,
    clock: { ms: number },
  ) {
    this.core = made.core
    this.host = made.host
    this.generations = made.generations
    this.path = made.path
    this.sent = made.sent
    this.clock = clock
    const own = this.host.instance('core') as CoreInstance
    this.receiver = new Receiver(this.core, own.statistics)
    this.core.log.addSink(({ prefix, text }) =>
      this.lines.push(`${prefix}${text.replace(/^<script>: /, '').trim()}`),
    )
  }

  /** Starts a node with this config; the file is gone after the test. */
  static async start(config: string, args: readonly string[] = []): Promise<ReloadStage> {
    const folder = mkdtempSync(join(tmpdir(), 'ohana-reload-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const path = join(folder, 'kamailio.cfg')
    writeFileSync(path, config)
    return ReloadStage.load(path, readOptions(['-f', path, '-DD', '-E', ...args]))
  }

  private static async load(path: string, line: CommandLine): Promise<ReloadStage> {
    const checked = await check(line)
    const { compiled, surfaces, registry } = checked
    const clock = { ms: 0 }
    const sent: ReloadStage['sent'] = []
    const params = makeParams(compiled.coreSettings)
    const core = makeCore({
      clock: { now: () => START + clock.ms, monotonic: () => clock.ms },
      random: new SeededRandom(1),
      options: { ...line, runDir: '/nowhere', nodeName: 'stage' },
      params,
      registry,
      formats: compiled.formats,
      vars: compiled.vars,
      shutdown: () => undefined,
      network: () =>
        simulatedNetwork({
          send: (text, to) => sent.push({ text, to }) > 0,
          resolve: (ip, port, proto, _secure, done) => done({ proto, ip, port: port || 5060 }),
          socketFor: () => socket,
        }),
    })
    declareCoreParams(params, core.cfg, core.log)
    core.sockets.add(socket)
    const host = new ModuleHost(core)
    declareVariables(compiled, core)
    host.make(surfaces, compiled.paramValues)
    declareInstances(compiled, core)
    compiled.formats.attach(core, host)
    host.link()
    link(compiled, core, host)
    prefixLog(core)
    const generations = new Generations(line, core, host, checked)
    addConfigCommands(core, generations)
    await host.start()
    return new ReloadStage({ core, host, generations, path, sent }, clock)
  }

  write(config: string): void {
    writeFileSync(this.path, config)
  }

  /** Takes the config file away. */
  remove(): void {
    rmSync(this.path)
  }

  /** Calls a command as kamctl does. */
  async rpc<N extends MethodName>(name: N, ...params: Params<N>): Promise<Result<N>> {
    const strictness = { convert: false, skipWrongOptional: false }
    const caller = { transport: 'stream', strictness, connection: null } as const
    return (await this.core.rpc.call(name, params, caller)).value as Result<N>
  }

  /** Writes the config and reloads it. */
  reload(config: string): Promise<Result<'ohana.cfg.reload'>> {
    this.write(config)
    return this.rpc('ohana.cfg.reload')
  }

  receive(text: string): void {
    const from = { proto: UDP, srcIp: '127.0.0.2', srcPort: 5062 }
    const to = { dstIp: socket.address, dstPort: socket.port, socket, connection: 0 }
    this.receiver.receive(text, { ...from, ...to })
  }

  /** The lines that a message leaves in the log. */
  logged(text: string): string[] {
    this.lines.length = 0
    this.receive(text)
    return [...this.lines]
  }

  /** Lets time pass. */
  pass(ms: number): void {
    for (const end = this.clock.ms + ms; this.clock.ms < end; this.clock.ms += STEP_MS)
      this.core.timers.run()
  }
}

/** A request from the phone of the stage, with a branch and a Call-ID of its own. */
export function request(method: string, id: string, more = ''): string {
  return `${method} sip:bob@192.0.2.7 SIP/2.0\r
Via: SIP/2.0/UDP 127.0.0.2:5062;branch=z9hG4bK${id}\r
Max-Forwards: 70\r
From: <sip:alice@example.com>;tag=${id}\r
To: <sip:bob@example.org>\r
Call-ID: ${id}\r
CSeq: 1 ${method}\r
${more}Content-Length: 0\r
\r
`
}
