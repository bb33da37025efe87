/** Counts that the `tcp` statistics show. */
export class TcpCounts {
  established = 0
  passive_open = 0
  connect_success = 0
  connect_failed = 0
  con_reset = 0
  con_timeout = 0
  send_timeout = 0
  sendq_full = 0
  local_reject = 0
}
