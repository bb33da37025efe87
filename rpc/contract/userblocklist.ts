import { looseText, maybe, methods, record, several, text } from '../schema.ts'

const prefix = looseText('prefix')
const global = [prefix, maybe(text('table'))] as const
const ofUser = [prefix, looseText('user'), maybe(looseText('domain'))] as const
const one = [[500, 'Check failed: 1 argument needed ("prefix")']] as const
const three = [
  [500, 'Check failed: 2 or 3 arguments needed ("prefix" "user" "domain"(optional))'],
] as const
const answer = text('true or false')

/** `userblocklist.*` - numbers that are refused or let through. */
export const userblocklist = methods({
  'userblocklist.reload_blocklist': {
    doc: 'Reload user blocklist records.',
    class: 'write',
    params: [],
    result: text(),
  },
  'userblocklist.dump_blocklist': {
    doc: 'Dump user blocklist records.',
    class: 'read',
    params: [],
    result: several(record({ prefix: text(), allowlist: text('1 let through, 0 refused') })),
  },
  'userblocklist.check_blocklist': {
    doc: 'Check blocklist records.',
    class: 'read',
    params: global,
    badParams: one,
    result: record({ prefix: text(), blocklisted: answer }),
  },
  'userblocklist.check_allowlist': {
    doc: 'Check allowlist records.',
    class: 'read',
    params: global,
    badParams: one,
    result: record({ prefix: text(), allowlisted: answer }),
  },
  'userblocklist.check_userblocklist': {
    doc: 'Check user blocklist records.',
    class: 'read',
    params: ofUser,
    badParams: three,
    result: record({ prefix: text(), user: text(), domain: text(), blocklisted: answer }),
  },
  'userblocklist.check_userallowlist': {
    doc: 'Check user allowlist records.',
    class: 'read',
    params: ofUser,
    badParams: three,
    result: record({ prefix: text(), user: text(), domain: text(), allowlisted: answer }),
  },
})
