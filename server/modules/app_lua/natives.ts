/** JavaScript functions as Lua sees them: made once, given to every state. */
import type { LuaMachine, Pointer } from './machine.ts'

/**
 * Pushes its results and gives their number; or an Error, which is raised in Lua; or YIELD: the
 * thread ends here, and is resumed with the results.
 */
export type Native = (state: Pointer) => number | Error
export const YIELD = -1

/**
 * A C function of Lua. What it throws must not cross Lua's frames, whose stack would stay as it
 * is: it becomes an error of Lua.
 */
export function nativeFunction(
  machine: LuaMachine,
  native: Native,
  thrown: (error: Error) => void,
): Pointer {
  const { api } = machine
  return api.addFunction(state => {
    let result: number | Error
    try {
      result = native(state!)
    } catch (error) {
      thrown(error as Error)
      result = error as Error
    }
    if (result === YIELD) return api._lua_yieldk(state!, 0, 0, 0)
    if (typeof result === 'number') return result
    machine.pushText(state!, result.message)
    return api._lua_error(state!)
  }, 'ii')
}
