/** auth_xkeys_add, auth_xkeys_check: the header with the hash. */
import { hash } from 'node:crypto'
import type { Verdict } from '../../core/module/index.ts'
import { Edit } from '../../sip/edit.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { AuthXkeys } from './auth_xkeys.ts'

const ALGORITHMS = new Set(['sha256', 'sha384', 'sha512'])

const hashOf = (algorithm: string, key: string, data: string): string =>
  hash(algorithm, Buffer.from(`${key}:${data}`, 'latin1'), 'hex')

/** The name of an algorithm as it is known here, '' when it is none. */
function known(self: AuthXkeys, algorithm: string): string {
  const name = algorithm.toLowerCase()
  if (ALGORITHMS.has(name)) return name
  self.fail(`unknown algorithm: ${algorithm}`)
  return ''
}

export function addKeyHeader(
  self: AuthXkeys,
  msg: SipMessage,
  header: string,
  id: string,
  algorithm: string,
  data: string,
): Verdict {
  const [key] = self.keysOf(id)
  if (key === undefined) return self.fail(`no key chain id [${id}]`)
  const name = known(self, algorithm)
  if (name === '') return -1
  msg.addEdit(new Edit(msg.headersEnd, 0, `${header}: ${hashOf(name, key.value, data)}\r\n`))
  return 1
}

export function checkKeyHeader(
  self: AuthXkeys,
  msg: SipMessage,
  header: string,
  id: string,
  algorithm: string,
  data: string,
): Verdict {
  const keys = self.keysOf(id)
  if (keys.length === 0) return self.fail(`no key chain id [${id}]`)
  const at = msg.findNamed(header)
  if (at < 0) return -1
  const name = known(self, algorithm)
  if (name === '') return -1
  const body = msg.bodyAt(at)
  return keys.some(({ value }) => hashOf(name, value, data) === body) ? 1 : -1
}
