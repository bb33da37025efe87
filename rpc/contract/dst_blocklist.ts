import { int, methods, nothing, scalar, several, text } from '../schema.ts'

/** `dst_blocklist.*` - destinations that did not answer. */
export const dstBlocklist = methods({
  'dst_blocklist.mem_info': {
    doc: 'dst blocklist memory usage info.',
    class: 'read',
    params: [],
    result: several(int('bytes used, then bytes allowed')),
  },
  'dst_blocklist.debug': {
    doc: 'dst blocklist debug info.',
    class: 'read',
    params: [],
    result: several(scalar(), 'per entry: transport, address, port, expires, flags'),
  },
  'dst_blocklist.view': {
    doc: 'dst blocklist dump in human-readable format.',
    class: 'read',
    params: [],
    result: several(text()),
  },
  'dst_blocklist.delete_all': {
    doc: 'Deletes all the entries from the dst blocklist except the permanent ones.',
    class: 'write',
    params: [],
    result: nothing,
  },
  'dst_blocklist.add': {
    doc: 'Adds a new entry to the dst blocklist.',
    class: 'write',
    params: [text('address'), int('port'), int('transport'), int('flags')],
    result: nothing,
  },
})
