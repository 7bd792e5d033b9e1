import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Switch } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ProblemBanner } from '@/ui/problem-alert';
import { clock } from './clock';
import { changeWishes, consentsQuery, type Wishes, type WishesPatch } from './queries';
import { QuietHoursDialog } from './quiet-hours-dialog';

interface WishesFormProps {
  cardholder_id: string;
  wishes: Wishes;
  may_change: boolean;
}

/** What they wish whatever they agreed to; each takes effect as it is switched. */
export function WishesForm({ cardholder_id, wishes, may_change }: WishesFormProps) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  const save = useMutation({
    mutationFn: (patch: WishesPatch) => changeWishes(cardholder_id, wishes.version, patch),
    onSettled: () => queryClient.invalidateQueries({ queryKey: consentsQuery(cardholder_id).queryKey }),
  });
  const quiet =
    wishes.quiet_from_minute === null || wishes.quiet_to_minute === null
      ? t('law.wishes.quiet_default')
      : `${clock(wishes.quiet_from_minute)} – ${clock(wishes.quiet_to_minute)}`;
  return (
    <section aria-label={t('law.wishes.title')}>
      <h3>{t('law.wishes.title')}</h3>
      {save.isError && <ProblemBanner error={save.error} />}
      <ul className="lines">
        {(['is_do_not_contact', 'is_personalisation_refused'] as const).map((key) => (
          <Wish key={key} name={t(`law.wishes.${key}`)} hint={t(`law.wishes.${key}_hint`)}>
            <Switch
              aria-label={t(`law.wishes.${key}`)}
              checked={wishes[key]}
              disabled={!may_change}
              loading={save.isPending}
              onChange={(value) => save.mutate({ [key]: value })}
            />
          </Wish>
        ))}
        <Wish name={t('law.wishes.quiet')} hint={quiet}>
          {may_change && (
            <Button size="small" onClick={() => setAsking(true)}>
              {t('law.wishes.quiet_change')}
            </Button>
          )}
        </Wish>
      </ul>
      {isAsking && (
        <QuietHoursDialog
          wishes={wishes}
          onSave={(patch) => save.mutateAsync(patch)}
          onClose={() => setAsking(false)}
        />
      )}
    </section>
  );
}

function Wish({ name, hint, children }: { name: string; hint: string; children: ReactNode }) {
  return (
    <li>
      <span className="grow">
        <b>{name}</b>
        <small className="muted">{hint}</small>
      </span>
      {children}
    </li>
  );
}
