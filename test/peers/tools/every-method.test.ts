// Every method of the contract is called once on a node with Debian's configuration, over HTTP (and
// our own ones over the Unix socket too), and its reply has the shape that the contract says. With
// OHANA_PEER_SERVER=kamailio the contract itself is held against the original.
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkValue } from '../../../rpc/check.ts'
import type { Client } from '../../../rpc/client/client.ts'
import { connect } from '../../../rpc/client/connect.ts'
import { contract, type MethodName } from '../../../rpc/contract/index.ts'
import type { Fault } from '../../../rpc/faults.ts'
import type { ShapeNode } from '../../../rpc/schema.ts'
import { KAMAILIO, type SipServer, startServer } from '../../kit/server.ts'

let server: SipServer
let http: Client
let own: Client | null = null

beforeAll(async () => {
  server = await startServer({ defines: ['WITH_JSONRPC'] })
  http = await connect(`http://${server.address}/RPC`, { timeoutMs: 8000 })
  if (!KAMAILIO) own = await connect(`unix:${join(server.folder, 'ohana_rpc.sock')}`)
})
afterAll(async () => {
  await http?.close()
  await own?.close()
  await server?.stop()
})

const uac = (): unknown[] => {
  const from = `From: <sip:rpc@127.0.0.1>;tag=1\r\nTo: <sip:${server.address}>\r\n`
  return ['OPTIONS', `sip:${server.address}`, '.', '.', from]
}
const contact = ['location', 'dave', 'sip:dave@127.0.0.1:5071'] as const
const disabled = 'dst blocklist support disabled'

/** What to call with, and the fault where that is the right answer. */
type Call = { params?: () => unknown[]; fault?: [number, string]; ours?: [number, string] }
const given = (...params: unknown[]): Call => ({ params: () => params })
const refused = (code: number, text: string, ...params: unknown[]): Call => ({
  params: () => params,
  fault: [code, text],
})
const CALLS: Partial<Record<MethodName, Call>> = {
  'system.methodHelp': given('core.uptime'),
  'system.methodSignature': refused(500, 'Not Implemented Yet', 'core.uptime'),
  'core.kill': given(0),
  'core.prints': given('a', 'b'),
  'core.printi': given(1, 2),
  'core.echo': given('a', 1),
  'dns.mem_info': given(),
  'dns.debug': given(),
  'dns.debug_all': given(),
  'dns.view': given(),
  'dns.lookup': { ...given('A', 'nosuch.invalid'), fault: [400, 'Not found'] },
  'dns.delete_all': given(),
  'dns.delete_all_force': given(),
  'dns.add_a': given('a.example.org', 60, '127.0.0.1', 0),
  'dns.add_aaaa': given('a.example.org', 60, '::1', 0),
  'dns.add_srv': given('_sip._udp.example.org', 60, 1, 1, 5060, 'a.example.org', 0),
  'dns.delete_a': given('a.example.org'),
  'dns.delete_aaaa': { ...given('b.example.org'), fault: [400, 'Not found'] },
  'dns.delete_srv': given('_sip._udp.example.org'),
  'dns.delete_naptr': { ...given('example.org'), fault: [400, 'Not found'] },
  'dns.delete_cname': { ...given('example.org'), fault: [400, 'Not found'] },
  'dns.delete_txt': { ...given('example.org'), fault: [400, 'Not found'] },
  'dns.delete_ebl': { ...given('example.org'), fault: [400, 'Not found'] },
  'dns.delete_ptr': { ...given('example.org'), fault: [400, 'Not found'] },
  'dst_blocklist.mem_info': refused(500, disabled),
  'dst_blocklist.debug': refused(500, disabled),
  'dst_blocklist.view': refused(500, disabled),
  'dst_blocklist.delete_all': refused(500, disabled),
  'dst_blocklist.add': refused(500, disabled, '127.0.0.1', 5060, 1, 0),
  'cfg.set': given('maxfwd', 'max_limit', 60),
  'cfg.set_now_int': given('maxfwd', 'max_limit', 61),
  'cfg.seti': given('maxfwd', 'max_limit', 62),
  'cfg.set_now_string': given('tm', 'default_reason', 'Oh'),
  'cfg.sets': given('tm', 'default_reason', 'Server Internal Error'),
  'cfg.add_group_inst': given('maxfwd[1]'),
  'cfg.del': given('maxfwd[1]', 'max_limit'),
  'cfg.reset': given('maxfwd'),
  'cfg.del_group_inst': given('maxfwd[1]'),
  'cfg.set_delayed': given('maxfwd', 'max_limit', 63),
  'cfg.set_delayed_int': given('maxfwd', 'max_limit', 64),
  'cfg.set_delayed_string': given('tm', 'default_reason', 'Oh'),
  'cfg.del_delayed': refused(400, 'Wrong group syntax. Use "group[id]"', 'maxfwd', 'max_limit'),
  'cfg.get': given('maxfwd', 'max_limit'),
  'cfg.help': given('maxfwd', 'max_limit'),
  'cnt.get': given('core', 'rcv_requests'),
  'cnt.reset': given('core', 'rcv_replies'),
  'cnt.get_raw': given('core', 'rcv_requests'),
  'cnt.list_vars': given('core'),
  'cnt.var_list': given('core'),
  'cnt.get_vars': given('core'),
  'cnt.grp_get_all': given('core'),
  'cnt.help': given('core', 'rcv_requests'),
  'stats.get_statistics': given('all'),
  'stats.fetch': given('sl:'),
  'stats.fetchn': given('all'),
  'stats.reset_statistics': given('rcv_replies'),
  'stats.clear_statistics': given('rcv_replies'),
  'mod.stats': given('tm', 'pkg'),
  'mod.mem_stats': given('tm', 'shm'),
  'mod.mem_statsx': given('tm', 'pkg'),
  'corex.pkg_summary': refused(500, 'Unsupported selector', 'nosuch', 1),
  'ctl.who': refused(606, 'rpc available only over binrpc (ctl)'),
  'ctl.connections': refused(606, 'rpc available only over binrpc (ctl)'),
  'jsonrpc.echo': given('a', 1),
  'tm.hash_stats': refused(
    500,
    'Hash statistics not supported (tryrecompiling with -DTM_HASH_STATS)',
  ),
  'tm.cancel': refused(400, 'Transaction not found', 'nosuch', '1'),
  'tm.reply': refused(481, 'No such transaction', 200, 'OK', '1:1', 'tag'),
  'tm.reply_callid': refused(404, 'Transaction not found', 200, 'OK', 'nosuch', '1', 'tag'),
  'tm.t_uac_start': { params: uac },
  'tm.t_uac_wait': { params: uac },
  'tm.t_uac_wait_block': { params: uac },
  'ul.add': given(...contact, 60, 0.5, '.', 0, 0, 15),
  'ul.lookup': given('location', 'dave'),
  'ul.rm_contact': given(...contact),
  'ul.rm': given('location', 'dave'),
  'ul.db_users': refused(500, 'Command is not supported in db_mode=0', 'location'),
  'ul.db_contacts': refused(500, 'Command is not supported in db_mode=0', 'location'),
  'ul.db_expired_contacts': refused(500, 'Command is not supported in db_mode=0', 'location'),
  'ohana.contacts': given('location'),
  'pv.shvGet': {},
  'pv.shvSet': refused(404, 'Variable not found', 'nosuch', 'int', 1),
  'ohana.trace.find': given({ limit: 3 }),
  'ohana.trace.enable': given(1),
  'ohana.subscribe': given('log'),
  'ohana.unsubscribe': given(1),
}

