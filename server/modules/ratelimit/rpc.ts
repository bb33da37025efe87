/** rl.*: pipes and queues as an operator sees and changes them. */
import { Fault } from '../../../rpc/faults.ts'
import { algorithmName, algorithmNamed, FEEDBACK, NOP, shownPid } from '../pipelimit/api.ts'
import { MOST_PIPES, MOST_QUEUES, type RateLimit } from './ratelimit.ts'

export const stats = ({ pipes, control }: RateLimit): string[] =>
  pipes.map(
    ({ lastCounter, limit }, number) =>
      `PIPE[${number}]: ${lastCounter}/${limit} (drop rate: ${control.dropRate})`,
  )

export const getPipes = ({ pipes, control }: RateLimit): string[] =>
  [...pipes.entries()]
    .filter(([, { algorithm }]) => algorithm !== NOP)
    .map(([number, { algorithm, lastCounter, limit, counter }]) => {
      const kind = `${algorithm}:${algorithmName(algorithm)}`
      const use = `${lastCounter}/${limit} (drop rate: ${control.dropRate}) [${counter}]`
      return `PIPE[${number}]: ${kind} ${use}`
    })

export function setPipe(self: RateLimit, number: number, algorithm: string, limit: number): void {
  const wanted = algorithmNamed(algorithm)
  if (wanted < 0) throw new Fault(400, 'Unknown algorithm')
  const pipe = self.pipes[number]
  if (pipe === undefined) throw new Fault(400, 'Unknown pipe')
  const others = self.feedback().filter(one => one !== pipe && one.limit !== limit)
  if (wanted === FEEDBACK && others.length > 0) throw new Fault(400, "Feedback limits don't match")
  pipe.algorithm = wanted
  pipe.limit = limit
  self.setSetpoint()
}

export const getQueues = ({ queues }: RateLimit): string[] =>
  queues.map(({ pipe, method }, number) => `QUEUE[${number}]: ${pipe}:${method}`)

export function setQueue(
  { queues }: RateLimit,
  number: number,
  method: string,
  pipe: number,
): void {
  if (pipe < 0 || pipe >= MOST_PIPES) throw new Fault(400, 'Invalid pipe number')
  if (number < 0 || number > queues.length || number >= MOST_QUEUES)
    throw new Fault(400, 'MAX_QUEUES reached')
  queues[number] = { pipe, method }
}

export const getPid = ({ control }: RateLimit): string => shownPid(control)

export function setPid({ control }: RateLimit, ki: number, kp: number, kd: number): void {
  Object.assign(control, { ki, kp, kd })
}

export function pushLoad({ control }: RateLimit, load: number): void {
  if (load < 0 || load > 1) throw new Fault(400, 'Value out of range')
  control.setLoad(load)
}

export function setDebug(self: RateLimit, on: number): void {
  self.debug = on !== 0
}
