import { list, methods, text } from '../schema.ts'

/** `system.*` - what this node can be asked. */
export const system = methods({
  'system.listMethods': {
    doc: 'Lists all RPC methods supported by the server.',
    class: 'read',
    params: [],
    result: list(text('method')),
  },
  'system.methodHelp': {
    doc: 'Print the help string for given method.',
    class: 'read',
    params: [text('method')],
    result: text(),
    badParams: [[400, 'Method Name Expected']],
  },
  'system.methodSignature': {
    doc: 'Returns signature of given method.',
    class: 'read',
    params: [text('method')],
    result: text(),
    badParams: [[400, 'Method Name Expected']],
  },
})
