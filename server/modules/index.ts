/**
 * The modules of this build: Kamailio's name -> a lazy import, so that a node loads only what its
 * config asks for.
 */
import type { AnyModule } from '../core/module.ts'

type Loader = () => Promise<{ default: AnyModule }>

export const modules: Readonly<Record<string, Loader>> = {
  acc: () => import('./acc/acc.module.ts'),
  app_jsdt: () => import('./app_jsdt/app_jsdt.module.ts'),
  app_lua: () => import('./app_lua/app_lua.module.ts'),
  blst: () => import('./blst/blst.module.ts'),
  benchmark: () => import('./benchmark/benchmark.module.ts'),
  cfg_rpc: () => import('./cfg_rpc/cfg_rpc.module.ts'),
  cfgutils: () => import('./cfgutils/cfgutils.module.ts'),
  corex: () => import('./corex/corex.module.ts'),
  counters: () => import('./counters/counters.module.ts'),
  ctl: () => import('./ctl/ctl.module.ts'),
  htable: () => import('./htable/htable.module.ts'),
  ipops: () => import('./ipops/ipops.module.ts'),
  jansson: () => import('./jansson/jansson.module.ts'),
  json: () => import('./json/json.module.ts'),
  jsonrpcs: () => import('./jsonrpcs/jsonrpcs.module.ts'),
  kemix: () => import('./kemix/kemix.module.ts'),
  kex: () => import('./kex/kex.module.ts'),
  maxfwd: () => import('./maxfwd/maxfwd.module.ts'),
  mqueue: () => import('./mqueue/mqueue.module.ts'),
  outbound: () => import('./outbound/outbound.module.ts'),
  path: () => import('./path/path.module.ts'),
  pv: () => import('./pv/pv.module.ts'),
  regex: () => import('./regex/regex.module.ts'),
  registrar: () => import('./registrar/registrar.module.ts'),
  rr: () => import('./rr/rr.module.ts'),
  rtimer: () => import('./rtimer/rtimer.module.ts'),
  sanity: () => import('./sanity/sanity.module.ts'),
  sdpops: () => import('./sdpops/sdpops.module.ts'),
  siputils: () => import('./siputils/siputils.module.ts'),
  sl: () => import('./sl/sl.module.ts'),
  statistics: () => import('./statistics/statistics.module.ts'),
  textops: () => import('./textops/textops.module.ts'),
  textopsx: () => import('./textopsx/textopsx.module.ts'),
  tls: () => import('./tls/tls.module.ts'),
  tm: () => import('./tm/tm.module.ts'),
  tmx: () => import('./tmx/tmx.module.ts'),
  topoh: () => import('./topoh/topoh.module.ts'),
  uac: () => import('./uac/uac.module.ts'),
  usrloc: () => import('./usrloc/usrloc.module.ts'),
  websocket: () => import('./websocket/websocket.module.ts'),
  xhttp: () => import('./xhttp/xhttp.module.ts'),
  xlog: () => import('./xlog/xlog.module.ts'),
}
