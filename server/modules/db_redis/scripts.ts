/** What Redis does in one go by a script. */
import type { Command } from './client.ts'

/** No command of Redis, but of the scripts here. */
const LEAVE = 'LEAVE'

/** Takes `key` out of a set; one that is empty is gone, and leaves the set of sets. */
export const leave = (set: string, index: string, key: string): Command => [LEAVE, set, index, key]

const LEAVING = `redis.call('SREM', KEYS[1], ARGV[1])
if redis.call('EXISTS', KEYS[1]) == 0 then redis.call('SREM', KEYS[2], KEYS[1]) end`

/** As Redis knows it, for a place between other commands. */
export function asCommand(command: Command): Command {
  const [name, set = '', index = '', key = ''] = command
  return name === LEAVE ? ['EVAL', LEAVING, '2', set, index, key] : command
}

/**
 * KEYS[1] is the hash that keeps the number of the last row, ARGV the number that it must be now
 * ('' for none), its spool, the new number, and commands, the length of each before its words. The
 * number comes last: a command that fails ends the script, and all of it is done again.
 */
export const ONCE = `if (redis.call('HGET', KEYS[1], 'done') or '') ~= ARGV[1] then return 0 end
local at = 4
while at <= #ARGV do
  local last = at + tonumber(ARGV[at])
  if ARGV[at + 1] == '${LEAVE}' then
    redis.call('SREM', ARGV[at + 2], ARGV[at + 4])
    if redis.call('EXISTS', ARGV[at + 2]) == 0 then
      redis.call('SREM', ARGV[at + 3], ARGV[at + 2])
    end
  else
    redis.call(unpack(ARGV, at + 1, last))
  end
  at = last + 1
end
redis.call('HSET', KEYS[1], 'spool', ARGV[2], 'done', ARGV[3])
return 1`
