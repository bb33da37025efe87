// A parsed config as a config again: every operator in parentheses, one statement a line. Parsing
// it gives the same tree.
import { quoted } from '../../server/script/1-read/strings.ts'
import type {
  Endpoint,
  Expression,
  ListenNode,
  Literal,
  RouteNode,
  Script,
  Statement,
  TopNode,
} from '../../server/script/2-parse/ast.ts'

export const printScript = (script: Script): string =>
  `#!KAMAILIO\n${script.items.map(item => `${printItem(item)}\n`).join('')}`

function printItem(node: TopNode): string {
  switch (node.kind) {
    case 'param':
      return `${node.name} = ${literal(node.value)}`
    case 'variable': {
      const instance = node.instance === null ? '' : `[${node.instance}]`
      const doc = node.doc === '' ? '' : ` desc ${quoted(node.doc)}`
      return `${node.group}${instance}.${node.name} = ${literal(node.value)}${doc}`
    }
    case 'flags': {
      const names = node.flags.map(flag => flag.name + (flag.bit === null ? '' : `:${flag.bit}`))
      return `${node.avp ? 'avpflags' : 'flags'} ${names.join(', ')}`
    }
    case 'loadmodule':
      return `loadmodule ${quoted(`${node.module}.so`)}`
    case 'setting':
      return `${node.name.replace(/^coreparam\.(.*)/, 'coreparam[$1]')} = ${quoted(node.value)}`
    case 'modparam': {
      const { modules, name, value, evaluated } = node
      const args = [modules, name, value].map(literal).join(', ')
      return `${evaluated ? 'modparamx' : 'modparam'}(${args})`
    }
    case 'listen':
      return listen(node)
    case 'alias':
      return `alias = ${endpoint(node.alias)}`
    case 'route':
      return route(node)
  }
}

function listen({ socket, advertise, name, virtual }: ListenNode): string {
  const told = advertise === null ? '' : ` advertise ${endpoint(advertise)}`
  const called = name === '' ? '' : ` name ${quoted(name)}`
  return `listen = ${endpoint(socket)}${told}${called}${virtual ? ' virtual' : ''}`
}

function endpoint({ proto, hosts, port }: Endpoint): string {
  const names = hosts.map(host => (host.includes(':') ? `[${host}]` : host))
  const host = names.length === 1 ? names[0] : `(${names.join(', ')})`
  return `${proto === '' ? '' : `${proto}:`}${host}${port === 0 ? '' : `:${port}`}`
}

function literal(node: Literal): string {
  if (node.kind === 'text') return quoted(node.value)
  if (node.kind === 'word') return node.value
  return String(node.value)
}

function route({ route: kind, name, body }: RouteNode): string {
  const words = { request: 'request_route', route: 'route' } as Record<string, string>
  const word = words[kind] ?? `${kind}_route`
  const label = name === '' ? '' : `[${/^\w+$/.test(name) ? name : quoted(name)}]`
  return `${word}${label} {\n${body.map(each => statement(each, '  ')).join('')}}`
}

function statement(node: Statement, indent: string): string {
  switch (node.kind) {
    case 'if': {
      const no = node.no === null ? '' : `${indent}else\n${statement(node.no, `${indent}  `)}`
      const yes = statement(node.yes, `${indent}  `)
      return `${indent}if ${expression(node.condition)}\n${yes}${no}`
    }
    case 'while':
      return `${indent}while ${expression(node.condition)}\n${statement(node.body, `${indent}  `)}`
    case 'switch': {
      const cases = node.cases.map(({ label, regex, body }) => {
        const head = label === null ? 'default' : `case ${regex ? '/' : ''}${expression(label)}`
        return `${indent}  ${head}:\n${body.map(each => statement(each, `${indent}    `)).join('')}`
      })
      return `${indent}switch (${expression(node.subject)}) {\n${cases.join('')}${indent}}\n`
    }
    case 'block': {
      const body = node.body.map(each => statement(each, `${indent}  `)).join('')
      return `${indent}{\n${body}${indent}}\n`
    }
    case 'leave':
      return `${indent}${node.how}${node.value === null ? '' : ` ${expression(node.value)}`};\n`
    case 'assign':
      return `${indent}${node.target.text} = ${expression(node.value)};\n`
    case 'break':
      return `${indent}break;\n`
    case 'empty':
      return `${indent};\n`
    default:
      return `${indent}${expression(node)};\n`
  }
}

const BARE_WORDS = ['method', 'uri', 'status', 'from_uri', 'to_uri']

function expression(node: Expression): string {
  switch (node.kind) {
    case 'number':
      // A sign would be an operator.
      return String(node.value >>> 0)
    case 'word':
      return node.value
    case 'text':
      return quoted(node.value)
    case 'pvar':
      return node.text
    case 'select':
      return `@${node.path}`
    case 'call':
      return `${node.name}(${node.args.map(expression).join(', ')})`
    case 'binary': {
      const plain = node.left.kind === 'condition' && !BARE_WORDS.includes(node.left.name)
      const proto = plain && node.left.name.includes('proto') && node.right.kind === 'text'
      const right = proto && node.right.kind === 'text' ? node.right.value : expression(node.right)
      return `(${expression(node.left)} ${node.operator} ${right})`
    }
    case 'unary':
      return unary(node.operator, expression(node.operand))
    case 'choice':
      return `selval(${[node.condition, node.yes, node.no].map(expression).join(', ')})`
    case 'condition':
      return node.name
    case 'myself':
      return 'myself'
    case 'network':
      return node.text
    case 'block':
      return `{ ${node.body.map(each => statement(each, '').trim()).join(' ')} }`
    case 'assign':
      return `(${node.target.text} = ${expression(node.value)})`
  }
}

function unary(operator: string, operand: string): string {
  if (operator === 'int' || operator === 'str') return `((${operator})${operand})`
  if (operator === 'strlen' || operator === 'strempty') return `${operator}(${operand})`
  return operator === 'defined' ? `(defined ${operand})` : `(${operator}${operand})`
}
