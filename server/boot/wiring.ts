/** The joints between a node's parts: sockets and their names, transports, options, log prefix. */
import { existsSync, mkdirSync } from 'node:fs'
import { hostname } from 'node:os'
import { getSystemErrorMessage } from 'node:util'
import type { Core } from '../core/core.ts'
import type { NodeOptions } from '../core/options.ts'
import { SENT } from '../core/trace.ts'
import { canonical } from '../lib/ip.ts'
import { Transports } from '../net/transports.ts'
import type { Compiled } from '../script/index.ts'
import { protoName, protoNumber, type SocketInfo } from '../sip/transport.ts'
import type { Entrance } from './entrance.ts'
import { MessageContext } from './log-context.ts'
import {
  automaticAliases,
  type ListenLine,
  namesInLines,
  parseListenOption,
  splitAddress,
} from './listeners.ts'
import type { CommandLine } from './options.ts'

/** Bytes of a UDP receive buffer that take a burst. */
const WANTED_BUFFER = 4 * 1024 * 1024

export function listenLines(line: CommandLine, compiled: Compiled): ListenLine[] {
  return [...line.listen.map(parseListenOption), ...compiled.listens]
}

export function nodeOptions(
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
    logEngine: line.logEngine,
  }
}

export function makeTransports(core: Core, entrance: Entrance): Transports {
  return new Transports(
    {
      onMessage: entrance.receive,
      onTurn: now => core.ticker.ride(now),
      onSent: (text, { proto, address, port }, to, bytes, at) =>
        core.trace.keep(SENT, proto, address, port, to.ip, to.port, text, bytes, at),
      onSocketError: (info, error, towards) => {
        if (towards !== '') core.log.error('<core>', `connect ${towards} failed: ${reason(error)}`)
        else if (core.log.enabled(core.params.corelog)) {
          const where = `${protoName(info.proto)}:${info.host}:${info.port}`
          core.log.write(core.params.corelog, '<core>', `${where}: ${error.message}`)
        }
      },
    },
    core.params,
    core.clock,
    core.dns,
  )
}

/** The system's words for it where it has some. */
const reason = ({ errno, message }: NodeJS.ErrnoException): string =>
  errno === undefined ? message : getSystemErrorMessage(errno)

/** Sockets and the names that mean us, of the config and of the command line. */
export async function nameSockets(
  core: Core,
  line: CommandLine,
  compiled: Compiled,
  sockets: readonly SocketInfo[],
): Promise<void> {
  for (const socket of sockets) core.sockets.add(socket)
  const aliases = [...compiled.aliases, ...line.aliases.map(splitAddress)]
  for (const { proto, host, port } of aliases)
    core.sockets.addAlias({ proto: protoNumber(proto), host: canonical(host), port })
  for (const name of namesInLines(listenLines(line, compiled), sockets)) core.sockets.addAlias(name)
  if (line.autoAliases ?? core.params.auto_aliases !== 0)
    for (const alias of await automaticAliases(sockets)) core.sockets.addAlias(alias)
}

/**
 * A kernel that gives less than asked for loses bursts; the operator should know before it does.
 */
export function warnOfSmallBuffers(core: Core, transports: Transports): void {
  const bytes = transports.smallestReceiveBuffer
  if (bytes === 0 || bytes >= WANTED_BUFFER) return
  core.log.warn(
    '<core>',
    `UDP receive buffer is ${bytes} bytes; raise net.core.rmem_max to ${WANTED_BUFFER} for bursts`,
  )
}

/** `cfgengine` and `kemi.*_callback`, before the engines are made. */
export function chooseEngine(core: Core, compiled: Compiled): void {
  for (const { name, value } of compiled.settings) core.kemi.set(name, value)
}

/** `log_prefix` for the lines that are written while a message is processed. */
export function prefixLog(core: Core): void {
  const wanted = core.params.log_prefix !== '' || (core.options.logEngine ?? '') !== ''
  core.log.context = wanted ? new MessageContext(core) : null
}
