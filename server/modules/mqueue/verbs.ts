/** mq_add, mq_fetch, mq_size, mq_pv_free, and the commands. */
import { Fault } from '../../../rpc/faults.ts'
import type { Verdict } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { Entry, Mqueue, Queue } from './mqueue.ts'

const NO_QUEUE = -1
const EMPTY = -2

export function add(
  self: Mqueue,
  _msg: SipMessage,
  name: string,
  key: string,
  value: string,
): Verdict {
  return self.add(name, key, value) ? 1 : -1
}

/** Puts the oldest into $mqk and $mqv. */
export function fetch(self: Mqueue, _msg: SipMessage, name: string): Verdict {
  const queue = self.queues.get(name)
  if (queue === undefined) return NO_QUEUE
  const entry = queue.take()
  if (entry === null) {
    self.fetched.delete(name)
    return EMPTY
  }
  self.fetched.set(name, entry)
  return 1
}

/** Never 0, which would end the script: an empty queue is -1, an unknown one -2. */
export function size(self: Mqueue, _msg: SipMessage, name: string): Verdict {
  const queue = self.queues.get(name)
  if (queue !== undefined) return queue.size === 0 ? -1 : queue.size
  self.core.log.error('mqueue', `mqueue ${name} not found`)
  return -2
}

export function forget(self: Mqueue, _msg: SipMessage, name: string): Verdict {
  self.fetched.delete(name)
  return 1
}

interface Sized {
  name: string
  size: number
}

const sized = (queue: Queue): Sized => ({ name: queue.spec.name, size: queue.size })

export function getSize(self: Mqueue, name: string): Sized {
  const queue = self.queues.get(name)
  if (queue === undefined) throw new Fault(404, 'No such queue')
  return sized(queue)
}

/** Kamailio's list has the newest queue first. */
export const getSizes = (self: Mqueue): Sized[] => [...self.queues.values()].reverse().map(sized)

interface Fetched {
  key: string
  val: string
}

export function fetchByCommand(self: Mqueue, name: string): Fetched {
  const queue = self.queues.get(name)
  if (queue === undefined) throw new Fault(500, 'No such queue')
  const entry: Entry | null = queue.take()
  if (entry === null) throw new Fault(404, 'Empty queue')
  return { key: entry.key, val: entry.value }
}
