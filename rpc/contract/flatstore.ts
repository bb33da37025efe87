import { methods, nothing } from '../schema.ts'

const rotate = {
  doc: 'Close and reopen flatrotate files during log rotation.',
  class: 'write',
  params: [],
  result: nothing,
} as const

/** `flatstore.*` - files to which rows are appended. */
export const flatstore = methods({ 'flatstore.k_rotate': rotate, 'flatstore.rotate': rotate })
