/** The instance: RADIUS servers tell of callers, callees, groups and URIs. */
import type { Core } from '../../core/core.ts'
import type { ConfigOf, ModuleEnv, Verdict } from '../../core/module/index.ts'
import { Radius } from '../../core/radius.ts'
import {
  type Answer,
  ask,
  ExtraAttributes,
  noteAttributes,
  noteSipAvps,
  Question,
} from '../../core/radius-question.ts'
import type { RadiusClient } from '../../lib/radius/client.ts'
import type { AttributeName } from '../../lib/radius/dictionary.ts'
import type { SipMessage } from '../../sip/message.ts'
import { parseUri, type SipUri } from '../../sip/uri.ts'
import type { params } from './misc_radius.module.ts'

/** A kind of question: its Service-Type, and what a parameter adds to it. */
interface Kind {
  readonly service: number
  readonly extras: ExtraAttributes
}

export class MiscRadius {
  private readonly core: Core
  private readonly config: ConfigOf<typeof params>
  private readonly radius: Radius
  private readonly user: AttributeName
  private readonly serviceType: AttributeName
  private readonly group: AttributeName
  /** Only asked for with use_sip_uri_host. */
  private readonly host: AttributeName | null
  private readonly kinds: Record<'caller' | 'callee' | 'group' | 'uri', Kind>
  private client: RadiusClient | null = null

  constructor({ config, core }: ModuleEnv<typeof params, {}>) {
    this.core = core
    this.config = config
    const radius = new Radius(config.radius_config, 'misc_radius')
    this.radius = radius
    this.user = radius.attribute('User-Name')
    this.serviceType = radius.attribute('Service-Type')
    this.group = radius.attribute('Sip-Group')
    this.host = config.use_sip_uri_host === 0 ? null : radius.attribute('SIP-URI-Host')
    const kind = (name: 'caller' | 'callee' | 'group' | 'uri', value: string): Kind => {
      const given = config[`${name}_service_type`]
      return {
        service: given >= 0 ? given : radius.value('Service-Type', value),
        extras: new ExtraAttributes(config[`${name}_extra`], `misc_radius: ${name}_extra`, radius),
      }
    }
    this.kinds = {
      caller: kind('caller', 'SIP-Caller-AVPs'),
      callee: kind('callee', 'SIP-Callee-AVPs'),
      group: kind('group', 'Group-Check'),
      uri: kind('uri', 'Call-Check'),
    }
  }

  async start(): Promise<void> {
    for (const { extras } of Object.values(this.kinds)) extras.compile(this.core)
    this.client = await this.radius.connect(this.core, this.radius.config.authentication)
  }

  stop(): void {
    this.client?.close()
  }

  /** radius_load_caller_avps, radius_load_callee_avps. */
  load(msg: SipMessage, kind: 'caller' | 'callee', user: string): Promise<Verdict> {
    const { radius } = this
    const note = (answer: Answer): void => {
      if (this.config.common_response !== 0) noteAttributes(radius, msg, answer)
      else if (answer.accepted) noteSipAvps(radius, msg, answer)
    }
    return this.ask(msg, this.kinds[kind], note, question => question.add(this.user, user))
  }

  /** radius_is_user_in. */
  isUserIn(msg: SipMessage, user: string, group: string): Promise<Verdict> {
    return this.ask(msg, this.kinds.group, this.noting(msg), question => {
      question.add(this.user, user)
      question.add(this.group, group)
    })
  }

  /** radius_does_uri_exist. */
  doesUriExist(msg: SipMessage, text: string | undefined): Verdict | Promise<Verdict> {
    const uri: SipUri | null = text === undefined ? msg.sipUri : parseUri(text)
    if (uri === null) {
      this.core.log.error('misc_radius', 'radius_does_uri_exist: the URI cannot be read')
      return -1
    }
    return this.ask(msg, this.kinds.uri, this.noting(msg), question => {
      question.add(this.user, this.host === null ? `${uri.user}@${uri.host}` : uri.user)
      if (this.host !== null) question.add(this.host, uri.host)
    })
  }

  /** radius_does_uri_user_exist. */
  doesUserExist(msg: SipMessage, text: string | undefined): Verdict | Promise<Verdict> {
    const user = text ?? msg.sipUri?.user
    if (user === undefined) {
      this.core.log.error('misc_radius', 'radius_does_uri_user_exist: the URI cannot be read')
      return -1
    }
    return this.ask(msg, this.kinds.uri, this.noting(msg), question =>
      question.add(this.user, user),
    )
  }

  private noting(msg: SipMessage): (answer: Answer) => void {
    return answer => {
      if (answer.accepted) noteSipAvps(this.radius, msg, answer)
    }
  }

  private async ask(
    msg: SipMessage,
    kind: Kind,
    note: (answer: Answer) => void,
    fill: (question: Question) => void,
  ): Promise<Verdict> {
    const question = new Question()
    fill(question)
    question.add(this.serviceType, kind.service)
    kind.extras.addTo(question, msg)
    try {
      const answer = await ask(this.client!, this.radius, question, 0)
      note(answer)
      return answer.accepted ? 1 : -1
    } catch (error) {
      this.core.log.error('misc_radius', (error as Error).message)
      return -1
    }
  }
}
