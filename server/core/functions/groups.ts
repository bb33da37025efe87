/** cfg_select and cfg_reset: which instance of a group of runtime parameters a message sees. */
import type { CoreInstance } from '../core.module.ts'
import { type Arg, text, written } from '../module/index.ts'

export const cfgGroup: Arg<string> = written(text('group'), 'group')

export function cfgSelect(self: CoreInstance, _msg: unknown, group: string, id: number): number {
  if (self.core.cfg.select(group, id)) return 1
  self.core.log.error('<core>', `failed to select the instance ${id} of the group ${group}`)
  return -1
}

export function cfgReset(self: CoreInstance, _msg: unknown, group: string): number {
  self.core.cfg.deselect(group)
  return 1
}
