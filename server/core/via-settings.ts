/**
 * What a script adds to the Via that we put on a request: via_add_srvid and its sisters. Rare, so
 * it lives beside the AVPs.
 */
import type { SipMessage } from '../sip/message.ts'
import { type AvpStore, avpsOf } from './avp.ts'

export interface ViaSettings {
  /** `;srvid=7`, or ''. */
  serverId: string
  /** `;a=b;c=d`, or ''. */
  params: string
  /** Host and port in place of the socket's, or ''. */
  host: string
  port: string
}

/** null for a message whose Via is as usual. */
export const viaSettings = (msg: SipMessage): ViaSettings | null =>
  msg.avps === null ? null : (msg.avps as AvpStore).via

/** The same to be changed. */
export function viaSettingsOf(msg: SipMessage): ViaSettings {
  const store = avpsOf(msg)
  store.via ??= { serverId: '', params: '', host: '', port: '' }
  return store.via
}
