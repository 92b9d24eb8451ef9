/** 487.2 -> "487.20 USD" */
export function usd(amount: number): string {
  return `${amount.toFixed(2)} USD`;
}
