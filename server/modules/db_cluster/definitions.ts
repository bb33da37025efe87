/** How connections and clusters are written in the config. */
import { BadValue } from '../../core/module/index.ts'

/** Try one after the other; each in its turn; all at once. */
export type Mode = 's' | 'r' | 'p'

/** 9 comes first; 0 is not used. */
export interface Use {
  readonly priority: number
  readonly mode: Mode
}

export interface ConnectionDefinition {
  readonly id: string
  readonly url: string
}

export interface MemberDefinition {
  readonly id: string
  readonly read: Use
  readonly write: Use
}

export interface ClusterDefinition {
  readonly id: string
  readonly members: readonly MemberDefinition[]
}

const SAMPLE = 'k1=>c1=9s8p;c2=9s8p: priority and mode of reading, then of writing'

/** `c1=>mysql://user:password@host/database` */
export function readConnection(text: string | number): ConnectionDefinition {
  const [, id = '', url = ''] = /^\s*([^=\s]+)\s*=>\s*(.+?)\s*$/.exec(String(text)) ?? []
  if (url === '')
    throw new BadValue(`invalid connection parameter [${text}]`, 'c1=>mysql://host/database')
  return { id, url }
}

/** `k1=>c1=9s8p;c2=9s8p` */
export function readCluster(given: string | number): ClusterDefinition {
  const text = String(given)
  const [, id = '', list] = /^\s*([^=\s]+)\s*=>(.*)$/s.exec(text) ?? []
  if (list === undefined)
    throw new BadValue(`invalid cluster parameter [${text}] at [${text.length}]`, SAMPLE)
  const members = list
    .split(';')
    .map(one => one.trim())
    .filter(one => one !== '')
    .map(readMember)
  return { id, members }
}

function readMember(text: string): MemberDefinition {
  const [id = '', use = ''] = text.split('=').map(part => part.trim())
  const [, readPriority, readMode, writePriority, writeMode] =
    /^(\d)([sr])(\d)([srp])$/.exec(use) ?? []
  if (readPriority === undefined)
    throw new BadValue(`invalid parameter [${use}] for connection id [${id}]`, SAMPLE)
  return {
    id,
    read: { priority: Number(readPriority), mode: readMode as Mode },
    write: { priority: Number(writePriority), mode: writeMode as Mode },
  }
}
