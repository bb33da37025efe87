import { list, methods, rest, scalar } from '../schema.ts'

/** `jsonrpc.*` - of the jsonrpcs module itself. */
export const jsonrpc = methods({
  'jsonrpc.echo': {
    doc: 'Sample echo command',
    class: 'read',
    params: [rest(scalar('value'))],
    result: list(scalar()),
  },
})
