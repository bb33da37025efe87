// Facts about packets that are no SIP: which of them the real Kamailio gives to its script.
export const FOLDER = import.meta.dirname

export interface Packet {
  text: string
  /** Recorded: what the event routes logged. */
  logged?: string[]
}

export interface Case {
  params: Record<string, string>
  packets: Packet[]
}

export interface Facts {
  origin: string
  cases: Case[]
}

/** The blocks of the script; each marks its lines. */
export const ROUTES = `
request_route { drop; }
event_route[nosip:msg] {
  xlog("L_ALERT", "@@nosip $si $ml $(nosip{s.len}) $(mb{s.len}) $(nosip{s.md5})\\n");
}
event_route[core:receive-parse-error] { xlog("L_ALERT", "@@parse-error $ml\\n"); }
`
