/** Core parameters: the log. */
import { facilityNumber } from '../../lib/syslog.ts'
import { idleInt, idleString, int, lackingString, string } from './row.ts'

const ONE_PROCESS = 'the node is one process and V8 manages its memory'

export const logging = {
  debug: int(0, 'Lines above this level are not written: -5 alert to 3 debug.', {
    live: 'core.debug',
  }),
  log_stderror: int(0, 'Not 0: the log goes to stderr instead of syslog, as with -E.'),
  log_facility: string('LOG_DAEMON', 'Syslog facility of all lines that have none of their own.', {
    live: 'core.log_facility',
    accepts: text => facilityNumber(text) >= 0,
  }),
  log_name: string('', 'The name in syslog; by default ohana.'),
  log_color: int(0, 'Not 0: lines on stderr have the colour of their level, as with -e.'),
  log_prefix: string(
    '',
    'A text with variables before each line that is written for a message, after the level.',
  ),
  log_prefix_mode: int(
    0,
    '0: the prefix is made once for a message. Bit 1: for every line. Bit 2: also for lines that ' +
      'belong to no message.',
  ),
  log_engine_type: lackingString(
    '',
    'the engines are of a module that is not there; --log-engine=json writes JSON.',
  ),
  log_engine_data: idleString('', 'see log_engine_type.'),
  corelog: int(-1, 'The level of lines about sockets that fail and connections that break.', {
    live: 'core.corelog',
    aliases: ['core_log'],
  }),
  sip_parser_log: int(-1, 'The level at which a message that cannot be read is logged.', {
    live: 'core.sip_parser_log',
  }),
  sip_parser_log_oneline: int(
    0,
    'Not 0: the message that could not be read stands in one line, escaped.',
    { live: 'core.sip_parser_log_oneline' },
  ),
  latency_log: int(-1, 'The level of the lines of latency_limit_action and latency_limit_db.', {
    live: 'core.latency_log',
  }),
  latency_cfg_log: int(
    3,
    'The level of a line after each run of request_route, reply_route and event routes of ' +
      'received messages, with its microseconds.',
    { live: 'core.latency_cfg_log' },
  ),
  latency_limit_cfg: int(
    0,
    'Microseconds: a run of a route that took less has no line at latency_cfg_log.',
    { live: 'core.latency_limit_cfg' },
  ),
  latency_limit_action: int(
    0,
    'Microseconds: an action of the script that takes longer has a line at latency_log. 0: none ' +
      'is measured, and a change at run time counts only when the config was read with another.',
    { live: 'core.latency_limit_action' },
  ),
  latency_limit_db: int(
    0,
    'Microseconds: a statement of a database that takes longer has a line at latency_log; 0: none.',
    { live: 'core.latency_limit_db' },
  ),
  memlog: int(4, 'The level at which corex.shm_status and its kin write.', {
    live: 'core.memlog',
    aliases: ['mem_log'],
  }),
  memdbg: idleInt(4, ONE_PROCESS, { live: 'core.memdbg', aliases: ['mem_dbg'] }),
  mem_summary: idleInt(12, ONE_PROCESS, { live: 'core.mem_summary', min: 0, max: 31 }),
  mem_safety: idleInt(1, ONE_PROCESS, { live: 'core.mem_safety' }),
  mem_join: idleInt(1, ONE_PROCESS, { live: 'core.mem_join' }),
  mem_status_mode: idleInt(0, ONE_PROCESS, { live: 'core.mem_status_mode' }),
  mem_add_size: idleInt(0, ONE_PROCESS, { since6: true }),
  verbose_startup: idleInt(0, 'what happens at start is logged at level debug.'),
  xavp_via_reply_params: idleString(
    '',
    'the Via of a reply is the one of its request; use via_add_xavp_params() on that.',
    { since6: true },
  ),
}
