import { int, methods, several, text } from '../schema.ts'

/** `ctl.*` - the BINRPC sockets and who is connected to them. */
export const ctl = methods({
  'ctl.who': {
    doc: 'list open connections',
    class: 'read',
    params: [],
    result: several(text(), 'type, transport, and for the internet address and port of both ends'),
  },
  'ctl.connections': {
    doc: 'returns number of open connections',
    class: 'read',
    params: [],
    result: int(),
  },
  'ctl.listen': {
    doc: 'list ctl listen sockets',
    class: 'read',
    params: [],
    result: several(text(), 'protocol, transport, address, port'),
  },
})
