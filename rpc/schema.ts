/**
 * The shape of a parameter or of a reply, said once: its TypeScript type, its line of help, and the
 * facts from which the wires print it as Kamailio does (integer or double, one value or several,
 * members that repeat). Shapes are plain data without code: `check.ts` turns one into a zod schema,
 * `wire/tree.ts` into what BINRPC and Kamailio's JSON carry.
 */

/** What a shape is, for everything that walks one. */
export type ShapeNode =
  /** `loose` takes a number as well, as Kamailio's `.s` does. */
  | { readonly kind: 'text'; readonly help: string; readonly loose: boolean }
  | { readonly kind: 'int'; readonly help: string; readonly loose: boolean }
  /** An integer that BINRPC carries as a double, because it may exceed 32 bits. */
  | { readonly kind: 'long'; readonly help: string }
  | { readonly kind: 'double'; readonly help: string }
  | { readonly kind: 'flag'; readonly help: string }
  /** A number or a text, told apart by the value itself. */
  | { readonly kind: 'scalar'; readonly help: string }
  | { readonly kind: 'list'; readonly help: string; readonly of: ShapeNode }
  /**
   * A list whose elements all carry a name: `[{"Contact": {...}}, ...]`; BINRPC repeats the member.
   */
  | { readonly kind: 'rows'; readonly help: string; readonly name: string; readonly of: ShapeNode }
  /**
   * `order`: names as they are printed. JavaScript would put those that look like numbers first.
   */
  | {
      readonly kind: 'record'
      readonly help: string
      readonly members: Members
      readonly order: readonly string[]
    }
  /** A structure whose member names are data. */
  | { readonly kind: 'map'; readonly help: string; readonly of: ShapeNode }
  /** A structure whose members repeat: `[name, value]` pairs in order. */
  | { readonly kind: 'pairs'; readonly help: string; readonly of: ShapeNode }
  | { readonly kind: 'either'; readonly help: string; readonly of: readonly ShapeNode[] }
  | { readonly kind: 'maybe'; readonly help: string; readonly of: ShapeNode }
  | { readonly kind: 'orNull'; readonly help: string; readonly of: ShapeNode }
  /** A reply of several values of which Kamailio's JSON keeps the last one. */
  | { readonly kind: 'several'; readonly help: string; readonly of: ShapeNode }
  /** As the last parameter: all that remain, as one list. */
  | { readonly kind: 'rest'; readonly help: string; readonly of: ShapeNode }
  | { readonly kind: 'nothing'; readonly help: string }

type Members = { readonly [name: string]: ShapeNode }

/** A shape whose values have the type T. `type` exists for the compiler only. */
export type Shape<T> = ShapeNode & { readonly type?: () => T }
export type TypeOf<S> = S extends { readonly type?: () => infer T } ? T : never
/** As `rest` makes it; a caller writes its values one after the other. */
export type Rest<T> = Shape<T[]> & { readonly kind: 'rest' }

export const text = (help = ''): Shape<string> => ({ kind: 'text', help, loose: false })
export const int = (help = ''): Shape<number> => ({ kind: 'int', help, loose: false })
/** An integer of 64 bits in Kamailio: BINRPC sends it as a double. */
export const long = (help = ''): Shape<number> => ({ kind: 'long', help })
export const double = (help = ''): Shape<number> => ({ kind: 'double', help })
/** Only in our own methods: Kamailio's formats have no truth values. */
export const flag = (help = ''): Shape<boolean> => ({ kind: 'flag', help })
export const scalar = (help = ''): Shape<string | number> => ({ kind: 'scalar', help })
/**
 * A text or integer parameter that is converted from the other kind (a leading `.` in Kamailio's
 * signatures).
 */
export const looseText = (help = ''): Shape<string> => ({ kind: 'text', help, loose: true })
export const looseInt = (help = ''): Shape<number> => ({ kind: 'int', help, loose: true })

