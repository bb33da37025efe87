/** #!define values of the config, and the environment. */
import { type KemiFunction, kemiFn, text } from '../../core/module/index.ts'
import type { Kemix } from './kemix.ts'
import type { Rows } from './rows.ts'

const name = text('name')

/** As C reads a number at the start of a text; 0 when there is none. */
const numberOf = (value: string): number => Number.parseInt(value, 10) | 0

const question = (
  doc: string,
  run: (self: Kemix, wanted: string) => boolean,
): KemiFunction<Kemix> =>
  kemiFn({
    doc,
    args: [name],
    returns: 'bool',
    run: (self: Kemix, _msg, wanted) => run(self, wanted),
  })

const defined = (self: Kemix, wanted: string): string => self.defines.get(wanted) ?? ''
const environment = (_self: Kemix, wanted: string): string => process.env[wanted] ?? ''

const asText = (doc: string, get: typeof defined): KemiFunction<Kemix> =>
  kemiFn({
    doc,
    args: [name],
    returns: 'xval',
    type: 'string',
    run: (self: Kemix, _msg, wanted) => get(self, wanted),
  })
const asNumber = (doc: string, get: typeof defined): KemiFunction<Kemix> =>
  kemiFn({
    doc,
    args: [name],
    returns: 'int',
    run: (self: Kemix, _msg, wanted) => numberOf(get(self, wanted)),
  })

export const definitions: Rows = {
  'kx.get_def': asText('The value of a #!define, empty when there is none.', defined),
  'kx.get_defn': asNumber('The value of a #!define as a number, 0 when it is none.', defined),
  'kx.ifdef': question('Is this name defined?', (self, wanted) => self.defines.has(wanted)),
  'kx.ifndef': question('Is this name not defined?', (self, wanted) => !self.defines.has(wanted)),
  'kx.get_env': asText('A variable of the environment, empty when there is none.', environment),
  'kx.get_envn': asNumber(
    'A variable of the environment as a number, 0 when it is none.',
    environment,
  ),
}
