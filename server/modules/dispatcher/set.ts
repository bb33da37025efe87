/** A set of destinations, the one with the highest priority first, and who is next in it. */
import type { Random } from '../../lib/random.ts'
import type { Destination } from './destination.ts'
import { isDown } from './states.ts'

/** Weights are hundredths: the Nth call goes to the destination at place N % 100. */
const PLACES = 100

/** Fisher and Yates: calls to one destination are spread over all places. */
function shuffle(places: number[], random: Random): void {
  for (let i = 0; i < places.length; i++) {
    const other = i + (random.uint32() % (places.length - i))
    const value = places[i]!
    places[i] = places[other]!
    places[other] = value
  }
}

export class DestinationSet {
  readonly id: number
  readonly list: readonly Destination[]
  /** Whose turn it is: by turns, by weight, by relative weight. */
  last = 0
  weightTurn = 0
  relativeTurn = 0
  private weighted: number[]
  private relative: number[]

  constructor(id: number, list: readonly Destination[], random: Random) {
    this.id = id
    this.list = list
    this.weighted = list[0]!.attributes.weight === 0 ? [] : this.byWeight(random)
    this.relative = []
    this.spreadRelative(random)
  }

  private byWeight(random: Random): number[] {
    const places: number[] = []
    for (const [index, { attributes }] of this.list.entries())
      for (let i = 0; i < attributes.weight && places.length < PLACES; i++) places.push(index)
    // What is missing goes to the last one.
    while (places.length < PLACES) places.push(this.list.length - 1)
    shuffle(places, random)
    return places
  }

  /** Anew after the first load and when a destination went up or down, or its weight changed. */
  spreadRelative(random: Random): void {
    const up = this.list.filter(({ flags }) => !isDown(flags))
    const sum = up.reduce((total, { rweight }) => total + rweight, 0)
    if (this.list.length < 2 || sum === 0) return
    const places: number[] = []
    for (const [index, { flags, rweight }] of this.list.entries()) {
      if (isDown(flags)) continue
      const slice = Math.floor((rweight * PLACES) / sum)
      for (let i = 0; i < slice && places.length < PLACES; i++) places.push(index)
    }
    const filler = places.at(-1) ?? this.list.length - 1
    while (places.length < PLACES) places.push(filler)
    shuffle(places, random)
    this.relative = places
  }

  nextByTurns(): number {
    const index = this.last
    this.last = (index + 1) % this.list.length
    return index
  }

  nextByWeight(): number {
    const index = this.weighted[this.weightTurn] ?? 0
    this.weightTurn = (this.weightTurn + 1) % PLACES
    return index
  }

  nextByRelativeWeight(): number {
    const index = this.relative[this.relativeTurn] ?? 0
    this.relativeTurn = (this.relativeTurn + 1) % PLACES
    return index
  }

  /** The first destination with this URI. */
  find(uri: string): Destination | null {
    const wanted = uri.toLowerCase()
    return this.list.find(one => one.uri.toLowerCase() === wanted) ?? null
  }

  withDuid(duid: string): number {
    const wanted = duid.toLowerCase()
    return this.list.findIndex(({ attributes }) => attributes.duid?.toLowerCase() === wanted)
  }

  /** Goes on where the set left off that was here before. */
  inherit(before: DestinationSet, random: Random): void {
    // A URI may be there several times.
    const byUri = Map.groupBy(before.list, ({ uri }) => uri)
    for (const one of this.list) {
      const old = byUri.get(one.uri)?.shift()
      if (old !== undefined) one.inherit(old)
    }
    this.spreadRelative(random)
    const same =
      this.list.length === before.list.length &&
      this.list.every(({ row }, i) => sameRow(row, before.list[i]!.row))
    if (!same) return
    this.last = before.last
    this.weightTurn = before.weightTurn
    this.relativeTurn = before.relativeTurn
    this.weighted = before.weighted
  }
}

const sameRow = (a: Destination['row'], b: Destination['row']): boolean =>
  a.uri === b.uri && a.priority === b.priority && a.attributes === b.attributes
