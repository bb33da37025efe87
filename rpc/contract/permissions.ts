import { either, int, list, methods, pairs, record, text } from '../schema.ts'

const port = int('0 is any')
const tag = text()
const missing = [[500, 'Not enough parameters (basename, URI and contact)']] as const
const allowed = {
  doc: 'Tests if (URI, Contact) pair is allowed according to allow/deny files',
  class: 'read',
  params: [text('basename'), text('uri'), text('contact')],
  badParams: missing,
  result: text(),
} as const

/** `permissions.*` - addresses and peers that may call. */
export const permissions = methods({
  'permissions.trustedReload': {
    doc: 'Reload permissions trusted table',
    class: 'write',
    params: [],
    result: text(),
  },
  'permissions.addressReload': {
    doc: 'Reload permissions address table',
    class: 'write',
    params: [],
    result: text(),
  },
  'permissions.trustedDump': {
    doc: 'Dump permissions trusted table',
    class: 'read',
    params: [],
    result: pairs(
      either(
        int('slot'),
        record({
          ip: text(),
          proto: int('0 is any'),
          pattern: text(),
          ruri_pattern: text(),
          tag,
          priority: int(),
        }),
      ),
    ),
  },
  'permissions.addressDump': {
    doc: 'Dump permissions address table',
    class: 'read',
    params: [],
    result: list(
      record({ table: int('slot'), group: int(), item: record({ ip: text(), port, tag }) }),
    ),
  },
  'permissions.subnetDump': {
    doc: 'Dump permissions subnet table',
    class: 'read',
    params: [],
    result: list(
      record({
        id: int(),
        group: int(),
        item: record({ ip: text(), mask: int('bits'), port, tag }),
      }),
    ),
  },
  'permissions.domainDump': {
    doc: 'Dump permissions domain name table',
    class: 'read',
    params: [],
    result: pairs(either(int('slot'), record({ domain_name: text(), port, tag }))),
  },
  'permissions.testUri': allowed,
  'permissions.allowUri': allowed,
})
