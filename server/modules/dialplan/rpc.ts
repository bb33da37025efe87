/** dialplan.*: the rules, read and reloaded by an operator. */
import type { dialplan } from '../../../rpc/contract/dialplan.ts'
import { Fault } from '../../../rpc/faults.ts'
import { eventMessage } from '../../core/event-message.ts'
import type { Handlers } from '../../core/module/index.ts'
import type { Dialplan } from './dialplan.ts'

/** A column without a text is none in Kamailio's memory. */
const orNull = (text: string): string | null => (text === '' ? null : text)

export const handlers: Handlers<Dialplan, typeof dialplan> = {
  'dialplan.reload': async self => {
    if (!self.mayReload()) throw new Fault(500, 'ongoing reload')
    try {
      await self.rules.load('rpc dialplan.reload')
    } catch (error) {
      throw new Fault(500, `Dialplan Reload Failed: ${(error as Error).message}`)
    }
  },
  'dialplan.translate': (self, dpid, input) => {
    if (!self.has(dpid)) throw new Fault(500, 'Dialplan ID not matched')
    if (input === '') throw new Fault(500, 'Empty input parameter')
    const [socket] = self.core.sockets.list
    const msg = eventMessage(socket!)
    const rule = self.find(msg, dpid, input)
    const output = rule?.apply(msg, input) ?? null
    if (rule === null || output === null) throw new Fault(500, 'No translation')
    return { Output: output, Attributes: rule.row.attrs }
  },
  'dialplan.dump': (self, dpid) => {
    const rules = self.rules.current.get(dpid)
    if (rules === undefined) throw new Fault(500, 'Dialplan ID not matched')
    const entries = [...rules.values()].flat().map(({ row }) => ({
      ENTRY: {
        PRIO: row.priority,
        MATCHOP: row.matchOp,
        MATCHEXP: row.matchExp,
        MATCHLEN: row.matchLen,
        SUBSTEXP: orNull(row.substExp),
        REPLEXP: orNull(row.replExp),
        ATTRS: orNull(row.attrs),
      },
    }))
    return { DPID: dpid, ENTRIES: entries }
  },
}
