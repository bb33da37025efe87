/** The parameter restore_mode. */
import { BadValue } from '../../core/module/index.ts'

export const NONE = 0
export const MANUAL = 1
export const AUTO = 2

const MODES: Readonly<Record<string, number>> = { none: NONE, manual: MANUAL, auto: AUTO }

export function readMode(text: string): number {
  const mode = Object.hasOwn(MODES, text) ? MODES[text] : undefined
  if (mode === undefined)
    throw new BadValue(`uac: unsupported value '${text}' for restore_mode`, 'none, manual or auto')
  return mode
}
