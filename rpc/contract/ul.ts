import { double, either, int, maybe, methods, nothing, record, rows, text } from '../schema.ts'

const fields = {
  Address: text('contact URI'),
  Expires: either(int('seconds left'), text('permanent, expired or deleted')),
  Q: double(),
  'Call-ID': text(),
  CSeq: int(),
  'User-Agent': text(),
  Received: text(),
  Path: text(),
  State: text('CS_NEW, CS_SYNC or CS_DIRTY'),
  Flags: int(),
  CFlags: int(),
  Socket: text(),
  Methods: int(),
  Ruid: text(),
  Instance: text(),
  'Reg-Id': int(),
  'Server-Id': int(),
  'Tcpconn-Id': int(),
  Keepalive: int(),
  'Last-Keepalive': int(),
  'KA-Roundtrip': int(),
  'Last-Modified': int(),
}
const contact = record(fields)
const contacts = rows('Contact', contact)
const table = record({
  Domain: text('table'),
  Size: int('hash slots'),
  AoRs: either(
    rows('Info', record({ AoR: text(), HashID: int(), Contacts: contacts })),
    rows('AoR', text()),
    'the second form with brief',
  ),
  Stats: record({ Records: int(), 'Max-Slots': int() }),
})
const tableAndAor = [text('table'), text('aor')] as const
const inDatabase = [[500, 'Not enough parameters (table to lookup)']] as const

/** `ul.*` - the location table, as usrloc keeps it. */
export const ul = methods({
  'ul.dump': {
    doc: 'Dump user location tables',
    class: 'read',
    params: [maybe(text('brief'))],
    result: record({ Domains: rows('Domain', table) }),
  },
  'ul.lookup': {
    doc: 'Lookup one AOR in the usrloc location table',
    class: 'read',
    params: tableAndAor,
    result: record({ AoR: text(), Contacts: contacts }),
    badParams: [[500, 'Not enough parameters (table and AOR to lookup)']],
  },
  'ul.rm': {
    doc: 'Delete an address of record including its contacts',
    class: 'danger',
    params: tableAndAor,
    result: nothing,
    badParams: [[500, 'Not enough parameters (table and AOR to lookup)']],
  },
  'ul.rm_contact': {
    doc: 'Delete a contact from an AOR record',
    class: 'danger',
    params: [text('table'), text('aor'), text('contact')],
    result: nothing,
    badParams: [[500, 'Not enough parameters (table, AOR and contact)']],
  },
  'ul.flush': {
    doc: 'Flush the usrloc memory cache to DB',
    class: 'write',
    params: [],
    result: nothing,
  },
  'ul.add': {
    doc: 'Add a new contact for an address of record',
    class: 'write',
    params: [
      text('table'),
      text('aor'),
      text('contact'),
      int('expires'),
      double('q'),
      text('path'),
      int('flags'),
      int('cflags'),
      int('methods'),
      maybe(text('received')),
      maybe(text('socket')),
    ],
    result: nothing,
    badParams: [[500, 'Not enough parameters or wrong format']],
  },
  'ul.db_users': {
    doc: 'Tell number of different unexpired users (AoRs) in database table (db_mode!=0 only)',
    class: 'read',
    params: [text('table')],
    result: int(),
    badParams: inDatabase,
  },
  'ul.db_contacts': {
    doc: 'Tell number of unexpired contacts in database table (db_mode=3 only)',
    class: 'read',
    params: [text('table')],
    result: int(),
    badParams: inDatabase,
  },
  'ul.db_expired_contacts': {
    doc: 'Tell number of expired contacts in database table (db_mode=3 only)',
    class: 'read',
    params: [text('table')],
    result: int(),
    badParams: inDatabase,
  },
  'ohana.contacts': {
    doc: 'Contacts of a location table page by page, where ul.dump would be too much at once',
    class: 'read',
    params: [
      text('table'),
      maybe(int('Next of the page before; 0 for the first one')),
      maybe(int('contacts of a page, 100 when absent, 1000 at most')),
    ],
    result: record({
      Contacts: rows('Contact', record({ AoR: text(), ...fields })),
      Next: int('for the next page; 0 when this is the last one'),
    }),
  },
})
