/** mtree.*: the trees, read and reloaded by an operator. */
import type { mtree } from '../../../rpc/contract/mtree.ts'
import { Fault } from '../../../rpc/faults.ts'
import type { Handlers } from '../../core/module/index.ts'
import { ALL, valueOf } from './match.ts'
import type { Mtree } from './mtree.ts'
import type { Match, Tree } from './tree.ts'

function trees(self: Mtree, name: string | undefined): Tree[] {
  const all = self.tables.flatMap(({ current }) => [...current.values()])
  return name === undefined ? all : all.filter(tree => tree.name === name)
}

async function reload(self: Mtree, name: string | undefined): Promise<string> {
  const table = name === undefined ? null : self.tableOf(name)
  if (name !== undefined && table === null) throw new Fault(500, 'Can not find specified Mtree')
  for (const one of table === null ? self.tables : [table]) {
    try {
      await one.load('rpc mtree.reload')
    } catch (error) {
      throw new Fault(500, `Mtree Reload Failed: ${(error as Error).message}`)
    }
  }
  return 'Ok. Mtree reloaded.'
}

export const handlers: Handlers<Mtree, typeof mtree> = {
  'mtree.summary': (self, name) => {
    const found = trees(self, name)
    if (name !== undefined && found.length === 0) throw new Fault(404, 'Tree not found')
    return found.map(tree => {
      const { generation, loadedAt } = self.tableOf(tree.name)!
      return {
        table: tree.name,
        item: {
          ttype: tree.type,
          memsize: tree.size,
          nrnodes: tree.nodeCount,
          nritems: tree.items,
          reload_count: generation,
          reload_time: Math.floor(loadedAt / 1000),
        },
      }
    })
  },
  'mtree.reload': reload,
  'mtree.match': (self, name, number, mode) => {
    if (mode !== 0 && mode !== ALL) throw new Fault(500, "Invalid parameter 'mode'")
    const tree = self.tree(name)
    if (tree === null) throw new Fault(404, 'Tree not found')
    const found = tree.accepts(number) ? tree.matches(number) : []
    if (found.length === 0) throw new Fault(404, 'Prefix not found')
    const shown = ({ prefix, values }: Match) =>
      values.map(value => ({ PREFIX: prefix, TVALUE: valueOf(tree, value) }))
    return mode === ALL ? found.toReversed().flatMap(shown) : shown(found.at(-1)!)[0]
  },
  'mtree.list': (self, name) =>
    trees(self, name).flatMap(tree =>
      tree.entries().map(([tprefix, values]) => ({
        tname: tree.name,
        tprefix,
        tvalue: values.map(value => valueOf(tree, value)),
      })),
    ),
}
