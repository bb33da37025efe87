/** dbg_pv_dump(): the variables of the script as one line of JSON. */
import type { AvpStore } from '../../core/avp.ts'
import { L_DBG } from '../../core/log.ts'
import type { PvValue, Verdict } from '../../core/module/index.ts'
import { XavpList, type XavpValue } from '../../core/xavp.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { Debugger } from './debugger.ts'

/** Bits of the mask: what to dump. */
const NULLS = 1
const AVPS = 2
const SCRIPT = 4
const XAVPS = 8
const OTHERS = 16
const ALL = 31

/** Kamailio dumps those that the config has asked for; here they are the same for all configs. */
const OTHER_VARIABLES = ['$si', '$sp', '$ru', '$rm', '$fu', '$tu', '$ci', '$ua', '$mi', '$rc']

type Json = PvValue | Json[] | { [name: string]: Json }

function valueOf(value: XavpValue): Json {
  return value instanceof XavpList ? structureOf(value) : value
}

/** Newest first, as Kamailio has them. */
function structureOf(list: XavpList): { [name: string]: Json } {
  const out: { [name: string]: Json[] } = {}
  for (const { name, value } of list.items) (out[name] ??= []).push(valueOf(value))
  return out
}

export function dumpVariables(self: Debugger, msg: SipMessage, mask = ALL, level = L_DBG): Verdict {
  const { core } = self
  if (!core.log.enabled(level)) return 1
  const out: { [name: string]: Json } = {}
  const put = (name: string, value: Json): void => {
    if (value !== null || (mask & NULLS) !== 0) out[name] = value
  }
  const avps = msg.avps as AvpStore | null
  if ((mask & SCRIPT) !== 0)
    for (const name of core.vars.names())
      put(`$var(${name})`, core.vars.values[core.vars.slot(name)]!)
  if ((mask & AVPS) !== 0 && avps !== null)
    for (const name of avps.names())
      put(`$avp(${typeof name === 'number' ? `i:${name}` : name})`, avps.all(name))
  if ((mask & XAVPS) !== 0 && avps !== null && avps.xavps !== null)
    for (const [name, value] of Object.entries(structureOf(avps.xavps)))
      put(`$xavp(${name})`, value)
  if ((mask & OTHERS) !== 0)
    for (const name of OTHER_VARIABLES) put(name, core.formats.pvar(name).get(msg))
  core.log.write(level, 'debugger', `dbg_dump_json(): ${JSON.stringify(out)}`)
  return 1
}
