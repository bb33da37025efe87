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
import { WAITS } from './waiting/names.ts'
import type { WaitSlot } from './waiting/slot.ts'

const SOURCE = 'app_jsdt'
const NO_WAIT = 'it is called out of a function that cannot be left: a callback, a text, the top'
const WIDE = /[^\0-\xff]/
const INT_MAX = 0x7fffffff

type Group = Record<string, unknown>

export function makeKsr(core: Core, execution: Execution, slot: WaitSlot): Group {
  const ksr: Group = {}
  for (const one of core.kemi.exports()) {
    const group = one.module === '' ? ksr : ((ksr[one.module] ??= {}) as Group)
    group[one.name] = functionOf(one, core, execution)
    if (one.waits) hide(group[one.name], waitingFormOf(one, core, execution, slot))
  }
  ksr.x = ownFunctions(core, execution, slot)
  return ksr
}

/** Names of the functions that may wait: `sqlops.sql_query`. */
export const waitingNames = ({ kemi }: Core): ReadonlySet<string> =>
  new Set(
    kemi
      .exports()
      .filter(({ waits }) => waits)
      .map(({ module, name }) => (module === '' ? name : `${module}.${name}`)),
  )

/** The form of a function that functions of a script call which can be left. */
const hide = (plain: unknown, value: unknown): unknown =>
  Object.defineProperty(plain, WAITS, { value, enumerable: false })

/**
 * One function of KSR: arguments become texts and integers as Kamailio reads them, and nothing runs
 * any more in a script that has ended, whatever it caught.
 */
function functionOf(one: KemiExport, core: Core, execution: Execution): unknown {
  const { returns } = one
  return (...given: unknown[]): KemiValue => {
    const { msg } = execution
    if (execution.ended !== GOING) throw EXIT
    if (msg === null || given.length < one.required) return refuse(one, core, msg, given.length)
    const result = one.call(msg, taken(one, given))
    if (result instanceof Promise)
      return laterValue(one, refuseWait(core, SOURCE, exportName(one), NO_WAIT, result))
    return returns === 'none' ? false : result
  }
}

/** The same, called where the script can be left: what it has to wait for goes into the slot. */
function waitingFormOf(one: KemiExport, core: Core, execution: Execution, slot: WaitSlot): unknown {
  const value = (code: number): KemiValue => laterValue(one, code)
  return (...given: unknown[]): unknown => {
    const { msg } = execution
    if (execution.ended !== GOING) throw EXIT
    if (msg === null || given.length < one.required) return refuse(one, core, msg, given.length)
    const result = one.call(msg, taken(one, given))
    if (!(result instanceof Promise)) return one.returns === 'none' ? false : result
    return slot.put(result, value, () =>
      value(refuseWait(core, SOURCE, exportName(one), NO_WAIT, result)),
    )
  }
}

/** Texts and integers, as the function wants them. */
function taken({ params }: KemiExport, given: unknown[]): (string | number)[] {
  if (given.length > params.length) given.length = params.length
  for (let i = 0; i < given.length; i++)
    given[i] = params[i] === 'int' ? integer(given[i]) : text(given[i])
  return given as (string | number)[]
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

function ownFunctions(core: Core, execution: Execution, slot: WaitSlot): Group {
  const end = (state: number) => (): never => {
    if (execution.msg !== null && execution.ended === GOING) {
      execution.msg.scriptState = state
      execution.ended = ENDED
    }
    throw EXIT
  }
  const run = (name: unknown, given: unknown[]): number | Promise<number> => {
    if (execution.ended !== GOING) throw EXIT
    return runByName(core, SOURCE, execution.msg, String(name), given.map(text))
  }
  const refused = (name: unknown, promise: Promise<number>): number =>
    refuseWait(core, SOURCE, `KSR.x.modf(${String(name)})`, NO_WAIT, promise)
  const modf = (name: unknown, ...given: unknown[]): KemiValue => {
    const result = run(name, given)
    return typeof result === 'number' ? result : refused(name, result)
  }
  hide(modf, (name: unknown, ...given: unknown[]): unknown => {
    const result = run(name, given)
    if (typeof result === 'number') return result
    return slot.put(
      result,
      code => code,
      () => refused(name, result),
    )
  })
  return { exit: end(SCRIPT_EXIT), drop: end(SCRIPT_DROP), modf }
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
