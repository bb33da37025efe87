/** Kamailio's operators on 32-bit integers, for what is known before anything runs. */

/** null: a division by zero. */
export function calculate(operator: string, a: number, b: number): number | null {
  switch (operator) {
    case '||':
      return a !== 0 || b !== 0 ? 1 : 0
    case '&&':
      return a !== 0 && b !== 0 ? 1 : 0
    case '|':
      return a | b
    case '&':
      return a & b
    case '^':
      return a ^ b
    case '<<':
      return a << b
    case '>>':
      return a >> b
    case 'ieq':
      return a === b ? 1 : 0
    case 'ine':
      return a === b ? 0 : 1
    case '<':
      return a < b ? 1 : 0
    case '>':
      return a > b ? 1 : 0
    case '<=':
      return a <= b ? 1 : 0
    case '>=':
      return a >= b ? 1 : 0
    case '+':
      return (a + b) | 0
    case '-':
      return (a - b) | 0
    case '*':
      return Math.imul(a, b)
    case '**':
      return (a ** b) | 0
    case '/':
      return b === 0 ? null : (a / b) | 0
    default:
      return b === 0 ? null : (a % b) | 0
  }
}
