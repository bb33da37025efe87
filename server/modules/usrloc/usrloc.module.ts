/** The surface of usrloc: every name that a config, an operator or another module can use. */
import { ul } from '../../../rpc/contract/ul.ts'
import { DEFAULT_DB_URL } from '../../core/db/default-url.ts'
import { location, locationAttrs } from '../../core/db/tables/usrloc.ts'
import {
  defineModule,
  eachParam,
  fn,
  formatParam,
  gauge,
  intParam,
  strParam,
  text,
} from '../../core/module/index.ts'
import { add, flush, look, remove, removeContact } from './rpc.ts'
import { contactsInDatabase, expiredContactsInDatabase, usersInDatabase } from './rpc-count.ts'
import { dump, page } from './rpc-dump.ts'
import { sweep } from './sweep.ts'
import { Usrloc } from './usrloc.ts'

const column = (name: string, what: string) =>
  strParam({ default: name, doc: `Name of the database column with ${what}.` })

export const params = {
  nat_bflag: intParam({
    default: -1,
    min: -1,
    max: 31,
    doc: 'Branch flag of contacts behind a NAT; -1 is none.',
  }),
  timer_interval: intParam({
    default: 60,
    min: 1,
    doc: 'Seconds between two sweeps of expired contacts.',
  }),
  use_domain: intParam({ default: 0, doc: 'Not 0: the domain is part of an address of record.' }),
  desc_time_order: intParam({
    default: 0,
    doc: 'Not 0: the newest contact is first, whatever its q.',
  }),
  matching_mode: intParam({
    default: 0,
    min: 0,
    max: 3,
    doc: 'Same contact: 0 by URI, 1 by URI and Call-ID, 2 by URI and Path, 3 by Call-ID.',
  }),
  cseq_delay: intParam({
    default: 20,
    doc: 'Seconds within which an equal CSeq is a retransmission.',
  }),
  hash_size: intParam({
    default: 10,
    min: 1,
    max: 24,
    doc: 'Power of two of the slots that ul.dump shows; our table grows by itself.',
  }),
  preload: eachParam({
    doc: 'A table that exists from the start; may be given several times.',
    parse: String,
  }),
  timer_procs: intParam({
    default: 0,
    min: 0,
    doc: 'Number of timer processes; the sweep runs in slices on the loop instead.',
  }),
  xavp_contact: strParam({
    default: '',
    doc: 'Name of the xavp that is stored with a contact and restored at lookup.',
  }),
  db_mode: intParam({
    default: 0,
    min: 0,
    max: 4,
    doc: '0 memory only, 1 write-through, 2 write-back, 3 database only, 4 read at start only.',
  }),
  handle_lost_tcp: intParam({
    default: 0,
    doc: 'Not 0: a contact goes with its connection.',
  }),
  close_expired_tcp: intParam({
    default: 0,
    doc: 'Not 0: a connection is closed when its contact expires.',
  }),
  ka_mode: intParam({
    default: 0,
    min: 0,
    max: 7,
    doc: 'Keepalives to contacts: 1 all, 2 behind a NAT, 4 UDP only (bits); 0 none.',
  }),
  ka_from: strParam({ default: 'sip:server@kamailio.org', doc: 'From URI of keepalives.' }),
  ka_domain: strParam({
    default: 'kamailio.org',
    doc: 'Domain in the To URI of keepalives without use_domain.',
  }),
  ka_method: strParam({ default: 'OPTIONS', doc: 'Method of keepalives.' }),
  ka_filter: intParam({
    default: 0,
    min: 0,
    max: 1,
    doc: '1: keepalives only for contacts with our server_id.',
  }),
  ka_timeout: intParam({
    default: 0,
    min: 0,
    doc: 'Seconds without an answer after which a contact is removed; 0 never.',
  }),
  ka_loglevel: intParam({
    default: 255,
    doc: 'Log level of the line about an answered keepalive; 255 is none.',
  }),
  ka_logmsg: formatParam({
    doc: 'What that line ends with; variables are those of the answer.',
  }),

  db_url: strParam({
    default: DEFAULT_DB_URL,
    doc: 'The database of db_mode 1 to 4.',
  }),
  db_load: intParam({ default: 1, doc: 'Read the database at the start (db_mode 1 and 2).' }),
  db_insert_update: intParam({ default: 0, doc: 'Insert or update in one query.' }),
  db_update_as_insert: intParam({ default: 0, doc: 'Insert where others update.' }),
  db_check_update: intParam({ default: 0, doc: 'Insert when an update changed nothing.' }),
  db_ops_ruid: intParam({ default: 1, doc: 'Find database rows by their unique name.' }),
  db_raw_fetch_type: intParam({ default: 0, doc: 'How contacts are fetched in db_mode 3.' }),
  db_insert_null: intParam({ default: 0, doc: 'Write NULL for what is not set.' }),
  db_timer_clean: intParam({ default: 0, doc: 'Delete expired database rows by a timer.' }),
  db_clean_tcp: intParam({ default: 0, doc: 'Delete contacts of stream transports at the start.' }),
  expires_type: intParam({ default: 0, doc: '1: times are integers in the database.' }),
  fetch_rows: intParam({ default: 2000, doc: 'Rows fetched at once.' }),
  rm_expired_delay: intParam({ default: 0, doc: 'Seconds that expired rows stay (db_mode 3).' }),
  server_id_filter: intParam({ default: 0, doc: 'Only rows of this server_id.' }),
  skip_remote_socket: intParam({
    default: 0,
    doc: 'Skip rows whose socket is not ours when reading the database.',
  }),
  load_rank: intParam({ default: 1, doc: 'The process that reads the database.' }),
  version_table: intParam({ default: 1, doc: 'Check the version of the table.' }),
  ruid_column: column('ruid', 'the unique name'),
  user_column: column('username', 'the user'),
  domain_column: column('domain', 'the domain'),
  contact_column: column('contact', 'the contact'),
  expires_column: column('expires', 'the time at which it runs out'),
  q_column: column('q', 'the preference'),
  callid_column: column('callid', 'the Call-ID'),
  cseq_column: column('cseq', 'the CSeq'),
  flags_column: column('flags', 'the flags'),
  cflags_column: column('cflags', 'the branch flags'),
  user_agent_column: column('user_agent', 'the User-Agent'),
  received_column: column('received', 'the received address'),
  path_column: column('path', 'the Path'),
  socket_column: column('socket', 'the socket'),
  methods_column: column('methods', 'the methods'),
  instance_column: column('instance', 'the instance'),
  reg_id_column: column('reg_id', 'the reg-id'),
  server_id_column: column('server_id', 'the server_id'),
  connection_id_column: column('connection_id', 'the connection'),
  keepalive_column: column('keepalive', 'the keepalive mark'),
  partition_column: column('partition', 'the partition'),
}

export default defineModule({
  name: 'usrloc',
  doc: 'The location service: who is registered where.',
  needs: {},
  params,
  instance: Usrloc,
  functions: {
    ul_bind_usrloc: fn({
      doc: 'Exists for other modules of Kamailio; no route may call it.',
      args: [text('api')],
      routes: 0,
      run: () => -1,
    }),
  },
  stats: {
    registered_users: gauge<Usrloc>('Addresses of record with contacts, of all tables', self =>
      self.registeredUsers(),
    ),
  },
  timers: {
    sweep: {
      doc: 'Drops what has expired and sends keepalives.',
      every: self => self.config.timer_interval * 1000,
      run: sweep,
    },
  },
  rpc: {
    contract: ul,
    handlers: {
      'ul.dump': dump,
      'ul.lookup': look,
      'ul.rm': remove,
      'ul.rm_contact': removeContact,
      'ul.flush': flush,
      'ul.add': add,
      'ul.db_users': usersInDatabase,
      'ul.db_contacts': contactsInDatabase,
      'ul.db_expired_contacts': expiredContactsInDatabase,
      'ohana.contacts': page,
    },
  },
  tables: [location, locationAttrs],
  start: self => self.start(),
  stop: self => self.stop(),
})
