/** The options of every command, as rows. */
import type { Option } from './command.ts'
import { FORMATS } from './output.ts'

export const sharedOptions: readonly Option[] = [
  { flags: '--fleet <file>', doc: 'fleet file (KAMCTL_FLEET; else ~/.config/ohana, /etc/ohana)' },
  { flags: '--nodes <names>', doc: 'only these nodes of it, comma separated' },
  { flags: '--socket <endpoint>', doc: 'one node: a socket path, ws:// or http:// (OHANA_NODE)' },
  { flags: '--db <url>', doc: 'the database (else kamctlrc, else the one that the node uses)' },
  { flags: '-t, --timeout <seconds>', doc: 'how long each node may take (default: 2)' },
  { flags: '-o, --output <format>', doc: FORMATS.join(', ') },
  { flags: '--json', doc: 'the same as -o json' },
  { flags: '-q, --quiet', doc: 'the same as -o name' },
  { flags: '--columns <names>', doc: 'these columns, in this order' },
  { flags: '--sort-by <column>', doc: 'sort; - before it for descending' },
  { flags: '--no-headers', doc: 'no line of titles' },
  { flags: '--no-input', doc: 'never ask a question' },
  { flags: '--color <when>', doc: 'auto, always or never' },
  { flags: '--ascii', doc: 'no character that is not ASCII (as in a locale that is not UTF-8)' },
  { flags: '-h, --help', doc: 'how to use it' },
]
