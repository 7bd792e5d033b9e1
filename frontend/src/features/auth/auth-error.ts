import { useTranslation } from 'react-i18next';
import { isProblem, Problem } from '@/api/problem';
import { duration } from '@/lib/dates';
import { useLang } from '@/lib/prefs';
import { useFaultText } from '@/ui/fault-text';

/** Why signing in or changing the password failed, in one sentence. */
export function useAuthError(): (error: unknown) => string {
  const { t } = useTranslation();
  const lang = useLang();
  const say = useFaultText();
  return (error) => {
    if (isProblem(error, 'staff.sign_in_refused')) return t('auth.refused');
    if (isProblem(error, 'staff.second_factor_wrong')) return t('security.wrong');
    if (isProblem(error, 'staff.challenge_ended')) return t('security.challenge_ended');
    if (isProblem(error, 'staff.locked_out')) {
      const seconds = Number(error.params.retry_after_seconds ?? 60);
      return t('auth.locked', { wait: duration(seconds * 1000, lang) });
    }
    if (!(error instanceof Problem)) return t('problem.unexpected');
    if (error.status === 0)
      return `${t('problem.unreachable')}${lang === 'en' ? '. ' : '。'}${t('problem.unreachable_hint')}`;
    if (error.status >= 502) return t('problem.unavailable_hint');
    const [fault] = error.errors;
    if (fault) return say(fault);
    return error.detail || error.title || t('problem.unexpected');
  };
}
