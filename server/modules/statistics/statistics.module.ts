// Everything statistics offers to a config or an operator is named here.
import { defineModule, eachParam, fn, format, parsed } from '../../core/module/index.ts'
import { ANY_ROUTE } from '../../core/route-bits.ts'
import { readChange, readVariable, reset, Statistics, update } from './statistics.ts'

export const params = {
  variable: eachParam({
    doc: 'A statistic of the script: name, or name/no_reset.',
    parse: readVariable,
  }),
}

export default defineModule({
  name: 'statistics',
  doc: 'Statistics that the script declares and changes.',
  needs: {},
  params,
  instance: Statistics,
  functions: {
    update_stat: fn({
      doc: 'Add a number to a statistic: +5, -2.',
      kemi: 'update_stat(str, int)',
      args: [format('variable'), parsed('value', readChange)],
      routes: ANY_ROUTE,
      run: update,
    }),
    reset_stat: fn({
      doc: 'Set a statistic back to 0.',
      args: [format('variable')],
      routes: ANY_ROUTE,
      run: reset,
    }),
  },
})
