/**
 * The one table of core parameters (`debug=3`, `children=8` ...): type, default, what it does here,
 * other spellings, the runtime variable it is. The config checker, the cfg framework, help and
 * CoreParams all come from here.
 */
import { db } from './params/db.ts'
import { dns } from './params/dns.ts'
import { logging } from './params/logging.ts'
import { node } from './params/node.ts'
import type { CoreParam } from './params/row.ts'
import { script } from './params/script.ts'
import { sip } from './params/sip.ts'
import { sockets } from './params/sockets.ts'
import { spool } from './params/spool.ts'
import { tcp } from './params/tcp.ts'
import { tls } from './params/tls.ts'

const table = {
  ...{ ...logging, ...sip, ...script, ...sockets, ...tcp, ...tls, ...dns },
  ...{ ...db, ...spool, ...node },
}

type Table = typeof table
export type CoreParamName = keyof Table
export const coreParams: Readonly<Record<CoreParamName, CoreParam<number> | CoreParam<string>>> =
  table

/**
 * Core parameters in force: plain fields, changed in place when they change while the node runs.
 */
export type CoreParams = { [K in CoreParamName]: Table[K]['default'] }

const byName = new Map<string, CoreParamName>()
for (const [name, param] of Object.entries(coreParams)) {
  byName.set(name, name as CoreParamName)
  for (const alias of param.aliases) byName.set(alias, name as CoreParamName)
}

/** The name under which a parameter is kept, from any of its spellings; null when unknown. */
export const coreParamName = (spelling: string): CoreParamName | null =>
  byName.get(spelling) ?? null
export const coreParamSpellings = (): string[] => [...byName.keys()]

export function defaultCoreParams(): CoreParams {
  return Object.fromEntries(
    Object.entries(coreParams).map(([name, param]) => [name, param.default]),
  ) as unknown as CoreParams
}
