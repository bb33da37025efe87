/** The surface of speeddial: every name that a config can use. */
import { DEFAULT_RODB_URL } from '../../core/db/default-url.ts'
import { speedDial } from '../../core/db/tables/speeddial.ts'
import {
  defineModule,
  fn,
  format,
  inKemi,
  intParam,
  optional,
  strParam,
} from '../../core/module/index.ts'
import { REQUEST_ROUTE } from '../../core/route-bits.ts'
import { lookupSpeedDial } from './lookup.ts'
import { SpeedDial } from './speeddial.ts'

export const params = {
  db_url: strParam({
    default: DEFAULT_RODB_URL,
    doc: 'The database of short numbers.',
  }),
  user_column: strParam({ default: 'username', doc: 'Column of the user that they are of.' }),
  domain_column: strParam({ default: 'domain', doc: 'Column of his domain.' }),
  sd_user_column: strParam({ default: 'sd_username', doc: 'Column of the short number.' }),
  sd_domain_column: strParam({ default: 'sd_domain', doc: 'Column of its domain.' }),
  new_uri_column: strParam({ default: 'new_uri', doc: 'Column of the URI that it stands for.' }),
  use_domain: intParam({
    default: 0,
    doc: '1: the domain of the owner counts, 2: that of the short number, too.',
  }),
  domain_prefix: strParam({ default: '', doc: 'What is cut off from the beginning of domains.' }),
}

export default defineModule({
  name: 'speeddial',
  doc: 'Short numbers of users, from a database.',
  needs: {},
  params,
  tables: [speedDial],
  instance: SpeedDial,
  start: self => self.start(),

  functions: {
    sd_lookup: inKemi(
      'lookup(str) lookup_owner(str, str)',
      fn({
        doc: 'Put the URI that the request URI is the short number of in its place.',
        args: [format('table'), optional(format('owner'))],
        routes: REQUEST_ROUTE,
        waits: true,
        run: lookupSpeedDial,
      }),
    ),
  },
})
