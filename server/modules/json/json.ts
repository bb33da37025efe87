/** json_get_field, json_get_string and {json.parse}. */
import type { Core } from '../../core/core.ts'
import {
  BadValue,
  type ModuleEnv,
  type PvHandle,
  type PvValue,
  since6,
  type Transformation,
  type Verdict,
} from '../../core/module/index.ts'
import { type JsonTree, readJson, SPACED, writeJson } from '../../lib/json-tree.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { params } from './json.module.ts'

/** Stands for a dot in a name of a path. */
const ESCAPE = '%'

export class Json {
  readonly core: Core

  constructor(env: ModuleEnv<typeof params, {}>) {
    this.core = env.core
    // Transformations have no instance that could tell them of another one.
    if (env.config.json_escape_char !== ESCAPE)
      throw new BadValue(`json: json_escape_char can only be ${ESCAPE}`)
  }
}

const member = (tree: JsonTree | undefined, name: string): JsonTree =>
  tree instanceof Map ? (tree.get(name) ?? null) : null

/** The text itself, anything else as JSON. */
const plain = (value: JsonTree): string =>
  typeof value === 'string' ? value : writeJson(value, SPACED)

const getter =
  (show: (value: JsonTree) => string) =>
  (self: Json, msg: SipMessage, text: string, name: string, into: PvHandle): Verdict => {
    const tree = readJson(text)
    if (tree === undefined) self.core.log.error('json', 'the text is no JSON')
    const value = member(tree, name)
    if (value === null) return -1
    into.set!(msg, show(value))
    return 1
  }

export const getField = getter(value => writeJson(value, SPACED))
export const getString = getter(plain)

function parse(value: PvValue, path = ''): PvValue {
  if (value === null) return null
  let at = readJson(String(value))
  for (const name of path.split('.')) at = member(at, name.replaceAll(ESCAPE, '.'))
  return at === null || at === undefined ? '' : plain(at)
}

export const transformations: Record<string, Transformation> = {
  parse: {
    doc: 'The value at a path of names between dots; empty when there is none.',
    minArgs: 1,
    maxArgs: 1,
    run: parse,
  },
  encode: since6<Transformation>({
    doc: 'As a name in such a path: with % for dots.',
    minArgs: 0,
    maxArgs: 0,
    run: value => (value === null ? null : String(value).replaceAll('.', ESCAPE)),
  }),
}
