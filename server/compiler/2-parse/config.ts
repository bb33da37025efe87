/** The top level of a config: parameters, modules, variables, listeners, route blocks. */
import { SCTP, TCP, TLS, UDP } from '../../sip/transport.ts'
import type { RouteKind } from '../../core/module.ts'
import { placeText, type Place } from '../1-read/source.ts'
import type { ConfigTree, ListenNode, Literal, RouteNode, Statement } from './ast.ts'
import { type Cursor, Resync } from './cursor.ts'
import { StatementParser } from './statements.ts'

const ROUTES = new Map<string, RouteKind>([
  ['route', 'route'],
  ['request_route', 'request'],
  ['failure_route', 'failure'],
  ['branch_route', 'branch'],
  ['onreply_route', 'onreply'],
  ['reply_route', 'onreply'],
  ['onsend_route', 'onsend'],
  ['event_route', 'event'],
])
const PROTOCOLS = new Map([
  ['udp', UDP],
  ['tcp', TCP],
  ['tls', TLS],
  ['sctp', SCTP],
  ['ws', 5],
  ['wss', 6],
  ['any', 0],
  ['*', 0],
])

export interface ConfigEvents {
  /** Called at each loadmodule, because MOD_x is defined from there on. */
  onModule(name: string): void
}

export class ConfigParser {
  readonly tree: ConfigTree = {
    modules: [],
    params: [],
    modparams: [],
    variables: [],
    flags: [],
    listen: [],
    aliases: [],
    routes: [],
  }
  private readonly cursor: Cursor
  private readonly statements: StatementParser
  private readonly events: ConfigEvents

  constructor(cursor: Cursor, events: ConfigEvents) {
    this.cursor = cursor
    this.statements = new StatementParser(cursor)
    this.events = events
  }

  parse(): ConfigTree {
    const { cursor } = this
    while (cursor.token.kind !== 'end') {
      const before = cursor.token
      try {
        this.item()
      } catch (error) {
        if (!(error instanceof Resync)) throw error
        cursor.resync()
        if (cursor.token === before || cursor.is('}')) cursor.take()
      }
    }
    return this.tree
  }

  private item(): void {
    const { cursor } = this
    if (cursor.accept(';')) return
    const { token } = cursor
    if (token.kind !== 'id') cursor.fail('a parameter, a module or a route')
    if (ROUTES.has(token.text) && ['{', '['].includes(cursor.ahead(1).text)) {
      this.route()
      return
    }
    switch (token.text) {
      case 'loadmodule':
      case 'loadmodulex':
        this.loadModule()
        return
      case 'modparam':
      case 'modparamx':
        this.modParam()
        return
      case 'loadpath':
      case 'mpath':
        cursor.take()
        cursor.accept('=')
        this.literal()
        return
      case 'listen':
        this.listen()
        return
      case 'alias':
      case 'domain':
        this.alias()
        return
      case 'flags':
      case 'bool':
      case 'avpflags':
        this.flags()
        return
      case 'cfgengine':
        cursor.take()
        cursor.accept('=')
        this.tree.params.push({ name: 'cfgengine', value: this.literal(), place: token.place })
        return
      default:
        this.assignment()
    }
  }

