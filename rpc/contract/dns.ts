import { int, list, maybe, methods, nothing, record, scalar, several, text } from '../schema.ts'

const entry = record({
  name: text(),
  type: text(),
  size_bytes: int(),
  reference_counter: int(),
  permanent: text('yes or no'),
  expires: int('seconds left'),
  last_used: int('seconds ago'),
  negative_entry: text('yes or no'),
  records: maybe(
    list(
      record({
        rr_idx: int(),
        rr_ip: maybe(text()),
        rr_name: maybe(text()),
        rr_port: maybe(int()),
        rr_priority: maybe(int()),
        rr_weight: maybe(int()),
        rr_order: maybe(int()),
        rr_preference: maybe(int()),
        rr_flags: maybe(text()),
        rr_service: maybe(text()),
        rr_regexp: maybe(text()),
        rr_replacement: maybe(text()),
        rr_permanent: text('yes or no'),
        rr_expires: int('seconds left'),
      }),
    ),
  ),
})

const name = [text('name')] as const
const remove = (what: string) =>
  ({
    doc: `deletes ${what} record from the DNS cache`,
    class: 'write',
    params: name,
    result: nothing,
  }) as const
const address = [text('name'), int('ttl'), text('address'), int('flags')] as const

/** `dns.*` - what the node remembers of the domain name system. */
export const dns = methods({
  'dns.mem_info': {
    doc: 'dns cache memory info.',
    class: 'read',
    params: [],
    result: several(int('bytes used, then bytes allowed')),
  },
  'dns.debug': {
    doc: 'dns debug info.',
    class: 'read',
    params: [],
    result: several(scalar(), 'per entry: name, type, size, references, expires, last used, flags'),
  },
  'dns.debug_all': {
    doc: 'complete dns debug dump',
    class: 'read',
    params: [],
    result: several(scalar()),
  },
  'dns.view': {
    doc: 'dns cache dump in a human-readable format',
    class: 'read',
    params: [],
    result: list(entry),
  },
  'dns.lookup': {
    doc: 'perform a dns lookup',
    class: 'read',
    params: [text('type'), text('name')],
    result: entry,
  },
  'dns.delete_all': {
    doc: 'deletes all the non-permanent entries from the DNS cache',
    class: 'write',
    params: [],
    result: record({ status: text() }),
  },
  'dns.delete_all_force': {
    doc: 'deletes all the entries from the DNS cache including the permanent ones',
    class: 'write',
    params: [],
    result: record({ status: text() }),
  },
  'dns.add_a': {
    doc: 'adds an A record to the DNS cache',
    class: 'write',
    params: address,
    result: nothing,
  },
  'dns.add_aaaa': {
    doc: 'adds an AAAA record to the DNS cache',
    class: 'write',
    params: address,
    result: nothing,
  },
  'dns.add_srv': {
    doc: 'adds an SRV record to the DNS cache',
    class: 'write',
    params: [
      text('name'),
      int('ttl'),
      int('priority'),
      int('weight'),
      int('port'),
      text('target'),
      int('flags'),
    ],
    result: nothing,
  },
  'dns.delete_a': remove('an A'),
  'dns.delete_aaaa': remove('an AAAA'),
  'dns.delete_srv': remove('an SRV'),
  'dns.delete_naptr': remove('a NAPTR'),
  'dns.delete_cname': remove('a CNAME'),
  'dns.delete_txt': remove('a TXT'),
  'dns.delete_ebl': remove('an EBL'),
  'dns.delete_ptr': remove('an PTR'),
})
