/** Groups by a pattern on the address of a user: the table that is kept in memory. */
import type { Database } from '../../core/db/api.ts'
import { LoadedTable } from '../../core/db/loaded-table.ts'
import { BadValue, type PvHandle, type Verdict } from '../../core/module/index.ts'
import { compileRegex, IGNORE_CASE } from '../../core/regex.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { Group } from './group.ts'
import type { Source } from './source.ts'

export interface Pattern {
  readonly regex: RegExp
  readonly group: number
}

export function patternTable(self: Group, db: Database): LoadedTable<readonly Pattern[]> {
  const { re_table, re_exp_column, re_gid_column } = self.config
  const columns = [re_exp_column, re_gid_column]
  return new LoadedTable<readonly Pattern[]>(self.core, {
    module: 'group',
    name: re_table,
    source: db.shownUrl,
    empty: [],
    build: async load => {
      const patterns: Pattern[] = []
      for await (const [text, group] of load.rows(db, { table: re_table, columns, where: [] })) {
        if (typeof text !== 'string' || typeof group !== 'number')
          throw new BadValue('a pattern is a text, and its group a number')
        patterns.push({ regex: compileRegex(text, IGNORE_CASE), group })
      }
      // Kamailio's order: the last row is the first that is tried.
      return patterns.reverse()
    },
  })
}

/** get_user_group: how many groups there are. */
export function getUserGroup(
  self: Group,
  msg: SipMessage,
  source: Source,
  into: PvHandle,
): Verdict {
  const { patterns, config } = self
  if (patterns === null) return self.refuse('no re_table: get_user_group has no patterns')
  const user = source(msg)
  if (user === null) return self.refuse('failed to get username@domain')
  if (user.user === '') return -1
  const uri = `sip:${user.user}@${user.domain}`
  let found = 0
  for (const { regex, group } of patterns.current) {
    if (!regex.test(uri)) continue
    into.set!(msg, group)
    found++
    if (config.multiple_gid === 0) break
  }
  return found === 0 ? -1 : found
}
