/** do_routing() and use_next_gw(): the request URI of the gateway that is next. */
import { type AvpStore, avpsOf } from '../../core/avp.ts'
import type { Verdict } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { SipUri } from '../../sip/uri.ts'
import type { Drouting } from './drouting.ts'
import type { Gateway, Rule } from './routing-data.ts'

/** Orders of the gateways of a rule. */
const SHUFFLED = 1
const ONE_OF_EACH = 2

export function doRouting(
  self: Drouting,
  msg: SipMessage,
  group?: number,
): Verdict | Promise<Verdict> {
  if (group !== undefined) return routeFor(self, msg, group)
  return self.groupOf(msg).then(found => (found === null ? -1 : routeFor(self, msg, found)))
}

function routeFor(self: Drouting, msg: SipMessage, group: number): Verdict | Promise<Verdict> {
  const uri = msg.sipUri
  const data = self.routing.current
  if (data.rules === 0) {
    self.error('empty ruting table')
    return -1
  }
  if (uri === null) {
    self.error('unable to parse RURI')
    return -1
  }
  const rule = data.find(group, uri.user, self.core.clock.now())
  if (rule === null) return -1
  const block = rule.route === '' ? null : self.block(rule.route)
  const end = block === null ? 1 : self.core.routes.run(block, msg, msg.routeType)
  // An exit in there ends that route alone; only a failure keeps the call from its gateway.
  if (typeof end === 'number') return end < 0 ? -1 : takeGateways(self, msg, rule)
  return end.then(({ code }) => (code < 0 ? -1 : takeGateways(self, msg, rule)))
}

function takeGateways(self: Drouting, msg: SipMessage, rule: Rule): Verdict {
  const avps = avpsOf(msg)
  const uri = msg.sipUri
  if (uri === null) return -1
  avps.deleteAll(self.uriAvp)
  const [first, ...others] = ordered(self, rule)
  for (const gateway of others.toReversed()) {
    const made = uriFor(self, uri, gateway)
    if (made === null) {
      self.error('failed to build avp ruri')
      return -1
    }
    avps.push(self.uriAvp, made)
    avps.push(self.attrsAvp, gateway.attributes)
  }
  avps.push(self.attrsAvp, first!.attributes)
  const made = uriFor(self, uri, first!)
  if (made === null) {
    self.error('failed to build ruri')
    return -1
  }
  msg.setUri(made)
  return 1
}

/** As the rule has them; or each group shuffled; or one of each group. */
function ordered({ config, core }: Drouting, { gateways }: Rule): Gateway[] {
  if (config.sort_order !== SHUFFLED && config.sort_order !== ONE_OF_EACH) return gateways.flat()
  return gateways.flatMap(group => {
    const left = [...group]
    const taken: Gateway[] = []
    const most = config.sort_order === ONE_OF_EACH ? 1 : group.length
    while (taken.length < most) taken.push(...left.splice(core.random.uint32() % left.length, 1))
    return taken
  })
}

/** null, and the log says why, when nothing of the user is left. */
function uriFor(self: Drouting, uri: SipUri, gateway: Gateway): string | null {
  if (uri.user.length <= gateway.strip) {
    self.error(`stripping ${gateway.strip} makes username <${uri.user}> null`)
    return null
  }
  const user = gateway.prefix + uri.user.slice(gateway.strip)
  const password = uri.password === '' ? '' : `:${uri.password}`
  const params = uri.params
    .split(';')
    .filter(param => param !== '' && param.toLowerCase() !== 'user=phone')
    .map(param => `;${param}`)
  const headers = uri.headers === '' ? '' : `?${uri.headers}`
  return `sip:${user}${password}@${gateway.address}${params.join('')}${headers}`
}

export function useNextGateway(self: Drouting, msg: SipMessage): Verdict {
  const avps: AvpStore = avpsOf(msg)
  const uri = avps.get(self.uriAvp)
  if (typeof uri !== 'string') return -1
  avps.pop(self.uriAvp)
  avps.pop(self.attrsAvp)
  msg.setUri(uri)
  return 1
}
