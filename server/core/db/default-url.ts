/** Where the tables are when a config does not say it, by Kamailio's names. */

export const DEFAULT_DB_URL = 'mysql://kamailio:kamailiorw@localhost/kamailio'

/** Of modules that only read. */
export const DEFAULT_RODB_URL = 'mysql://kamailioro:kamailioro@localhost/kamailio'
