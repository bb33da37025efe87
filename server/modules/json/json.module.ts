// Everything json offers to a config is named here.
import { defineModule, fn, format, strParam, writablePvar } from '../../core/module/index.ts'
import { ANY_ROUTE } from '../../core/route-bits.ts'
import { getField, getString, Json, transformations } from './json.ts'

export const params = {
  json_escape_char: strParam({ default: '%', doc: 'What stands for a dot in a name; only %.' }),
}

const args = [format('json'), format('name'), writablePvar('variable')] as const

export default defineModule({
  name: 'json',
  doc: 'Takes values out of JSON.',
  needs: {},
  params,
  instance: Json,
  functions: {
    json_get_field: fn({
      doc: 'Put a member of an object into a variable, as JSON.',
      args,
      routes: ANY_ROUTE,
      run: getField,
    }),
    json_get_string: fn({
      doc: 'The same; a text without its quotes.',
      args,
      routes: ANY_ROUTE,
      run: getString,
    }),
  },
  transformations: { json: transformations },
})
