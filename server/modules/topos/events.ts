/** The event routes of topos. */
export const EVENTS = {
  outgoing: 'topos:msg-outgoing',
  sending: 'topos:msg-sending',
  incoming: 'topos:msg-incoming',
  receiving: 'topos:msg-receiving',
} as const

/** Bits of event_mode. */
export const EVENT_BITS = { outgoing: 1, sending: 2, incoming: 4, receiving: 8 } as const
