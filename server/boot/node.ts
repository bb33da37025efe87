/** One node, from a checked config to a serving process: make, link, listen, start; and back. */
import type { Core } from '../core/core.ts'
import type { CoreInstance } from '../core/core.module.ts'
import { tellStarted, tellStarting } from '../core/event-routes.ts'
import { ModuleHost } from '../core/host.ts'
import type { Log } from '../core/log.ts'
import { Receiver } from '../core/receive.ts'
import { Overload } from '../core/overload.ts'
import { Management } from '../core/rpc/management.ts'
import { systemClock } from '../lib/clock.ts'
import { SystemRandom } from '../lib/random.ts'
import { Timer } from '../lib/wheel.ts'
import { SystemFiles } from '../net/dns/system-files.ts'
import type { Transports } from '../net/transports.ts'
import { link } from '../script/index.ts'
import { type Inet6Style, writeInet6As } from '../lib/ip.ts'
import { TLS } from '../sip/transport.ts'
import { allowInHosts, takePhonesAsNumbers } from '../sip/uri.ts'
import type { Checked } from './check.ts'
import { Entrance } from './entrance.ts'
import { addTcpStatistics, nodeFacts } from './facts.ts'
import { addConfigCommands } from './generations/commands.ts'
import { Generations } from './generations/generations.ts'
import { socketsOf } from './listeners.ts'
import { makeCore } from './make-core.ts'
import type { CommandLine } from './options.ts'
import { declareCoreParams, idleText, makeParams } from './parameters.ts'
import { declareInstances, declareVariables } from './variables.ts'
import {
  chooseEngine,
  listenLines,
  makeTransports,
  nameSockets,
  nodeOptions,
  prefixLog,
  warnOfSmallBuffers,
} from './wiring.ts'

export class Node {
  readonly core: Core
  private readonly host: ModuleHost
  private readonly transports: Transports
  private readonly management: Management
  private readonly overload: Overload
  private state: 'starting' | 'running' | 'stopping' = 'starting'

  private constructor(core: Core, host: ModuleHost, transports: Transports) {
    this.core = core
    this.host = host
    this.transports = transports
    this.overload = new Overload(core)
    addTcpStatistics(core.counters, transports.tcp)
    this.management = new Management(
      core,
      nodeFacts({
        tcp: transports.tcp,
        defines: () => core.routes.table.defines,
        lifetime: () => core.params.tcp_connection_lifetime,
        now: () => core.clock.now(),
        state: () => this.state,
      }),
    )
  }

  /**
   * Makes a node of a checked config and serves. Rejects with a sentence when it cannot listen or a
   * module refuses.
   */
  static async start(
    line: CommandLine,
    checked: Checked,
    attachLog: (log: Log, core: Core) => void,
    shutdown: (reason: string) => void,
  ): Promise<Node> {
    const { compiled, surfaces, registry } = checked
    const params = makeParams(compiled.coreSettings)
    if (line.debug !== null) params.debug = line.debug
    if (line.serverId !== null) params.server_id = line.serverId
    if (line.disableTcp) params.disable_tcp = 1
    allowInHosts(params.uri_host_extra_chars)
    writeInet6As(params.ipv6_hex_style as Inet6Style)
    takePhonesAsNumbers(params.phone2tel !== 0)
    const warnings: string[] = []
    const sockets = await socketsOf(listenLines(line, compiled), {
      disableTcp: params.disable_tcp !== 0,
      tls: params.enable_tls !== 0 || params.disable_tls === 0,
      tlsPort: params.tls_port_no,
      port: params.port,
      autoBindIpv6: params.auto_bind_ipv6 !== 0,
      via: { host: params.advertised_address, port: params.advertised_port },
      passedOver: text => warnings.push(text),
    })
    const made: { transports: Transports | null } = { transports: null }
    const entrance = new Entrance()
    const names = new SystemFiles(line.resolvConf, line.hosts)
    const core = makeCore({
      clock: systemClock,
      random: new SystemRandom(),
      options: nodeOptions(line, params.rundir, sockets),
      params,
      registry,
      formats: compiled.formats,
      vars: compiled.vars,
      shutdown,
      names,
      network: core => {
        made.transports = makeTransports(core, entrance)
        return made.transports
      },
    })
    const transports = made.transports!
    declareCoreParams(params, core.cfg, core.log, () => names.reload())
    attachLog(core.log, core)
    if (sockets.some(({ proto }) => proto === TLS) && !registry.moduleNames().includes('tls'))
      warnings.push('TLS is on, but its connections are refused: the module tls is not loaded')
    for (const text of warnings) core.log.warn('<core>', text)
    const idle = idleText(compiled.coreSettings)
    if (idle !== '') core.log.info('<core>', idle)
    const host = new ModuleHost(core)
    const node = new Node(core, host, transports)
    await nameSockets(core, line, compiled, sockets)
    declareVariables(compiled, core)
    chooseEngine(core, compiled)
    host.make(surfaces, compiled.paramValues)
    declareInstances(compiled, core)
    const own = host.instance('core') as CoreInstance
    compiled.formats.attach(core, host)
    host.link()
    link(compiled, core, host)
    prefixLog(core)
    addConfigCommands(core, new Generations(line, core, host, checked))
    const receiver = new Receiver(core, own.statistics)
    for (const socket of sockets) await transports.listen(socket)
    warnOfSmallBuffers(core, transports)
    await node.run(line)
    entrance.open(receiver)
    return node
  }

  /** Everything is made and bound: the modules begin, then the management doors open. */
  private async run(line: CommandLine): Promise<void> {
    const { core } = this
    core.dns.start()
    core.blocklist.start()
    this.overload.start()
    tellStarting(core)
    await this.host.start()
    core.trace.prepare()
    tellStarted(core)
    for (const place of await this.management.open(line.rpc)) {
      core.log.info('<core>', `JSON-RPC at ${place}`)
    }
    this.tick()
    this.state = 'running'
  }

  async stop(): Promise<void> {
    this.state = 'stopping'
    this.core.ticker.stop()
    this.overload.stop()
    await this.management.close()
    await this.host.stop()
    await this.core.databases.close()
    this.core.dns.close()
    this.core.blocklist.close()
    await this.transports.close()
  }

  /** The one coarse tick that runs the wheel. */
  private tick(): void {
    this.core.ticker.start()
    const sweep = new Timer(() => {
      this.transports.tcp.sweep()
      this.core.timers.arm(sweep, 1000)
    })
    this.core.timers.arm(sweep, 1000)
  }
}
