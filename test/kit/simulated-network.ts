// A network for tests without sockets: what a test does not say sends nothing and knows no names.
import type { Network } from '../../server/core/network.ts'

export function simulatedNetwork(parts: Partial<Network> = {}): Network {
  const network: Network = {
    send: () => false,
    resolve: (_host, _port, _proto, _secure, done) => done(null),
    streams: null,
    socketFor: () => null,
    socketTowards: () => null,
    beforeLeaving: null,
    beforeSend: null,
    departures: null,
    onSendError: null,
    ...parts,
  }
  const { send } = network
  network.send = (given, to) =>
    send(
      (network.departures ?? []).reduce((text, hook) => hook(text, to), given),
      to,
    )
  return network
}
