/** Which rows of a surface are newer than Kamailio 5.6. */

/** Marks a row that Kamailio 5.6 does not have: --strict-5.6 refuses it. */
export const since6 = <R extends { readonly since6?: boolean }>(row: R): R => ({
  ...row,
  since6: true,
})
