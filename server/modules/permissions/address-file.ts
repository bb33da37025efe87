/** Addresses as a file: `group address mask port tag`, # for comments. */
import { BadValue } from '../../core/module/index.ts'
import { bytesOf } from '../../lib/ip.ts'
import type { AddressRow } from './addresses.ts'

/** A line that is no comment. Throws BadValue. */
export function readAddressLine(line: string): AddressRow {
  const [group = '', address, mask, port = '0', tag] = line.trim().split(/\s+/)
  if (!/^\d+$/.test(group) || address === undefined) throw new BadValue(`bad line [${line.trim()}]`)
  if (!/^\d+$/.test(mask ?? '0') || !/^\d+$/.test(port))
    throw new BadValue(`mask and port must be numbers [${line.trim()}]`)
  const bits = (bytesOf(address)?.length ?? 4) * 8
  return {
    group: Number(group),
    address,
    mask: mask === undefined ? bits : Number(mask),
    port: Number(port),
    tag: tag ?? null,
  }
}

/** The lines that are no comments, with their numbers. */
export const addressLines = (text: string): [line: string, number: number][] =>
  text
    .split('\n')
    .map((line, index): [string, number] => [line, index + 1])
    .filter(([line]) => !/^\s*(#|$)/.test(line))
