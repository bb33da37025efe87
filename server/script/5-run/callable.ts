/**
 * All that emitted code may call, by the name under which it does. Those that need the core are
 * made for one.
 */
import { ALL_INDEXES, NO_INDEX } from '../../core/module.ts'
import type { Core } from '../../core/core.ts'
import { progress } from '../../core/script-state.ts'
import type { Steps } from '../../core/waiting-run.ts'
import type { SipMessage } from '../../sip/message.ts'
import * as conditions from './conditions.ts'
import { shown, toInt, toStr } from './convert.ts'
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
  divide: runtime.divide,
  modulo: runtime.modulo,
  matches: runtime.matches,
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
  runaway: null,
  tooDeep: null,
  malformed: null,
  routeNamed: null,
}

const NOT_FOUND = -10

/** The helpers with those that look at the core's parameters, log, or call routes by name. */
export function helpersFor(core: Core, routes: () => ReadonlyMap<string, RouteFunction>): object {
  return {
    ...HELPERS,
    NONE: NO_INDEX,
    ALL: ALL_INDEXES,
    progress,
    runaway: (rounds: number, at: string): boolean => {
      const limit = core.params.max_while_loops
      if (limit <= 0 || rounds < limit) return false
      core.log.error('<core>', `runaway while (${at}): more then ${limit} loops`)
      return true
    },
    tooDeep: (): boolean => {
      const { depth } = progress
      // The route that a message starts with counts as the first.
      if (depth + 1 < core.params.max_recursive_level) return false
      core.log.error('<core>', `too many recursive routing table lookups (${depth + 1}) giving up!`)
      return true
    },
    malformed: (name: string): number => {
      core.log.error('<core>', `${name}(): a malformed argument, the function is not called`)
      return -1
    },
    routeNamed: (m: SipMessage, name: string, at: string): number | Steps => {
      const route = routes().get(name)
      if (route !== undefined) return route(m)
      core.log.error('<core>', `route "${name}" not found at ${at}`)
      return NOT_FOUND
    },
  }
}
