import { Link } from '@tanstack/react-router';
import { App } from 'antd';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { isSubmitted } from '@/api/submitted';
import type { SubmitProps } from './submit-form';

/** Says that a change waits for an approval, with the way to it; false where the change was made at once. */
export function useSubmittedNotice(): (answer: unknown) => boolean {
  const { t } = useTranslation();
  const { notification } = App.useApp();
  return (answer) => {
    if (!isSubmitted(answer)) return false;
    const { approval_id } = answer.approval;
    notification.info({
      key: approval_id,
      title: t('approvals.submitted'),
      description: (
        <Link
          className="link"
          to="/approvals/$approval_id"
          params={{ approval_id }}
          onClick={() => notification.destroy(approval_id)}
        >
          {t('approvals.view')}
        </Link>
      ),
    });
    return true;
  };
}

const SubmitForm = lazy(() => import('./submit-form').then((module) => ({ default: module.SubmitForm })));

/** Asks what a change rests on, before it is sent to wait for an approval. */
export function SubmitDialog(props: SubmitProps) {
  return (
    <Suspense>
      <SubmitForm {...props} />
    </Suspense>
  );
}
