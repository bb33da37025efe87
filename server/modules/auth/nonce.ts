/**
 * Nonces, as Kamailio makes them, so that nodes that share a secret understand each other:
 *
 *   expires (4 bytes) since (4) MD5(expires since [id pool] secret) [MD5(parts of the message,
 *   second secret)] [id (4) pool and flags (1)]
 *
 * in base64. Nothing has to be remembered to know that a nonce is one of ours and how old it is.
 */
import { hash } from 'node:crypto'
import { bytesOf } from '../../lib/ip.ts'
import type { Credentials } from '../../sip/header/credentials.ts'
import type { SipMessage } from '../../sip/message.ts'
import { REGISTER } from '../../sip/method.ts'
import { FAILED, NONCE_REUSED, STALE_NONCE } from './api.ts'
import type { NonceIds, NonceState } from './nonce-ids.ts'

/** What is known of a nonce: GOOD, or what the functions that authenticate give for it. */
export const GOOD = 0
type NonceVerdict = typeof GOOD | typeof FAILED | typeof STALE_NONCE | typeof NONCE_REUSED

export interface NonceSettings {
  readonly secret: string
  readonly nonce_expire: number
  readonly nonce_auth_max_drift: number
  readonly auth_checks_register: number
  readonly auth_checks_no_dlg: number
  readonly auth_checks_in_dlg: number
  readonly nonce_count: number
  readonly one_time_nonce: number
}

// ---- what of a message goes into its nonce: auth_checks_*
const FULL_URI = 1
const CALL_ID = 2
const FROM_TAG = 4
const SOURCE_IP = 8

// ---- flags of the last byte
const HAS_COUNT = 0x80
const HAS_USE = 0x40
const POOL = 0x3f

const TIMES = 8
const MD5 = 16
const ID = 5
/** Digits of the shortest nonce. */
const SHORTEST = 32

export class Nonces {
  private readonly settings: NonceSettings
  private readonly ids: NonceIds
  /** Seconds since 1970. */
  private readonly now: () => number
  private readonly startedAt: number
  /** The flags of nonces that are made here; 0: they have no number. */
  private readonly flags: number
  /** Of the second half of the secret; '' when nothing of messages is checked. */
  private readonly secondSecret: string
  /** Room for times, number and secret: the secret stands at its end. */
  private readonly input: Buffer
  private readonly output = Buffer.alloc(TIMES + 2 * MD5 + ID)

  constructor(settings: NonceSettings, ids: NonceIds, now: () => number, startedAt: number) {
    this.settings = settings
    this.ids = ids
    this.now = now
    this.startedAt = startedAt
    this.flags =
      (settings.nonce_count === 0 ? 0 : HAS_COUNT) | (settings.one_time_nonce === 0 ? 0 : HAS_USE)
    const { secret, auth_checks_register, auth_checks_no_dlg, auth_checks_in_dlg } = settings
    const halved = (auth_checks_register | auth_checks_no_dlg | auth_checks_in_dlg) !== 0
    const first = halved ? secret.length - (secret.length >> 1) : secret.length
    this.secondSecret = secret.slice(first)
    this.input = Buffer.concat([
      Buffer.alloc(TIMES + ID),
      Buffer.from(secret.slice(0, first), 'latin1'),
    ])
  }

  /** A nonce for a challenge to this request. */
  make(msg: SipMessage): string {
    const { output, flags } = this
    const since = this.now()
    const id = flags === 0 ? 0 : this.ids.take()
    const checks = this.checksOf(msg)
    this.firstHash(since + this.settings.nonce_expire, since, id, flags).copy(output, TIMES)
    output.writeUInt32BE((since + this.settings.nonce_expire) >>> 0, 0)
    output.writeUInt32BE(since >>> 0, 4)
    let length = TIMES + MD5
    if (checks !== 0) {
      this.secondHash(msg, checks).copy(output, length)
      length += MD5
    }
    if (flags !== 0) {
      output.writeUInt32BE(id, length)
      output[length + 4] = flags
      length += ID
    }
    return output.toString('base64', 0, length)
  }

