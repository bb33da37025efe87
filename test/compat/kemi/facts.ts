// What is recorded of the real Kamailio's KSR, and with which modules.
import { resolve } from 'node:path'

export const FOLDER = resolve('test/compat/kemi')
export const SERVER_PORT = 25960

/** Modules of Kamailio that both have; each brings its functions. */
export const MODULES =
  'jsonrpcs ctl kex corex tm tmx sl rr pv maxfwd usrloc registrar textops textopsx siputils xlog'
    .concat(' sanity cfg_rpc acc counters xhttp kemix')
    .split(' ')
