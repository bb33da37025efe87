/** pl.*: the pipes as an operator sees and changes them. */
import type { pl as contract } from '../../../rpc/contract/pl.ts'
import { Fault } from '../../../rpc/faults.ts'
import type { ResultOf } from '../../../rpc/schema.ts'
import { algorithmName, algorithmNamed, FEEDBACK, type Pipe, shownPid } from './api.ts'
import type { PipeLimit } from './pipelimit.ts'

type Row = ResultOf<(typeof contract)['pl.list']>[number]

export const stats = (self: PipeLimit): string[] =>
  self
    .list()
    .map(([name, { load, lastCounter }]) => `PIPE: id=${name} load=${load} counter=${lastCounter}`)

export const getPipes = (self: PipeLimit): string[] =>
  self
    .list()
    .map(
      ([name, { algorithm, limit, counter }]) =>
        `PIPE: id=${name} algorithm=${algorithmName(algorithm)} limit=${limit} counter=${counter}`,
    )

const row = ([name, pipe]: [string, Pipe]): Row => ({
  name,
  algorithm: algorithmName(pipe.algorithm),
  limit: pipe.limit,
  counter: pipe.counter,
  last_counter: pipe.lastCounter,
  unused_intervals: pipe.unused,
})

function known(self: PipeLimit, name: string): Pipe {
  const pipe = self.pipes.get(name)
  if (pipe === undefined) throw new Fault(400, `Unknown pipe id ${name}`)
  return pipe
}

export const list = (self: PipeLimit, name?: string): Row[] =>
  name === undefined ? self.list().map(row) : [row([name, known(self, name)])]

export function setPipe(self: PipeLimit, name: string, algorithm: string, limit: number): void {
  const number = algorithmNamed(algorithm.toUpperCase())
  if (number < 0) throw new Fault(400, 'Unknown algorithm')
  const pipe = known(self, name)
  const others = [...self.pipes.values()].filter(
    one => one !== pipe && one.algorithm === FEEDBACK && one.limit !== limit,
  )
  if (number === FEEDBACK && others.length > 0) throw new Fault(400, "Feedback limits don't match")
  pipe.algorithm = number
  pipe.limit = limit
  self.setSetpoint()
}

export const getPid = (self: PipeLimit): string => shownPid(self.control)

export function setPid({ control }: PipeLimit, ki: number, kp: number, kd: number): void {
  Object.assign(control, { ki, kp, kd })
}

export function pushLoad({ control }: PipeLimit, load: number): void {
  if (load < 0 || load > 1) throw new Fault(400, 'Value out of range')
  control.setLoad(load)
}
