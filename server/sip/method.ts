/** SIP methods as bits, Kamailio's numbers ($rmid), so that a list of methods is one mask. */
export const INVITE = 1
export const CANCEL = 2
export const ACK = 4
export const BYE = 8
export const INFO = 16
export const REGISTER = 32
export const SUBSCRIBE = 64
export const NOTIFY = 128
export const MESSAGE = 256
export const OPTIONS = 512
export const PRACK = 1024
export const UPDATE = 2048
export const REFER = 4096
export const PUBLISH = 8192
export const KDMQ = 16384
/** Any method that has no bit of its own. */
export const OTHER = 1 << 30

const BITS = new Map<string, number>([
  ['INVITE', INVITE],
  ['CANCEL', CANCEL],
  ['ACK', ACK],
  ['BYE', BYE],
  ['INFO', INFO],
  ['REGISTER', REGISTER],
  ['SUBSCRIBE', SUBSCRIBE],
  ['NOTIFY', NOTIFY],
  ['MESSAGE', MESSAGE],
  ['OPTIONS', OPTIONS],
  ['PRACK', PRACK],
  ['UPDATE', UPDATE],
  ['REFER', REFER],
  ['PUBLISH', PUBLISH],
  ['KDMQ', KDMQ],
])

/** The bit of a method name; methods are case-sensitive (RFC 3261 section 7.1). */
export function methodBit(name: string): number {
  return BITS.get(name) ?? OTHER
}
