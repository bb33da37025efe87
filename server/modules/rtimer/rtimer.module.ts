// Everything rtimer offers to a config is named here.
import { defineModule, eachParam, intParam, variable } from '../../core/module/index.ts'
import { Rtimer } from './rtimer.ts'
import { readExec, readTimer } from './spec.ts'

export const params = {
  default_interval: intParam({
    default: 120,
    min: 1,
    doc: 'Seconds between two runs of a timer that names no interval.',
  }),
  timer: eachParam({ doc: 'A timer: name=t;interval=10;mode=1.', parse: readTimer }),
  exec: eachParam({ doc: 'What a timer runs: timer=t;route=CHECK.', parse: readExec }),
}

export default defineModule({
  name: 'rtimer',
  doc: 'Runs routes of the script at intervals.',
  needs: {},
  params,
  instance: Rtimer,
  pvars: {
    rtimer_worker: variable({
      doc: 'Number of the run, from 0, of a timer whose mode is above 1.',
      get: (self: Rtimer) => self.worker,
    }),
  },
  start: self => self.start(),
  stop: self => self.stop(),
})
