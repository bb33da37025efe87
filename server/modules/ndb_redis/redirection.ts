/** `MOVED 3999 127.0.0.1:6381`: where a node of a cluster says that a key is. */
export interface Redirection {
  readonly host: string
  readonly port: number
  /** The key is on its way there: this one command is to be preceded by ASKING. */
  readonly asking: boolean
}

/** null: it is no such reply. */
export function readRedirection(text: string): Redirection | null {
  const [, kind, host, port] = /^(MOVED|ASK) \d+ (\S*):(\d+)$/.exec(text) ?? []
  if (kind === undefined || host === undefined || host === '') return null
  return { host, port: Number(port), asking: kind === 'ASK' }
}
