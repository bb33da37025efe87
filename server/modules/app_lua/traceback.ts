/** Errors of Lua with the way that led to them, in one line. */
import { ENDED, type Execution } from '../../core/kemi/execution.ts'
import { LUA_TNUMBER, LUA_TSTRING, type LuaMachine, type Pointer } from './machine.ts'
import { nativeFunction } from './natives.ts'

/**
 * The message handler of every call: replaces the error by its traceback. The end that a script
 * gives itself is an error, too, and nobody reads of it.
 */
export function tracebackHandler(machine: LuaMachine, execution: Execution): Pointer {
  const { api } = machine
  const trace = (state: Pointer): number => {
    if (execution.ended === ENDED) return 1
    // What it says about itself: a table may have __tostring.
    api._luaL_tolstring(state, 1, 0)
    const [kind] = /^(nil|true|false|table|function|userdata|thread)\b/.exec(
      machine.text(state, -1) ?? '',
    ) ?? [null]
    const isText = [LUA_TSTRING, LUA_TNUMBER].includes(api._lua_type(state, 1))
    if (kind !== null && !isText) machine.pushText(state, `(error object is a ${kind} value)`)
    api._luaL_traceback(state, state, api._lua_tolstring(state, -1, 0), 1)
    return 1
  }
  return nativeFunction(machine, trace, () => undefined)
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
