/**
 * Actions of the script for a module that wants to be told of each (the debugger): names, numbers
 * and lines are those of Kamailio's trace.
 */
import type { ScriptAction } from '../../core/module/index.ts'
import type { AssignNode, CallNode, RouteNode, Statement } from '../2-parse/ast.ts'
import type { Unit } from './unit.ts'

type Action = Exclude<Statement, { kind: 'block' | 'empty' }> | AssignNode | CallNode

/** What the core's own functions are called there; the numbers are those of its action types. */
const CORE: Readonly<Record<string, readonly [number: number, name: string]>> = {
  forward: [1, 'forward'],
  log: [3, 'log'],
  error: [4, 'error'],
  route: [5, 'route'],
  exec: [6, 'exec'],
  sethost: [7, 'sethost'],
  sethostport: [8, 'sethostport'],
  setuser: [9, 'setuser'],
  setuserpass: [10, 'setuserpass'],
  setport: [11, 'setport'],
  seturi: [12, 'seturi'],
  sethostporttrans: [13, 'sethostporttrans'],
  userphone: [15, 'setuserphone'],
  setflag: [39, 'setflag'],
  resetflag: [40, 'resetflag'],
  isflagset: [41, 'isflagset'],
  prefix: [44, 'prefix'],
  strip: [45, 'strip'],
  strip_tail: [46, 'striptail'],
  remove_branch: [48, 'unknown'],
  clear_branches: [49, 'unknown'],
  revert_uri: [50, 'reverturi'],
  force_rport: [55, 'force_rport'],
  add_local_rport: [56, 'add_local_rport'],
  set_advertised_address: [57, 'set_adv_addr'],
  set_advertised_port: [58, 'set_adv_port'],
  force_send_socket: [62, 'force_send_socket'],
  udp_mtu_try_proto: [65, 'udp_mtu_try_proto'],
  set_forward_no_connect: [66, 'set_fwd_no_connect'],
  set_reply_no_connect: [67, 'set_rpl_no_connect'],
  set_forward_close: [68, 'set_fwd_close'],
  set_reply_close: [69, 'set_rpl_close'],
}

/** Other spellings, by the first one's row. */
const SPELLED: Readonly<Record<string, string>> = {
  rewriteuri: 'seturi',
  rewritehost: 'sethost',
  seth: 'sethost',
  rewritehostport: 'sethostport',
  sethp: 'sethostport',
  rewritehostporttrans: 'sethostporttrans',
  sethpt: 'sethostporttrans',
  rewriteport: 'setport',
  setp: 'setport',
  rewriteuser: 'setuser',
  setu: 'setuser',
  rewriteuserpass: 'setuserpass',
  setup: 'setuserpass',
  add_rport: 'force_rport',
  forward_udp: 'forward',
  forward_tcp: 'forward',
  forward_tls: 'forward',
  forward_sctp: 'forward',
}

/** Of functions of modules: one more for each parameter, up to six; one for all above. */
const MODULE_FUNCTION = 24
const MOST_COUNTED = 7

/** What blocks without a name are called. */
const UNNAMED: Readonly<Record<string, string>> = {
  request: 'DEFAULT_ROUTE',
  onreply: 'DEFAULT_ONREPLY',
  failure: 'DEFAULT_FAILURE',
  branch: 'DEFAULT_BRANCH',
  onsend: 'DEFAULT_ONSEND',
}

function numbered(unit: Unit, node: Action): readonly [number: number, name: string] {
  switch (node.kind) {
    case 'call': {
      const core = CORE[SPELLED[node.name] ?? node.name]
      const isCore = unit.ctx.registry.function(node.name)?.module === 'core'
      if (core !== undefined && (isCore || node.name === 'route')) return core
      if (isCore) return [0, 'unknown']
      return [MODULE_FUNCTION + Math.min(node.args.length, MOST_COUNTED), node.name]
    }
    case 'assign':
      return [63, 'assign']
    case 'if':
      return [16, 'if']
    case 'while':
      return [23, 'while']
    case 'switch':
      return node.cases.some(each => each.regex || each.label?.kind === 'text')
        ? [22, 'case']
        : [21, 'switch']
    case 'leave':
      return [2, node.how]
    case 'break':
      return [2, 'exit']
  }
}

function lineOf({ at }: Action): number {
  const end = 'last' in at ? at.last : at
  return end.file.lineOf(Math.max(end.start, end.end - 1))
}

const routeName = (route: RouteNode | null): string =>
  route === null || route.name !== '' ? (route?.name ?? '') : (UNNAMED[route.route] ?? '')

/** The call that tells of an action; null when nobody wants to know. */
export function traceCall(unit: Unit, node: Action): string | null {
  const tracer = unit.ctx.registry.tracer()
  if (tracer === null) return null
  const trace = unit.made('trace', 'trace', env => tracer.tracer!(env.instance(tracer.name)))
  return `${trace}(m, ${actionName(unit, node)})`
}

/** A call whose time is taken, when somebody wants to know of slow ones. */
export function timedCall(unit: Unit, node: CallNode, code: string): string {
  if (!unit.manner.timed) return code
  const action = actionName(unit, node)
  return `${unit.helper('took')}(m, ${unit.helper('tick')}(), ${action}, ${code})`
}

/** The constant that says which action it is. */
export function actionName(unit: Unit, node: Action): string {
  const [number, name] = numbered(unit, node)
  const { path: file } = node.at.file
  const action: ScriptAction = {
    route: routeName(unit.current),
    file,
    line: lineOf(node),
    number,
    name,
  }
  const text = JSON.stringify(action)
  return unit.once(
    `action ${text}`,
    `action_${action.line}_${name}`,
    id => `const ${id} = ${text};`,
  )
}
