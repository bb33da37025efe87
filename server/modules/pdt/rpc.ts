/** pdt.*: the prefixes, read and reloaded by an operator. */
import type { pdt } from '../../../rpc/contract/pdt.ts'
import { Fault } from '../../../rpc/faults.ts'
import type { Handlers } from '../../core/module/index.ts'
import type { Pdt } from './pdt.ts'

interface Listed {
  DOMAIN: string
  PREFIX: string
}
type Part = [string, string | [string, Listed][]]

/** `.` stands for any. */
const isAny = (text: string | undefined): text is undefined => text === undefined || text === '.'

export const handlers: Handlers<Pdt, typeof pdt> = {
  'pdt.reload': async self => {
    try {
      await self.trees.load('rpc pdt.reload')
    } catch (error) {
      throw new Fault(500, `Reload Failed: ${(error as Error).message}`)
    }
  },
  'pdt.list': (self, source, prefix, domain) => {
    const trees = self.trees.current
    if (trees.size === 0) throw new Fault(404, 'No records')
    if (!isAny(prefix) && !self.isPrefix(prefix)) throw new Fault(400, 'Bad Prefix')
    const parts: Part[] = []
    for (const [name, tree] of trees) {
      if (!isAny(source) && name !== source) continue
      const records = tree
        .entries()
        .filter(entry => isAny(prefix) || entry.prefix.startsWith(prefix))
        .filter(entry => isAny(domain) || entry.domain === domain)
        .map((entry): [string, Listed] => ['ENTRY', { DOMAIN: entry.domain, PREFIX: entry.prefix }])
      parts.push(['SDOMAIN', name], ['RECORDS', records])
    }
    return parts
  },
}
