/** Replies of Redis, as the script reads them with $redis(name=>part). */
import { BadValue, type PvValue } from '../../core/module/index.ts'
import { RedisFault } from './server.ts'
import type { RedisValue } from './api.ts'

/** $redisd(name): what the kinds of replies are called, and their numbers. */
export const KINDS: Readonly<Record<string, number>> = {
  rpl_str: 1,
  rpl_arr: 2,
  rpl_int: 3,
  rpl_nil: 4,
  rpl_sts: 5,
  rpl_err: 6,
}

/** Words that a server answers as a status; as a value they would be of another kind. */
const STATUSES = new Set(['OK', 'PONG', 'QUEUED', 'none', 'string', 'hash', 'list', 'set', 'zset'])

export type Reply = RedisValue | RedisFault

export interface ReplyPart {
  readonly result: string
  readonly part: 'type' | 'value' | 'info' | 'size'
  /** Which element, which element of that ...; none: the reply itself. */
  readonly path: readonly number[]
}

/** `r=>value[2]`, `r=>value[0]=>type[1]` for lists in lists; throws BadValue. */
export function readPart(text: string): ReplyPart {
  const found = /^([^=]+)=>((?:value\[\d+\]=>)*)(type|value|info|size)(?:\[(\d+)\])?$/.exec(
    text.trim(),
  )
  if (found === null)
    throw new BadValue(`${text} is no part of a reply`, '$redis(r=>value), $redis(r=>type[0])')
  const [, result = '', outer = '', part, last] = found
  const path = [...outer.matchAll(/\d+/g)].map(Number)
  if (last !== undefined) path.push(Number(last))
  return { result: result.trim(), part: part as ReplyPart['part'], path }
}

export function kindOf(reply: Reply): number {
  if (reply instanceof RedisFault) return KINDS.rpl_err!
  if (reply === null) return KINDS.rpl_nil!
  if (Array.isArray(reply)) return KINDS.rpl_arr!
  if (typeof reply === 'number') return KINDS.rpl_int!
  return STATUSES.has(reply) ? KINDS.rpl_sts! : KINDS.rpl_str!
}

export function partOf(reply: Reply, { part, path }: ReplyPart): PvValue {
  let one: Reply = reply
  for (const index of path) {
    if (!Array.isArray(one) || index >= one.length) return null
    one = one[index]!
  }
  if (part === 'type') return kindOf(one)
  if (part === 'size') return Array.isArray(one) ? one.length : null
  if (part === 'info') return one instanceof RedisFault ? one.message : null
  if (one instanceof RedisFault || Array.isArray(one)) return null
  return one
}
