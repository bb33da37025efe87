/** Core parameters: how the routing script runs. */
import { idleInt, idleString, int, lackingString } from './row.ts'

const ONE_LOOP = 'one event loop serves all of them, and what waits does not hold it up.'

export const script = {
  max_while_loops: int(100, 'Rounds after which a while loop ends with an error; 0: no limit.', {
    live: 'core.max_while_loops',
  }),
  max_recursive_level: int(256, 'How deep routes may call themselves.'),
  max_branches: int(12, 'Destinations that a request may have, its URI included.', {}),
  return_mode: int(
    0,
    'Not 0: functions and routes are worth their return codes in expressions, and what is not 0 ' +
      'is true; 0: they are worth 1 or 0.',
    { since6: true },
  ),
  received_route_mode: int(
    0,
    'Not 0: event_route[core:msg-received] runs for what was received before it is read.',
  ),
  onsend_route_reply: int(0, 'Not 0: onsend_route runs for replies, too.'),
  route_locks_size: idleInt(0, 'messages are routed one after the other.'),
  async_workers: idleInt(0, ONE_LOOP),
  async_usleep: idleInt(0, ONE_LOOP),
  async_nonblock: idleInt(0, ONE_LOOP),
  async_workers_group: idleString('', ONE_LOOP),
  async_tkv_gname: lackingString('', 'event_route[core:tkv] does not run.', { since6: true }),
  async_tkv_evcb: lackingString('', 'event_route[core:tkv] does not run.', { since6: true }),
}
