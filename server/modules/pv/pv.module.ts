/** The surface of pv: the variables, transformations and functions that most scripts use. */
import { pv } from '../../../rpc/contract/pv.ts'
import { defineModule, eachParam } from '../../core/module/index.ts'
import { kemi } from './functions/kemi.ts'
import { functions } from './functions/table.ts'
import { Pv } from './pv.ts'
import { shvGet, shvSet } from './rpc.ts'
import { readAliases, readSetting } from './settings.ts'
import { codecTransformations } from './transformations/codec.ts'
import { lineTransformations } from './transformations/line.ts'
import { newerTransformations } from './transformations/newer.ts'
import {
  nameAddressTransformations,
  toBodyTransformations,
} from './transformations/name-address.ts'
import { paramTransformations } from './transformations/params.ts'
import { stringTransformations } from './transformations/string.ts'
import { aliasTransformations, uriTransformations } from './transformations/uri.ts'
import { numberTransformations, valueTransformations } from './transformations/value.ts'
import { addressVariables } from './variables/addresses.ts'
import { authVariables } from './variables/auth.ts'
import { branchVariables } from './variables/branches.ts'
import { escapeVariables } from './variables/escapes.ts'
import { flagVariables } from './variables/flags.ts'
import { messageVariables } from './variables/message.ts'
import { nodeVariables } from './variables/node.ts'
import { requestUriVariables } from './variables/request-uri.ts'
import { sendingVariables } from './variables/sending.ts'
import { timeVariables } from './variables/time.ts'
import { transportVariables } from './variables/transport.ts'
import { userVariables } from './variables/user.ts'
import { viaVariables } from './variables/vias.ts'
import { xavpVariables } from './variables/xavps.ts'

export const params = {
  shvset: eachParam({
    doc: 'Sets a shared variable: name=i:1 or name=s:text.',
    parse: readSetting,
  }),
  varset: eachParam({
    doc: 'Sets a script variable: name=i:1 or name=s:text.',
    parse: readSetting,
  }),
  avp_aliases: eachParam({
    doc: 'Other names of AVPs: email=s:email_addr;tmp=i:100.',
    parse: readAliases,
  }),
}

export default defineModule({
  name: 'pv',
  doc: 'Variables of message, node and script, and transformations of their values.',
  needs: {},
  params,
  instance: Pv,
  functions,
  kemi,
  pvars: {
    ...requestUriVariables,
    ...addressVariables,
    ...transportVariables,
    ...sendingVariables,
    ...messageVariables,
    ...viaVariables,
    ...authVariables,
    ...branchVariables,
    ...flagVariables,
    ...timeVariables,
    ...nodeVariables,
    ...escapeVariables,
    ...userVariables,
    ...xavpVariables,
  },
  transformations: {
    s: { ...stringTransformations, ...codecTransformations, ...newerTransformations },
    nameaddr: nameAddressTransformations,
    uri: uriTransformations,
    param: paramTransformations,
    tobody: toBodyTransformations,
    line: lineTransformations,
    urialias: aliasTransformations,
    val: valueTransformations,
    num: numberTransformations,
  },
  rpc: { contract: pv, handlers: { 'pv.shvGet': shvGet, 'pv.shvSet': shvSet } },
})
