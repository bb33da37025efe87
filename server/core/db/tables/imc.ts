import { int, serial, table, unique, varchar } from '../table.ts'

export const imcRooms = table(
  'imc_rooms',
  1,
  'Rooms for instant messages.',
  {
    id: serial(),
    name: varchar(64),
    domain: varchar(64),
    flag: int(),
  },
  [unique('name_domain_idx', 'name', 'domain')],
)

export const imcMembers = table(
  'imc_members',
  1,
  'Who is in a room for instant messages.',
  {
    id: serial(),
    username: varchar(64),
    domain: varchar(64),
    room: varchar(64),
    flag: int(),
  },
  [unique('account_room_idx', 'username', 'domain', 'room')],
)
