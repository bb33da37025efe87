/** Every method that this version knows, and the types of its parameters and result. */
import type { Methods, ParamsOf, ResultOf, TypeOf } from '../schema.ts'
import { appJsdt } from './app_jsdt.ts'
import { appLua } from './app_lua.ts'
import { authXkeys } from './auth_xkeys.ts'
import { benchmark } from './benchmark.ts'
import { cfg } from './cfg.ts'
import { cfgutils } from './cfgutils.ts'
import { cnt } from './cnt.ts'
import { core } from './core.ts'
import { corex } from './corex.ts'
import { ctl } from './ctl.ts'
import { dbg } from './dbg.ts'
import { dialplan } from './dialplan.ts'
import { dispatcher } from './dispatcher.ts'
import { dbcl } from './dbcl.ts'
import { dbText } from './db_text.ts'
import { dlg } from './dlg.ts'
import { dns } from './dns.ts'
import { domain } from './domain.ts'
import { drouting } from './drouting.ts'
import { dstBlocklist } from './dst_blocklist.ts'
import { flatstore } from './flatstore.ts'
import { httpclient } from './httpclient.ts'
import { htable } from './htable.ts'
import { jsonrpc } from './jsonrpc.ts'
import { keepalive } from './keepalive.ts'
import { mod } from './mod.ts'
import { mqueue } from './mqueue.ts'
import { mtree } from './mtree.ts'
import { ohana, type subscribeOptions, type Topic, type topics } from './ohana.ts'
import { ohanaCfg } from './ohana_cfg.ts'
import { ohanaSpool } from './ohana_spool.ts'
import { ohanaDb } from './ohana_db.ts'
import { pdt } from './pdt.ts'
import { permissions } from './permissions.ts'
import { pike } from './pike.ts'
import { pkg } from './pkg.ts'
import { pv } from './pv.ts'
import { shm } from './shm.ts'
import { regex } from './regex.ts'
import { sl } from './sl.ts'
import { stats } from './stats.ts'
import { system } from './system.ts'
import { tls } from './tls.ts'
import { tm } from './tm.ts'
import { uac } from './uac.ts'
import { ul } from './ul.ts'
import { pl } from './pl.ts'
import { rl } from './rl.ts'
import { secfilter } from './secfilter.ts'
import { userblocklist } from './userblocklist.ts'
import { xhttpProm } from './xhttp_prom.ts'
import { ws } from './ws.ts'

export const contract = {
  ...system,
  ...core,
  ...dbcl,
  ...dbText,
  ...dlg,
  ...dns,
  ...dstBlocklist,
  ...appJsdt,
  ...appLua,
  ...cfg,
  ...cnt,
  ...stats,
  ...keepalive,
  ...mod,
  ...pkg,
  ...shm,
  ...corex,
  ...ctl,
  ...jsonrpc,
  ...tls,
  ...tm,
  ...sl,
  ...uac,
  ...ul,
  ...ws,
  ...xhttpProm,
  ...pv,
  ...authXkeys,
  ...benchmark,
  ...regex,
  ...mqueue,
  ...mtree,
  ...cfgutils,
  ...flatstore,
  ...htable,
  ...httpclient,
  ...dbg,
  ...dialplan,
  ...dispatcher,
  ...drouting,
  ...pike,
  ...pdt,
  ...permissions,
  ...domain,
  ...userblocklist,
  ...secfilter,
  ...rl,
  ...pl,
  ...ohana,
  ...ohanaCfg,
  ...ohanaDb,
  ...ohanaSpool,
}
export type Contract = typeof contract
export type MethodName = keyof Contract
export type Params<N extends MethodName> = ParamsOf<Contract[N]>
export type Result<N extends MethodName> = ResultOf<Contract[N]>

/** The row of a method by a name that may be unknown. */
export const methodOf = (name: string): Methods[string] | undefined =>
  Object.hasOwn(contract, name) ? (contract as Methods)[name] : undefined

export type { Topic }
export type TopicData<T extends Topic> = TypeOf<(typeof topics)[T]>
export type SubscribeOptions = TypeOf<typeof subscribeOptions>
/**
 * What arrives for a subscription: the news, or how many were left out because the reader was slow.
 */
export type TopicEvent<T extends Topic> =
  | { readonly data: TopicData<T> }
  | { readonly dropped: number }
