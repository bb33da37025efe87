/** xhttp_prom.*: the metrics, for an operator. */
import type { xhttpProm } from '../../../rpc/contract/xhttp_prom.ts'
import { Fault } from '../../../rpc/faults.ts'
import type { Handlers } from '../../core/module/index.ts'
import { addTo, given, type Labels, observeIn, setTo } from './functions.ts'
import { fixed } from './number.ts'
import type { XhttpProm } from './xhttp_prom.ts'

/** `name`, or `name (a, b)`. */
const named = (name: string, labels: Labels): string => {
  const all = given(labels)
  return all.length === 0 ? name : `${name} (${all.join(', ')})`
}

function must(done: boolean, complaint: string): void {
  if (!done) throw new Fault(500, complaint)
}

export const handlers: Handlers<XhttpProm, typeof xhttpProm> = {
  'xhttp_prom.counter_reset': (self, name, ...labels) =>
    must(
      setTo(self, 'counter', name, 0, given(labels)),
      `Failed to reset counter: ${named(name, labels)}`,
    ),
  'xhttp_prom.counter_inc': (self, name, number, ...labels) =>
    must(
      addTo(self, name, number, given(labels)),
      `Failed to add ${number} to counter: ${named(name, labels)}`,
    ),
  'xhttp_prom.gauge_reset': (self, name, ...labels) =>
    must(
      setTo(self, 'gauge', name, 0, given(labels)),
      `Failed to reset gauge: ${named(name, labels)}`,
    ),
  'xhttp_prom.gauge_set': (self, name, number, ...labels) => {
    // Kamailio has two sentences for it.
    const to = given(labels).length === 0 ? '' : 'to '
    must(
      setTo(self, 'gauge', name, number, given(labels)),
      `Failed to assign ${fixed(number)} ${to}gauge: ${named(name, labels)}`,
    )
  },
  'xhttp_prom.histogram_observe': (self, name, number, ...labels) =>
    must(
      observeIn(self, name, number, given(labels)),
      `Failed to observe ${fixed(number)} in histogram: ${named(name, labels)}`,
    ),
  'xhttp_prom.metric_list_print': self => self.list(),
}
