import type { TFunction } from 'i18next';
import { type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useSees } from '@/api/session';
import type { Column } from '@/ui/data-table';
import { Masked } from '@/ui/masked';
import { Withheld } from '@/ui/withheld';
import { IdentityLink, LifecyclePill } from './identity';
import type { CardholderListItem } from './queries';

export type ColumnKey =
  | 'name'
  | 'lifecycle'
  | 'gender'
  | 'age'
  | 'phone'
  | 'occupation'
  | 'branch'
  | 'manager'
  | 'opened_on';

/** Together they fit beside the menu on a 1440-pixel screen; `name` is always there. */
export const DEFAULT_COLUMNS: ColumnKey[] = [
  'name',
  'lifecycle',
  'gender',
  'age',
  'phone',
  'occupation',
  'branch',
  'manager',
  'opened_on',
];

/** Of class "personal": not offered to roles that are shown none of it. */
const PERSONAL: ColumnKey[] = ['gender', 'age', 'phone', 'occupation'];

/** The columns that this person's role has something in. */
export function useListColumns(): Column<CardholderListItem>[] {
  const { t } = useTranslation();
  const seesPersonal = useSees('personal');
  return useMemo(
    () => listColumns(t).filter(({ key }) => seesPersonal || !PERSONAL.includes(key as ColumnKey)),
    [t, seesPersonal],
  );
}

type Field = keyof CardholderListItem & string;

const seen = (row: CardholderListItem, field: Field, value: ReactNode): ReactNode =>
  row.withheld.includes(field) ? <Withheld is_short /> : value;

function listColumns(t: TFunction): Column<CardholderListItem>[] {
  const dash = (value: string | null) => value ?? <span className="muted">—</span>;
  return [
    {
      key: 'name',
      title: t('cardholders.column.name'),
      width: 190,
      is_pinned: true,
      sort: { asc: 'name_pinyin' },
      cell: (row) => <IdentityLink {...row} />,
    },
    {
      key: 'lifecycle',
      title: t('cardholders.column.lifecycle'),
      width: 92,
      cell: (row) => <LifecyclePill value={row.lifecycle} />,
    },
    {
      key: 'gender',
      title: t('cardholders.column.gender'),
      width: 74,
      cell: (row) => seen(row, 'gender', dash(row.gender && t(`code.gender.${row.gender}`))),
    },
    {
      key: 'age',
      title: t('cardholders.column.age'),
      width: 64,
      is_end: true,
      cell: (row) => seen(row, 'age_years', <span className="num">{row.age_years ?? '—'}</span>),
    },
    {
      key: 'phone',
      title: t('cardholders.column.phone'),
      width: 130,
      cell: (row) => seen(row, 'primary_phone_masked', <Masked value={row.primary_phone_masked} />),
    },
    {
      key: 'occupation',
      title: t('cardholders.column.occupation'),
      width: 132,
      cell: (row) => seen(row, 'occupation', dash(row.occupation)),
    },
    { key: 'branch', title: t('cardholders.column.branch'), cell: (row) => row.branch_name },
    {
      key: 'manager',
      title: t('cardholders.column.manager'),
      width: 104,
      cell: (row) => dash(row.manager_name),
    },
    {
      key: 'opened_on',
      title: t('cardholders.column.opened_on'),
      width: 116,
      is_end: true,
      sort: { asc: 'opened_on', desc: '-opened_on' },
      cell: (row) => <span className="num">{row.opened_on}</span>,
    },
  ];
}
