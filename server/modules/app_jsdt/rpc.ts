/** app_jsdt.*: the script file read again, and what it can call. */
import { Fault } from '../../../rpc/faults.ts'
import type { Result } from '../../../rpc/contract/index.ts'
import { type AppJsdt, NAME } from './app_jsdt.ts'
import { ScriptError } from './source.ts'

export function reload(self: AppJsdt): Result<'app_jsdt.reload'> {
  if (self.path === '') throw new Fault(500, 'No script file')
  const old = self.version
  try {
    self.reload()
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error
    self.core.log.error(NAME, `the old script goes on: ${error.message}`)
    throw new Fault(500, error.message)
  }
  self.core.log.info(NAME, `reloaded js script file: ${self.path} (${old} => ${self.version})`)
  return { old, new: self.version }
}
