// Everything async offers to a config is named here.
import { SCALAR_OR_NULL } from '../../core/kemi/getters.ts'
import {
  defineModule,
  fn,
  format,
  int,
  intParam,
  kemiFn,
  keyed,
  restFn,
} from '../../core/module/index.ts'
import {
  ANY_ROUTE,
  BRANCH_FAILURE_ROUTE,
  EVENT_ROUTE,
  FAILURE_ROUTE,
  REQUEST_ROUTE,
} from '../../core/route-bits.ts'
import { tm } from '../tm/api.ts'
import { Async } from './async.ts'
import { taskData, taskGroupData, taskGroupRoute, taskRoute } from './task.ts'
import { msRoute, msSleep, route, sleep } from './later.ts'

// Where Kamailio 5.6.3 lets each function stand; an event route counts as a request route there.
const SUSPENDING = REQUEST_ROUTE | EVENT_ROUTE | BRANCH_FAILURE_ROUTE | FAILURE_ROUTE

export const params = {
  workers: intParam({ default: 1, min: 1, doc: 'No effect: one event loop serves all of them.' }),
  ms_timer: intParam({
    default: 0,
    min: 0,
    doc: 'Not 0: async_ms_route() and async_ms_sleep() may be used.',
  }),
  return: intParam({ default: 0, doc: 'What functions that set a request aside give.' }),
}

export const needs = { tm }

/** $async(data) and $async(gname): what the task that runs now was given. */
const ofTask = (self: Async, of: string): string | null => {
  if (of === 'data') return self.data
  return of === 'gname' ? self.group : null
}

const name = format('routename')
const group = format('groupname')
const data = format('data')

export default defineModule({
  name: 'async',
  doc: 'Sets requests aside for a while, and runs routes as soon as there is time.',
  needs,
  params,
  instance: Async,
  functions: {
    async_route: fn({
      doc: 'Set the request aside, and go on in a route after so many seconds.',
      args: [name, int('seconds')],
      routes: SUSPENDING,
      kemi: 'route',
      run: route,
    }),
    async_ms_route: fn({
      doc: 'The same in milliseconds.',
      args: [name, int('milliseconds')],
      routes: SUSPENDING,
      kemi: 'ms_route',
      run: msRoute,
    }),
    async_sleep: restFn({
      doc: 'Set the request aside, and go on behind this call, in its { }, after so many seconds.',
      args: [int('seconds')],
      routes: SUSPENDING,
      kemi: '',
      run: sleep,
    }),
    async_ms_sleep: restFn({
      doc: 'The same in milliseconds.',
      args: [int('milliseconds')],
      routes: SUSPENDING,
      kemi: '',
      run: msSleep,
    }),
    async_task_route: fn({
      doc: 'Set the request aside, and go on in a route as soon as there is time.',
      args: [name],
      routes: SUSPENDING,
      kemi: 'task_route',
      run: taskRoute,
    }),
    async_task_group_route: fn({
      doc: 'The same in a group of workers.',
      args: [name, group],
      routes: SUSPENDING,
      kemi: 'task_group_route',
      run: taskGroupRoute,
    }),
    async_task_data: fn({
      doc: 'Run a route about nothing but $async(data), as soon as there is time.',
      args: [name, data],
      routes: ANY_ROUTE,
      kemi: 'task_data',
      run: taskData,
    }),
    async_task_group_data: fn({
      doc: 'The same in a group of workers.',
      args: [name, group, data],
      routes: ANY_ROUTE,
      kemi: 'task_group_data',
      run: taskGroupData,
    }),
  },
  kemi: {
    get_data: kemiFn({
      doc: 'The data of the task that runs.',
      args: [],
      returns: 'xval',
      type: SCALAR_OR_NULL,
      run: (self: Async) => self.data,
    }),
    get_gname: kemiFn({
      doc: 'The group of the task that runs.',
      args: [],
      returns: 'xval',
      type: SCALAR_OR_NULL,
      run: (self: Async) => self.group,
    }),
  },
  pvars: {
    async: keyed({
      doc: 'What the task that runs was given: data or gname.',
      get: (self: Async, _msg, of) => ofTask(self, of),
    }),
  },
  stop: self => self.stop(),
})
