// Facts about the registrar: what happens in conversations with it, as the real Kamailio has shown.
export const FOLDER = import.meta.dirname

/** Where the messages were sent to and from when the facts were recorded. */
export const SERVER_PORT = 27160
export const PEER_PORT = 27170

/** One word of a script: [name, ...arguments]; "call" calls a function of the module. */
export type Word = [string, ...(string | number)[]]

export interface Step {
  /** A REGISTER with these Contact headers. */
  register?: string[]
  /** Another request: method and URI. */
  request?: string
  /** An RPC command with its parameters. */
  rpc?: (string | number)[]
  /** Seconds that pass. */
  pause?: number
  headers?: string[]
  to?: string
  id?: string
  cseq?: number
  /** Recorded: the replies, without what a reply copies from its request. */
  replies?: string[][]
  /** Recorded: what the functions returned, and the destinations afterwards. */
  marks?: string[]
  /** Recorded: the answer to `rpc`. */
  answer?: unknown
}

export interface Conversation {
  name: string
  params?: Record<string, Record<string, string | number>>
  /** What the script does with a REGISTER and with any other request. */
  onRegister: Word[]
  onRequest?: Word[]
  steps: Step[]
}

export interface Facts {
  origin: string
  conversations: Conversation[]
}

/** The text of a step's message; `number` is the CSeq that it has when it names none. */
export function messageText(step: Step, number: number): string {
  const [method = '', uri = ''] = (step.request ?? 'REGISTER sip:example.org').split(' ')
  return [
    `${method} ${uri} SIP/2.0`,
    `Via: SIP/2.0/UDP 127.0.0.1:${PEER_PORT};branch=z9hG4bK${number}`,
    'From: <sip:bob@example.org>;tag=f1',
    `To: ${step.to ?? '<sip:bob@example.org>'}`,
    `Call-ID: ${step.id ?? 'c1'}`,
    `CSeq: ${step.cseq ?? number} ${method}`,
    ...(step.register ?? []).map(contact => `Contact: ${contact}`),
    ...(step.headers ?? []),
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n')
}

/**
 * Unique names and times differ from run to run: names are numbered as they appear, times are
 * masked.
 */
export class Mask {
  private readonly names = new Map<string, string>()

  text(text: string): string {
    return text
      .replaceAll(/ul(?:oc|cx)-[0-9a-f]+-[0-9a-f]+-[0-9a-f]+/g, name => {
        const known = this.names.get(name) ?? `RUID${this.names.size + 1}`
        this.names.set(name, known)
        return known
      })
      .replaceAll(/\b1[789]\d{8}\b/g, 'TIME')
  }

  /** With the real name where a step has the number of one: `sip:RUID1-3c33e6@example.org;gr`. */
  real(text: string): string {
    return text.replaceAll(/\bRUID\d+/g, shown => {
      for (const [name, known] of this.names) if (known === shown) return name
      return shown
    })
  }
}
