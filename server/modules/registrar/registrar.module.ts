/** The surface of registrar: every name that a config, an operator or another module can use. */
import {
  computed,
  counter,
  defineModule,
  fn,
  format,
  gauge,
  int,
  kemiFn,
  keyed,
  literal,
  optional,
  type ParamReader,
  parsed,
  text,
} from '../../core/module/index.ts'
import { ANY_ROUTE, FAILURE_ROUTE, ONREPLY_ROUTE, REQUEST_ROUTE } from '../../core/route-bits.ts'
import { sl } from '../sl/api.ts'
import { usrloc } from '../usrloc/api.ts'
import { fetchContacts, freeContacts, profileKey, readProfile } from './profile.ts'
import { params } from './params.ts'
import { lookup, lookupBranches, lookupToDestinationSet } from './lookup.ts'
import { registered } from './registered.ts'
import { Registrar, TableRef } from './registrar.ts'
import { sendHeldReply } from './reply.ts'
import { parseSaveFlags, save } from './save.ts'
import { addSocketHeader } from './socket.ts'
import { unregister } from './unregister.ts'

export const needs = { usrloc, sl }

export const stats = {
  accepted_regs: counter('REGISTER requests accepted'),
  rejected_regs: counter('REGISTER requests refused'),
  max_expires: gauge<Registrar>('The max_expires in force', self => self.config.max_expires),
  max_contacts: gauge<Registrar>('The max_contacts in force', self => self.config.max_contacts),
  default_expire: gauge<Registrar>(
    'The default_expires in force',
    self => self.config.default_expires,
  ),
  default_expires_range: gauge<Registrar>(
    'The default_expires_range in force',
    self => self.config.default_expires_range,
  ),
  expires_range: gauge<Registrar>('The expires_range in force', self => self.config.expires_range),
}

const table = literal('table', name => new TableRef(name))
/** Contacts that are in memory alone are not waited for. */
const usesDatabase = (param: ParamReader): boolean => Number(param('usrloc', 'db_mode') ?? 0) !== 0
const requests = REQUEST_ROUTE | FAILURE_ROUTE

export default defineModule({
  name: 'registrar',
  doc: 'Answers REGISTER and turns an address of record into branches.',
  needs,
  params,
  stats,
  instance: Registrar,
  functions: {
    save: fn({
      doc: 'Stores the contacts of a REGISTER and answers it.',
      args: [table, optional(parsed('flags', parseSaveFlags)), optional(format('aor'))],
      routes: requests | ONREPLY_ROUTE,
      kemi: 'save(str, int) save_uri(str, int, str)',
      waits: true,
      waitsWhen: usesDatabase,
      run: save,
    }),
    lookup: fn({
      doc: 'Puts the contacts on file into the request URI and branches.',
      args: [table, optional(format('uri'))],
      routes: requests,
      kemi: 'lookup(str) lookup_uri(str, str)',
      waits: true,
      waitsWhen: usesDatabase,
      run: lookup,
    }),
    lookup_to_dset: fn({
      doc: 'Makes branches of the contacts on file and leaves the request URI alone.',
      args: [table, optional(format('uri'))],
      routes: requests,
      waits: true,
      waitsWhen: usesDatabase,
      run: lookupToDestinationSet,
    }),
    lookup_branches: fn({
      doc: 'Looks up the request URI and the branches that are nothing but a URI.',
      args: [table],
      routes: requests,
      waits: true,
      waitsWhen: usesDatabase,
      run: lookupBranches,
    }),
    registered: fn({
      doc: 'Has the address of record a contact?',
      args: [table, optional(format('uri')), optional(int('match')), optional(int('action'))],
      routes: ANY_ROUTE,
      kemi:
        'registered(str) registered_uri(str, str) ' +
        'registered_flags(str, str, int) registered_action',
      waits: true,
      waitsWhen: usesDatabase,
      run: registered,
    }),
    unregister: fn({
      doc: 'Removes all contacts of an address of record, or one of them.',
      args: [table, format('uri'), optional(format('ruid'))],
      routes: ANY_ROUTE,
      kemi: 'unregister(str, str) unregister_ruid',
      waits: true,
      waitsWhen: usesDatabase,
      run: unregister,
    }),
    reg_fetch_contacts: fn({
      doc: 'Fetches the contacts of an address of record for $ulc(profile=>...).',
      args: [table, format('uri'), text('profile')],
      routes: requests,
      waits: true,
      waitsWhen: usesDatabase,
      run: fetchContacts,
    }),
    reg_free_contacts: fn({
      doc: 'Forgets the contacts of a profile.',
      args: [computed(text('profile'))],
      routes: requests,
      run: freeContacts,
    }),
    reg_send_reply: fn({
      doc: 'Sends the reply that save() with flag 0x02 has held back.',
      args: [],
      routes: requests,
      run: sendHeldReply,
    }),
    add_sock_hdr: fn({
      doc: 'Adds a header with the socket that the request came in on.',
      args: [format('name')],
      routes: REQUEST_ROUTE,
      run: addSocketHeader,
    }),
  },
  kemi: {
    set_q_override: kemiFn({
      doc: 'The q of all contacts of this REGISTER, whatever they name.',
      args: [format('q')],
      returns: 'int',
      run: (self: Registrar, msg, q) => self.overrideQ(msg, q),
    }),
  },
  pvars: {
    ulc: keyed({
      doc: 'An attribute of a contact fetched by reg_fetch_contacts().',
      parse: profileKey,
      get: readProfile,
    }),
  },
  events: { 'usrloc:contact-expired': 'A contact has run out; $ulc(exp=>...) is that contact.' },
  start: self => self.start(),
})
