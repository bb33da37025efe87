import { int, methods, record } from '../schema.ts'
import { kemiFunctions } from './app_lua.ts'

/** `app_jsdt.*` - routing scripts in JavaScript. */
export const appJsdt = methods({
  'app_jsdt.reload': {
    doc: 'Reload javascript file',
    class: 'write',
    params: [],
    result: record({ old: int('version before'), new: int('version now') }),
  },
  'app_jsdt.api_list': {
    doc: 'List kemi exports to javascript',
    class: 'read',
    params: [],
    result: kemiFunctions,
  },
})
