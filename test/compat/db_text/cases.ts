/** Files and statements that both are asked about, one after the other on the same tables. */
export const FILES: Readonly<Record<string, string>> = {
  t: [
    'id(int,auto) name(string) age(int,null) h(double,null) note(string,null)',
    '1:al\\:ice:5:1.5:tab\\there',
    '2:b\\nb\\r\\\\x:::',
    '3:tre:0:0.25:\\0',
    '4:zero:7:-123.5:x|y',
    '',
  ].join('\n'),
  u: 'name(str) v(str,null) n(int)\nx:y:1\nempty::-2\n',
  broken: 'name(string) n(int)\na:\n',
}

/** What we do otherwise is not here: see "Differences from Kamailio" of the manual. */
export const STATEMENTS: readonly string[] = [
  'select * from t',
  'select id, name from t where id=1',
  'select name,id from t where name="zero" and age>3',
  'select name from t order by name',
  'select name from t where age>=5 order by age desc',
  'select name from t where id=77',
  'select * from u',
  'select * from u where n<0',
  'select nothing from t',
  'select * from nowhere',
  'select * from broken',
  'bla',
  'update t set age=77 where name="zero"',
  'update t set age=78 where name="nobody"',
  'update t set age=1',
  'delete from t where id=2',
  'delete from t where id=99',
  'select * from t',
  'update u set v="a:b" where name="x"',
]

export const config = (folder: string, extra = ''): string => `
loadmodule "db_text.so"
modparam("db_text", "default_connection", "text://${folder}")
${extra}
request_route { exit; }
`
