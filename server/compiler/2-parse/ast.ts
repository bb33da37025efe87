/** The tree of a config: one union for statements, one for expressions, plain rows for what stands outside of routes. */
import type { RouteKind } from '../../core/module.ts'
import type { Place } from '../1-read/source.ts'

export interface PvarNode {
  readonly place: Place
  /** As written. */
  readonly text: string
  readonly name: string
  /** The text in parentheses after the name, null without parentheses. */
  readonly inner: string | null
  /** A number, '*' or a variable; null when there is none. */
  readonly index: number | '*' | PvarNode | null
  readonly transformations: readonly {
    readonly class: string
    readonly name: string
    readonly args: readonly string[]
  }[]
}

/** Operands that are words of the language: `uri`, `src_ip`, `method` ... */
export type Keyword =
  | 'method'
  | 'uri'
  | 'status'
  | 'from_uri'
  | 'to_uri'
  | 'src_ip'
  | 'dst_ip'
  | 'snd_ip'
  | 'to_ip'
  | 'src_port'
  | 'dst_port'
  | 'snd_port'
  | 'to_port'
  | 'proto'
  | 'snd_proto'
  | 'to_proto'
  | 'af'
  | 'snd_af'
  | 'to_af'
  | 'msg_len'
  | 'max_len'
  | 'myself'

export type Operator =
  | '||'
  | '&&'
  | '|'
  | '&'
  | '^'
  | '<<'
  | '>>'
  | '=='
  | '!='
  | '=~'
  | 'eq'
  | 'ne'
  | 'ieq'
  | 'ine'
  | '<'
  | '>'
  | '<='
  | '>='
  | '+'
  | '-'
  | '*'
  | '/'
  | 'mod'

export type Expression =
  | { readonly kind: 'int'; readonly value: number; readonly place: Place }
  | { readonly kind: 'string'; readonly value: string; readonly place: Place }
  | { readonly kind: 'pvar'; readonly pvar: PvarNode; readonly place: Place }
  | { readonly kind: 'select'; readonly path: string; readonly place: Place }
  | { readonly kind: 'keyword'; readonly name: Keyword; readonly place: Place }
  /** An address, network or host name beside src_ip and its like; a bare word beside method or proto. */
  | { readonly kind: 'word'; readonly text: string; readonly place: Place }
  | {
      readonly kind: 'call'
      readonly name: string
      readonly args: readonly Expression[]
      readonly place: Place
    }
  | { readonly kind: 'route'; readonly name: Expression; readonly place: Place }
  | {
      readonly kind: 'binary'
      readonly op: Operator
      readonly left: Expression
      readonly right: Expression
      readonly place: Place
    }
  | {
      readonly kind: 'unary'
      readonly op: '!' | '-' | '~' | 'int' | 'str' | 'defined' | 'strlen' | 'strempty'
      readonly of: Expression
      readonly place: Place
    }
  | {
      readonly kind: 'selval'
      readonly test: Expression
      readonly yes: Expression
      readonly no: Expression
      readonly place: Place
    }
  | {
      readonly kind: 'assign'
      readonly target: PvarNode
      readonly value: Expression
      readonly place: Place
    }

export interface SwitchCase {
  readonly place: Place
  /** null is `default`. */
  readonly label: Expression | null
  readonly regex: boolean
  readonly body: readonly Statement[]
}

export type Statement =
  | { readonly kind: 'expression'; readonly expression: Expression; readonly place: Place }
  | {
      readonly kind: 'if'
      readonly test: Expression
      readonly then: readonly Statement[]
      readonly otherwise: readonly Statement[] | null
      readonly place: Place
    }
  | {
      readonly kind: 'while'
      readonly test: Expression
      readonly body: readonly Statement[]
      readonly place: Place
    }
  | {
      readonly kind: 'switch'
      readonly value: Expression
      readonly cases: readonly SwitchCase[]
      readonly place: Place
    }
  | {
      readonly kind: 'return' | 'exit' | 'drop'
      readonly value: Expression | null
      readonly place: Place
    }
  | { readonly kind: 'break'; readonly place: Place }

export interface RouteNode {
  readonly kind: RouteKind
  /** '' is the block without a name. */
  readonly name: string
  readonly body: readonly Statement[]
  readonly place: Place
}

export interface Literal {
  readonly value: string | number
  /** A bare word, an address or a host rather than a quoted string. */
  readonly bare: boolean
  readonly place: Place
}

export interface ListenNode {
  readonly proto: string
  readonly host: string
  readonly port: number
  readonly advertise: { readonly host: string; readonly port: number } | null
  readonly name: string
  readonly place: Place
}

export interface ConfigTree {
  readonly modules: { readonly name: string; readonly place: Place }[]
  readonly params: { readonly name: string; readonly value: Literal; readonly place: Place }[]
  readonly modparams: {
    readonly module: string
    readonly name: string
    readonly value: Literal
    readonly place: Place
  }[]
  readonly variables: {
    readonly group: string
    readonly instance: number | null
    readonly name: string
    readonly value: Literal
    readonly doc: string
    readonly place: Place
  }[]
  readonly flags: { readonly name: string; readonly number: number; readonly place: Place }[]
  readonly listen: ListenNode[]
  readonly aliases: {
    readonly proto: string
    readonly host: string
    readonly port: number
    readonly place: Place
  }[]
  readonly routes: RouteNode[]
}
