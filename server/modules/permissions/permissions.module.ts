/** The surface of permissions: every name that a config, an operator or another module can use. */
import { permissions as contract } from '../../../rpc/contract/permissions.ts'
import { address, trusted } from '../../core/db/tables/permissions.ts'
import { defineModule, fn, format, int, optional, text } from '../../core/module/index.ts'
import { ANY_ROUTE, FAILURE_ROUTE, REQUEST_ROUTE } from '../../core/route-bits.ts'
import * as run from './functions.ts'
import { params as ownParams } from './params.ts'
import { Permissions } from './permissions.ts'
import * as routing from './routing.ts'
import * as rpc from './rpc.ts'

export const params = ownParams

const routes = ANY_ROUTE

export default defineModule({
  name: 'permissions',
  doc: 'Who may call whom: by address, by peer, and by files of rules.',
  needs: {},
  params,
  instance: Permissions,
  functions: {
    allow_address: fn({
      doc: 'Is this address and port in the group?',
      args: [int('group'), format('address'), int('port')],
      routes,
      run: run.allowAddress,
    }),
    allow_address_group: fn({
      doc: 'The group in which this address and port are, -1 for none.',
      args: [format('address'), int('port')],
      routes,
      run: run.allowAddressGroup,
    }),
    allow_source_address: fn({
      doc: 'Is the sender in the group? Without one: group 1.',
      args: [optional(int('group'))],
      routes,
      kemi: 'allow_source_address(int)',
      run: run.allowSourceAddress,
    }),
    allow_source_address_group: fn({
      doc: 'The group in which the sender is, -1 for none.',
      args: [],
      routes,
      run: run.allowSourceAddressGroup,
    }),
    allow_trusted: fn({
      doc: 'Is the sender, or this address, a trusted peer for this request?',
      args: [optional(format('address')), optional(format('proto')), optional(format('from'))],
      routes,
      waits: true,
      waitsWhen: param =>
        Number(param('permissions', 'db_mode') ?? 0) === 0 &&
        (param('permissions', 'db_url') ?? '') !== '',
      kemi: 'allow_trusted() allow_trusted_uri(str, str) allow_trusted_furi(str, str, str)',
      run: run.allowTrusted,
    }),
    allow_routing: fn({
      doc: 'Do the rules allow that this From calls this request URI and all branches?',
      args: [optional(text('basename or allow_file')), optional(text('deny_file'))],
      routes,
      run: routing.allowRouting,
    }),
    allow_register: fn({
      doc: 'Do the rules allow that this To registers these contacts?',
      args: [text('basename or allow_file'), optional(text('deny_file'))],
      routes: REQUEST_ROUTE | FAILURE_ROUTE,
      run: routing.allowRegister,
    }),
    allow_uri: fn({
      doc: 'Do the rules allow that this From goes with this URI?',
      args: [text('basename'), format('uri')],
      routes: REQUEST_ROUTE | FAILURE_ROUTE,
      run: routing.allowUri,
    }),
  },
  rpc: {
    contract,
    handlers: {
      'permissions.trustedReload': rpc.trustedReload,
      'permissions.addressReload': rpc.addressReload,
      'permissions.trustedDump': rpc.trustedDump,
      'permissions.addressDump': rpc.addressDump,
      'permissions.subnetDump': rpc.subnetDump,
      'permissions.domainDump': rpc.domainDump,
      'permissions.testUri': rpc.testUri,
      'permissions.allowUri': rpc.testUri,
    },
  },
  tables: [trusted, address],
  start: self => self.start(),
})
