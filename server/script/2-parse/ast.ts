/**
 * The tree of a config: one union of expressions, one of statements, one of what stands outside of
 * the routes.
 */
import type { RouteKind } from '../../core/module/index.ts'
import type { Place } from '../1-read/source.ts'

// ---- expressions

export interface NumberNode {
  readonly kind: 'number'
  readonly value: number
  readonly at: Place
}

export interface TextNode {
  readonly kind: 'text'
  readonly value: string
  readonly at: Place
}

/** A bare word: a flag's or a route's name, INVITE in `method == INVITE`; elsewhere a mistake. */
export interface WordNode {
  readonly kind: 'word'
  readonly value: string
  readonly at: Place
}

/** What stands between the brackets of `$(avp(x)[...])`. */
export type PvarIndex = number | 'all' | PvarNode

export interface TransformationNode {
  /** `s` and `substr` of {s.substr,0,1}. */
  readonly group: string
  readonly name: string
  readonly args: readonly (string | PvarNode)[]
  /** What stands behind the first comma, as it is written; '' when there is none. */
  readonly written: string
}

export interface PvarNode {
  readonly kind: 'pvar'
  readonly name: string
  /** The text in parentheses, null when there are none. */
  readonly inner: string | null
  readonly index: PvarIndex | null
  readonly transformations: readonly TransformationNode[]
  /** As the config writes it. */
  readonly text: string
  /**
   * Written without parentheses in a config without #!KAMAILIO: an AVP when no variable has the
   * name.
   */
  readonly compat: boolean
  readonly at: Place
}

/** `@ruri.user` */
export interface SelectNode {
  readonly kind: 'select'
  /** Without the @. */
  readonly path: string
  readonly at: Place
}

export interface CallNode {
  readonly kind: 'call'
  readonly name: string
  readonly args: readonly Expression[]
  readonly at: Place
}

export type BinaryOperator =
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

export interface BinaryNode {
  readonly kind: 'binary'
  readonly operator: BinaryOperator
  readonly left: Expression
  readonly right: Expression
  readonly at: Place
}

export type UnaryOperator = '!' | '-' | '~' | 'defined' | 'strlen' | 'strempty' | 'int' | 'str'

export interface UnaryNode {
  readonly kind: 'unary'
  readonly operator: UnaryOperator
  readonly operand: Expression
  readonly at: Place
}

/** selval(condition, a, b) */
export interface ChoiceNode {
  readonly kind: 'choice'
  readonly condition: Expression
  readonly yes: Expression
  readonly no: Expression
  readonly at: Place
}

/** An operand without a $: method, src_ip, msg:len ... */
export interface ConditionNode {
  readonly kind: 'condition'
  readonly name: string
  readonly at: Place
}

/** `myself`, beside a condition operand. */
export interface MyselfNode {
  readonly kind: 'myself'
  readonly at: Place
}

/** An address or network beside src_ip and its kin: `10.0.0.0/8`. */
export interface NetworkNode {
  readonly kind: 'network'
  readonly text: string
  readonly at: Place
}

/** `{ ... }` as an operand: its value is that of its last statement. */
export interface BlockNode {
  readonly kind: 'block'
  readonly body: readonly Statement[]
  readonly at: Place
}

export interface AssignNode {
  readonly kind: 'assign'
  readonly target: PvarNode
  readonly value: Expression
  readonly at: Place
}

export type Expression =
  | NumberNode
  | TextNode
  | WordNode
  | PvarNode
  | SelectNode
  | CallNode
  | BinaryNode
  | UnaryNode
  | ChoiceNode
  | ConditionNode
  | MyselfNode
  | NetworkNode
  | BlockNode
  | AssignNode

// ---- statements

/** Where a statement with others in it begins, and where Kamailio counts it to be: at its end. */
export interface LongPlace extends Place {
  readonly last: Place
}

