/** The functions of jansson. */
import type { Core } from '../../core/core.ts'
import type { ModuleEnv, PvHandle, PvValue, Verdict } from '../../core/module/index.ts'
import { XavpList, xavpsOf, type XavpValue } from '../../core/xavp.ts'
import { type JsonTree, NumberText, quoteJson, readJson, writeJson } from '../../lib/json-tree.ts'
import type { SipMessage } from '../../sip/message.ts'
import { find, put, readPath } from './path.ts'

export class Jansson {
  private readonly core: Core

  constructor(env: ModuleEnv<{}, {}>) {
    this.core = env.core
  }

  /** -1, and why. */
  fail(text: string): Verdict {
    this.core.log.error('jansson', text)
    return -1
  }
}

/** Integers of 32 bits are numbers, true and false 1 and 0, objects and arrays JSON again. */
function valueOf(value: JsonTree): PvValue {
  if (value === null || typeof value === 'string') return value
  if (typeof value === 'boolean') return value ? 1 : 0
  if (!(value instanceof NumberText)) return writeJson(value)
  const number = Number(value.text)
  return value.isInteger && number === (number | 0) ? number : value.text
}

/** What a path leads to, in a text; undefined when nothing does. */
function at(text: string, path: string): JsonTree | undefined {
  const tree = readJson(text)
  const steps = readPath(path)
  return tree === undefined || steps === null ? undefined : find(tree, steps)
}

export function get(
  self: Jansson,
  msg: SipMessage,
  path: string,
  text: string,
  into: PvHandle,
): Verdict {
  const value = at(text, path)
  if (value === undefined) return self.fail(`jansson_get: there is nothing at "${path}"`)
  into.set!(msg, valueOf(value))
  return 1
}

export function getField(
  self: Jansson,
  msg: SipMessage,
  text: string,
  name: string,
  into: PvHandle,
): Verdict {
  const tree = readJson(text)
  const value = tree instanceof Map ? tree.get(name) : undefined
  if (value === undefined) return self.fail(`jansson_get_field: there is no "${name}"`)
  into.set!(msg, valueOf(value))
  return 1
}

export function arraySize(
  self: Jansson,
  msg: SipMessage,
  path: string,
  text: string,
  into: PvHandle,
): Verdict {
  const value = at(text, path)
  if (!Array.isArray(value)) return self.fail(`jansson_array_size: there is no array at "${path}"`)
  into.set!(msg, value.length)
  return 1
}

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/

/** A value of the type that the script names; undefined when it is none. */
function made(type: string, text: string): JsonTree | undefined {
  switch (type) {
    case 'str':
    case 'string':
      return text
    case 'int':
    case 'integer':
      return /^-?\d+$/.test(text) ? new NumberText(String(BigInt(text))) : undefined
    case 'real':
      return NUMBER.test(text) ? new NumberText(text) : undefined
    case 'true':
      return true
    case 'false':
      return false
    case 'null':
      return null
    case 'obj':
    case 'object': {
      const tree = readJson(text)
      return tree instanceof Map ? tree : undefined
    }
    case 'array': {
      const tree = readJson(text)
      return Array.isArray(tree) ? tree : undefined
    }
    default:
      return undefined
  }
}

/** Changes the JSON in a variable; a mistake leaves it as it is. */
const changing =
  (name: string, change: (tree: JsonTree, path: string, value: JsonTree) => boolean) =>
  (
    self: Jansson,
    msg: SipMessage,
    type: string,
    path: string,
    text: string,
    variable: PvHandle,
  ): Verdict => {
    const value = made(type, text)
    if (value === undefined) return self.fail(`${name}: "${text}" is no ${type}`)
    const tree = readJson(String(variable.get(msg) ?? ''))
    if (tree === undefined) return self.fail(`${name}: ${variable.text} holds no JSON`)
    if (!change(tree, path, value)) return self.fail(`${name}: cannot write to "${path}"`)
    variable.set!(msg, writeJson(tree))
    return 1
  }

export const set = changing('jansson_set', (tree, path, value) => {
  const steps = readPath(path)
  return steps !== null && put(tree, steps, value)
})

export const append = changing('jansson_append', (tree, path, value) => {
  const steps = readPath(path)
  const array = steps === null ? undefined : find(tree, steps)
  return Array.isArray(array) && array.push(value) > 0
})

/** The members of an object as a new XAVP, the last one first as in Kamailio. */
export function decode(self: Jansson, msg: SipMessage, text: string, name: string): Verdict {
  const tree = readJson(text)
  if (tree === undefined) return self.fail('jansson_xdecode: the text is no JSON')
  const list = xavpsOf(msg).addList(name)
  if (tree instanceof Map) for (const [key, value] of tree) list.add(key, valueOf(value))
  return 1
}

const written = (value: XavpValue): string => {
  if (value instanceof XavpList) return encoded(value)
  return typeof value === 'string' ? quoteJson(value) : String(value)
}

/** Of several values of one name the oldest counts. */
function encoded(list: XavpList): string {
  const values = new Map(list.items.map(({ name, value }) => [name, value]))
  const members = [...values].map(([name, value]) => `${quoteJson(name)}: ${written(value)}`)
  return `{${members.join(', ')}}`
}

export function encode(self: Jansson, msg: SipMessage, name: string, into: PvHandle): Verdict {
  const list = xavpsOf(msg).list(name)
  if (list === null) return self.fail(`jansson_xencode: there is no $xavp(${name}=>...)`)
  into.set!(msg, encoded(list))
  return 1
}