  check(msg: SipMessage, credentials: Credentials): NonceVerdict {
    const nonce = credentials.nonce!
    if (nonce.length < SHORTEST) return FAILED
    const bytes = Buffer.from(nonce, 'base64')
    // The decoder passes over what is missing or no letter of base64: that is not what we made.
    if (bytes.length < TIMES + MD5 || nonce.length !== Math.ceil(bytes.length / 3) * 4)
      return FAILED
    const expires = bytes.readUInt32BE(0)
    const since = bytes.readUInt32BE(4)
    const now = this.now()
    // One who sets its clock back, or another node, must not make nonces that live long.
    if (since < this.startedAt || since - now > this.settings.nonce_auth_max_drift)
      return STALE_NONCE
    const checks = this.checksOf(msg)
    const hashes = checks === 0 ? TIMES + MD5 : TIMES + 2 * MD5
    const numbered = bytes.length === hashes + ID
    const flags = numbered ? bytes[hashes + 4]! : 0
    const id = numbered ? bytes.readUInt32BE(hashes) : 0
    const counted = this.isCounted(credentials, flags)
    if (!counted && this.settings.one_time_nonce !== 0 && (flags & HAS_USE) === 0)
      return STALE_NONCE
    if (bytes.length !== hashes + (flags & (HAS_COUNT | HAS_USE) ? ID : 0)) return FAILED
    if (this.firstHash(expires, since, id, flags).compare(bytes, TIMES, TIMES + MD5) !== 0)
      return FAILED
    if (counted) {
      const verdict = this.checkCount(credentials.nc!, id, flags)
      if (verdict !== GOOD) return verdict
    } else {
      if (
        checks !== 0 &&
        this.secondHash(msg, checks).compare(bytes, TIMES + MD5, TIMES + 2 * MD5) !== 0
      )
        return STALE_NONCE
      if (this.settings.one_time_nonce !== 0 && this.use(id, flags) !== 'good') return NONCE_REUSED
    }
    return expires < now ? STALE_NONCE : GOOD
  }

  /** A count takes the place of the other checks: it proves that the request is a new one. */
  private isCounted(credentials: Credentials, flags: number): boolean {
    if (this.settings.nonce_count === 0 || (flags & HAS_COUNT) === 0) return false
    return credentials.nc !== null && credentials.nc !== '' && credentials.protection !== ''
  }

  private checkCount(nc: string, id: number, flags: number): NonceVerdict {
    // RFC 7616 section 3.4: exactly eight hexadecimal digits.
    if (!/^[0-9a-f]{8}$/i.test(nc)) return FAILED
    if ((flags & POOL) !== 0) return STALE_NONCE
    return this.ids.checkCount(id, Number.parseInt(nc, 16)) === 'good' ? GOOD : STALE_NONCE
  }

  private use(id: number, flags: number): NonceState {
    return (flags & POOL) === 0 ? this.ids.checkUse(id) : 'too old'
  }

  /** A nonce for the same client after this one: Authentication-Info. */
  next(msg: SipMessage, nonce: string): string {
    return this.settings.one_time_nonce === 0 ? nonce : this.make(msg)
  }

  private checksOf(msg: SipMessage): number {
    const { settings } = this
    if (msg.methodBit === REGISTER) return settings.auth_checks_register
    if (settings.auth_checks_in_dlg === settings.auth_checks_no_dlg)
      return settings.auth_checks_no_dlg
    const inDialog = (msg.to?.tag ?? '') !== ''
    return inDialog ? settings.auth_checks_in_dlg : settings.auth_checks_no_dlg
  }

  private firstHash(expires: number, since: number, id: number, flags: number): Buffer {
    const { input } = this
    if ((flags & (HAS_COUNT | HAS_USE)) === 0) {
      input.writeUInt32BE(expires >>> 0, ID)
      input.writeUInt32BE(since >>> 0, ID + 4)
      return hash('md5', input.subarray(ID), 'buffer')
    }
    input.writeUInt32BE(expires >>> 0, 0)
    input.writeUInt32BE(since >>> 0, 4)
    input.writeUInt32BE(id, TIMES)
    input[TIMES + 4] = flags
    return hash('md5', input, 'buffer')
  }

  private secondHash(msg: SipMessage, checks: number): Buffer {
    let text = ''
    if ((checks & FULL_URI) !== 0) text += msg.uri
    if ((checks & CALL_ID) !== 0) text += msg.callId
    if ((checks & FROM_TAG) !== 0) text += msg.from?.tag ?? ''
    if ((checks & SOURCE_IP) !== 0)
      text += String.fromCharCode(...(bytesOf(msg.received.srcIp) ?? []))
    return hash('md5', Buffer.from(text + this.secondSecret, 'latin1'), 'buffer')
  }
}
