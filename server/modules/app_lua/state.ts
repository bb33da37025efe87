/** One Lua state: a script with its variables. */
import { dirname } from 'node:path'
import type { KemiValue } from '../../core/module/index.ts'
import type { Ksr, Wait } from './ksr.ts'
import {
  LUA_REGISTRYINDEX,
  LUA_TFUNCTION,
  LUA_YIELD,
  type LuaMachine,
  type Pointer,
} from './machine.ts'
import { PRELUDE } from './prelude.ts'
import type { System } from './system.ts'
import type { Traceback } from './traceback.ts'

/** What every state is made with. */
export interface Workshop {
  readonly machine: LuaMachine
  readonly ksr: Ksr
  readonly system: System
  readonly traceback: Traceback
}

/** What a run came to: what went wrong, null for nothing; or it waits. */
export interface Outcome {
  readonly why: string | null
  readonly wait: Wait | null
  readonly thread: LuaThread | null
}

/** A coroutine for one message: it may wait in the midst of its function. */
interface LuaThread {
  readonly pointer: Pointer
  /** What keeps it from being collected. */
  readonly reference: number
}

const DONE: Outcome = { why: null, wait: null, thread: null }
const failedBy = (why: string): Outcome => ({ why, wait: null, thread: null })

/** What went wrong in a script: where, what, and on which way. */
export class LuaError extends Error {}

export class LuaState {
  /** Messages that wait in it. */
  waiting = 0
  private readonly pointer: Pointer
  private readonly workshop: Workshop
  /** Where lua_resume tells how many results there are. */
  private readonly results: Pointer
  /** A thread that has run to its end, for the next message. */
  private idle: LuaThread | null = null
  private closed = false

  /** `path`: the script, whose folder `require` searches first. */
  constructor(workshop: Workshop, path: string) {
    this.workshop = workshop
    const { machine, ksr, system } = workshop
    const { api } = machine
    this.pointer = api._luaL_newstate()
    this.results = api._malloc(8)
    api._luaL_openlibs(this.pointer)
    ksr.install(this.pointer)
    const why = this.guarded(() => {
      if (!machine.loadText(this.pointer, PRELUDE, '=prelude')) return false
      system.pushTable(this.pointer)
      machine.pushText(this.pointer, path === '' ? '.' : dirname(path))
      return true
    })
    if (why !== null) throw new Error(why)
  }

  close(): void {
    const { api } = this.workshop.machine
    this.closed = true
    api._free(this.results)
    api._lua_close(this.pointer)
  }

  get isClosed(): boolean {
    return this.closed
  }

  has(fn: string): boolean {
    const { machine } = this.workshop
    const type = machine.pushGlobal(this.pointer, fn)
    machine.api._lua_settop(this.pointer, -2)
    return type === LUA_TFUNCTION
  }

  /** Calls a global function, in a thread. */
  call(fn: string, args: readonly string[]): Outcome {
    const { machine } = this.workshop
    const thread = this.idle ?? this.newThread()
    this.idle = null
    machine.pushGlobal(thread.pointer, fn)
    for (const arg of args) machine.pushText(thread.pointer, arg)
    return this.go(thread, args.length)
  }

  /** Goes on in a thread that has waited, with what that came to. */
  resume(thread: LuaThread, value: KemiValue): Outcome {
    this.workshop.ksr.push(thread.pointer, value)
    return this.go(thread, 1)
  }

  private newThread(): LuaThread {
    const { api } = this.workshop.machine
    const pointer = api._lua_newthread(this.pointer)
    return { pointer, reference: api._luaL_ref(this.pointer, LUA_REGISTRYINDEX) }
  }

  private go(thread: LuaThread, args: number): Outcome {
    const { machine, ksr, traceback } = this.workshop
    const { api } = machine
    const { pointer, reference } = thread
    const outer = ksr.thread
    let code: number
    ksr.thread = pointer
    try {
      code = api._lua_resume(pointer, outer === 0 ? this.pointer : outer, args, this.results)
    } finally {
      ksr.thread = outer
    }
    if (code === 0) {
      api._lua_settop(pointer, 0)
      if (this.idle === null && !ksr.isOver) this.idle = thread
      else api._luaL_unref(this.pointer, LUA_REGISTRYINDEX, reference)
      return DONE
    }
    if (code === LUA_YIELD) {
      const wait = ksr.takeWait()
      if (wait !== null) return { why: null, wait, thread }
      machine.pushText(pointer, 'attempt to yield from outside a coroutine')
    }
    const why = traceback.ofThread(this.pointer, pointer)
    api._luaL_unref(this.pointer, LUA_REGISTRYINDEX, reference)
    return failedBy(why)
  }

  /** Compiles and runs a text; its name is `@path` or `=name`. It cannot wait. */
  run(text: string, name: string): Outcome {
    const { machine } = this.workshop
    const why = this.guarded(() => machine.loadText(this.pointer, text, name))
    return why === null ? DONE : failedBy(why)
  }

  /** The hook, which a script that has ended finds at its next instruction, waits again. */
  rearm(): void {
    this.workshop.ksr.watch(this.pointer)
  }

  /**
   * Calls what `push` leaves above the handler: a function and its arguments, or with false what is
   * wrong with it.
   */
  private guarded(push: () => boolean): string | null {
    const { machine, traceback } = this.workshop
    const { api } = machine
    const { pointer } = this
    const top = api._lua_gettop(pointer)
    api._lua_pushcclosure(pointer, traceback.handler, 0)
    const callable = push()
    const args = api._lua_gettop(pointer) - top - 2
    const code = callable ? api._lua_pcallk(pointer, args, 0, top + 1, 0, 0) : 1
    const why = code === 0 ? null : (machine.text(pointer, -1) ?? 'unknown')
    api._lua_settop(pointer, top)
    return why
  }
}
