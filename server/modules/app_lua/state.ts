/** One Lua state: a script with its variables. */
import { dirname } from 'node:path'
import type { Ksr } from './ksr.ts'
import { LUA_TFUNCTION, type LuaMachine, type Pointer } from './machine.ts'
import { PRELUDE } from './prelude.ts'
import type { System } from './system.ts'

/** What every state is made with. */
export interface Workshop {
  readonly machine: LuaMachine
  readonly ksr: Ksr
  readonly system: System
  /** C function that turns an error into its traceback. */
  readonly handler: Pointer
}

/** What went wrong in a script: where, what, and on which way. */
export class LuaError extends Error {}

export class LuaState {
  private readonly pointer: Pointer
  private readonly workshop: Workshop

  /** `path`: the script, whose folder `require` searches first. */
  constructor(workshop: Workshop, path: string) {
    this.workshop = workshop
    const { machine, ksr, system } = workshop
    const { api } = machine
    this.pointer = api._luaL_newstate()
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
    this.workshop.machine.api._lua_close(this.pointer)
  }

  has(fn: string): boolean {
    const { machine } = this.workshop
    const type = machine.pushGlobal(this.pointer, fn)
    machine.api._lua_settop(this.pointer, -2)
    return type === LUA_TFUNCTION
  }

  /** Calls a global function; what went wrong, or null. */
  call(fn: string, args: readonly string[]): string | null {
    return this.guarded(() => {
      const { machine } = this.workshop
      machine.pushGlobal(this.pointer, fn)
      for (const arg of args) machine.pushText(this.pointer, arg)
      return true
    })
  }

  /** Compiles and runs a text; its name is `@path` or `=name`. What went wrong, or null. */
  run(text: string, name: string): string | null {
    const { machine } = this.workshop
    return this.guarded(() => machine.loadText(this.pointer, text, name))
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
    const { machine, handler } = this.workshop
    const { api } = machine
    const { pointer } = this
    const top = api._lua_gettop(pointer)
    api._lua_pushcclosure(pointer, handler, 0)
    const callable = push()
    const args = api._lua_gettop(pointer) - top - 2
    const code = callable ? api._lua_pcallk(pointer, args, 0, top + 1, 0, 0) : 1
    const why = code === 0 ? null : (machine.text(pointer, -1) ?? 'unknown')
    api._lua_settop(pointer, top)
    return why
  }
}
