/** is_method(). */
import { isOneOf, type Methods } from '../../core/methods.ts'
import type { Verdict } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { Textops } from './textops.ts'

export const isMethod = (_self: Textops, msg: SipMessage, methods: Methods): Verdict =>
  isOneOf(msg, methods) ? 1 : -1
