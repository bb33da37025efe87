/** The checks of sanity, as other modules make them. */
import { api } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'

export interface SanityChecks {
  /** The checks of the parameters: > 0 when all is well. Nothing is answered. */
  checkDefaults(msg: SipMessage): number
}

export const sanity = api<SanityChecks>('sanity')
