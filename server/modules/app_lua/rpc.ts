/** app_lua.*: the script files, and reading them again. */
import { Fault } from '../../../rpc/faults.ts'
import type { AppLua } from './app_lua.ts'
import { NAME } from './ksr.ts'
import { LuaError } from './state.ts'

export const list = ({ paths }: AppLua): string[] =>
  paths.length === 0 ? ['No scripts loaded'] : paths.map((path, i) => `${i}: [${path}]`)

export function reload(self: AppLua, number: number | undefined): void {
  const { log } = self.core
  if (!self.mayReload) throw refused(self, 'reload is not activated')
  if (self.paths.length === 0) throw refused(self, 'No script loaded')
  if (number !== undefined && number >= self.paths.length) throw refused(self, 'pos out of range')
  try {
    // Less than 0 is all of them.
    self.reload(number !== undefined && number >= 0 ? number : undefined)
  } catch (error) {
    if (!(error instanceof LuaError)) throw error
    log.error(NAME, `the old scripts go on: ${error.message}`)
    throw new Fault(500, error.message)
  }
  log.info(NAME, 'reloaded')
}

function refused({ core }: AppLua, why: string): Fault {
  core.log.error(NAME, why)
  return new Fault(500, 'Reload Failed')
}
