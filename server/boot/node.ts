/**
 * One node, from a config file to a serving process: load, check, make, link, listen, start; and
 * back.
 */
import { existsSync, mkdirSync } from 'node:fs'
import { hostname } from 'node:os'
import type { Core } from '../core/core.ts'
import coreSurface, { type CoreInstance } from '../core/core.module.ts'
import { ModuleHost } from '../core/host.ts'
import type { Log } from '../core/log.ts'
import type { AnyModule } from '../core/module.ts'
import type { NodeOptions } from '../core/options.ts'
import { Receiver } from '../core/receive.ts'
import { Management } from '../core/rpc/management.ts'
import { Registry } from '../core/registry.ts'
import { SENT } from '../core/trace.ts'
import { systemClock } from '../lib/clock.ts'
import { SystemRandom } from '../lib/random.ts'
import { RUN_EVERY_MS, Timer } from '../lib/wheel.ts'
import { modules } from '../modules/index.ts'
import { Transports } from '../net/transports.ts'
import {
  type Compiled,
  compile,
  type Diagnostic,
  type Loaded,
  link,
  load,
  reportMissing,
} from '../script/index.ts'
import { protoName, protoNumber, type SocketInfo } from '../sip/transport.ts'
import { canonical } from '../lib/ip.ts'
import {
  automaticAliases,
  type ListenLine,
  parseListenOption,
  socketsOf,
  splitAddress,
} from './listeners.ts'
import { addTcpStatistics, nodeFacts } from './facts.ts'
import { makeCore } from './make-core.ts'
import type { CommandLine } from './options.ts'
import { declareCoreParams, makeParams } from './parameters.ts'

/** A config that is not to be run: all that is wrong with it. */
export class ConfigError extends Error {
  readonly diagnostics: readonly Diagnostic[]
  constructor(diagnostics: readonly Diagnostic[]) {
    const errors = diagnostics.filter(one => one.severity === 'error')
    super(`bad config file (${errors.length} errors)`)
    this.diagnostics = diagnostics
  }
}

/** A config that has been checked, with the surfaces of its modules. */
export interface Checked {
  readonly compiled: Compiled
  readonly surfaces: readonly AnyModule[]
  readonly registry: Registry
  /** Preprocessor names with their texts, in order; null where a name has none. */
  readonly defines: ReadonlyMap<string, string | null>
}

/** Reads and checks; starts nothing. Throws ConfigError. */
export async function check(line: CommandLine): Promise<Checked> {
  const loaded = loadConfig(line)
  const registry = new Registry()
  registry.add(coreSurface)
  const surfaces = await importModules(loaded, registry)
  const compiled = compile(loaded, registry)
  if (compiled.failed) throw new ConfigError(await explained(line, registry))
  return { compiled, surfaces, registry, defines: definesOf(loaded) }
}

function loadConfig(line: CommandLine): Loaded {
  const { defines, substitutions } = line
  const loaded = load(line.configFile, { defines, substitutions, env: process.env })
  for (const name of line.loadModules) addModule(loaded, name)
  return loaded
}

/** What is wrong, with all modules at hand: a hint can then name the one that is not loaded. */
async function explained(line: CommandLine, registry: Registry): Promise<readonly Diagnostic[]> {
  const catalogue = new Registry()
  for (const loader of Object.values(modules)) catalogue.add((await loader()).default)
  const loaded = loadConfig(line)
  for (const wanted of loaded.modules)
    if (!(wanted.name in modules)) reportMissing(loaded, wanted, Object.keys(modules))
  return compile(loaded, registry, catalogue).diagnostics
}

/** --loadmodule: as if it stood at the end of the config. */
function addModule(loaded: Loaded, text: string): void {
  const name = text.replace(/\.so$/, '')
  const at = loaded.modules.at(-1)?.at ?? loaded.nowhere
  if (!loaded.modules.some(module => module.name === name)) loaded.modules.push({ name, at })
}

const definesOf = ({ defines }: Loaded): Map<string, string | null> =>
  new Map(defines.all().map(({ name, text }) => [name, text === '' ? null : text]))

async function importModules(loaded: Loaded, registry: Registry): Promise<AnyModule[]> {
  const surfaces: AnyModule[] = [coreSurface]
  for (const wanted of loaded.modules) {
    const { name } = wanted
    const loader = modules[name]
    if (loader === undefined) reportMissing(loaded, wanted, Object.keys(modules))
    else if (!surfaces.some(surface => surface.name === name)) {
      const surface = (await loader()).default
      surfaces.push(surface)
      registry.add(surface)
    }
  }
  return surfaces
}

export class Node {
  readonly core: Core
  private readonly host: ModuleHost
  private readonly transports: Transports
  private readonly management: Management
  private state: 'starting' | 'running' | 'stopping' = 'starting'
  private ticker: ReturnType<typeof setInterval> | null = null

