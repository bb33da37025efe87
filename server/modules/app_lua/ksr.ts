/** The table KSR of scripts: a function for each export of the modules, and KSR.x. */
import type { Core } from '../../core/core.ts'
import { ENDED, EXIT, type Execution, GOING, TOO_LONG_TEXT } from '../../core/kemi/execution.ts'
import { type KemiExport, laterValue } from '../../core/kemi/exports.ts'
import type { KemiValue } from '../../core/module/index.ts'
import { exportName, refusal, refuseWait, runByName } from '../../core/kemi/script-calls.ts'
import { L_BUG, L_DBG } from '../../core/log.ts'
import { SCRIPT_DROP, SCRIPT_EXIT } from '../../core/script-state.ts'
import {
  LUA_MASKCOUNT,
  LUA_REGISTRYINDEX,
  LUA_TNUMBER,
  LUA_TSTRING,
  type LuaMachine,
  type Pointer,
} from './machine.ts'
import { nativeFunction, YIELD } from './natives.ts'

export const NAME = 'app_lua'
const FIRST_UPVALUE = LUA_REGISTRYINDEX - 1
/** Instructions between two looks at the clock. */
const INSTRUCTIONS = 1_000_000

/** Its message is Kamailio's, which scripts may look for. */
const ended = new Error(EXIT)
const notYet = new Error('there is nothing to end while a script loads')

const NO_WAIT = 'the script has called it in a coroutine of its own, or out of a function in C'

/** What a thread waits for, and what becomes of the code in it. */
export interface Wait {
  readonly promise: Promise<number>
  readonly value: (code: number) => KemiValue
}

export class Ksr {
  /** The thread that may wait: that of the message, and none of the script's own. */
  thread: Pointer = 0
  private wait: Wait | null = null
  private readonly machine: LuaMachine
  private readonly core: Core
  private readonly execution: Execution
  private readonly exports: readonly KemiExport[]
  private readonly callPointer: Pointer
  private readonly exitPointer: Pointer
  private readonly dropPointer: Pointer
  private readonly modfPointer: Pointer
  private readonly probePointer: Pointer
  private readonly hookPointer: Pointer
  /** Bit 1: every call of KSR is logged (log_mode). */
  private readonly logMode: number

  constructor(machine: LuaMachine, core: Core, execution: Execution, logMode: number) {
    this.machine = machine
    this.core = core
    this.execution = execution
    this.logMode = logMode
    this.exports = core.kemi.exports()
    const thrown = (error: Error): void => core.log.write(L_BUG, NAME, `in KSR: ${error.stack}`)
    const native = (run: (state: Pointer) => number | Error): Pointer =>
      nativeFunction(machine, run, thrown)
    this.callPointer = native(state => this.call(state))
    this.exitPointer = native(state => this.end(state, SCRIPT_EXIT))
    this.dropPointer = native(state => this.end(state, SCRIPT_DROP))
    this.modfPointer = native(state => this.modf(state))
    this.probePointer = native(() => {
      core.log.error(NAME, 'someone probing from lua')
      return 0
    })
    this.hookPointer = machine.api.addFunction(state => this.look(state!), 'vii')
  }

  /** Gives a state its KSR and KSRVERSION. */
  install(state: Pointer): void {
    const { api } = this.machine
    const groups = new Map<string, number[]>()
    for (const [i, { module }] of this.exports.entries()) {
      const group = groups.get(module)
      if (group === undefined) groups.set(module, [i])
      else group.push(i)
    }
    api._lua_createtable(state, 0, groups.size + 150)
    for (const [module, members] of groups) {
      if (module === '') this.addAll(state, members)
      else {
        this.machine.pushText(state, module)
        api._lua_createtable(state, 0, members.length)
        this.addAll(state, members)
        api._lua_rawset(state, -3)
      }
    }
    this.machine.pushText(state, 'x')
    api._lua_createtable(state, 0, 4)
    this.add(state, 'exit', this.exitPointer)
    this.add(state, 'drop', this.dropPointer)
    this.add(state, 'modf', this.modfPointer)
    this.add(state, 'probe', this.probePointer)
    api._lua_rawset(state, -3)
    this.machine.setGlobal(state, 'KSR')
    this.machine.pushText(state, '2.0')
    this.machine.setGlobal(state, 'KSRVERSION')
    this.watch(state)
  }

  /** Has a look at the clock from time to time, or, with 1, ends the script at once. */
  watch(state: Pointer, instructions = INSTRUCTIONS): void {
    this.machine.api._lua_sethook(state, this.hookPointer, LUA_MASKCOUNT, instructions)
  }

  private addAll(state: Pointer, members: readonly number[]): void {
    for (const i of members) {
      this.machine.pushText(state, this.exports[i]!.name)
      // Counted from 1: a null pointer is no number of a function.
      this.machine.api._lua_pushlightuserdata(state, i + 1)
      this.machine.api._lua_pushcclosure(state, this.callPointer, 1)
      this.machine.api._lua_rawset(state, -3)
    }
  }

  private add(state: Pointer, name: string, pointer: Pointer): void {
    this.machine.pushText(state, name)
    this.machine.api._lua_pushcclosure(state, pointer, 0)
    this.machine.api._lua_rawset(state, -3)
  }

