/** What the lexer hands on, and the facts about words. */
import { coreParamName, coreParams, coreParamSpellings } from '../../core/params.ts'
import type { Place } from './source.ts'

export type TokenKind =
  | 'word'
  /**
   * A decimal, hexadecimal, octal or binary number, or a word for one (yes, off, INET6): `value`
   * holds it.
   */
  | 'number'
  /** Digits and letters that are no number: `5gcore` in a host name. */
  | 'numid'
  /** `text` is what the string says. */
  | 'string'
  /** `text` is the whole of it: `$(hdr(Via)[0])`. */
  | 'pvar'
  /** `@ruri.user` */
  | 'select'
  /** SER's `%name`, and `$name` where the config says #!SER. */
  | 'attribute'
  | 'ipv6'
  | 'punctuation'
  /** Names of preprocessor directives, without the mark. */
  | 'directive'
  | 'end'

export interface Token extends Place {
  readonly kind: TokenKind
  readonly text: string
  readonly value: number
  /**
   * For strings: the quote; for pvars of configs without a #!KAMAILIO line: 'compat'; for what a
   * define gave: its name.
   */
  readonly note: string
}

/** How `$name` without parentheses is read: the mode line of a config. */
export type Mode = 'kamailio' | 'ser' | 'maxcompat'

/**
 * Words that are numbers wherever they stand; `inet` and its kin are the operating system's AF
 * values.
 */
export const NUMBER_WORDS: ReadonlyMap<string, number> = new Map([
  ...['yes', 'true', 'on', 'enable'].map(word => [word, 1] as const),
  ...['no', 'false', 'off', 'disable'].map(word => [word, 0] as const),
  ...['inet', 'INET', 'ipv4', 'IPv4', 'IPV4'].map(word => [word, 2] as const),
  ...['inet6', 'INET6', 'ipv6', 'IPv6', 'IPV6'].map(word => [word, 10] as const),
])

export const PROTO_WORDS: readonly string[] = [
  ...['udp', 'tcp', 'tls', 'sctp', 'ws', 'wss'],
  ...['UDP', 'TCP', 'TLS', 'SCTP', 'WS', 'WSS'],
]

/** Blocks of the routing script: word -> how it is spelled in RouteBlock.kind. */
export const ROUTE_WORDS: readonly string[] = [
  'route',
  'request_route',
  'failure_route',
  'onreply_route',
  'reply_route',
  'branch_route',
  'onsend_route',
  'event_route',
]

/** Operands that are compared without a `$`. */
export const CONDITION_WORDS: readonly string[] = [
  ...['method', 'uri', 'status', 'from_uri', 'to_uri', 'myself'],
  ...['src_ip', 'dst_ip', 'snd_ip', 'to_ip', 'src_port', 'dst_port', 'snd_port', 'to_port'],
  ...['proto', 'snd_proto', 'to_proto', 'af', 'snd_af', 'to_af', 'msg:len', 'max_len'],
]

/** Words that open a statement outside of the routes and are followed by no `=`. */
export const TOP_WORDS: readonly string[] = [
  ...['loadmodule', 'loadmodulex', 'loadpath', 'mpath', 'modparam', 'modparamx', 'cfgengine'],
  ...['flags', 'bool', 'avpflags', 'include_file', 'import_file', 'listen', 'alias'],
  ...ROUTE_WORDS,
]

/** Functions of the language itself; what their arguments look like is in 2-parse/commands.ts. */
export const CORE_COMMANDS: readonly string[] = [
  ...['forward', 'forward_udp', 'forward_tcp', 'forward_tls', 'forward_sctp', 'log', 'error'],
  ...['setflag', 'resetflag', 'isflagset', 'setavpflag', 'resetavpflag', 'isavpflagset'],
  ...['exec', 'rewritehost', 'sethost', 'seth', 'rewritehostport', 'sethostport', 'sethp'],
  ...['rewritehostporttrans', 'sethostporttrans', 'sethpt', 'rewriteuser', 'setuser', 'setu'],
  ...['rewriteuserpass', 'setuserpass', 'setup', 'rewriteport', 'setport', 'setp'],
  ...['rewriteuri', 'seturi', 'revert_uri', 'prefix', 'strip', 'strip_tail', 'userphone'],
  ...['remove_branch', 'clear_branches', 'force_rport', 'add_rport', 'add_local_rport'],
  ...['force_tcp_alias', 'add_tcp_alias', 'udp_mtu_try_proto', 'set_advertised_address'],
  ...['set_advertised_port', 'force_send_socket', 'set_forward_no_connect'],
  ...['set_reply_no_connect', 'set_forward_close', 'set_reply_close', 'cfg_select', 'cfg_reset'],
]

const OPERATOR_WORDS = [
  ...['and', 'or', 'not', 'mod', 'eq', 'ne', 'ieq', 'ine', 'strlen', 'strempty', 'defined'],
  ...['selval', 'if', 'else', 'switch', 'case', 'default', 'while', 'break', 'return', 'exit'],
  ...['drop', 'desc', 'descr', 'description', 'advertise', 'ADVERTISE', 'virtual', 'name', 'NAME'],
  ...['kemi', 'statistics', 'tlsv1', 'TLSv1', 'TLSV1', 'sslv23', 'SSLv23', 'SSLV23'],
  ...['SSLv2', 'SSLV2', 'SSLv3', 'SSLV3'],
]

/** A config for 5.6 may have a define that is named as a parameter of Kamailio 6. */
const LATER_SPELLINGS = ['dns_rev_via', 'dns_use_cache', 'dns_use_failover']
const is56 = (spelling: string): boolean =>
  !coreParams[coreParamName(spelling)!].since6 && !LATER_SPELLINGS.includes(spelling)

/** The language's own words: a #!define of the same name does not replace them. */
export const RESERVED: ReadonlySet<string> = new Set([
  ...NUMBER_WORDS.keys(),
  ...PROTO_WORDS,
  ...CONDITION_WORDS,
  ...TOP_WORDS,
  ...CORE_COMMANDS,
  ...OPERATOR_WORDS,
  ...coreParamSpellings().filter(is56),
])

/** Directives that a blank and a name follow: without the blank the line is a comment. */
const NAMED = [
  ...['define', 'def', 'trydefine', 'trydef', 'redefine', 'redef'],
  ...['undefine', 'undef', 'tryundefine', 'tryundef', 'defexp', 'defexps'],
  ...['ifdef', 'ifndef', 'ifexp'],
]
const OTHERS = [
  ...['defenv', 'defenvs', 'trydefenv', 'trydefenvs'],
  ...['else', 'endif', 'subst', 'substdef', 'substdefs', 'include_file', 'import_file'],
]

export const DIRECTIVES: readonly string[] = [...NAMED, ...OTHERS]

/** Does `#!word` with this behind it mean something? If not, the line is a comment. */
export const isDirective = (word: string, behind: string): boolean =>
  OTHERS.includes(word) || (NAMED.includes(word) && (behind === ' ' || behind === '\t'))
