/** The event routes of topoh, before a message is masked. */
// ---- bits of event_mode
export const MSG_OUTGOING = 1
export const MSG_SENDING = 2

export const EVENTS = ['topoh:msg-outgoing', 'topoh:msg-sending'] as const
