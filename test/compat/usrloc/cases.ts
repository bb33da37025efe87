// What the real Kamailio was asked to write into the tables of the location service: REGISTERs and
// commands, with several settings.
export type Settings = Record<string, Record<string, string | number>>

export interface Register {
  readonly user?: string
  /** Values of Contact headers; none asks for what is on file. */
  readonly contacts: readonly string[]
  readonly callId?: string
  readonly expires?: number
  readonly headers?: readonly string[]
}

export type Step = { readonly register: Register } | { readonly rpc: readonly (string | number)[] }

export interface Case {
  readonly name: string
  readonly settings: Settings
  /** Lines of the config before the modules. */
  readonly head?: readonly string[]
  /** Statements before save(). */
  readonly script?: string
  readonly steps: readonly Step[]
}

const register = (contacts: string | readonly string[], more: Partial<Register> = {}): Step => ({
  register: { contacts: typeof contacts === 'string' ? [contacts] : contacts, ...more },
})
const rpc = (...words: (string | number)[]): Step => ({ rpc: words })
const usrloc = (settings: Record<string, string | number>): Settings => ({ usrloc: settings })

const PLAIN = '<sip:bob@127.0.0.1:27170>'
const OTHER = '<sip:bob@127.0.0.1:27171;transport=udp>'
const ADD = ['sip:carl@192.0.2.1', 0, 0.5, '0', 2, 2, 4294967295] as const
/** Flag 1: in memory only. */
const KEEP = ['sip:carl@192.0.2.3', 0, 0.5, '0', 1, 2, 4294967295] as const

const everything: Step[] = [
  register(`${PLAIN};q=0.5;expires=600`),
  register(`${OTHER};q=0.35`, { callId: 'other', headers: ['User-Agent: phone 1'] }),
  register(`${PLAIN};q=1;expires=700`, { headers: ['Allow: INVITE, ACK, BYE'] }),
  register('<sip:bob@127.0.0.1:27172>;+sip.instance="<urn:uuid:1>";reg-id=1', {
    callId: 'instance',
    headers: ['Path: <sip:edge@127.0.0.1:27180;lr>', 'Supported: path'],
  }),
  register([`${PLAIN};expires=90`, `${OTHER};expires=80`], { callId: 'both' }),
  register(`${OTHER};expires=0`, { callId: 'last' }),
  register('*', { callId: 'star', expires: 0 }),
  register(PLAIN, { callId: 'again', user: 'al%40ice' }),
]

const commands: Step[] = [
  rpc('ul.add', 'location', 'carl@example.org', ...ADD),
  rpc('ul.add', 'location', 'carl@example.org', 'sip:carl@192.0.2.2', 60, 1, '<sip:p>', 0, 0, 8191),
  rpc('ul.add', 'location', 'carl@example.org', ...ADD),
  rpc('ul.add', 'location', 'carl@example.org', ...KEEP),
  rpc('ul.rm_contact', 'location', 'carl@example.org', 'sip:carl@192.0.2.2'),
  rpc('ul.rm', 'location', 'carl@example.org'),
]

export const cases: readonly Case[] = [
  { name: 'write-through', settings: usrloc({ db_mode: 1 }), steps: everything },
  {
    name: 'write-through with domains and NULL',
    settings: usrloc({ db_mode: 1, use_domain: 1, db_insert_null: 1 }),
    steps: everything,
  },
  {
    name: 'database only',
    settings: usrloc({ db_mode: 3, use_domain: 1 }),
    steps: everything,
  },
  {
    name: 'write-back',
    settings: usrloc({ db_mode: 2, timer_interval: 600 }),
    steps: everything.flatMap(step => [step, rpc('ul.flush')]),
  },
  { name: 'read at the start only', settings: usrloc({ db_mode: 4 }), steps: everything },
  {
    name: 'times as numbers',
    settings: usrloc({ db_mode: 1, expires_type: 1 }),
    steps: everything.slice(0, 3),
  },
  {
    name: 'flags and addresses',
    settings: {
      usrloc: { db_mode: 1, nat_bflag: 6 },
      registrar: { received_avp: '$avp(rcv)' },
    },
    head: ['server_id=20'],
    script: 'setbflag(6); setbflag(31); $avp(rcv) = "sip:192.0.2.7:5070";',
    steps: everything.slice(0, 3),
  },
  {
    name: 'rows found by what a REGISTER says',
    settings: usrloc({ db_mode: 1, db_ops_ruid: 0, use_domain: 1 }),
    steps: everything,
  },
  {
    name: 'the same by Call-ID',
    settings: usrloc({ db_mode: 1, db_ops_ruid: 0, matching_mode: 1 }),
    steps: everything,
  },
  {
    name: 'updates as inserts',
    settings: usrloc({ db_mode: 1, db_update_as_insert: 1 }),
    steps: everything.slice(0, 3),
  },
  {
    name: 'attributes',
    settings: usrloc({ db_mode: 1, use_domain: 1, xavp_contact: 'ulattrs' }),
    script: '$xavp(ulattrs=>color) = "blue"; $xavp(ulattrs[0]=>size) = 7;',
    steps: everything.slice(0, 3),
  },
  { name: 'commands', settings: usrloc({ db_mode: 1 }), steps: commands },
  {
    name: 'commands on the database alone',
    settings: usrloc({ db_mode: 3, use_domain: 1 }),
    steps: commands,
  },
]

export function registerText({ user = 'bob', contacts, ...more }: Register, cseq: number): string {
  const { callId = 'first', expires, headers = [] } = more
  return [
    'REGISTER sip:example.org SIP/2.0',
    `Via: SIP/2.0/UDP 127.0.0.1:27170;branch=z9hG4bKul${cseq}`,
    `From: <sip:${user}@example.org>;tag=1`,
    `To: <sip:${user}@example.org>`,
    `Call-ID: ${callId}`,
    `CSeq: ${cseq} REGISTER`,
    ...contacts.map(contact => `Contact: ${contact}`),
    ...(expires === undefined ? [] : [`Expires: ${expires}`]),
    ...headers,
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n')
}

type Cell = string | number | bigint | null
export type Row = Readonly<Record<string, Cell>>

/** Seconds since 1970 of a Julian day or of seconds. */
const seconds = (value: number): number =>
  value > 10_000_000 ? value : Math.round((value - 2_440_587.5) * 86_400)

const since = (value: Cell, now: number): string => {
  const at = seconds(Number(value))
  return at < 1000 ? `at ${Math.max(at, 0)}` : `in ${Math.round((at - now) / 10) * 10} s`
}

/**
 * Rows without what differs from run to run: times become seconds from now, unique names keep
 * their first words.
 */
export function masked(rows: readonly Row[], now: number): Row[] {
  const names = new Map<Cell, string>()
  return rows.map(row => {
    const name = String(row.ruid)
    if (!names.has(name)) names.set(name, name.replace(/-[0-9a-f]+-[0-9a-f]+-[0-9a-f]+$/, '-'))
    const changes: Record<string, Cell> = { ruid: names.get(name)! }
    for (const column of ['expires', 'last_modified'])
      if (row[column] !== undefined) changes[column] = since(row[column], now)
    return { ...row, ...changes }
  })
}

/** One step's outcome: the first line of each reply, and the tables after it. */
export interface Outcome {
  readonly replies: readonly string[]
  readonly rows: readonly Row[]
  readonly attributes: readonly Row[]
}
