import {
  either,
  int,
  list,
  maybe,
  methods,
  nothing,
  pairs,
  record,
  scalar,
  several,
  text,
} from '../schema.ts'

/**
 * What a record holds depends on its type. Kamailio calls the replacement of a NAPTR record
 * `rr_regexp` as well, so that this member comes twice.
 */
const held = pairs(
  either(scalar(), list(record({ idx: int(), rr_txt: text() }))),
  'rr_idx, then rr_ip (A, AAAA), rr_name (CNAME, PTR, SRV), rr_port rr_priority rr_weight (SRV), ' +
    'rr_order rr_preference rr_flags rr_service rr_regexp (NAPTR), txt (TXT), ' +
    'rr_position rr_separator rr_apex (EBL), then rr_permanent and rr_expires',
)
const entry = record({
  name: text(),
  type: text(),
  size_bytes: int(),
  reference_counter: int(),
  permanent: text('yes or no'),
  expires: int('seconds left'),
  last_used: int('seconds ago'),
  negative_entry: text('yes or no'),
  records: maybe(list(held)),
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
