/** The surface of auth_xkeys: every name that a config or an operator can use. */
import { authXkeys } from '../../../rpc/contract/auth_xkeys.ts'
import { defineModule, eachParam, fn, format } from '../../core/module/index.ts'
import { ANY_ROUTE } from '../../core/route-bits.ts'
import { AuthXkeys, listKeys, setKey } from './auth_xkeys.ts'
import { addKeyHeader, checkKeyHeader } from './header.ts'
import { readKey } from './keys.ts'

export const params = {
  xkey: eachParam({
    doc: 'A key: id=group;name=key;value=secret;expires=seconds.',
    parse: text => readKey(String(text)),
  }),
}

const args = [format('hdr'), format('kid'), format('alg'), format('data')] as const

export default defineModule({
  name: 'auth_xkeys',
  doc: 'Authenticates messages by a header with a hash of shared keys.',
  needs: {},
  params,
  instance: AuthXkeys,

  functions: {
    auth_xkeys_add: fn({
      doc: 'Add a header with the hash of the first key of a group and some data.',
      args,
      routes: ANY_ROUTE,
      run: addKeyHeader,
    }),
    auth_xkeys_check: fn({
      doc: 'Is the header the hash of one of the keys of a group and some data?',
      args,
      routes: ANY_ROUTE,
      run: checkKeyHeader,
    }),
  },

  rpc: {
    contract: authXkeys,
    handlers: { 'auth_xkeys_.list': listKeys, 'auth_xkeys_.set': setKey },
  },
})
