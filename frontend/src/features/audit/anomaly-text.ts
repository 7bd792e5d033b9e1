import { useTranslation } from 'react-i18next';
import { count } from '@/lib/number';
import type { Anomaly } from './queries';

interface AnomalyParams {
  count?: number;
  usual?: number;
  limit?: number;
  is_self?: boolean;
}

/** A finding as a sentence: what was counted, beside what is usual. */
export function useAnomalyText(): (anomaly: Anomaly) => string {
  const { t } = useTranslation();
  return ({ kind, params }) => {
    const { count: n = 0, usual = 0, limit = 0, is_self = false } = params as AnomalyParams;
    if (kind === 'possible_colleague')
      return t(`system.anomalies.text.${is_self ? 'possible_self' : 'possible_colleague'}`);
    return t(`system.anomalies.text.${kind}`, {
      n: count(n),
      usual: count(usual),
      limit: count(limit),
    });
  };
}
