/** The surface of db_cluster: every name that a config or an operator can use. */
import { dbcl as contract } from '../../../rpc/contract/dbcl.ts'
import { defineModule, eachParam, intParam } from '../../core/module/index.ts'
import { DbCluster } from './db_cluster.ts'
import { readCluster, readConnection } from './definitions.ts'
import { handlers } from './rpc.ts'

export const params = {
  connection: eachParam({ doc: 'A database: conid=>URL.', parse: readConnection }),
  cluster: eachParam({
    doc: 'A cluster: clsid=>conid1=9s8p;conid2=9s8p.',
    parse: readCluster,
  }),
  inactive_interval: intParam({
    default: 300,
    min: 0,
    doc: 'Seconds for which a connection that did not answer is not used.',
  }),
  max_query_length: intParam({
    default: 0,
    min: 0,
    doc: 'Seconds that a statement must have taken for that.',
  }),
}

export default defineModule({
  name: 'db_cluster',
  doc: 'Several databases as one: cluster://name.',
  needs: {},
  params,
  instance: DbCluster,
  rpc: { contract, handlers },
})
