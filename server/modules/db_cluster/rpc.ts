/** dbcl.*: what operators do with connections of clusters. */
import type { dbcl } from '../../../rpc/contract/dbcl.ts'
import { Fault } from '../../../rpc/faults.ts'
import { shownUrl, readDbUrl } from '../../core/db/url.ts'
import type { Handlers } from '../../core/module/index.ts'
import type { ClusterConnection } from './connection.ts'
import type { DbCluster } from './db_cluster.ts'

function connectionsOf(self: DbCluster, cluster: string): ClusterConnection[] {
  const members = self.clusters.get(cluster)
  if (members === undefined) throw new Fault(500, 'Cluster not found')
  return members.map(({ connection }) => connection)
}

function connectionOf(self: DbCluster, cluster: string, id: string): ClusterConnection {
  const found = connectionsOf(self, cluster).find(one => one.id === id)
  if (found === undefined) throw new Fault(500, 'Cluster connection not found')
  return found
}

export const handlers: Handlers<DbCluster, typeof dbcl> = {
  // The last of the config first, as in Kamailio.
  'dbcl.list_clusters': self =>
    [...self.clusters.keys()].toReversed().map(cluster => ({ cluster })),
  'dbcl.list_connections': (self, cluster) =>
    connectionsOf(self, cluster)
      .toReversed()
      .map(one => ({
        connection: one.id,
        url: shownUrl(readDbUrl(one.url)),
        flags: 1,
        state: one.active ? 'active' : 'disabled',
        ticks: one.active ? 0 : self.ticksAt(one.disabledUntil),
        ref: one.references,
      })),
  'dbcl.disable_connection': (self, cluster, id, seconds) => {
    const one = connectionOf(self, cluster, id)
    const again = !one.active
    const others = connectionsOf(self, cluster).some(other => other !== one && other.active)
    if (!again && !others)
      throw new Fault(500, 'Cannot disable last active connection in a cluster')
    one.disable(seconds, true)
    return `Ok. Cluster connection ${again ? 're-' : ''}disabled.`
  },
  'dbcl.enable_connection': (self, cluster, id) => {
    connectionOf(self, cluster, id).enable()
    return 'Ok. Cluster connection enabled.'
  },
}
