/** What the prelude asks of the machine that the node runs on. */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getSystemErrorMessage } from 'node:util'
import type { Core } from '../../core/core.ts'
import { L_BUG, L_ERR, L_INFO } from '../../core/log.ts'
import type { LuaMachine, Pointer } from './machine.ts'
import { nativeFunction } from './natives.ts'

export class System {
  private readonly machine: LuaMachine
  private readonly core: Core
  private readonly functions: readonly (readonly [name: string, at: Pointer])[]

  constructor(machine: LuaMachine, core: Core) {
    this.machine = machine
    this.core = core
    const rows: Record<string, (state: Pointer) => number> = {
      read: state => this.read(state),
      write: state => this.write(state),
      remove: state => this.onFile(state, path => rmSync(path)),
      rename: state => this.onFile(state, path => renameSync(path, machine.text(state, 2) ?? '')),
      tmpname: state => this.push(state, this.temporaryName()),
      getenv: state => this.push(state, process.env[machine.text(state, 1) ?? ''] ?? null),
      log: state => this.log(state),
    }
    const thrown = (error: Error): void => core.log.write(L_BUG, 'app_lua', String(error.stack))
    this.functions = Object.entries(rows).map(([name, run]) => [
      name,
      nativeFunction(machine, run, thrown),
    ])
  }

  /** Pushes the table of these functions. */
  pushTable(state: Pointer): void {
    const { api } = this.machine
    api._lua_createtable(state, 0, this.functions.length)
    for (const [name, at] of this.functions) {
      this.machine.pushText(state, name)
      api._lua_pushcclosure(state, at, 0)
      api._lua_rawset(state, -3)
    }
  }

  private read(state: Pointer): number {
    const path = this.path(state)
    try {
      this.machine.pushText(state, readFileSync(path, 'latin1'))
      return 1
    } catch (error) {
      return this.failure(state, path, error)
    }
  }

  private write(state: Pointer): number {
    const text = this.machine.text(state, 2) ?? ''
    return this.onFile(state, path => writeFileSync(path, text, 'latin1'))
  }

  private onFile(state: Pointer, act: (path: string) => void): number {
    const path = this.path(state)
    try {
      act(path)
    } catch (error) {
      return this.failure(state, path, error)
    }
    this.machine.api._lua_pushboolean(state, 1)
    return 1
  }

  /** nil, the reason and its number, as Lua's own functions give them. */
  private failure(state: Pointer, path: string, error: unknown): number {
    const { errno } = error as NodeJS.ErrnoException
    if (errno === undefined) throw error
    this.push(state, null)
    this.push(state, `${path}: ${reasonOf(errno)}`)
    this.machine.pushInteger(state, -errno)
    return 3
  }

  private log(state: Pointer): number {
    const isError = this.machine.api._lua_toboolean(state, 2) !== 0
    const text = this.machine.text(state, 1) ?? ''
    this.core.log.write(
      isError ? L_ERR : L_INFO,
      '<script>',
      `<script>: ${text.replace(/\n$/, '')}`,
    )
    return 0
  }

  private push(state: Pointer, text: string | null): 1 {
    if (text === null) this.machine.api._lua_pushnil(state)
    else this.machine.pushText(state, Buffer.from(text, 'utf8').toString('latin1'))
    return 1
  }

  /** Names of files are bytes in Lua, and UTF-8 on the disk. */
  private path(state: Pointer): string {
    return Buffer.from(this.machine.text(state, 1) ?? '', 'latin1').toString('utf8')
  }

  private temporaryName(): string {
    return join(tmpdir(), `lua_${this.core.random.uint32().toString(36)}`)
  }
}

/** As the C library words it: with a capital. */
function reasonOf(errno: number): string {
  const text = getSystemErrorMessage(errno) ?? 'unknown error'
  return text[0]!.toUpperCase() + text.slice(1)
}
