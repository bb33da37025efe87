/** Errors of Lua with the way that led to them, in one line. */
import { ENDED, type Execution } from '../../core/kemi/execution.ts'
import { LUA_TNUMBER, LUA_TSTRING, type LuaMachine, type Pointer } from './machine.ts'
import { nativeFunction } from './natives.ts'

/**
 * The message handler of every call: replaces the error by its traceback. The end that a script
 * gives itself is an error, too, and nobody reads of it.
 */
export class Traceback {
  /** The handler as a function of Lua. */
  readonly handler: Pointer
  private readonly machine: LuaMachine
  private readonly execution: Execution
  /** The thread that the error is of; 0: the one in which the handler runs. */
  private failed: Pointer = 0

  constructor(machine: LuaMachine, execution: Execution) {
    this.machine = machine
    this.execution = execution
    this.handler = nativeFunction(
      machine,
      state => this.trace(state),
      () => undefined,
    )
  }

  /** The text of the error on top of a thread that has ended by it. */
  ofThread(main: Pointer, thread: Pointer): string {
    const { api } = this.machine
    const top = api._lua_gettop(main)
    api._lua_pushcclosure(main, this.handler, 0)
    api._lua_xmove(thread, main, 1)
    this.failed = thread
    // What an error says about itself may fail as well.
    api._lua_pcallk(main, 1, 1, 0, 0, 0)
    this.failed = 0
    const text = this.machine.text(main, -1) ?? 'unknown'
    api._lua_settop(main, top)
    return text
  }

  private trace(state: Pointer): number {
    const { machine, failed } = this
    const { api } = machine
    if (this.execution.ended === ENDED) return 1
    // What it says about itself: a table may have __tostring.
    api._luaL_tolstring(state, 1, 0)
    const [kind] = /^(nil|true|false|table|function|userdata|thread)\b/.exec(
      machine.text(state, -1) ?? '',
    ) ?? [null]
    const isText = [LUA_TSTRING, LUA_TNUMBER].includes(api._lua_type(state, 1))
    if (kind !== null && !isText) machine.pushText(state, `(error object is a ${kind} value)`)
    const of = failed === 0 ? state : failed
    api._luaL_traceback(state, of, api._lua_tolstring(state, -1, 0), failed === 0 ? 1 : 0)
    return 1
  }
}

const MARK = '\nstack traceback:\n'

/** Frames that are told. */
const MOST_FRAMES = 8

/**
 * `/etc/route.lua:12: boo (in function 'thr'; /etc/route.lua:3: in function 'ksr_request_route')`
 */
export function oneLine(traceback: string): string {
  const at = traceback.indexOf(MARK)
  if (at < 0) return traceback
  const text = traceback.slice(0, at)
  const frames = traceback
    .slice(at + MARK.length)
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '' && !line.startsWith('[C]'))
    .slice(0, MOST_FRAMES)
  if (frames.length === 0) return text
  const place = /^.*?:\d+: /.exec(frames[0]!)?.[0] ?? ''
  const placed = /^[^\n]*?:\d+: /.test(text) ? text : place + text
  if (placed.startsWith(place)) frames[0] = frames[0]!.slice(place.length)
  return `${placed} (${frames.join('; ')})`
}
