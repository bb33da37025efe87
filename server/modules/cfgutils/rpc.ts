/** cfgutils.*: probability, flags and hash by RPC. */
import { Fault } from '../../../rpc/faults.ts'
import type { CfgUtils } from './cfgutils.ts'

export const isSet = (self: CfgUtils, bits: number): string =>
  (self.flags & bits) === bits ? 'TRUE' : 'FALSE'

export function setFlags(self: CfgUtils, bits: number): void {
  self.flags |= bits
}

export function resetFlags(self: CfgUtils, bits: number): void {
  self.flags &= ~bits
}

export function getFlags(self: CfgUtils): string {
  const flags = self.flags >>> 0
  return `0x${flags.toString(16).toUpperCase()} (${flags})`
}

export function setProbability(self: CfgUtils, percent: number): void {
  if (percent < 0 || percent > 100) throw new Fault(500, 'Invalid Percent')
  self.probability = percent
}

export function resetProbability(self: CfgUtils): void {
  self.probability = self.config.initial_probability
}

export const getProbability = (self: CfgUtils): string =>
  `actual probability: ${self.probability} percent`

export function getHash(self: CfgUtils): string {
  if (self.hash === '') throw new Fault(500, 'No hash file')
  return self.hash
}

export function checkHash(self: CfgUtils): string {
  const before = getHash(self)
  const now = self.hashNow()
  if (now === null) throw new Fault(500, 'Failed to hash the file')
  return now === before ? 'Identical hash' : 'Different hash'
}
