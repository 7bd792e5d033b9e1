import { Money } from '@/ui/money';
import { Withheld } from '@/ui/withheld';

interface AmountProps<Field extends string> {
  of: Record<Field, number | null> & { currency: string; withheld: string[] };
  field: Field;
}

/** A sum of a line, or that the role is not shown it. */
export function Amount<Field extends string>({ of, field }: AmountProps<Field>) {
  if (of.withheld.includes(field)) return <Withheld is_short />;
  return <Money minor={of[field]} currency={of.currency} />;
}