  /** Any function of KSR: which one stands in its upvalue. */
  private call(state: Pointer): number | Error {
    const { api } = this.machine
    const one = this.exports[api._lua_touserdata(state, FIRST_UPVALUE) - 1]!
    const { msg } = this.execution
    if (this.execution.ended !== GOING) return ended
    const given = Math.min(api._lua_gettop(state), one.params.length)
    if (msg === null || given < one.required) return this.refuse(state, one, msg === null)
    const args: (string | number)[] = []
    for (let i = 0; i < given; i++) args.push(this.argument(state, one, i))
    if (this.logMode & 1) this.note(one, args)
    const result = one.call(msg, args)
    if (result instanceof Promise)
      return this.waitFor(state, exportName(one), result, code => laterValue(one, code))
    return this.pushed(state, one.returns === 'none' ? false : result)
  }

  /** Texts and numbers, as Lua converts them; anything else is an empty text. */
  private argument(state: Pointer, one: KemiExport, i: number): string | number {
    const { api } = this.machine
    // 32 bits, what is no number is 0.
    if (one.params[i] === 'int') return api._lua_tonumberx(state, i + 1, 0) | 0
    const type = api._lua_type(state, i + 1)
    if (type === LUA_TSTRING) return this.machine.text(state, i + 1)!
    // Without the point that Lua 5.4 gives to 5.0.
    if (type === LUA_TNUMBER) return String(api._lua_tonumberx(state, i + 1, 0))
    if (this.core.log.enabled(L_DBG))
      this.core.log.debug(NAME, `${exportName(one)}: ${one.names[i]} is no string`)
    return ''
  }

  private refuse(state: Pointer, one: KemiExport, loading: boolean): number {
    this.core.log.error(NAME, refusal(one, loading))
    return this.pushed(state, false)
  }

  private note(one: KemiExport, args: readonly (string | number)[]): void {
    this.core.log.debug(
      NAME,
      `${exportName(one)}(${args.map(arg => JSON.stringify(arg)).join(', ')})`,
    )
  }

  private pushed(state: Pointer, value: KemiValue): 1 {
    this.push(state, value)
    return 1
  }

  push(state: Pointer, value: KemiValue): void {
    const { machine } = this
    const { api } = machine
    if (typeof value === 'string') machine.pushText(state, value)
    else if (typeof value === 'boolean') api._lua_pushboolean(state, value ? 1 : 0)
    else if (typeof value === 'number') {
      if (Number.isInteger(value)) machine.pushInteger(state, value)
      else api._lua_pushnumber(state, value)
    } else if (value === null) api._lua_pushnil(state)
    else this.pushTable(state, value)
  }

  private pushTable(state: Pointer, value: KemiValue[] | { [name: string]: KemiValue }): void {
    const { machine } = this
    const { api } = machine
    // Three more slots of the stack for each level.
    api._lua_checkstack(state, 4)
    api._lua_createtable(state, 0, 0)
    if (Array.isArray(value)) {
      for (const [i, each] of value.entries()) {
        this.push(state, each)
        api._lua_rawseti(state, -2, BigInt(i + 1))
      }
      return
    }
    for (const [name, each] of Object.entries(value)) {
      machine.pushText(state, name)
      this.push(state, each)
      api._lua_rawset(state, -3)
    }
  }

  /** KSR.x.exit() and KSR.x.drop(): pcall may catch the error, but nothing runs behind it. */
  private end(state: Pointer, how: number): Error {
    const { execution } = this
    if (execution.msg === null) return notYet
    if (execution.ended === GOING) {
      execution.msg.scriptState = how
      execution.ended = ENDED
      this.watch(state, 1)
      // Whoever runs a coroutine does not go on, either.
      this.watch(this.machine.mainThread(state), 1)
      if (this.thread !== 0) this.watch(this.thread, 1)
    }
    return ended
  }

  /** KSR.x.modf(name, ...): a function under the name that the routing language has for it. */
  private modf(state: Pointer): number | Error {
    const { machine, core, execution } = this
    if (execution.ended !== GOING) return ended
    const name = machine.text(state, 1) ?? ''
    const args: string[] = []
    const top = machine.api._lua_gettop(state)
    for (let i = 2; i <= top; i++) args.push(machine.text(state, i) ?? '')
    const result = runByName(core, NAME, execution.msg, name, args)
    if (typeof result === 'number') return this.pushed(state, result)
    return this.waitFor(state, `KSR.x.modf(${name})`, result, code => code)
  }

  /** Ends the thread until the promise has come to something. */
  private waitFor(
    state: Pointer,
    name: string,
    promise: Promise<number>,
    value: Wait['value'],
  ): number {
    if (state !== this.thread || this.machine.api._lua_isyieldable(state) === 0)
      return this.pushed(state, value(refuseWait(this.core, NAME, name, NO_WAIT, promise)))
    this.wait = { promise, value }
    return YIELD
  }

  /** The script has ended itself: its thread is of no more use. */
  get isOver(): boolean {
    return this.execution.ended !== GOING
  }

  /** What the thread that has just ended waits for; null: it ended by itself. */
  takeWait(): Wait | null {
    const { wait } = this
    this.wait = null
    return wait
  }

  /** The hook: asked every INSTRUCTIONS instructions. */
  private look(state: Pointer): void {
    const { execution, machine } = this
    if (execution.ended === GOING && !execution.tooLong()) return
    this.watch(state, 1)
    machine.pushText(state, execution.ended === ENDED ? EXIT : TOO_LONG_TEXT)
    machine.api._lua_error(state)
  }
}
