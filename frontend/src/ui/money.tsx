import { compactParts, ledger, signedLedger } from '@/lib/money';
import { useLang } from '@/lib/prefs';

interface MoneyProps {
  minor: number | null;
  currency: string;
}

/** Exact, as in a ledger. */
export function Money({ minor, currency }: MoneyProps) {
  return <span className="num">{minor === null ? '—' : ledger(minor, currency)}</span>;
}

/** A movement: money in is green with a plus, money out is plain with a minus, never red. */
export function Movement({ minor, currency, direction }: MoneyProps & { direction: 'credit' | 'debit' }) {
  if (minor === null) return <span className="num">—</span>;
  return direction === 'credit' ? (
    <span className="num money-in">{signedLedger(minor, currency)}</span>
  ) : (
    <span className="num">{signedLedger(-minor, currency)}</span>
  );
}

/** Short, with the unit smaller than the figure and the exact amount on hover. */
export function CompactMoney({ minor, currency }: MoneyProps) {
  const lang = useLang();
  if (minor === null) return <span className="num">—</span>;
  const { text, unit } = compactParts(minor, currency, lang);
  return (
    <span className="num" title={ledger(minor, currency)}>
      {text}
      {unit && <i className="unit">{unit}</i>}
    </span>
  );
}
