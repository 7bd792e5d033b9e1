import { useTranslation } from 'react-i18next';
import { useCode } from '@/lib/i18n';
import { Pill, type Tone } from '@/ui/pill';
import { type RecordColumn, RecordList } from '@/ui/record-list';
import type { KeptTable, Rule } from './queries';

const TONES: Record<Rule['end'], Tone> = { delete: 'warn', owner: 'primary', keep: 'plain' };

/** How long each table keeps its rows, in plain words. */
export function RuleList({ rules }: { rules: Rule[] }) {
  const { t } = useTranslation();
  return (
    <RecordList
      label={t('retention.rules')}
      columns={useRuleColumns()}
      rows={rules}
      rowKey={(rule) => rule.table_name}
    />
  );
}

function useRuleColumns(): RecordColumn<Rule>[] {
  const { t } = useTranslation();
  const name = useCode();
  return [
    {
      key: 'table',
      title: t('retention.table'),
      cell: (rule) => <TableName table={rule.table_name} />,
    },
    {
      key: 'end',
      title: t('retention.end'),
      width: 190,
      is_card_head: true,
      cell: (rule) => (
        <Pill tone={TONES[rule.end]}>
          {rule.owner ? name('retention.owners', rule.owner) : t(`retention.ends.${rule.end}`)}
        </Pill>
      ),
    },
    { key: 'period', title: t('retention.period'), width: 150, cell: (rule) => <Period rule={rule} /> },
    {
      key: 'counted_from',
      title: t('retention.counted_from'),
      width: 150,
      cell: (rule) => name('retention.columns', rule.counted_from),
    },
    {
      key: 'ground',
      title: t('retention.ground'),
      width: 210,
      cell: (rule) => t(`retention.grounds.${rule.ground}`),
    },
    {
      key: 'held',
      title: t('retention.hold'),
      width: 120,
      cell: (rule) => (rule.is_held_back ? t('retention.hold_wins') : <span className="muted">—</span>),
    },
  ];
}

function Period({ rule }: { rule: Rule }) {
  const { t } = useTranslation();
  if (rule.period === null)
    return rule.ground === 'own_time' ? t('retention.own_time') : t('retention.for_good');
  const text = t(`retention.units.${rule.unit}`, { n: rule.period });
  return (
    <span className="num">{rule.end === 'keep' ? t('retention.at_least', { period: text }) : text}</span>
  );
}

/** What a table is called, and its name for whoever looks into the database. */
export function TableName({ table }: { table: string }) {
  const name = useCode();
  return (
    <span className="retention-table">
      {name('retention.tables', table)}
      <small className="muted" translate="no">
        {table}
      </small>
    </span>
  );
}

/** The tables without a period, under the reason that they share. */
export function KeptTables({ kept }: { kept: KeptTable[] }) {
  const { t } = useTranslation();
  const name = useCode();
  const reasons = [...new Set(kept.map((table) => table.reason))];
  return (
    <dl className="facts retention-kept">
      {reasons.map((reason) => (
        <div key={reason} className="fact">
          <dt>{t(`retention.reasons.${reason}`)}</dt>
          <dd>
            {kept
              .filter((table) => table.reason === reason)
              .map((table) => name('retention.tables', table.table_name))
              .join(t('retention.between'))}
          </dd>
        </div>
      ))}
    </dl>
  );
}
