/** What script engines share when their scripts call a function of KSR. */
import type { SipMessage } from '../../sip/message.ts'
import type { Core } from '../core.ts'
import type { RouteBlock } from '../module/index.ts'
import { codeOf } from '../routes.ts'
import type { Steps } from '../waiting-run.ts'
import type { KemiExport } from './exports.ts'

export const exportName = ({ module, name }: KemiExport): string =>
  module === '' ? `KSR.${name}` : `KSR.${module}.${name}`

const NO_MESSAGE = 'there is no message while a script loads or goes on behind its route'

/** Why a call is not made: the script has no message yet, or gives too little. */
export const refusal = (one: KemiExport, loading: boolean): string =>
  loading
    ? `${exportName(one)}: ${NO_MESSAGE}`
    : `${exportName(one)}(${one.names.join(', ')}): invalid number of parameters`

/** KSR.x.modf(name, ...): a function under the name that the routing language has for it. */
export function runByName(
  core: Core,
  engine: string,
  msg: SipMessage | null,
  name: string,
  args: readonly string[],
): number | Promise<number> {
  const fits = ({ required, params }: KemiExport): boolean =>
    args.length >= required && args.length <= params.length
  const found = core.kemi.exports().find(one => one.name === name && fits(one))
  if (found === undefined || msg === null) {
    const why = msg === null ? NO_MESSAGE : `function '${name}' is not available`
    core.log.error(engine, `KSR.x.modf: ${why}`)
    return -1
  }
  const result = found.call(msg, args)
  if (typeof result === 'number' || result instanceof Promise) return result
  return result === false || result === null ? -1 : 1
}

/** From the routing language: KSR.x.exit() ends the called script and not the calling one. */
export function keepingState(msg: SipMessage, script: () => number): number {
  const state = msg.scriptState
  const code = script()
  msg.scriptState = state
  return code
}

/** The same when the script may wait: it runs as a route of its own. */
export function runScript(
  { routes }: Core,
  msg: SipMessage,
  name: string,
  script: () => number | Steps,
): number | Promise<number> {
  const block: RouteBlock = { kind: 'route', name, run: script }
  return codeOf(routes.run(block, msg, msg.routeType))
}

/** A function has to wait where its script cannot: its work goes on, and nobody hears of it. */
export function refuseWait(
  core: Core,
  engine: string,
  name: string,
  why: string,
  promise: Promise<number>,
): -1 {
  promise.catch(() => undefined)
  core.log.error(engine, `${name} has to wait and fails: ${why}`)
  return -1
}
