/** All tables of Kamailio and the one of ours, by the module that owns them. */
import type { TableDeclaration } from '../table.ts'
import { acc, accCdrs, missedCalls } from './acc.ts'
import { dbaliases } from './alias_db.ts'
import { subscriber } from './auth_db.ts'
import { usrPreferences } from './avpops.ts'
import { carrierroute, carrierfailureroute, carrierName, domainName } from './carrierroute.ts'
import { cpl } from './cpl.ts'
import { dialog, dialogVars } from './dialog.ts'
import { dialplan } from './dialplan.ts'
import { dispatcher } from './dispatcher.ts'
import { domain, domainAttrs } from './domain.ts'
import { domainpolicy } from './domainpolicy.ts'
import { drGateways, drRules, drGwLists, drGroups } from './drouting.ts'
import { grp, reGrp } from './group.ts'
import { htable } from './htable.ts'
import { imcRooms, imcMembers } from './imc.ts'
import { lcrGw, lcrRuleTarget, lcrRule } from './lcr.ts'
import { matrix } from './matrix.ts'
import { mohqcalls, mohqueues } from './mohqueue.ts'
import { silo } from './msilo.ts'
import { mtree, mtrees } from './mtree.ts'
import { ohanaSpool } from './ohana.ts'
import { pdt } from './pdt.ts'
import { trusted, address } from './permissions.ts'
import { plPipes } from './pipelimit.ts'
import { presentity, activeWatchers, watchers, xcap, pua } from './presence.ts'
import { purplemap } from './purple.ts'
import { aliases } from './registrar.ts'
import { rlsPresentity, rlsWatchers } from './rls.ts'
import { rtpengine } from './rtpengine.ts'
import { rtpproxy } from './rtpproxy.ts'
import { scaSubscriptions } from './sca.ts'
import { secfilter } from './secfilter.ts'
import { sipTrace } from './siptrace.ts'
import { speedDial } from './speeddial.ts'
import { version } from './standard.ts'
import { toposD, toposT } from './topos.ts'
import { uacreg } from './uac.ts'
import { uidCredentials } from './uid_auth_db.ts'
import { uidUserAttrs } from './uid_avp_db.ts'
import { uidDomain, uidDomainAttrs } from './uid_domain.ts'
import { uidGlobalAttrs } from './uid_gflags.ts'
import { uidUri, uidUriAttrs } from './uid_uri_db.ts'
import { uri } from './uri_db.ts'
import { userblocklist, globalblocklist } from './userblocklist.ts'
import { location, locationAttrs } from './usrloc.ts'

/** Named as `kamdbctl add-tables` names its groups. */
export const TABLES_OF: Readonly<Record<string, readonly TableDeclaration[]>> = {
  acc: [acc, accCdrs, missedCalls],
  alias_db: [dbaliases],
  auth_db: [subscriber],
  avpops: [usrPreferences],
  carrierroute: [carrierroute, carrierfailureroute, carrierName, domainName],
  cpl: [cpl],
  dialog: [dialog, dialogVars],
  dialplan: [dialplan],
  dispatcher: [dispatcher],
  domain: [domain, domainAttrs],
  domainpolicy: [domainpolicy],
  drouting: [drGateways, drRules, drGwLists, drGroups],
  group: [grp, reGrp],
  htable: [htable],
  imc: [imcRooms, imcMembers],
  lcr: [lcrGw, lcrRuleTarget, lcrRule],
  matrix: [matrix],
  mohqueue: [mohqcalls, mohqueues],
  msilo: [silo],
  mtree: [mtree, mtrees],
  ohana: [ohanaSpool],
  pdt: [pdt],
  permissions: [trusted, address],
  pipelimit: [plPipes],
  presence: [presentity, activeWatchers, watchers, xcap, pua],
  purple: [purplemap],
  registrar: [aliases],
  rls: [rlsPresentity, rlsWatchers],
  rtpengine: [rtpengine],
  rtpproxy: [rtpproxy],
  sca: [scaSubscriptions],
  secfilter: [secfilter],
  siptrace: [sipTrace],
  speeddial: [speedDial],
  standard: [version],
  topos: [toposD, toposT],
  uac: [uacreg],
  uid_auth_db: [uidCredentials],
  uid_avp_db: [uidUserAttrs],
  uid_domain: [uidDomain, uidDomainAttrs],
  uid_gflags: [uidGlobalAttrs],
  uid_uri_db: [uidUri, uidUriAttrs],
  uri_db: [uri],
  userblocklist: [userblocklist, globalblocklist],
  usrloc: [location, locationAttrs],
}
