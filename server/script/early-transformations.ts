/** Transformations of variables that have their value while the config is being read. */
import { BadValue } from '../core/module/index.ts'
import type { Registry } from '../core/registry.ts'
import { SipMessage } from '../sip/message.ts'
import { socketInfo, UDP } from '../sip/transport.ts'
import type { Transform } from './1-read/load-variables.ts'
import { BLIND } from './3-check/context.ts'

const HERE = '127.0.0.1'
const socket = socketInfo(UDP, HERE, 0, null, '')

/** No message is there yet, but some transformations want to see one. */
const nobody = (): SipMessage =>
  new SipMessage(
    'OPTIONS sip:you@example.org SIP/2.0\r\n\r\n',
    { proto: UDP, srcIp: HERE, srcPort: 0, dstIp: HERE, dstPort: 0, socket, connection: 0 },
    0,
  )

/** By the surfaces of a registry; what has a variable among its arguments is unknown. */
export function transformBy(registry: Registry): Transform {
  return (value, { group, name, args, written }) => {
    const entry = registry.transformation(group, name)
    if (entry === null) return undefined
    const { run, prepare, minArgs, maxArgs } = entry.row
    try {
      if (prepare !== undefined) return prepare(written, BLIND)(nobody(), value)
    } catch (error) {
      if (error instanceof BadValue) return undefined
      throw error
    }
    const texts = args.filter(arg => typeof arg === 'string')
    const fits = texts.length === args.length && args.length >= minArgs && args.length <= maxArgs
    return fits ? run(value, ...texts) : undefined
  }
}
