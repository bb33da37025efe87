// Everything ipops offers to a config is named here.
import {
  type ConfigFunction,
  defineModule,
  fn,
  format,
  inKemi,
  int,
  since6,
  writablePvar,
} from '../../core/module/index.ts'
import { ANY_ROUTE } from '../../core/route-bits.ts'
import { AF_INET, AF_INET6 } from '../../lib/ip.ts'
import type { SipMessage } from '../../sip/message.ts'
import * as run from './functions.ts'
import { Ipops } from './ipops.ts'
import * as queries from './queries.ts'
import { variables } from './variables.ts'

type Row = ConfigFunction<Ipops>

const routes = ANY_ROUTE

const ask = (doc: string, verb: (self: Ipops, msg: SipMessage, ip: string) => number): Row =>
  fn({ doc, args: [format('ip')], routes, run: verb })

const compare = (
  doc: string,
  verb: (self: Ipops, msg: SipMessage, a: string, b: string) => number,
): Row => fn({ doc, args: [format('ip1'), format('ip2')], routes, run: verb })

const detailed = (doc: string, family: number): Row =>
  fn({
    doc,
    args: [format('ip'), writablePvar('variable')],
    routes,
    run: run.detailedType(family),
  })

const query = (
  doc: string,
  asked: string,
  verb: (self: Ipops, msg: SipMessage, name: string, other: string) => number | Promise<number>,
  other = 'id',
): Row => fn({ doc, args: [format(asked), format(other)], routes, waits: true, run: verb })

const addressFunctions: Record<string, Row> = {
  is_ip: ask('Is it an address, IPv6 with or without brackets?', run.isIp),
  is_pure_ip: ask('Is it an address without brackets?', run.isPureIp),
  is_ipv4: inKemi('is_ip4', ask('Is it an IPv4 address?', run.isIpv4Text)),
  is_ipv6: inKemi('is_ip6', ask('Is it an IPv6 address without brackets?', run.isIpv6Text)),
  is_ipv6_reference: inKemi(
    'is_ip6_reference',
    ask('Is it an IPv6 address in brackets?', run.isIpv6Reference),
  ),
  is_ip_rfc1918: ask('Is it a private IPv4 address?', run.isPrivateIp),
  ip_type: ask('1 for IPv4, 2 for IPv6, 3 for IPv6 in brackets.', run.ipType),
  detailed_ip_type: detailed('Put what an address is for into a variable.', 0),
  detailed_ipv4_type: detailed('The same for IPv4 only.', AF_INET),
  detailed_ipv6_type: detailed('The same for IPv6 only.', AF_INET6),
  compare_ips: compare('Are two addresses the same, however they are written?', run.compare),
  compare_pure_ips: compare('The same without brackets.', run.comparePure),
  is_in_subnet: fn({
    doc: 'Is an address in one of these networks?',
    kemi: 'is_in_subnet ip_is_in_subnet',
    args: [format('ip'), format('networks')],
    routes,
    run: run.isInSubnet,
  }),
}

const nameFunctions: Record<string, Row> = {
  dns_query: query('Ask for the addresses of a host: $dns(id=>...).', 'host', queries.queryHost),
  srv_query: query('Ask for services: $srvquery(id=>...).', 'name', queries.querySrv),
  naptr_query: query('Ask for NAPTR records: $naptrquery(id=>...).', 'name', queries.queryNaptr),
  ptr_query: since6(
    query('Ask for the name of an address: $ptrquery(id=>hostname).', 'ip', queries.queryPtr),
  ),
  dns_int_match_ip: query('Does a host have this address?', 'host', queries.matchHost, 'ip'),
  dns_sys_match_ip: query('The same.', 'host', queries.matchHost, 'ip'),
  dns_set_local_ttl: fn({
    doc: 'Does nothing: answers live as long as name servers say.',
    args: [int('seconds')],
    routes,
    run: () => 1,
  }),
}

export default defineModule({
  name: 'ipops',
  doc: 'Looks at addresses and asks name servers.',
  needs: {},
  params: {},
  instance: Ipops,
  functions: { ...addressFunctions, ...nameFunctions },
  pvars: { ...variables, ptrquery: since6(variables.ptrquery!) },
})
