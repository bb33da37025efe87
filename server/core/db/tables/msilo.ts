import { blob, index, int, nullable, serial, table, text, varchar } from '../table.ts'

export const silo = table(
  'silo',
  8,
  'Messages kept until their recipient is there.',
  {
    id: serial(),
    src_addr: varchar(255, ''),
    dst_addr: varchar(255, ''),
    username: varchar(64, ''),
    domain: varchar(64, ''),
    inc_time: int(0),
    exp_time: int(0),
    snd_time: int(0),
    ctype: varchar(32, 'text/plain'),
    body: nullable(blob()),
    extra_hdrs: nullable(text()),
    callid: varchar(128, ''),
    status: int(0),
  },
  [index('account_idx', 'username', 'domain')],
)
