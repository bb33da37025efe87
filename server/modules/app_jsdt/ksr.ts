/** The object KSR of scripts: a function for each export of the modules, and KSR.x. */
import type { Core } from '../../core/core.ts'
import { type KemiExport, laterValue } from '../../core/kemi/exports.ts'
import type { KemiValue } from '../../core/module/index.ts'
import { exportName, refusal, refuseWait, runByName } from '../../core/kemi/script-calls.ts'
import { L_DBG, L_ERR, L_INFO, L_WARN, type Log } from '../../core/log.ts'
import { SCRIPT_DROP, SCRIPT_EXIT } from '../../core/script-state.ts'
import type { SipMessage } from '../../sip/message.ts'
import { utf8Bytes } from './edits.ts'
import { ENDED, EXIT, type Execution, GOING } from '../../core/kemi/execution.ts'

const SOURCE = 'app_jsdt'
const NO_WAIT = 'a script in JavaScript cannot wait, one in Lua and the routing language can'
const WIDE = /[^\0-\xff]/
const INT_MAX = 0x7fffffff

type Group = Record<string, unknown>

export function makeKsr(core: Core, execution: Execution): Group {
  const ksr: Group = {}
  for (const one of core.kemi.exports()) {
    if (one.module === '') ksr[one.name] = functionOf(one, core, execution)
    else {
      const group = (ksr[one.module] ??= {}) as Group
      group[one.name] = functionOf(one, core, execution)
    }
  }
  ksr.x = ownFunctions(core, execution)
  return ksr
}

/**
 * One function of KSR: arguments become texts and integers as Kamailio reads them, and nothing runs
 * any more in a script that has ended, whatever it caught.
 */
function functionOf(one: KemiExport, core: Core, execution: Execution): unknown {
  const { params, required, returns } = one
  const { length } = params
  return (...given: unknown[]): KemiValue => {
    const { msg } = execution
    if (execution.ended !== GOING) throw EXIT
    if (msg === null || given.length < required) return refuse(one, core, msg, given.length)
    if (given.length > length) given.length = length
    for (let i = 0; i < given.length; i++)
      given[i] = params[i] === 'int' ? integer(given[i]) : text(given[i])
    const result = one.call(msg, given as (string | number)[])
    if (result instanceof Promise)
      return laterValue(one, refuseWait(core, SOURCE, exportName(one), NO_WAIT, result))
    return returns === 'none' ? false : result
  }
}

/** Without any argument it is false, with too few of them the script is told where, as there. */
function refuse(one: KemiExport, core: Core, msg: SipMessage | null, given: number): KemiValue {
  const why = refusal(one, msg === null)
  if (msg !== null && given > 0) throw new TypeError(why)
  core.log.error(SOURCE, why)
  return false
}

/** Characters are bytes; one beyond a byte becomes its UTF-8 bytes. */
function text(value: unknown): string {
  const plain = typeof value === 'string' ? value : String(value)
  return WIDE.test(plain) ? plain.replace(/[^\0-\xff]+/g, utf8Bytes) : plain
}

/** 32 bits: beyond them the largest or smallest, what is no number is 0. */
function integer(value: unknown): number {
  const number = Number(value)
  if (number !== number) return 0
  if (number > INT_MAX) return INT_MAX
  return number < -INT_MAX - 1 ? -INT_MAX - 1 : Math.trunc(number)
}

function ownFunctions(core: Core, execution: Execution): Group {
  const end = (state: number) => (): never => {
    if (execution.msg !== null && execution.ended === GOING) {
      execution.msg.scriptState = state
      execution.ended = ENDED
    }
    throw EXIT
  }
  return {
    exit: end(SCRIPT_EXIT),
    drop: end(SCRIPT_DROP),
    modf: (name: unknown, ...given: unknown[]): KemiValue => {
      if (execution.ended !== GOING) throw EXIT
      const result = runByName(core, SOURCE, execution.msg, String(name), given.map(text))
      if (typeof result === 'number') return result
      return refuseWait(core, SOURCE, `KSR.x.modf(${String(name)})`, NO_WAIT, result)
    },
  }
}

/** What a JavaScript programmer tries first; it goes where KSR.info() and its kin go. */
export function makeConsole(log: Log): Group {
  const line =
    (level: number) =>
    (...words: unknown[]): void =>
      log.write(level, '<script>', `<script>: ${words.map(text).join(' ')}`)
  const [debug, info, warn, error] = [L_DBG, L_INFO, L_WARN, L_ERR].map(line)
  return { log: info, debug, info, warn, error }
}
