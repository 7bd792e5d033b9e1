import { useTranslation } from 'react-i18next';
import { Problem } from '@/api/problem';
import { STEP_UP_REQUIRED } from '@/api/step-up';
import { useCodeText } from './fault-text';

export interface ProblemText {
  title: string;
  hint: string;
  trace: string | undefined;
  /** All of it in one sentence, where there is room for one. */
  line: string;
}

/** Our words for its code, else the server's own (it speaks the reader's language), else that something went wrong. */
export function useProblemText(): (error: unknown) => ProblemText {
  const { t } = useTranslation();
  const wordsOf = useCodeText();
  return (error) => {
    const problem = error instanceof Problem ? error : null;
    const trace = problem?.trace_id ? t('problem.trace', { id: problem.trace_id }) : undefined;
    const words = problem ? wordsOf(problem) : undefined;
    const own = (title: string, hint: string): ProblemText => ({ title, hint, trace, line: words || title });
    switch (problem?.status) {
      case 0:
        return own(t('problem.unreachable'), t('problem.unreachable_hint'));
      case 403:
        if (problem.code === STEP_UP_REQUIRED) return own(t('problem.step_up'), t('problem.step_up_hint'));
        return words ? own(words, '') : own(t('problem.forbidden'), t('problem.forbidden_hint'));
      case 404:
        return own(t('problem.not_found'), words || t('problem.not_found_hint'));
      case 502:
      case 503:
      case 504:
        return own(t('problem.unavailable'), t('problem.unavailable_hint'));
      default:
        return own(
          problem?.title || t('problem.unexpected'),
          words || problem?.detail || t('problem.unexpected_hint'),
        );
    }
  };
}