/** A list; as a whole result it is what Kamailio marks RET_ARRAY. */
export const list = <T>(of: Shape<T>, help = ''): Shape<T[]> => ({ kind: 'list', help, of })
export const rows = <const N extends string, T>(
  name: N,
  of: Shape<T>,
  help = '',
): Shape<{ [K in N]: T }[]> => ({ kind: 'rows', help, name, of })
export const map = <T>(of: Shape<T>, help = ''): Shape<Record<string, T>> => ({
  kind: 'map',
  help,
  of,
})
export const pairs = <T>(of: Shape<T>, help = ''): Shape<[string, T][]> => ({
  kind: 'pairs',
  help,
  of,
})
export const either = <A, B>(a: Shape<A>, b: Shape<B>, help = ''): Shape<A | B> => ({
  kind: 'either',
  help,
  of: [a, b],
})
/** A parameter that may be left out, or a member that may be absent. */
export const maybe = <T>(of: Shape<T>): Shape<T | undefined> => ({
  kind: 'maybe',
  help: of.help,
  of,
})
export const orNull = <T>(of: Shape<T>): Shape<T | null> => ({ kind: 'orNull', help: of.help, of })
export const several = <T>(of: Shape<T>, help = ''): Shape<T[]> => ({ kind: 'several', help, of })
export const rest = <T>(of: Shape<T>): Rest<T> => ({ kind: 'rest', help: of.help, of })
/** A command that only does something: `{}` in JSON, no value in BINRPC. */
// biome-ignore lint/suspicious/noConfusingVoidType: a handler that returns nothing is what is meant
export const nothing: Shape<void> = { kind: 'nothing', help: '' }

type RecordOf<F> = {
  [K in keyof F as undefined extends TypeOf<F[K]> ? never : K]: TypeOf<F[K]>
} & {
  [K in keyof F as undefined extends TypeOf<F[K]> ? K : never]?: TypeOf<F[K]>
}
type Flat<T> = { [K in keyof T]: T[K] }
/**
 * A structure with fixed members; they are printed in the order given here. `order` is needed only
 * where a name is a number (`200`): the language moves such names to the front.
 */
export const record = <const F extends Record<string, Shape<any>>>(
  members: F,
  help = '',
  order: readonly (keyof F & string)[] = Object.keys(members),
): Shape<Flat<RecordOf<F>>> => ({ kind: 'record', help, members, order })

/**
 * How much harm a method can do: a console in read-only mode calls `read` ones, and asks before
 * `danger`.
 */
export type MethodClass = 'read' | 'write' | 'danger'

export interface Method<P extends readonly Shape<any>[], R> {
  /** As system.methodHelp says it. */
  readonly doc: string
  readonly class: MethodClass
  /** The `help` of a parameter is its name. */
  readonly params: P
  readonly result: Shape<R>
  /**
   * Kamailio's own sentences for a parameter that is missing or of the wrong kind: by position, the
   * last one for all that follow. Without them it is the general one of `bind`.
   */
  readonly badParams?: readonly (readonly [code: number, text: string])[]
}
export type Methods = Record<string, Method<readonly Shape<any>[], any>>
export const methods = <const M extends Methods>(rows: M): M => rows

type Arguments<P> = P extends readonly [infer Head, ...infer Tail]
  ? Head extends { readonly kind: 'rest'; readonly type?: () => infer T extends unknown[] }
    ? T
    : undefined extends TypeOf<Head>
      ? [value?: TypeOf<Head>, ...more: Arguments<Tail>]
      : [value: TypeOf<Head>, ...more: Arguments<Tail>]
  : []
/** What a caller passes: optional parameters at the end may be left out, `rest` is spread. */
export type ParamsOf<M> = M extends { readonly params: infer P } ? Arguments<P> : never
export type ResultOf<M> = M extends { readonly result: infer R } ? TypeOf<R> : never

/** One line that says what a method takes and gives: `ul.lookup table aor`. */
export function usage(name: string, method: Methods[string]): string {
  const words = method.params.map(param => {
    const word = param.help || param.kind
    if (param.kind === 'rest') return `[${word} ...]`
    return param.kind === 'maybe' ? `[${word}]` : word
  })
  return [name, ...words].join(' ')
}
