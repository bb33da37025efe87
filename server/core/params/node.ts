/** Core parameters: the process, its rights and its memory. */
import { idleInt, int, lackingInt, lackingString, string } from './row.ts'

const ONE_PROCESS = 'one process with one event loop does the work of all.'
const RUNTIME_MEMORY = 'the runtime manages its memory.'
const REAL_TIME = 'ask the service manager for a priority.'
const AT_ONCE = 'there are no worker processes to wait for.'

export const node = {
  fork: int(1, '0: stay in the foreground, as with -D.'),
  fork_delay: idleInt(0, AT_ONCE),
  modinit_delay: idleInt(0, AT_ONCE),
  children: idleInt(8, ONE_PROCESS),
  wait_worker1_mode: idleInt(0, AT_ONCE),
  wait_worker1_time: idleInt(4_000_000, AT_ONCE),
  wait_worker1_usleep: idleInt(100_000, AT_ONCE),
  user: string('', 'The user that the process becomes once its sockets are open, as -u.', {
    aliases: ['uid'],
  }),
  group: string('', 'The group that the process becomes once its sockets are open, as -g.', {
    aliases: ['gid'],
  }),
  chroot: lackingString('', 'ask the service manager for a root directory.'),
  workdir: string('', 'The working directory, as -w.', { aliases: ['wdir'] }),
  rundir: string('/run/kamailio', 'Where sockets and FIFOs are made, as -Y.', {
    aliases: ['run_dir'],
  }),
  exit_timeout: int(60, 'Seconds that stopping may take; then the process ends anyway. 0: any.', {
    aliases: ['ser_kill_timeout'],
  }),
  disable_core_dump: int(0, 'Not 0: no core file is written when the process dies.'),
  open_files_limit: int(-1, 'Files and connections that may be open; raised up to the hard limit.'),
  shm: idleInt(64, RUNTIME_MEMORY, { aliases: ['shm_mem', 'shm_mem_size'] }),
  shm_force_alloc: idleInt(0, RUNTIME_MEMORY),
  mlock_pages: lackingInt(0, 'ask the service manager for locked memory.'),
  real_time: lackingInt(0, REAL_TIME),
  rt_prio: idleInt(0, REAL_TIME),
  rt_policy: idleInt(0, REAL_TIME),
  rt_timer1_prio: idleInt(0, REAL_TIME, { aliases: ['rt_fast_timer_prio', 'rt_ftimer_prio'] }),
  rt_timer1_policy: idleInt(0, REAL_TIME, { aliases: ['rt_ftimer_policy'] }),
  rt_timer2_prio: idleInt(0, REAL_TIME, { aliases: ['rt_stimer_prio'] }),
  rt_timer2_policy: idleInt(0, REAL_TIME, { aliases: ['rt_stimer_policy'] }),
}
