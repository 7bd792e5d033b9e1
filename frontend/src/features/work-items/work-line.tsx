import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { branchesQuery } from '@/api/reference';
import { useMe } from '@/api/session';
import { Pill } from '@/ui/pill';
import { DueMark } from './due-mark';
import type { WorkKindView } from './kinds';
import type { WorkItem } from './queries';
import type { Desk } from './use-desk';

/** Above this the item says so; 1 is the most urgent. */
const URGENT = 1;

interface WorkLineProps {
  item: WorkItem;
  view: WorkKindView;
  is_chosen: boolean;
  desk: Desk;
  onChoose: () => void;
}

export function WorkLine({ item, view, is_chosen, desk, onChoose }: WorkLineProps) {
  const { t } = useTranslation();
  const text = view.useText()(item);
  const branches = useQuery(branchesQuery).data;
  const branch = branches?.find(({ branch_id }) => branch_id === item.branch_id)?.name;
  const Icon = view.icon;
  return (
    <li
      id={`work-${item.item_id}`}
      className={is_chosen ? 'is-chosen' : undefined}
      aria-current={is_chosen || undefined}
      onFocus={onChoose}
    >
      <span className="inbox-icon">
        <Icon size={17} aria-hidden />
      </span>
      <div className="grow inbox-text">
        <Link {...view.target(item)}>{text}</Link>
        <small>{[t(`code.work_kind.${item.kind}`), branch].filter(Boolean).join(' · ')}</small>
      </div>
      <div className="row inbox-tools">
        {item.priority <= URGENT && <Pill tone="danger">{t('desk.inbox.urgent')}</Pill>}
        <DueMark due_at={item.due_at} />
        <Claim item={item} desk={desk} />
      </div>
    </li>
  );
}

function Claim({ item, desk }: { item: WorkItem; desk: Desk }) {
  const { t } = useTranslation();
  const me = useMe();
  const loading = desk.busy === item;
  if (item.claimed_by === null)
    return (
      <Button size="small" loading={loading} onClick={() => desk.claim(item)}>
        {t('desk.inbox.claim')}
      </Button>
    );
  if (item.claimed_by !== me.staff_id) return <Pill>{t('desk.inbox.taken')}</Pill>;
  return (
    <>
      <Pill tone="primary">{t('desk.inbox.own')}</Pill>
      <Button size="small" type="text" loading={loading} onClick={() => desk.release(item)}>
        {t('desk.inbox.release')}
      </Button>
    </>
  );
}
