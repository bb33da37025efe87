/**
 * What can go wrong between script and network: Kamailio's error numbers and the replies that they
 * become.
 */
export const E_UNSPEC = -1
export const E_BAD_ADDRESS = -4
/** Branch routes dropped all branches. */
export const E_CONFIG = -6
export const E_NO_SOCKET = -7
export const E_BAD_TUPEL = -9
export const E_SCRIPT = -10
export const E_EXEC = -11
export const E_TOO_MANY_BRANCHES = -12
export const E_BAD_TO = -13
export const E_SEND = -477
/** onsend_route dropped what forward() would have sent. */
export const E_DROPPED = -510
export const E_UNRESOLVABLE = -478
export const E_BAD_REQ = -400

const ROWS: readonly (readonly [number, number, string])[] = [
  [E_SEND, 477, 'Unfortunately error on sending to next hop occurred'],
  [E_UNRESOLVABLE, 478, 'Unresolvable destination'],
  [E_BAD_REQ, 400, 'Bad Request'],
  [E_BAD_TUPEL, 400, 'Transaction tuple incomplete'],
  [E_BAD_TO, 400, 'Bad To'],
  [E_EXEC, 500, 'Error in external logic'],
  [E_TOO_MANY_BRANCHES, 500, 'Forking capacity exceeded'],
]

/** The status that an error number becomes. */
export const errorStatus = (error: number): number => ROWS.find(row => row[0] === error)?.[1] ?? 500

/** Its reason phrase; `signature` says who speaks: TM or SL. */
export function errorReason(error: number, signature: string): string {
  const text =
    ROWS.find(row => row[0] === error)?.[2] ?? "I'm terribly sorry, server error occurred"
  return `${text} (${error === 0 ? 1 : -error}/${signature})`
}
