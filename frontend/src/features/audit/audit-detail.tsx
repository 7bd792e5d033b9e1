import { Link } from '@tanstack/react-router';
import { Drawer } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '@/api/session';
import { dateTimeSeconds } from '@/lib/dates';
import { useCode } from '@/lib/i18n';
import { useMobile } from '@/lib/use-media';
import { Pill } from '@/ui/pill';
import { ChangesTable } from './changes-table';
import { OUTCOME_TONES } from './outcome';
import type { AuditEntry } from './queries';
import type { AuditSearch } from './routes';

interface AuditDetailProps {
  entry: AuditEntry | null;
  onClose: () => void;
  onFilter: (search: AuditSearch) => void;
}

export function AuditDetail({ entry, onClose, onFilter }: AuditDetailProps) {
  const { t } = useTranslation();
  const mobile = useMobile();
  const filter = (search: AuditSearch) => {
    onFilter(search);
    onClose();
  };
  return (
    <Drawer
      open={entry !== null}
      onClose={onClose}
      title={t('system.audit.detail')}
      placement={mobile ? 'bottom' : 'right'}
      size={mobile ? 'large' : 460}
    >
      {entry && <Facts entry={entry} onFilter={filter} />}
    </Drawer>
  );
}

function Facts({ entry, onFilter }: { entry: AuditEntry; onFilter: (search: AuditSearch) => void }) {
  const { t } = useTranslation();
  const name = useCode();
  const seesCardholders = useCan('cardholders:read');
  const label = 'system.audit' as const;
  const { staff_id, cardholder_id, object_id, trace_id, action } = entry;
  const filterButton = (text: string, search: AuditSearch) => (
    <button type="button" className="link num" onClick={() => onFilter(search)}>
      {text}
    </button>
  );
  const rows: [string, ReactNode][] = [
    [
      t(`${label}.occurred_at`),
      <span key="at" className="num">
        {dateTimeSeconds(entry.occurred_at)}
      </span>,
    ],
    [
      t(`${label}.who`),
      staff_id
        ? filterButton(entry.staff_no ?? staff_id, { staff_id })
        : t(`code.actor_kind.${entry.actor_kind}`),
    ],
    [t(`${label}.role`), entry.role && name('role', entry.role)],
    [
      t(`${label}.action`),
      <>
        {name('system.audit.actions', action)} {filterButton(action, { action })}
      </>,
    ],
    [
      t(`${label}.outcome`),
      <Pill key="outcome" tone={OUTCOME_TONES[entry.outcome]} has_dot>
        {t(`code.outcome.${entry.outcome}`)}
      </Pill>,
    ],
    [
      t(`${label}.object`),
      object_id
        ? filterButton(`${name('system.audit.objects', entry.object_kind)} ${object_id}`, { object_id })
        : entry.object_kind && name('system.audit.objects', entry.object_kind),
    ],
    [
      t(`${label}.cardholder`),
      cardholder_id &&
        (seesCardholders ? (
          <Link className="link" to="/cardholders/$cardholder_id" params={{ cardholder_id }}>
            {cardholder_id}
          </Link>
        ) : (
          filterButton(cardholder_id, { cardholder_id })
        )),
    ],
    [t(`${label}.purpose`), entry.purpose],
    [t(`${label}.ip`), entry.ip],
    [t(`${label}.trace`), trace_id && filterButton(trace_id, { trace_id })],
    [t(`${label}.id`), <code key="id">{entry.audit_id}</code>],
  ];
  return (
    <div className="stack">
      <dl className="facts">
        {rows
          .filter(([, value]) => value)
          .map(([key, value]) => (
            <div key={key} className="fact">
              <dt>{key}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
      {entry.changes !== null && entry.changes !== undefined && (
        <section>
          <h2 className="detail-heading">{t('system.audit.changes')}</h2>
          <ChangesTable changes={entry.changes as Record<string, unknown>} />
        </section>
      )}
    </div>
  );
}
