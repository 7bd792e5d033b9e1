import { useQuery } from '@tanstack/react-query';
import { Select, type SelectProps } from 'antd';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { type Branch, branchesQuery, managersQuery } from '@/api/reference';
import { treeRows } from '@/lib/tree';

type PickerProps = Omit<SelectProps<string>, 'options' | 'loading'>;

const matches: SelectProps['filterOption'] = (typed, option) =>
  String((option as { search?: string } | undefined)?.search ?? '').includes(typed.trim().toLowerCase());

export const branchKeys = {
  id: (branch: Branch) => branch.branch_id,
  parent: (branch: Branch) => branch.parent_id,
};

/** The branch tree as an indented list: shorter to use than a tree, and found by typing. */
export function BranchSelect({ only_open = false, ...props }: PickerProps & { only_open?: boolean }) {
  const { t } = useTranslation();
  const { data, isPending } = useQuery(branchesQuery);
  const options = useMemo(
    () =>
      treeRows(data ?? [], branchKeys).map(({ item, depth }) => ({
        value: item.branch_id,
        label: item.name,
        search: `${item.name} ${item.code}`.toLowerCase(),
        disabled: only_open && !item.is_open,
        depth,
      })),
    [data, only_open],
  );
  return (
    <Select<string>
      allowClear
      showSearch={{ filterOption: matches }}
      popupMatchSelectWidth={false}
      placeholder={t('common.choose')}
      {...props}
      loading={isPending}
      options={options}
      optionRender={(option) => (
        <span style={{ paddingLeft: 14 * Number((option.data as { depth?: number }).depth ?? 0) }}>
          {option.label}
        </span>
      )}
    />
  );
}

export function ManagerSelect({ branch_id, ...props }: PickerProps & { branch_id?: string }) {
  const { t } = useTranslation();
  const { data, isPending } = useQuery(managersQuery(branch_id));
  const options = (data ?? []).map((manager) => ({
    value: manager.staff_id,
    label: `${manager.name} · ${manager.staff_no}`,
    search: `${manager.name} ${manager.staff_no}`.toLowerCase(),
  }));
  return (
    <Select<string>
      allowClear
      showSearch={{ filterOption: matches }}
      popupMatchSelectWidth={false}
      placeholder={t('common.choose')}
      {...props}
      loading={isPending}
      options={options}
    />
  );
}

/** Codes with their names. */
export function CodeSelect<T extends string>(
  props: Omit<SelectProps<T>, 'options'> & { values: readonly T[]; name: (value: T) => string },
) {
  const { t } = useTranslation();
  const { values, name, ...rest } = props;
  return (
    <Select<T>
      allowClear
      popupMatchSelectWidth={false}
      placeholder={t('common.choose')}
      {...rest}
      options={values.map((value) => ({ value, label: name(value) }))}
    />
  );
}
