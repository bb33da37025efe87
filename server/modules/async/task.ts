/** Tasks: routes that run as soon as what goes on now has ended. */
import { eventMessage } from '../../core/event-message.ts'
import { logMistake } from '../../core/mistake.ts'
import { type RouteBlock, type Verdict } from '../../core/module/index.ts'
import { REQUEST_ROUTE } from '../../core/route-bits.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { Async } from './async.ts'

const DEFAULT_GROUP = 'default'

/** async_task_route and async_task_group_route. */
export function taskGroupRoute(self: Async, msg: SipMessage, name: string, group: string): Verdict {
  const block = self.route(name)
  if (block === null) return -1
  const verdict = self.suspend(msg)
  if (verdict <= 0) return verdict
  const { hashIndex, label } = self.transactionOf(msg)
  run(self, msg, group, null, () => self.resume(hashIndex, label, block))
  return self.config.return
}

export const taskRoute = (self: Async, msg: SipMessage, name: string): Verdict =>
  taskGroupRoute(self, msg, name, DEFAULT_GROUP)

/** async_task_data and async_task_group_data: the message of the route is about nothing. */
export function taskGroupData(
  self: Async,
  msg: SipMessage,
  name: string,
  group: string,
  data: string,
): Verdict {
  const block = self.route(name)
  if (block === null) return -1
  run(self, msg, group, data, () => runAlone(self, block))
  return 1
}

export const taskData = (self: Async, msg: SipMessage, name: string, data: string): Verdict =>
  taskGroupData(self, msg, name, DEFAULT_GROUP, data)

function runAlone(self: Async, block: RouteBlock): void {
  const socket = self.core.sockets.list[0]
  if (socket !== undefined) void self.core.routes.run(block, eventMessage(socket), REQUEST_ROUTE)
}

/** While the route runs, up to its first wait, $async() tells what it was given. */
function run(self: Async, msg: SipMessage, group: string, data: string | null, go: () => void) {
  self.soon(() => {
    self.group = group
    self.data = data
    try {
      go()
    } catch (error) {
      logMistake(self.core.log, 'in an asynchronous task', msg.raw, error)
    }
    self.group = null
    self.data = null
  })
}
