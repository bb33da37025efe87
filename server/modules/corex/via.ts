/** via_add_srvid, via_add_xavp_params, via_use_xavp_fields: what our Via says besides the usual. */
import type { Verdict } from '../../core/module/index.ts'
import { viaSettingsOf } from '../../core/via-settings.ts'
import { XavpList, xavpsOf } from '../../core/xavp.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { Corex } from './corex.ts'

/** 1 adds `;srvid=` with server_id, if there is one; 0 takes it back. */
export function addServerId(self: Corex, msg: SipMessage, on: number): Verdict {
  const id = self.core.params.server_id
  viaSettingsOf(msg).serverId = on !== 0 && id !== 0 ? `;srvid=${id}` : ''
  return 1
}

/** 1 adds the values of the xavp that xavp_via_params names, as they are now. */
export function addParams(self: Corex, msg: SipMessage, on: number): Verdict {
  const name = self.core.params.xavp_via_params
  const list = on === 0 || name === '' ? null : xavpsOf(msg).list(name)
  let text = ''
  for (const { name: key, value } of list?.items ?? [])
    if (value !== null && !(value instanceof XavpList)) text += `;${key}=${value}`
  viaSettingsOf(msg).params = text
  return 1
}

/**
 * 1 takes host and port from the xavp that xavp_via_fields names (address, port), as they are now.
 */
export function useFields(self: Corex, msg: SipMessage, on: number): Verdict {
  const name = self.core.params.xavp_via_fields
  const list = on === 0 || name === '' ? null : xavpsOf(msg).list(name)
  const settings = viaSettingsOf(msg)
  const field = (key: string): string => {
    const value = list?.get(key) ?? null
    return value === null || value instanceof XavpList ? '' : String(value)
  }
  settings.host = field('address')
  settings.port = field('port')
  return 1
}