/** Those that must follow others: a contact is looked up after it was added. */
const LATE: MethodName[] = ['ul.lookup', 'ul.rm_contact', 'ul.rm', 'cfg.del', 'cfg.del_group_inst']
/** Of modules that Debian's configuration does not load: their own tests call them. */
const ELSEWHERE = [
  'app_jsdt',
  'app_lua',
  'auth_xkeys_',
  'benchmark',
  'cfgutils',
  'db_text',
  'dbcl',
  'dbg',
  'dialplan',
  'dispatcher',
  'dlg',
  'domain',
  'drouting',
  'flatstore',
  'htable',
  'httpclient',
  'keepalive',
  'mqueue',
  'mtree',
  'pdt',
  'permissions',
  'pike',
  'pl',
  'regex',
  'rl',
  'secfilter',
  'tls',
  'uac',
  'userblocklist',
  'ws',
  'xhttp_prom',
]
const names = (Object.keys(contract) as MethodName[]).filter(
  name => name !== 'ohana.dialogs' && !ELSEWHERE.includes(name.slice(0, name.indexOf('.'))),
)
const methods = [...names.filter(name => !LATE.includes(name)), ...LATE]

async function check(client: Client, name: MethodName): Promise<void> {
  const { params = () => [], fault, ours } = CALLS[name] ?? {}
  const wanted = KAMAILIO ? fault : (ours ?? fault)
  type Untyped = { call(name: string, ...params: unknown[]): Promise<unknown> }
  try {
    const value = await (client as Untyped).call(name, ...params())
    expect(wanted, 'a fault was expected').toBeUndefined()
    expect(checkValue(contract[name].result as ShapeNode, value)).toBeNull()
  } catch (error) {
    if ((error as Error).name !== 'Fault') throw error
    const { code, message } = error as Fault
    expect([code, message]).toEqual(wanted)
  }
}

describe('over HTTP', () => {
  const overHttp = methods.filter(name => !name.startsWith('ohana.'))
  test.for(overHttp)('%s', name => check(http, name))
})

describe.skipIf(KAMAILIO)('over the Unix socket', () => {
  test.for(methods)('%s', name => check(own!, name))
})
