/**
 * All that emitted code may call, by the name under which it does. Those that need the core are
 * made for one.
 */
import { ALL_INDEXES, NO_INDEX, type ScriptAction } from '../../core/module/index.ts'
import type { Core } from '../../core/core.ts'
import { IGNORE_CASE, regexFor } from '../../core/regex.ts'
import { isModuleFunction, tellSlowAction } from '../../core/complaints.ts'
import { progress } from '../../core/script-state.ts'
import type { Steps } from '../../core/waiting-run.ts'
import type { SipMessage } from '../../sip/message.ts'
import * as conditions from './conditions.ts'
import { shown, toInt, toStr } from './convert.ts'
import { bad } from './per-call.ts'
import * as runtime from './runtime.ts'

export type RouteFunction = (m: SipMessage) => number | Steps

export const HELPERS = {
  int: toInt,
  str: toStr,
  show: shown,
  code: runtime.code,
  ok: runtime.ok,
  codeCore: runtime.codeCore,
  okCore: runtime.okCore,
  codeRoute: runtime.codeRoute,
  okRoute: runtime.okRoute,
  leave: runtime.leave,
  exit: runtime.exit,
  drop: runtime.drop,
  add: runtime.add,
  equal: runtime.equal,
  divide: null,
  modulo: null,
  matches: null,
  failed: runtime.failed,
  assigned: runtime.assigned,
  asText: runtime.asText,
  sure: runtime.sure,
  sameText: runtime.sameText,
  uriIsMyself: conditions.uriIsMyself,
  fromIsMyself: conditions.fromIsMyself,
  toIsMyself: conditions.toIsMyself,
  ipIsMyself: conditions.ipIsMyself,
  ipIs: conditions.ipIs,
  messageLength: conditions.messageLength,
  protoOf: conditions.protoOf,
  family: conditions.family,
  uriHost: conditions.uriHost,
  uriPort: conditions.uriPort,
  tick: null,
  took: null,
  runaway: null,
  tooDeep: null,
  malformed: null,
  routeNamed: null,
}

const NOT_FOUND = -10

/** The helpers with those that look at the core's parameters, log, or call routes by name. */
export function helpersFor(core: Core, routes: () => ReadonlyMap<string, RouteFunction>): object {
  /** Says what went wrong, where in the config, and over which message. */
  const complain = (text: string): void => {
    const place = core.log.emitted.place()
    const where = place === '' ? '' : ` at ${place}`
    const callId = core.routes.current?.callId ?? ''
    const whose = callId === '' ? '' : ` (Call-ID ${callId})`
    core.log.error('<core>', `${text}${where}${whose}`)
  }
  const fails = (text: string): 0 => {
    progress.failed = true
    complain(text)
    return 0
  }
  return {
    ...HELPERS,
    NONE: NO_INDEX,
    ALL: ALL_INDEXES,
    progress,
    tick: (): number => core.clock.monotonic(),
    took: (m: SipMessage, began: number, action: ScriptAction, value: number): number => {
      const ended = m.scriptState !== 0 || (value === 0 && isModuleFunction(action))
      if (core.params.latency_limit_action > 0 && !ended) tellSlowAction(core, action, began)
      return value
    },
    runaway: (rounds: number): boolean => {
      const limit = core.params.max_while_loops
      if (limit <= 0 || rounds < limit) return false
      complain(`runaway while: more then ${limit} loops`)
      return true
    },
    tooDeep: (): boolean => {
      const { depth } = progress
      // The route that a message starts with counts as the first.
      if (depth + 1 < core.params.max_recursive_level) return false
      complain(`too many recursive routing table lookups (${depth + 1}) giving up!`)
      return true
    },
    divide: (a: number, b: number): number => (b !== 0 ? (a / b) | 0 : fails('rv div by 0')),
    modulo: (a: number, b: number): number => (b !== 0 ? (a % b) | 0 : fails('rv mod by 0')),
    matches: (text: string, pattern: string): boolean => {
      const regex = regexFor(pattern, IGNORE_CASE)
      if (regex !== null) return regex.test(text)
      return fails(`Bad regular expression "${pattern}"`) !== 0
    },
    malformed: (name: string): number => {
      complain(`${name}() is not called, ${bad.why}`)
      return -1
    },
    routeNamed: (m: SipMessage, name: string): number | Steps => {
      const route = routes().get(name)
      if (route !== undefined) return route(m)
      complain(`route "${name}" not found`)
      return NOT_FOUND
    },
  }
}