export interface IfNode {
  readonly kind: 'if'
  readonly condition: Expression
  readonly yes: Statement
  readonly no: Statement | null
  readonly at: LongPlace
}

export interface WhileNode {
  readonly kind: 'while'
  readonly condition: Expression
  readonly body: Statement
  readonly at: LongPlace
}

export interface SwitchNode {
  readonly kind: 'switch'
  readonly subject: Expression
  readonly cases: readonly CaseNode[]
  readonly at: LongPlace
}

export interface CaseNode {
  /** null is `default`. */
  readonly label: Expression | null
  /** `case /"^x":` */
  readonly regex: boolean
  readonly body: readonly Statement[]
  readonly at: Place
}

export interface LeaveNode {
  readonly kind: 'leave'
  readonly how: 'return' | 'exit' | 'drop'
  readonly value: Expression | null
  readonly at: Place
}

export interface BreakNode {
  readonly kind: 'break'
  readonly at: Place
}

export interface EmptyNode {
  readonly kind: 'empty'
  readonly at: Place
}

export type Statement =
  | CallNode
  | AssignNode
  | IfNode
  | WhileNode
  | SwitchNode
  | LeaveNode
  | BreakNode
  | BlockNode
  | EmptyNode

// ---- outside of the routes

export type Literal = NumberNode | TextNode | WordNode

/** `debug=3` */
export interface ParamNode {
  readonly kind: 'param'
  readonly name: string
  readonly value: Literal
  readonly at: Place
}

/** `pstn.gw_ip = "" desc "..."` */
export interface VariableNode {
  readonly kind: 'variable'
  readonly group: string
  /** The number in `group[2].name`, null for the group's own value. */
  readonly instance: number | null
  readonly name: string
  readonly value: NumberNode | TextNode
  readonly doc: string
  readonly at: Place
}

export interface FlagsNode {
  readonly kind: 'flags'
  readonly avp: boolean
  readonly flags: readonly {
    readonly name: string
    readonly bit: number | null
    readonly at: Place
  }[]
  readonly at: Place
}

export interface LoadModuleNode {
  readonly kind: 'loadmodule'
  /** `tm` of "tm.so" or a path. */
  readonly module: string
  readonly at: Place
}

/** loadpath, mpath, cfgengine, kemi.*_callback: one word, one text. */
export interface SettingNode {
  readonly kind: 'setting'
  readonly name: string
  readonly value: string
  readonly at: Place
}

export interface ModParamNode {
  readonly kind: 'modparam'
  /** A regular expression for names of modules that are loaded above. */
  readonly modules: TextNode
  readonly name: TextNode
  readonly value: NumberNode | TextNode
  /** modparamx: variables in the value are evaluated at load. */
  readonly evaluated: boolean
  readonly at: Place
}

export interface Endpoint {
  /** '' when none was named. */
  readonly proto: string
  /** Several for SCTP's multi-homing; an address, a name or an interface. */
  readonly hosts: readonly string[]
  /** 0 when none was named. */
  readonly port: number
}

export interface ListenNode {
  readonly kind: 'listen'
  readonly socket: Endpoint
  readonly advertise: Endpoint | null
  readonly name: string
  readonly virtual: boolean
  readonly at: Place
}

export interface AliasNode {
  readonly kind: 'alias'
  readonly alias: Endpoint
  readonly at: Place
}

export interface RouteNode {
  readonly kind: 'route'
  readonly route: RouteKind
  /** '' for request_route and for blocks without a name. */
  readonly name: string
  readonly body: readonly Statement[]
  /** From the keyword to the opening brace. */
  readonly at: Place
}

export type TopNode =
  | ParamNode
  | VariableNode
  | FlagsNode
  | LoadModuleNode
  | SettingNode
  | ModParamNode
  | ListenNode
  | AliasNode
  | RouteNode

/** A config as it was read. */
export interface Script {
  readonly items: readonly TopNode[]
}
