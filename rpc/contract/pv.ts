import { either, maybe, methods, pairs, record, scalar, text } from '../schema.ts'

const shared = record({ name: text(), type: text('int or string'), value: scalar() })

const missing = (what: string) => [500, `Missing ${what} (Parameters: varname type value)`] as const

/** `pv.*` - shared script variables, `$shv(name)`. */
export const pv = methods({
  'pv.shvGet': {
    doc: 'Get the value of a shared variable. If no argument, dumps all',
    class: 'read',
    params: [maybe(text('name'))],
    result: either(shared, record({ items: pairs(shared, 'every pair is named shv') })),
  },
  'pv.shvSet': {
    doc: 'Set a shared variable (args: name type value)',
    class: 'write',
    params: [text('name'), text('int or str'), scalar('value')],
    result: text(),
    badParams: ['parameter varname', 'parameter type', 'integer parameter value'].map(missing),
  },
})
