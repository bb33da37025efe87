/** Functions of KSR itself: the log, the next hop, forwarding, other routes. */
import type { SipMessage } from '../../sip/message.ts'
import { parseUri } from '../../sip/uri.ts'
import type { CoreInstance } from '../core.module.ts'
import { forwardRequest } from '../forward.ts'
import { L_CRIT, L_DBG, L_ERR, L_INFO, L_NOTICE, L_WARN } from '../log.ts'
import { type KemiFunction, kemiFn, text } from '../module/index.ts'
import { codeOf } from '../routes.ts'
import { SCRIPT_DROP } from '../script-state.ts'

type Self = CoreInstance
type Rows = Record<string, KemiFunction<Self>>

const LEVELS: Readonly<Record<string, number>> = {
  dbg: L_DBG,
  info: L_INFO,
  notice: L_NOTICE,
  warn: L_WARN,
  err: L_ERR,
  crit: L_CRIT,
}

/** Scripts end their lines, and so does the log. */
function write(self: Self, level: number, line: string): null {
  self.core.log.write(level, '<core>', line.replace(/\n$/, ''))
  return null
}

const logFunctions: Rows = Object.fromEntries(
  Object.entries(LEVELS).map(([level, number]) => [
    level,
    kemiFn({
      doc: `Write a text to the log at level ${level}, as it stands.`,
      args: [text('line')],
      returns: 'none',
      run: (self: Self, _msg, line) => write(self, number, line),
    }),
  ]),
)

function forwardUri(self: Self, msg: SipMessage, wanted: string): number {
  const uri = parseUri(wanted)
  if (uri === null || !msg.isRequest) return -1
  const { core, statistics } = self
  return forwardRequest(core, statistics, msg, uri.host, uri.portNumber, uri.transport)
}

function setDrop(_self: Self, msg: SipMessage): null {
  msg.scriptState = SCRIPT_DROP
  return null
}

/** route[name] of the config, as if it were called there. */
function runRoute(self: Self, msg: SipMessage, name: string): number | Promise<number> {
  const { routes, log } = self.core
  const block = routes.find('route', name)
  if (block !== null) return codeOf(routes.run(block, msg, msg.routeType))
  log.error('<core>', `KSR.route: there is no route ${name}`)
  return -1
}

export const nodeFunctions: Rows = {
  ...logFunctions,
  log: kemiFn({
    doc: 'Write a text to the log at level dbg, info, notice, warn, err or crit.',
    args: [text('level'), text('line')],
    returns: 'none',
    run: (self: Self, _msg, level, line) => write(self, LEVELS[level] ?? L_ERR, line),
  }),
  get_debug: kemiFn({
    doc: 'The level up to which lines are written to the log.',
    args: [],
    returns: 'int',
    run: (self: Self) => self.core.log.threshold,
  }),
  set_drop: kemiFn({
    doc: 'Drop the message (a reply, a branch) when the script ends.',
    args: [],
    returns: 'none',
    run: setDrop,
  }),
  route: kemiFn({
    doc: 'Run a route of the config and give what it returned.',
    args: [text('name')],
    returns: 'int',
    waits: true,
    run: runRoute,
  }),
  forward: kemiFn({
    doc: 'Send the request on without state, to its next hop.',
    args: [],
    returns: 'int',
    run: ({ core, statistics }: Self, msg) =>
      msg.isRequest ? forwardRequest(core, statistics, msg, '', 0, 0) : -1,
  }),
  forward_uri: kemiFn({
    doc: 'Send the request on without state to this URI.',
    args: [text('uri')],
    returns: 'int',
    run: forwardUri,
  }),
  setdsturi: kemiFn({
    doc: 'Set the next hop ($du).',
    args: [text('uri')],
    returns: 'bool',
    run: (_self: Self, msg, uri) => {
      msg.setDstUri(uri)
      return true
    },
  }),
  resetdsturi: kemiFn({
    doc: 'Forget the next hop that was set.',
    args: [],
    returns: 'bool',
    run: (_self: Self, msg) => {
      msg.dstUri = ''
      return true
    },
  }),
  isdsturiset: kemiFn({
    doc: 'Is a next hop set?',
    args: [],
    returns: 'bool',
    run: (_self: Self, msg) => msg.dstUri !== '',
  }),
}
