import { useTranslation } from 'react-i18next';
import type { FieldFault } from '@/api/problem';

type Coded = Pick<FieldFault, 'code' | 'params'> & { pointer?: string };

/**
 * The sentence for a code of the server's, most particular first: the one for its reason or for the limits it
 * names, then the code's own; undefined for a code that this screen has no words for.
 */
export function useCodeText(): (coded: Coded) => string | undefined {
  const { t, i18n } = useTranslation();
  return ({ code, params, pointer }) => {
    const key = variants(params, pointer)
      .map((variant) => `fault.${code}${variant}`)
      .find((candidate) => i18n.exists(candidate) && typeof i18n.t(candidate as never) === 'string');
    return key && (t as (key: string, params: object) => string)(key, params);
  };
}

/** A field's fault in words; never a bare code. */
export function useFaultText(): (fault: FieldFault) => string {
  const { t } = useTranslation();
  const wordsOf = useCodeText();
  return (fault) => {
    const own = fault.message === fault.code ? '' : fault.message;
    return wordsOf(fault) || own || t('fault.default', { code: fault.code });
  };
}

export function variants(params: Record<string, unknown>, pointer = ''): string[] {
  const found: string[] = [];
  if (typeof params.reason === 'string') found.push(`_${params.reason}`);
  // Limits of an amount come in minor units, which nobody types.
  if (pointer.endsWith('_minor')) found.push('_amount');
  const has = (name: string) => params[name] !== undefined && params[name] !== null;
  if (has('max') && !has('min')) found.push('_max');
  if (has('min') && !has('max')) found.push('_min');
  return [...found, ''];
}
