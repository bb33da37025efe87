/** Runtime variables of the core that no parameter of the config sets. */
import { idleInt, int } from './row.ts'

const SNAPSHOT = 'see corex.shm_status and the heap snapshots of the runtime.'

export const runtimeVariables = {
  dns_reinit: int(1, 'Setting it reads the resolver settings of the system again.', {
    live: 'core.dns_reinit',
    min: 1,
    max: 1,
  }),
  mem_dump_pkg: idleInt(0, SNAPSHOT, { live: 'core.mem_dump_pkg' }),
  mem_dump_shm: idleInt(0, SNAPSHOT, { live: 'core.mem_dump_shm' }),
  tcp_connect_wait: idleInt(1, 'what is sent while a connection opens always waits for it.', {
    live: 'tcp.connect_wait',
    fixed: true,
  }),
  tcp_alias_flags: idleInt(1, 'a later alias takes the place of an earlier one.', {
    live: 'tcp.alias_flags',
    min: 0,
    max: 2,
  }),
  tcp_new_conn_alias_flags: idleInt(2, 'a new connection takes the place of an alias.', {
    live: 'tcp.new_conn_alias_flags',
    min: 0,
    max: 2,
  }),
}
