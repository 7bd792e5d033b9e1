import { MINUS } from './money';

const integers = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

export const count = (value: number): string => integers.format(value).replace('-', MINUS);

/** `0.314` → `31%`; a share too small to round up to the last decimal is not written as zero. */
export function percent(share: number, decimals = 0): string {
  const value = share * 100;
  const smallest = 10 ** -decimals;
  if (value > 0 && value < smallest / 2) return `<${smallest}%`;
  return `${value < 0 ? MINUS : ''}${Math.abs(value).toFixed(decimals)}%`;
}

export function signedPercent(share: number, decimals = 1): string {
  const text = percent(share, decimals);
  return share > 0 ? `+${text}` : text;
}
