import { useTranslation } from 'react-i18next';
import { Problem } from '@/api/problem';

/** The sentence for a code of a row or a file; the bare code where this page has no words for it. */
export function useFaultWords(): (code: string) => string {
  const { t, i18n } = useTranslation();
  return (code) => {
    const key = `imports.fault.${code}`;
    return i18n.exists(key) ? (t as (key: string) => string)(key) : code;
  };
}

/** A refused upload in this page's words: its codes are not among those that every page knows. */
export function useFault(): (error: unknown) => unknown {
  const { t } = useTranslation();
  const words = useFaultWords();
  return (error) => {
    if (!(error instanceof Problem) || words(error.code) === error.code) return error;
    return new Problem({ ...error, title: words(error.code), detail: t('imports.drop_hint') });
  };
}
