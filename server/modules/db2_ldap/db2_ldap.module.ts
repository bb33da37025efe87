/** The surface of db2_ldap: every name that a config can use. */
import { defineModule, intParam, strParam } from '../../core/module/index.ts'
import { Db2Ldap } from './db2_ldap.ts'

export const params = {
  config: strParam({
    default: 'ldap.cfg',
    doc: 'File that says which entries of a directory are the rows of a table.',
  }),
  reconnect_attempt: intParam({
    default: 3,
    min: 0,
    doc: 'How often a query is asked again on another connection when its own was lost.',
  }),
}

export default defineModule({
  name: 'db2_ldap',
  doc: 'Tables that are read from LDAP directories: ldap://name:password@host.',
  needs: {},
  params,
  instance: Db2Ldap,
})
