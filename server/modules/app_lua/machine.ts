/**
 * Lua 5.4 in WebAssembly, through its C API: the names are those of the Lua manual. Texts are
 * copied byte by byte, so that nothing reads them as UTF-8. The comfortable API of the package
 * costs 100 times as much per call.
 */
import { LuaWasm } from 'wasmoon'

/** A pointer into Lua's memory: of a state, of a text that ends with 0, of a function. */
export type Pointer = number

/** What this module uses of lua.h and lauxlib.h. */
interface LuaApi {
  HEAPU8: Uint8Array
  addFunction(fn: (...args: number[]) => number | void, signature: string): Pointer
  _malloc(size: number): Pointer
  _free(at: Pointer): void
  _luaL_newstate(): Pointer
  _luaL_openlibs(state: Pointer): void
  _lua_close(state: Pointer): void
  _lua_gettop(state: Pointer): number
  _lua_settop(state: Pointer, index: number): void
  _lua_checkstack(state: Pointer, slots: number): number
  _lua_type(state: Pointer, index: number): number
  _lua_tolstring(state: Pointer, index: number, length: Pointer): Pointer
  _lua_tonumberx(state: Pointer, index: number, isNumber: Pointer): number
  _lua_toboolean(state: Pointer, index: number): number
  _lua_touserdata(state: Pointer, index: number): Pointer
  _lua_rotate(state: Pointer, index: number, by: number): void
  _lua_tothread(state: Pointer, index: number): Pointer
  _lua_pushvalue(state: Pointer, index: number): void
  _lua_pushnil(state: Pointer): void
  _lua_pushboolean(state: Pointer, value: number): void
  _lua_pushinteger(state: Pointer, value: bigint): void
  _lua_pushnumber(state: Pointer, value: number): void
  _lua_pushlstring(state: Pointer, at: Pointer, length: number): Pointer
  _lua_pushlightuserdata(state: Pointer, at: Pointer): void
  _lua_pushcclosure(state: Pointer, fn: Pointer, upvalues: number): void
  _lua_createtable(state: Pointer, list: number, names: number): void
  _lua_rawget(state: Pointer, index: number): number
  _lua_rawgeti(state: Pointer, index: number, number: bigint): number
  _lua_rawset(state: Pointer, index: number): void
  _lua_rawseti(state: Pointer, index: number, number: bigint): void
  _lua_pcallk(
    state: Pointer,
    args: number,
    results: number,
    handler: number,
    context: number,
    continuation: Pointer,
  ): number
  _lua_error(state: Pointer): number
  _lua_newthread(state: Pointer): Pointer
  _lua_resume(thread: Pointer, from: Pointer, args: number, results: Pointer): number
  _lua_yieldk(state: Pointer, results: number, context: number, continuation: Pointer): number
  _lua_isyieldable(state: Pointer): number
  _lua_xmove(from: Pointer, to: Pointer, values: number): void
  _luaL_ref(state: Pointer, table: number): number
  _luaL_unref(state: Pointer, table: number, reference: number): void
  _lua_sethook(state: Pointer, hook: Pointer, mask: number, count: number): void
  _luaL_loadbufferx(state: Pointer, at: Pointer, size: number, name: Pointer, mode: Pointer): number
  _luaL_tolstring(state: Pointer, index: number, length: Pointer): Pointer
  _luaL_traceback(state: Pointer, of: Pointer, text: Pointer, level: number): void
}

export const LUA_REGISTRYINDEX = -1_001_000
const LUA_RIDX_MAINTHREAD = 1n
const LUA_RIDX_GLOBALS = 2n
export const LUA_YIELD = 1
export const LUA_MASKCOUNT = 8
export const LUA_TNUMBER = 3
export const LUA_TSTRING = 4
export const LUA_TFUNCTION = 6

/** Texts of this size and less are copied by hand: a call into the runtime costs more. */
const SHORT = 40
const SCRATCH = 65_536
const SMALL_INTEGERS = Array.from({ length: 1024 }, (_, i) => BigInt(i))

