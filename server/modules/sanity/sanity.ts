/**
 * Is what came in well-formed SIP? The checks asked for run in order; the first that fails is
 * answered.
 */
import type { ModuleEnv, Verdict } from '../../core/module/index.ts'
import { ACK } from '../../sip/method.ts'
import type { SipMessage } from '../../sip/message.ts'
import { AddressBounds } from '../../sip/header/bounds.ts'
import type { sl } from '../sl/api.ts'
import { checkDuplicateTags, checkUris } from './addresses.ts'
import { checkCredentials } from './credentials.ts'
import {
  checkContentLength,
  checkCSeqMethod,
  checkCSeqNumber,
  checkExpires,
  checkFirstVia,
  checkRequired,
  checkScheme,
  checkVersion,
} from './headers.ts'
import { checkProxyRequire } from './proxy-require.ts'
import type { params } from './sanity.module.ts'

// ---- the checks, as bits of sanity_check's first argument
export const RURI_SIP_VERSION = 1
export const RURI_SCHEME = 2
export const REQUIRED_HEADERS = 4
// 8 and 16 (Via version and protocol) are reserved: what they would say, reading the Via says
// already.
export const CSEQ_METHOD = 32
export const CSEQ_VALUE = 64
export const CONTENT_LENGTH = 128
export const EXPIRES_VALUE = 256
export const PROXY_REQUIRE = 512
export const PARSE_URIS = 1024
export const DIGEST = 2048
export const DUPLICATE_TAGS = 4096
export const AUTHORIZATION = 8192
export const FIRST_VIA = 16384
const ALL_CHECKS = 32767
const ALL_URIS = 15

type Env = ModuleEnv<typeof params, { sl: typeof sl }>

export class Sanity {
  readonly config: Env['config']
  readonly core: Env['core']
  readonly sl: Env['apis']['sl']
  readonly bounds: AddressBounds
  /** Extensions that we take part in, in lower case; from the parameter proxy_require. */
  readonly extensions: ReadonlySet<string>
  /** What the last check that failed had to say, for sanity_reply(). */
  private failed: SipMessage | null
  private code: number
  private reason: string
  /** While another module asks, which lets the message pass: the script answers it, once. */
  private silent: boolean

  constructor(env: Env) {
    this.config = env.config
    this.core = env.core
    this.sl = env.apis.sl
    this.bounds = new AddressBounds()
    const names = env.config.proxy_require.split(',').map(name => name.trim().toLowerCase())
    this.extensions = new Set(names.filter(name => name !== ''))
    this.failed = null
    this.code = 0
    this.reason = ''
    this.silent = false
  }

  /** Answers what is wrong, or keeps it for sanity_reply(). Nothing answers a reply or an ACK. */
  refuse(msg: SipMessage, code: number, reason: string): false {
    if (!msg.isRequest || msg.methodBit === ACK || this.silent) return false
    if (this.config.noreply === 0) {
      this.sl.sendReply(msg, code, reason)
      return false
    }
    this.failed = msg
    this.code = code
    this.reason = reason
    return false
  }

  checkDefaults(msg: SipMessage): Verdict {
    this.silent = true
    try {
      return check(this, msg)
    } finally {
      this.silent = false
    }
  }

  /** Sends what was kept; 1 also when there is nothing to send. */
  reply(msg: SipMessage): Verdict {
    if (this.config.noreply === 0 || !msg.isRequest || msg.methodBit === ACK) return 1
    const known = this.failed === msg
    if (!known) this.core.log.info('sanity', 'no sanity reply info set - sending 500')
    const code = known ? this.code : 500
    const reason = known ? this.reason : 'Server Sanity Failure'
    this.failed = null
    return this.sl.sendReply(msg, code, reason)
  }
}

/** sanity_check(): 1 when all is well; else 0, which ends the script, or -1 without `autodrop`. */
export function check(
  self: Sanity,
  msg: SipMessage,
  checks = self.config.default_checks,
  uris = self.config.uri_checks,
): Verdict {
  if (checks < 1 || checks > ALL_CHECKS) {
    const range = `outside of valid range <1-${ALL_CHECKS + 1})`
    self.core.log.error('sanity', `input parameter (${checks}) ${range}`)
    return -1
  }
  if (uris < 1 || uris > ALL_URIS) {
    const range = `outside of valid range <1-${ALL_URIS + 1}`
    self.core.log.error('sanity', `second input parameter (${uris}) ${range}`)
    return -1
  }
  if (passes(self, msg, checks, uris)) return 1
  return self.config.autodrop === 0 ? -1 : 0
}

function passes(self: Sanity, msg: SipMessage, checks: number, uris: number): boolean {
  if ((checks & FIRST_VIA) !== 0 && !checkFirstVia(self, msg)) return false
  if (msg.isRequest) {
    if ((checks & RURI_SIP_VERSION) !== 0 && !checkVersion(self, msg)) return false
    if ((checks & RURI_SCHEME) !== 0 && !checkScheme(self, msg)) return false
  }
  if ((checks & REQUIRED_HEADERS) !== 0 && !checkRequired(self, msg)) return false
  if ((checks & CSEQ_METHOD) !== 0 && !checkCSeqMethod(self, msg)) return false
  if ((checks & CSEQ_VALUE) !== 0 && !checkCSeqNumber(self, msg)) return false
  if ((checks & CONTENT_LENGTH) !== 0 && !checkContentLength(self, msg)) return false
  if ((checks & EXPIRES_VALUE) !== 0 && !checkExpires(self, msg)) return false
  if ((checks & PROXY_REQUIRE) !== 0 && !checkProxyRequire(self, msg)) return false
  if ((checks & PARSE_URIS) !== 0 && !checkUris(self, msg, uris)) return false
  if ((checks & DIGEST) !== 0 && !checkCredentials(self, msg, true)) return false
  if ((checks & DUPLICATE_TAGS) !== 0 && !checkDuplicateTags(self, msg)) return false
  return (checks & AUTHORIZATION) === 0 || checkCredentials(self, msg, false)
}

/** sanity_reply(). */
export function reply(self: Sanity, msg: SipMessage): Verdict {
  return self.reply(msg)
}
