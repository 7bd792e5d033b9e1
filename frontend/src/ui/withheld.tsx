import { Lock } from 'lucide-react';
import { useTranslation } from 'react-i18next';

/** In place of a value that the reader's role is not shown. In a cell the lock stands alone; its words are for everybody else. */
export function Withheld({ is_short = false }: { is_short?: boolean }) {
  const { t } = useTranslation();
  const words = t('common.withheld');
  return (
    <span className="withheld" title={is_short ? words : undefined}>
      <Lock size={13} aria-hidden />
      <span className={is_short ? 'sr-only' : undefined}>{words}</span>
    </span>
  );
}