  private loadModule(): void {
    const { cursor } = this
    const { place } = cursor.take()
    const parenthesised = cursor.accept('(')
    const names = this.string('the name of a module')
    if (parenthesised) {
      if (cursor.accept(',')) this.literal()
      cursor.expect(')')
    }
    const name = names.replace(/^.*\//, '').replace(/\.so$/, '')
    this.tree.modules.push({ name, place })
    this.events.onModule(name)
  }

  private modParam(): void {
    const { cursor } = this
    const { place } = cursor.take()
    cursor.expect('(')
    const module = this.string('the name of a module')
    cursor.expect(',')
    const name = this.string('the name of a parameter')
    cursor.expect(',')
    const value = this.literal()
    cursor.expect(')')
    this.tree.modparams.push({ module, name, value, place })
  }

  private string(what: string): string {
    const { token } = this.cursor
    if (token.kind !== 'string') this.cursor.fail(what, 'in double quotes')
    return this.cursor.take().text
  }

  /** A number (with sign), a string, or a bare word. */
  private literal(): Literal {
    const { cursor } = this
    const { token } = cursor
    const { place } = token
    if (cursor.accept('-')) {
      const number = cursor.take()
      if (number.kind !== 'number') cursor.fail('a number')
      return { value: -number.value, bare: false, place }
    }
    if (token.kind === 'number') {
      cursor.take()
      // `1.2.3` style words and hosts that start with a digit come as several tokens.
      return { value: token.value, bare: false, place }
    }
    if (token.kind === 'string') {
      cursor.take()
      return { value: token.text, bare: false, place }
    }
    if (
      token.kind === 'pvar' ||
      token.kind === 'select' ||
      token.kind === 'address' ||
      token.kind === 'id'
    ) {
      cursor.take()
      let { text } = token
      while (
        token.kind === 'id' &&
        (cursor.is('.') || cursor.is('-')) &&
        cursor.ahead(1).kind === 'id'
      ) {
        text += cursor.take().text + cursor.take().text
      }
      return { value: text, bare: true, place }
    }
    return cursor.fail('a number or a string')
  }

  private assignment(): void {
    const { cursor } = this
    const { place, text } = cursor.take()
    let name = text
    let group: string | null = null
    let instance: number | null = null
    if (cursor.accept('[')) {
      instance = cursor.take().value
      cursor.expect(']')
    }
    if (cursor.accept('.')) {
      group = text
      name = cursor.take().text
    }
    cursor.expect('=', 'a parameter is set by name = value')
    const value = this.literal()
    if (group === null) {
      this.tree.params.push({ name, value, place })
      return
    }
    let doc = ''
    if (cursor.accept('desc') || cursor.accept('descr') || cursor.accept('description'))
      doc = this.string('a description')
    this.tree.variables.push({ group, instance, name, value, doc, place })
  }

  private flags(): void {
    const { cursor } = this
    cursor.take()
    do {
      const { place, text } = cursor.take()
      let number = -1
      if (cursor.accept(':')) number = cursor.take().value
      this.tree.flags.push({ name: text, number, place })
    } while (cursor.accept(','))
  }

  private listen(): void {
    const { cursor } = this
    cursor.take()
    cursor.expect('=')
    do this.tree.listen.push(this.listenAddress())
    while (this.startsAddress())
  }

  /** Several addresses may follow one `=`; the next parameter's name is followed by `=`. */
  private startsAddress(): boolean {
    const { cursor } = this
    const { token } = cursor
    if (token.kind === 'address' || token.kind === 'string') return true
    if (token.kind !== 'id' || cursor.ahead(1).text === '=' || cursor.ahead(1).text === '(')
      return false
    return PROTOCOLS.has(token.text) && cursor.ahead(1).text === ':'
  }

  private listenAddress(): ListenNode {
    const { cursor } = this
    const { place } = cursor.token
    const { proto, host, port } = this.address()
    let advertise: ListenNode['advertise'] = null
    let name = ''
    for (;;) {
      if (cursor.accept('advertise') || cursor.accept('ADVERTISE')) {
        const a = this.address()
        advertise = { host: a.host, port: a.port }
      } else if (cursor.accept('name')) name = this.string('a name')
      else if (!cursor.accept('virtual')) break
    }
    return { proto, host, port, advertise, name, place }
  }

  private alias(): void {
    const { cursor } = this
    cursor.take()
    cursor.expect('=')
    do {
      const { place } = cursor.token
      this.tree.aliases.push({ ...this.address(), place })
    } while (this.startsAddress() || cursor.token.kind === 'address')
  }

  /** `[proto:]host[:port]`, quoted or not. */
  private address(): { proto: string; host: string; port: number } {
    const { cursor } = this
    if (cursor.token.kind === 'string') return this.quotedAddress(cursor.token.place)
    let proto = ''
    if (PROTOCOLS.has(cursor.token.text) && cursor.ahead(1).text === ':') {
      proto = cursor.take().text
      cursor.take()
      if (proto === '*' || proto === 'any') proto = ''
      if ((cursor.token.kind as string) === 'string') {
        return { ...this.quotedAddress(cursor.token.place), proto }
      }
    }
    let host = ''
    while (
      cursor.token.kind === 'id' ||
      cursor.token.kind === 'number' ||
      cursor.token.kind === 'address'
    ) {
      host += cursor.take().raw
      if (!cursor.is('.') && !cursor.is('-')) break
      host += cursor.take().text
    }
    if (cursor.is('*')) host = cursor.take().text
    if (host === '') cursor.fail('an address', '[proto:]address[:port]')
    let port = 0
    if (cursor.is(':')) {
      cursor.take()
      if (cursor.is('*')) cursor.take()
      else if (cursor.token.kind !== 'number') cursor.fail('a port')
      else port = cursor.take().value
    }
    return { proto, host, port }
  }

  private quotedAddress(place: Place): { proto: string; host: string; port: number } {
    const { text } = this.cursor.take()
    const found = /^(?:(udp|tcp|tls|sctp|ws|wss):)?(\[[^\]]*\]|[^:]+)(?::(\d+))?$/i.exec(
      text.trim(),
    )
    if (found !== null)
      return { proto: (found[1] ?? '').toLowerCase(), host: found[2]!, port: Number(found[3] ?? 0) }
    this.cursor.report.add('CFG_ADDRESS', place, `bad address ${text}`)
    return { proto: '', host: text, port: 0 }
  }

  private route(): void {
    const { cursor } = this
    const word = cursor.take()
    let kind = ROUTES.get(word.text)!
    let name = ''
    if (cursor.accept('[')) {
      name = this.routeName()
      cursor.expect(']')
    }
    if (kind === 'route' && (name === '' || name === '0')) {
      kind = 'request'
      name = ''
    }
    if (kind === 'onreply' && name === '0') name = ''
    const body: readonly Statement[] = this.statements.block()
    const again = this.tree.routes.find(r => r.kind === kind && r.name === name)
    if (again !== undefined) {
      const label = name === '' ? word.text : `${word.text}[${name}]`
      cursor.report.add('CFG_ROUTE_TWICE', word.place, label, placeText(again.place))
    }
    const node: RouteNode = { kind, name, body, place: word.place }
    this.tree.routes.push(node)
  }

  /** A number, a word, a string, or group:name of an event. */
  private routeName(): string {
    const { cursor } = this
    let name = ''
    while (!cursor.is(']')) {
      const { token } = cursor
      if (token.kind === 'end' || token.text === '{') cursor.fail("']'")
      name += token.kind === 'string' ? token.text : token.raw
      cursor.take()
    }
    return name
  }
}
