/** Thousandths of a core that a CPU quantity means. */
export function millicores(quantity: string): number {
  return quantity.endsWith("m") ? Number(quantity.slice(0, -1)) : Number(quantity) * 1000;
}

const binary: Readonly<Record<string, number>> = {
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/** Bytes that a memory or storage quantity means. */
export function bytes(quantity: string): number {
  return Number(quantity.slice(0, -2)) * (binary[quantity.slice(-2)] ?? 1);
}

/** Thousandths of a core as a quantity. */
export function cores(amount: number): string {
  return amount % 1000 === 0 ? String(amount / 1000) : `${amount}m`;
}

/** Bytes as a quantity, rounded up. */
export function mebibytes(amount: number): string {
  return `${Math.ceil(amount / 2 ** 20)}Mi`;
}
