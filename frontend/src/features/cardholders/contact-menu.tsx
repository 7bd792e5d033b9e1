import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Dropdown, type MenuProps } from 'antd';
import { Ellipsis } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useProblemText } from '@/ui/problem-text';
import { SubmitDialog, useSubmittedNotice } from '@/ui/submitted';
import {
  type ContactLine,
  type ContactOwner,
  type ContactPatch,
  patchContact,
  removeContact,
} from './contacts';

interface ContactMenuProps {
  line: ContactLine;
  kind: string;
  owner: ContactOwner;
  /** Another primary phone waits for an approval where there is one. */
  has_primary_phone: boolean;
}

/** What may be done to one contact. */
export function ContactMenu({ line, kind, owner, has_primary_phone }: ContactMenuProps) {
  const { t } = useTranslation();
  const { modal, message } = App.useApp();
  const say = useProblemText();
  const notify = useSubmittedNotice();
  const queryClient = useQueryClient();
  const [isAsking, setIsAsking] = useState(false);
  const waits = line.what === 'phone' && has_primary_phone;
  const change = useMutation({
    mutationFn: (patch: ContactPatch | null) =>
      patch === null ? removeContact(owner, line) : patchContact(owner, line, patch),
    onSuccess: (answer) => void notify(answer),
    onSettled: () => {
      void queryClient.invalidateQueries({ queryKey: ['approvals'] });
      return queryClient.invalidateQueries({ queryKey: ['cardholders', owner.cardholder_id] });
    },
  });
  const complain = (error: unknown) => {
    const { title, hint } = say(error);
    void message.error(hint || title);
  };
  const verified = line.verified_at !== null;
  const items: MenuProps['items'] = [
    ...(line.is_primary ? [] : [{ key: 'primary', label: t('cardholders.contact.set_primary') }]),
    {
      key: 'verified',
      label: verified ? t('cardholders.contact.mark_unverified') : t('cardholders.contact.mark_verified'),
    },
    { key: 'remove', label: t('cardholders.contact.remove'), danger: true },
  ];
  const confirmRemoval = () =>
    modal.confirm({
      title: t('cardholders.contact.remove_confirm'),
      content: (
        <>
          <p>{line.text}</p>
          <p className="muted">
            {waits && line.is_primary ? t('approvals.primary_waits') : t('cardholders.contact.remove_hint')}
          </p>
        </>
      ),
      okText: t('common.delete'),
      okButtonProps: { danger: true },
      onOk: () => change.mutateAsync(null).catch(complain),
    });
  const choose: MenuProps['onClick'] = ({ key }) => {
    if (key === 'primary' && waits) setIsAsking(true);
    else if (key === 'primary') change.mutate({ is_primary: true }, { onError: complain });
    else if (key === 'verified') change.mutate({ is_verified: !verified }, { onError: complain });
    else confirmRemoval();
  };
  return (
    <>
      <Dropdown trigger={['click']} menu={{ items, onClick: choose }}>
        <button
          type="button"
          className="icon-button"
          aria-label={t('cardholders.contact.menu', { kind, value: line.text })}
          disabled={change.isPending}
        >
          <Ellipsis size={16} />
        </button>
      </Dropdown>
      {isAsking && (
        <SubmitDialog
          onConfirm={(evidence_note) => change.mutateAsync({ is_primary: true, evidence_note })}
          onClose={() => setIsAsking(false)}
        />
      )}
    </>
  );
}
