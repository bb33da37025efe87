import { datetime, float, index, int, serial, table, unique, varchar } from '../table.ts'

export const location = table(
  'location',
  9,
  'Contacts of registered users.',
  {
    id: serial(),
    ruid: varchar(64, ''),
    username: varchar(64, ''),
    domain: varchar(64, null),
    contact: varchar(512, ''),
    received: varchar(128, null),
    path: varchar(512, null),
    expires: datetime('2030-05-28 21:32:15'),
    q: float('10,2', '1.0'),
    callid: varchar(255, 'Default-Call-ID'),
    cseq: int(1),
    last_modified: datetime('2000-01-01 00:00:01'),
    flags: int(0),
    cflags: int(0),
    user_agent: varchar(255, ''),
    socket: varchar(64, null),
    methods: int(null),
    instance: varchar(255, null),
    reg_id: int(0),
    server_id: int(0),
    connection_id: int(0),
    keepalive: int(0),
    partition: int(0),
  },
  [
    unique('ruid_idx', 'ruid'),
    index('account_contact_idx', 'username', 'domain', 'contact'),
    index('expires_idx', 'expires'),
    index('tcpcon_idx', 'connection_id'),
    index('connection_idx', 'server_id', 'connection_id'),
  ],
)

export const locationAttrs = table(
  'location_attrs',
  1,
  'Attributes of contacts of registered users.',
  {
    id: serial(),
    ruid: varchar(64, ''),
    username: varchar(64, ''),
    domain: varchar(64, null),
    aname: varchar(64, ''),
    atype: int(0),
    avalue: varchar(512, ''),
    last_modified: datetime('2000-01-01 00:00:01'),
  },
  [
    index('account_record_idx', 'username', 'domain', 'ruid'),
    index('last_modified_idx', 'last_modified'),
  ],
)
