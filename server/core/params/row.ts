/** The words in which the tables of core parameters are written. */
export interface CoreParam<T> {
  readonly kind: 'int' | 'string'
  readonly default: T
  /** What it does here; where it does nothing, why. */
  readonly doc: string
  readonly aliases: readonly string[]
  /** `group.name` of the runtime variable, '' when it is none. */
  readonly live: string
  /** A runtime variable that is only read: cfg.set refuses it. */
  readonly fixed: boolean
  /** Bounds of a change at run time. */
  readonly min?: number
  readonly max?: number
  /** Words that the config may write for a number: `tos=IPTOS_LOWDELAY`. */
  readonly words?: Readonly<Record<string, number>>
  /** Which texts a change at run time may give; all without it. */
  readonly accepts?: (text: string) => boolean
  readonly since6: boolean
  /**
   * acts; idle: there is nothing that it could do here; lacking: who sets it to something else than
   * the default will miss what it does in Kamailio.
   */
  readonly effect: 'acts' | 'idle' | 'lacking'
}

interface Options {
  readonly aliases?: readonly string[]
  readonly live?: string
  readonly fixed?: boolean
  readonly min?: number
  readonly max?: number
  readonly words?: Readonly<Record<string, number>>
  readonly accepts?: (text: string) => boolean
  readonly since6?: boolean
}

const row =
  <T>(kind: 'int' | 'string', effect: CoreParam<T>['effect'], before: string) =>
  (value: T, doc: string, options: Options = {}): CoreParam<T> => ({
    kind,
    default: value,
    doc: before + doc,
    aliases: options.aliases ?? [],
    live: options.live ?? '',
    fixed: options.fixed ?? false,
    ...(options.min === undefined ? {} : { min: options.min }),
    ...(options.max === undefined ? {} : { max: options.max }),
    ...(options.words === undefined ? {} : { words: options.words }),
    ...(options.accepts === undefined ? {} : { accepts: options.accepts }),
    since6: options.since6 ?? false,
    effect,
  })

export const int = row<number>('int', 'acts', '')
export const string = row<string>('string', 'acts', '')
/** Taken, because configs have it, and without a meaning here: the sentence says why. */
export const idleInt = row<number>('int', 'idle', 'No effect: ')
export const idleString = row<string>('string', 'idle', 'No effect: ')
/** Taken, and what it would do is not there: whoever sets it is told. */
export const lackingInt = row<number>('int', 'lacking', 'Not supported: ')
export const lackingString = row<string>('string', 'lacking', 'Not supported: ')

/** Bounds of what is on or off. */
export const SWITCH = { min: 0, max: 1 } as const
