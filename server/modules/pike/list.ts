/** pike.top and pike.list: who sends how much. */
import type { pike as contract } from '../../../rpc/contract/pike.ts'
import { Fault } from '../../../rpc/faults.ts'
import type { ResultOf } from '../../../rpc/schema.ts'
import type { Pike } from './pike.ts'
import type { IpNode } from './tree.ts'

type Listed = ResultOf<(typeof contract)['pike.list']>

export function list({ tree }: Pike, wanted = 'HOT'): Listed {
  const kind = ['ALL', 'HOT', 'WARM'].find(word => wanted.includes(word))
  if (kind === undefined) throw new Fault(500, 'Bad argument. Select: ALL, HOT or WARM')
  const status = (node: IpNode): string =>
    tree.isHot(node) ? 'HOT' : tree.isWarm(node) ? 'WARM' : ''
  const rows = [...tree.all()]
    .filter(([node]) => node.isLeaf && (kind === 'ALL' || (kind === 'HOT' && tree.isHot(node))))
    .map(([node, address]) => ({
      ip_addr: address,
      leaf_hits_prev: node.leafHitsBefore,
      leaf_hits_curr: node.leafHits,
      expires: node.expires - tree.ticks,
      status: status(node),
    }))
  // Kamailio's list has the last one first.
  return { max_hits: tree.maxHits, list: rows.reverse(), number_of_rows: rows.length }
}