export class LuaMachine {
  readonly api: LuaApi
  private readonly scratch: Pointer
  private readonly length: Pointer
  private bytes: Buffer

  private constructor(api: LuaApi) {
    this.api = api
    this.scratch = api._malloc(SCRATCH)
    this.length = api._malloc(4)
    this.bytes = Buffer.from(api.HEAPU8.buffer)
  }

  static async start(): Promise<LuaMachine> {
    const wasm = await LuaWasm.initialize(undefined, {})
    return new LuaMachine(wasm.module as unknown as LuaApi)
  }

  /** Bytes of memory that Lua has from the system; it never gives any back. */
  get memory(): number {
    return this.api.HEAPU8.length
  }

  /** The text at an index; null when there is none and no number. */
  text(state: Pointer, index: number): string | null {
    const at = this.api._lua_tolstring(state, index, this.length)
    return at === 0 ? null : this.textAt(at, this.heap().readUInt32LE(this.length))
  }

  pushText(state: Pointer, text: string): void {
    const size = text.length
    if (size > SCRATCH) {
      const at = this.api._malloc(size)
      this.heap().write(text, at, size, 'latin1')
      this.api._lua_pushlstring(state, at, size)
      this.api._free(at)
      return
    }
    const heap = this.heap()
    const { scratch } = this
    if (size > SHORT) heap.write(text, scratch, size, 'latin1')
    else for (let i = 0; i < size; i++) heap[scratch + i] = text.charCodeAt(i)
    this.api._lua_pushlstring(state, scratch, size)
  }

  /** An integer of Lua, which prints without a point. */
  pushInteger(state: Pointer, value: number): void {
    this.api._lua_pushinteger(state, SMALL_INTEGERS[value] ?? BigInt(value))
  }

  /** Compiles a text under a name and pushes the function, or what is wrong with it. */
  loadText(state: Pointer, text: string, name: string): boolean {
    const size = text.length
    const at = this.api._malloc(size + name.length + 1)
    const heap = this.heap()
    heap.write(text, at, size, 'latin1')
    heap.write(name, at + size, name.length, 'latin1')
    heap[at + size + name.length] = 0
    const code = this.api._luaL_loadbufferx(state, at, size, at + size, 0)
    this.api._free(at)
    return code === 0
  }

  /**
   * Pushes a global variable as it stands in the table, and gives its type: no metamethod of the
   * script runs.
   */
  pushGlobal(state: Pointer, name: string): number {
    const { api } = this
    api._lua_rawgeti(state, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS)
    this.pushText(state, name)
    const type = api._lua_rawget(state, -2)
    // The table goes from below it.
    api._lua_rotate(state, -2, 1)
    api._lua_settop(state, -2)
    return type
  }

  /** The thread that a coroutine belongs to in the end. */
  mainThread(state: Pointer): Pointer {
    const { api } = this
    api._lua_rawgeti(state, LUA_REGISTRYINDEX, LUA_RIDX_MAINTHREAD)
    const main = api._lua_tothread(state, -1)
    api._lua_settop(state, -2)
    return main
  }

  /** Sets a global variable to what is on top. */
  setGlobal(state: Pointer, name: string): void {
    const { api } = this
    api._lua_rawgeti(state, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS)
    this.pushText(state, name)
    api._lua_pushvalue(state, -3)
    api._lua_rawset(state, -3)
    api._lua_settop(state, -3)
  }

  private textAt(at: Pointer, size: number): string {
    const heap = this.heap()
    if (size > SHORT) return heap.toString('latin1', at, at + size)
    let text = ''
    for (let i = at; i < at + size; i++) text += String.fromCharCode(heap[i]!)
    return text
  }

  /** Lua's memory: another object after it has grown. */
  private heap(): Buffer {
    const { buffer } = this.api.HEAPU8
    if (this.bytes.buffer !== buffer) this.bytes = Buffer.from(buffer)
    return this.bytes
  }
}
