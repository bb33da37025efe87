// A network for tests without sockets: what a test does not say sends nothing and knows no names.
import type { Network } from '../../server/core/network.ts'

export const simulatedNetwork = (parts: Partial<Network> = {}): Network => ({
  send: () => false,
  resolve: (_host, _port, _proto, _secure, done) => done(null),
  streams: null,
  socketFor: () => null,
  socketTowards: () => null,
  beforeSend: null,
  onSendError: null,
  ...parts,
})
