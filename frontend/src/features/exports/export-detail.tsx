import { Drawer } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { dateTime } from '@/lib/dates';
import { count } from '@/lib/number';
import { useMobile } from '@/lib/use-media';
import { useFaultText } from '@/ui/fault-text';
import { LinkButton } from '@/ui/link-button';
import { ExportActions } from './actions';
import { bytes } from './codes';
import { Conditions } from './conditions';
import type { Export } from './queries';
import { Rows, StagePill } from './stage';

/** Everything that is known of one export; its checksum proves that a file is this one. */
export function ExportDetail({ row, onClose }: { row: Export; onClose: () => void }) {
  const { t } = useTranslation();
  const mobile = useMobile();
  const say = useFaultText();
  const time = (at: string | null) => at && <span className="num">{dateTime(at)}</span>;
  const facts: [string, ReactNode][] = [
    [t('exports.list'), t(`exports.lists.${row.list}`)],
    [t('exports.stage'), <StagePill key="stage" row={row} />],
    [
      t('exports.error'),
      row.error_code && say({ pointer: '', code: row.error_code, params: {}, message: '' }),
    ],
    [t('exports.filter'), <Conditions key="filter" query={row.query} />],
    [t('exports.purpose'), t(`exports.purposes.${row.purpose}`)],
    [t('exports.note'), row.note],
    [t('exports.rows'), <Rows key="rows" row={row} />],
    [t('exports.file_name'), row.file_name],
    [t('exports.size'), row.byte_count !== null && <span className="num">{bytes(row.byte_count)}</span>],
    [t('exports.sha256'), row.sha256 && <code className="export-sum">{row.sha256}</code>],
    [t('exports.created_at'), time(row.created_at)],
    [t('exports.finished_at'), time(row.finished_at)],
    [t('exports.expires_at'), time(row.expires_at)],
    [
      t('exports.downloads'),
      row.stage === 'ready' && <span className="num">{count(row.download_count)}</span>,
    ],
    [t('exports.id'), <code key="id">{row.export_id}</code>],
  ];
  return (
    <Drawer
      open
      onClose={onClose}
      title={t('exports.detail')}
      placement={mobile ? 'bottom' : 'right'}
      size={mobile ? 'large' : 460}
      extra={<ExportActions row={row} />}
    >
      <dl className="facts">
        {facts
          .filter(([, value]) => value)
          .map(([name, value]) => (
            <div key={name} className="fact">
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
      {row.approval_id && (
        <p>
          <LinkButton to="/approvals/$approval_id" params={{ approval_id: row.approval_id }}>
            {t('exports.see_approval')}
          </LinkButton>
        </p>
      )}
    </Drawer>
  );
}
