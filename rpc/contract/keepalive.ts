import { int, methods, record, several, text } from '../schema.ts'

const params = [text('sip_uri'), text('owner')] as const
const badParams = [
  [500, 'Not enough parameters or wrong format'],
  [500, 'Not enough parameters or wrong format'],
] as const
const state = int('0 not known yet, 1 up, 2 down')

/** `keepalive.*` - destinations that are asked whether they are there. */
export const keepalive = methods({
  'keepalive.list': {
    doc: 'Return the content of keepalive destination groups',
    class: 'read',
    params: [],
    result: several(
      record({
        uri: text(),
        owner: text(),
        'last checked': text(),
        'last up': text(),
        'last down': text(),
        state,
      }),
    ),
  },
  'keepalive.add': {
    doc: 'add new destination to keepalive memory. Usage: keepalive.add sip:user@domain owner',
    class: 'write',
    params,
    badParams,
    result: text(),
  },
  'keepalive.del': {
    doc: 'delete destination from keepalive memory. Usage: keepalive.del sip:user@domain owner',
    class: 'write',
    params,
    badParams,
    result: text(),
  },
  'keepalive.get': {
    doc:
      'get destination details from keepalive memory. ' +
      'Usage: keepalive.get sip:user@domain owner',
    class: 'read',
    params,
    badParams,
    result: record({ uri: text(), owner: text(), state }),
  },
  'keepalive.flush': {
    doc: 'Flush data from keepalive memory. Usage: keepalive.flush',
    class: 'write',
    params: [],
    result: text(),
  },
})
