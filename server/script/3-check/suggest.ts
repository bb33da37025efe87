/** "did you mean": names that are nearly what was written. */

const MOST = 3

/** The nearest of the names, at most a third of the letters away; the nearest first. */
export function suggest(wrong: string, names: Iterable<string>): string[] {
  const most = Math.max(1, Math.floor(wrong.length / 3))
  const lower = wrong.toLowerCase()
  const near: { name: string; distance: number }[] = []
  for (const name of names) {
    if (Math.abs(name.length - wrong.length) > most) continue
    const distance = editDistance(lower, name.toLowerCase(), most)
    if (distance <= most) near.push({ name, distance })
  }
  near.sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
  return near.slice(0, MOST).map(({ name }) => name)
}

/** Letters to add, drop, change or swap; more than `most` is not counted out. */
function editDistance(a: string, b: string, most: number): number {
  let before: number[] = []
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      row[j] = Math.min(previous[j]! + 1, row[j - 1]! + 1, previous[j - 1]! + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        row[j] = Math.min(row[j]!, before[j - 2]! + 1)
    }
    if (Math.min(...row) > most) return most + 1
    before = previous
    previous = row
  }
  return previous[b.length]!
}
