/** httpclient.*: the connections, for an operator. */
import type { httpclient } from '../../../rpc/contract/httpclient.ts'
import { Fault } from '../../../rpc/faults.ts'
import type { Handlers } from '../../core/module/index.ts'
import type { HttpClientModule } from './http_client.ts'

const orNull = (text: string): string | null => (text === '' ? null : text)

export const handlers: Handlers<HttpClientModule, typeof httpclient> = {
  'httpclient.listcon': self => {
    const all = [...self.connections.values()].toReversed()
    if (all.length === 0) throw new Fault(500, 'No Connection Definitions')
    return all.map(({ name, scheme, address, failover, settings }) => [
      'CONNECTION',
      {
        NAME: name,
        SCHEMA: scheme,
        URI: address,
        USERNAME: orNull(settings.user),
        PASSWORD: orNull(settings.password),
        FAILOVER: orNull(failover),
        TIMEOUT: settings.timeout / 1000,
      },
    ])
  },
}
