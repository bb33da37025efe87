/** The surface of diversion: every name that a config can use. */
import { defineModule, fn, format, optional, strParam } from '../../core/module/index.ts'
import { BRANCH_ROUTE, FAILURE_ROUTE, REQUEST_ROUTE } from '../../core/route-bits.ts'
import { addDiversion, Diversion } from './diversion.ts'

export const params = {
  suffix: strParam({ default: '', doc: 'Exists for Kamailio configs, where it does nothing.' }),
}

export default defineModule({
  name: 'diversion',
  doc: 'Adds Diversion headers: from whom and why a call was diverted.',
  needs: {},
  params,
  instance: Diversion,
  functions: {
    add_diversion: fn({
      doc: 'Adds a Diversion header above those that are there.',
      args: [format('reason'), optional(format('uri'))],
      routes: REQUEST_ROUTE | FAILURE_ROUTE | BRANCH_ROUTE,
      kemi: 'add_diversion(str) add_diversion_uri(str, str)',
      run: addDiversion,
    }),
  },
})
