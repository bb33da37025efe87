import { index, int, nullable, serial, table, text, unique, varchar } from '../table.ts'

export const scaSubscriptions = table(
  'sca_subscriptions',
  2,
  'Subscriptions to shared call appearances.',
  {
    id: serial(),
    subscriber: varchar(255),
    aor: varchar(255),
    event: int(0),
    expires: int(0),
    state: int(0),
    app_idx: int(0),
    call_id: varchar(255),
    from_tag: varchar(128),
    to_tag: varchar(128),
    record_route: nullable(text()),
    notify_cseq: int(),
    subscribe_cseq: int(),
    server_id: int(0),
  },
  [
    unique('sca_subscriptions_idx', 'subscriber', 'call_id', 'from_tag', 'to_tag'),
    index('sca_expires_idx', 'server_id', 'expires'),
    index('sca_subscribers_idx', 'subscriber', 'event'),
  ],
)
