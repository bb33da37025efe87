/** What can be typed after `:`, beside the names of the views. */
export interface PaletteRow {
  readonly name: string
  readonly aliases: readonly string[]
  /** With its arguments, for people. */
  readonly words: string
  readonly doc: string
}

export const paletteRows = [
  {
    name: 'view',
    aliases: [],
    words: 'VIEW [/filter]',
    doc: 'nodes, reg, tm, stats, cfg, log, trace',
  },
  { name: 'node', aliases: ['on'], words: 'node NAME|all', doc: 'look at one node, or at all' },
  {
    name: 'trace',
    aliases: ['call'],
    words: 'trace CALLID|WORD',
    doc: 'draw a call, or list the calls with a word in them',
  },
  {
    name: 'set',
    aliases: [],
    words: 'set GROUP.NAME [VALUE]',
    doc: 'change a parameter, on one node or all',
  },
  { name: 'dashboard', aliases: ['dash'], words: 'dashboard', doc: 'charts over the whole screen' },
  { name: 'help', aliases: ['h'], words: 'help', doc: 'keys and commands' },
  { name: 'quit', aliases: ['q', 'q!'], words: 'quit', doc: 'leave the console' },
] as const satisfies readonly PaletteRow[]
export type PaletteName = (typeof paletteRows)[number]['name']
