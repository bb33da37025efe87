/** Times as Kamailio writes them into databases: `YYYY-MM-DD HH:MM:SS`, local time. */

const two = (number: number): string => String(number).padStart(2, '0')

export function localTime(seconds: number): string {
  const at = new Date(seconds * 1000)
  const day = `${String(at.getFullYear()).padStart(4, '0')}-${two(at.getMonth() + 1)}`
  const time = [at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(':')
  return `${day}-${two(at.getDate())} ${time}`
}

/** null when it is no time. */
export function fromLocalTime(text: string): number | null {
  const found = /^(\d{4})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d):(\d\d))?/.exec(text)
  if (found === null) return null
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found
    .slice(1)
    .map(part => Number(part ?? 0))
  return Math.floor(new Date(year, month - 1, day, hour, minute, second).getTime() / 1000)
}