  private constructor(core: Core, host: ModuleHost, transports: Transports, checked: Checked) {
    this.core = core
    this.host = host
    this.transports = transports
    addTcpStatistics(core.counters, transports.tcp)
    this.management = new Management(
      core,
      nodeFacts({
        tcp: transports.tcp,
        defines: checked.defines,
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
    const sockets = await socketsOf(listenLines(line, compiled), {
      disableTcp: params.disable_tcp !== 0,
      port: params.port,
      autoBindIpv6: params.auto_bind_ipv6 !== 0,
    })
    const made: { receiver: Receiver | null; transports: Transports | null } = {
      receiver: null,
      transports: null,
    }
    const core = makeCore({
      clock: systemClock,
      random: new SystemRandom(),
      options: nodeOptions(line, params.rundir, sockets),
      params,
      registry,
      formats: compiled.formats,
      vars: compiled.vars,
      shutdown,
      network: core => {
        made.transports = makeTransports(core, made)
        return made.transports
      },
    })
    const transports = made.transports!
    declareCoreParams(params, core.cfg, core.log)
    attachLog(core.log, core)
    const host = new ModuleHost(core)
    const node = new Node(core, host, transports, checked)
    node.nameSockets(line, compiled, sockets, params.auto_aliases !== 0)
    declareVariables(compiled, core)
    host.make(surfaces, compiled.paramValues)
    const own = host.instance('core') as CoreInstance
    own.defines = new Map([...checked.defines].map(([name, text]) => [name, text ?? '']))
    compiled.formats.attach(core, host)
    host.link()
    link(compiled, core, host)
    if (params.log_prefix !== '') {
      const prefix = core.formats.compile(params.log_prefix)
      core.log.prefix = () => (core.routes.current === null ? '' : prefix(core.routes.current))
    }
    made.receiver = new Receiver(core, own.statistics)
    for (const socket of sockets) await transports.listen(socket)
    node.warnOfSmallBuffers()
    await host.start()
    for (const place of await node.management.open(line.rpc)) {
      core.log.info('<core>', `JSON-RPC at ${place}`)
    }
    node.tick()
    node.state = 'running'
    return node
  }

  async stop(): Promise<void> {
    this.state = 'stopping'
    if (this.ticker !== null) clearInterval(this.ticker)
    await this.management.close()
    await this.host.stop()
    await this.transports.close()
  }

  private nameSockets(
    line: CommandLine,
    compiled: Compiled,
    sockets: readonly SocketInfo[],
    auto: boolean,
  ): void {
    for (const socket of sockets) this.core.sockets.add(socket)
    for (const { proto, host, port } of compiled.aliases) {
      this.core.sockets.addAlias({ proto: protoNumber(proto), host: canonical(host), port })
    }
    for (const text of line.aliases) {
      const { proto, host, port } = splitAddress(text)
      this.core.sockets.addAlias({ proto: protoNumber(proto), host: canonical(host), port })
    }
    if (line.autoAliases ?? auto)
      for (const alias of automaticAliases(sockets)) this.core.sockets.addAlias(alias)
  }

  /**
   * A kernel that gives less than asked for loses bursts; the operator should know before it does.
   */
  private warnOfSmallBuffers(): void {
    const bytes = this.transports.smallestReceiveBuffer
    if (bytes === 0 || bytes >= 4 * 1024 * 1024) return
    this.core.log.warn(
      '<core>',
      `UDP receive buffer is ${bytes} bytes; raise net.core.rmem_max to 4194304 for bursts`,
    )
  }

  /** The one coarse tick that runs the wheel. */
  private tick(): void {
    this.ticker = setInterval(() => this.core.timers.run(), RUN_EVERY_MS)
    const sweep = new Timer(() => {
      this.transports.tcp.sweep()
      this.core.timers.arm(sweep, 1000)
    })
    this.core.timers.arm(sweep, 1000)
  }
}

function listenLines(line: CommandLine, compiled: Compiled): ListenLine[] {
  return [...line.listen.map(parseListenOption), ...compiled.listens]
}

function nodeOptions(
  line: CommandLine,
  rundir: string,
  sockets: readonly SocketInfo[],
): NodeOptions {
  const runDir = line.runDir ?? rundir
  if (!existsSync(runDir)) mkdirSync(runDir, { recursive: true, mode: 0o750 })
  const port = sockets[0]?.port ?? 0
  return {
    configFile: line.configFile,
    runDir,
    workDir: line.workDir,
    nodeName: line.nodeName === '' ? `${hostname()}:${port}` : line.nodeName,
    argv: line.argv,
    pidFile: line.pidFile,
    logToStderr: line.logToStderr,
    logColor: line.logColor,
  }
}

function makeTransports(core: Core, made: { receiver: Receiver | null }): Transports {
  return new Transports(
    {
      onMessage: (text, received) => made.receiver?.receive(text, received),
      onSent: (text, socket, to) =>
        core.trace.keep(SENT, socket.proto, socket.address, socket.port, to.ip, to.port, text),
      onSocketError: (info, error) => {
        if (core.log.enabled(2))
          core.log.info(
            '<core>',
            `${protoName(info.proto)}:${info.host}:${info.port}: ${error.message}`,
          )
      },
    },
    core.params,
    core.clock,
  )
}

/** `group.name = value desc "..."` of the config. */
function declareVariables(compiled: Compiled, core: Core): void {
  for (const { group, instance, name, value, doc } of compiled.variables) {
    if (instance !== null) {
      core.cfg.set(group, name, value, instance)
      continue
    }
    const kind = typeof value === 'number' ? 'int' : 'string'
    const variable = { group, name, kind, doc, default: value, live: true } as const
    core.cfg.declare(variable, { [name]: value })
  }
}
