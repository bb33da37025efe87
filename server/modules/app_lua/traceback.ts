/** Errors of Lua with the way that led to them, in one line. */
import { LUA_TNUMBER, LUA_TSTRING, type LuaMachine, type Pointer } from './machine.ts'
import { nativeFunction } from './natives.ts'

/** The message handler of every call: replaces the error by its traceback. */
export function tracebackHandler(machine: LuaMachine): Pointer {
  const { api } = machine
  const trace = (state: Pointer): number => {
    const type = api._lua_type(state, 1)
    if (type !== LUA_TSTRING && type !== LUA_TNUMBER) {
      // What a table says about itself, if it says something.
      machine.pushText(state, '(error object is no text)')
      api._lua_settop(state, -1)
    }
    const text = api._lua_tolstring(state, -1, 0)
    api._luaL_traceback(state, state, text, 1)
    return 1
  }
  return nativeFunction(machine, trace, () => undefined)
}

const MARK = '\nstack traceback:\n'

/** Frames that are told. */
const MOST_FRAMES = 8

/** `/etc/route.lua:12: boo (in function 'thr'; /etc/route.lua:3: in function 'ksr_request_route')` */
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
  const placed = text.startsWith(place) || /^[^\n]*?:\d+: /.test(text)
  if (text.startsWith(place)) frames[0] = frames[0]!.slice(place.length)
  return `${placed ? '' : place}${text} (${frames.join('; ')})`
}
