/** The instance: credentials are shown to a RADIUS server (draft-sterman-aaa-sip-00). */
import type { Core } from '../../core/core.ts'
import type { ApisOf, ConfigOf, ModuleEnv, Verdict } from '../../core/module/index.ts'
import { Radius } from '../../core/radius.ts'
import {
  ask,
  ExtraAttributes,
  noteBoth,
  noteSipAvps,
  Question,
} from '../../core/radius-question.ts'
import type { RadiusClient } from '../../lib/radius/client.ts'
import type { AttributeName } from '../../lib/radius/dictionary.ts'
import type { Credentials } from '../../sip/header/credentials.ts'
import { H_AUTHORIZATION } from '../../sip/header-names.ts'
import type { SipMessage } from '../../sip/message.ts'
import { AUTHENTICATED, type CredentialsHeader, FAILED, WRONG_PASSWORD } from '../auth/api.ts'
import type { needs, params } from './auth_radius.module.ts'

const SIP_PORT = 5060

const NAMES = {
  user: 'User-Name',
  service: 'Service-Type',
  uriUser: 'Sip-URI-User',
  response: 'Digest-Response',
  bodyDigest: 'Digest-Body-Digest',
  cnonce: 'Digest-CNonce',
  count: 'Digest-Nonce-Count',
  qop: 'Digest-QOP',
  method: 'Digest-Method',
  uri: 'Digest-URI',
  nonce: 'Digest-Nonce',
  realm: 'Digest-Realm',
  digestUser: 'Digest-User-Name',
} as const

export class AuthRadius {
  private readonly core: Core
  private readonly config: ConfigOf<typeof params>
  private readonly apis: ApisOf<typeof needs>
  private readonly radius: Radius
  private readonly names: Record<keyof typeof NAMES, AttributeName>
  private readonly service: number
  private readonly extras: ExtraAttributes
  private client: RadiusClient | null = null

  constructor(env: ModuleEnv<typeof params, typeof needs>) {
    const { config, core, apis } = env
    this.core = core
    this.config = config
    this.apis = apis
    const radius = new Radius(config.radius_config, 'auth_radius')
    this.radius = radius
    const named = Object.entries(NAMES).map(([key, name]) => [key, radius.attribute(name)])
    this.names = Object.fromEntries(named) as Record<keyof typeof NAMES, AttributeName>
    this.service =
      config.service_type >= 0 ? config.service_type : radius.value(NAMES.service, 'Sip-Session')
    this.extras = new ExtraAttributes(config.auth_extra, 'auth_radius: auth_extra', radius)
  }

  async start(): Promise<void> {
    this.extras.compile(this.core)
    this.client = await this.radius.connect(this.core, this.radius.config.authentication)
  }

  stop(): void {
    this.client?.close()
  }

  /** radius_www_authorize, radius_proxy_authorize; `uriUser` undefined: of the To or From URI. */
  authorize(
    msg: SipMessage,
    realm: string,
    uriUser: string | undefined,
    header: CredentialsHeader,
  ): Verdict | Promise<Verdict> {
    const found = this.apis.auth.begin(msg, this.apis.auth.realmOf(realm), header)
    if (typeof found === 'number') return found
    const own = header === H_AUTHORIZATION ? msg.to : msg.from
    const user = uriUser ?? own?.sipUri?.user
    if (user === undefined) return FAILED
    return this.decide(msg, this.question(msg, found, user))
  }

  private question(msg: SipMessage, credentials: Credentials, uriUser: string): Question {
    const { config, names } = this
    const question = new Question()
    const { username, realm, nonce, uri, qop, nc, cnonce, response, protection } = credentials
    const complete = config.append_realm_to_username === 0 || username!.includes('@')
    question.add(names.user, complete ? username! : `${username}@${realm}`)
    question.add(names.digestUser, username!)
    question.add(names.realm, realm!)
    question.add(names.nonce, nonce!)
    const flag = config.use_ruri_flag
    const byUri = flag >= 0 && (msg.flags & (1 << flag)) !== 0
    question.add(names.uri, byUri ? msg.uri : uri!)
    question.add(names.method, msg.method)
    if (protection !== '') {
      question.add(names.qop, qop!)
      question.add(names.count, nc!)
      question.add(names.cnonce, cnonce!)
      // The opaque parameter stands in for the hash of the body, which nobody has computed.
      if (protection === 'auth-int') question.add(names.bodyDigest, credentials.opaque ?? '')
    }
    question.add(names.response, response!)
    question.add(names.service, this.service)
    question.add(names.uriUser, uriUser)
    this.extras.addTo(question, msg)
    return question
  }

  private async decide(msg: SipMessage, question: Question): Promise<Verdict> {
    const { core, radius } = this
    try {
      const answer = await ask(this.client!, radius, question, SIP_PORT)
      if (!answer.accepted) return WRONG_PASSWORD
      if (this.config.radius_avps_mode === 0) noteSipAvps(radius, msg, answer)
      else noteBoth(radius, msg, answer)
      return AUTHENTICATED
    } catch (error) {
      core.log.error('auth_radius', `authorization failed: ${(error as Error).message}`)
      return FAILED
    }
  }
}
