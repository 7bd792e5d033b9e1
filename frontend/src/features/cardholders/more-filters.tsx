import { Input, InputNumber } from 'antd';
import { type ReactNode, useId } from 'react';
import { useTranslation } from 'react-i18next';
import { useSees } from '@/api/session';
import { DateRange } from '@/ui/date-range';
import { BranchSelect, CodeSelect, ManagerSelect } from '@/ui/pickers';
import { AGE_MAX, GENDERS, LIFECYCLES, PRODUCT_KINDS, SORTS } from './codes';
import type { FiltersProps } from './list-filters';

/** The rest, in a panel; on a phone together with the main ones. */
export function MoreFilters({ search, onChange, with_main = false }: FiltersProps & { with_main?: boolean }) {
  const { t } = useTranslation();
  const seesPersonal = useSees('personal');
  const labels = 'cardholders.filter' as const;
  return (
    <div className="filter-grid">
      {with_main && (
        <>
          <Labelled label={t('cardholders.sort.label')}>
            {(id) => (
              <CodeSelect
                id={id}
                placeholder={t('cardholders.sort.-opened_on')}
                values={SORTS}
                name={(value) => t(`cardholders.sort.${value}`)}
                value={search.sort}
                onChange={(sort) => onChange({ sort })}
              />
            )}
          </Labelled>
          <Labelled label={t(`${labels}.branch`)}>
            {(id) => (
              <BranchSelect
                id={id}
                placeholder={t('common.any')}
                value={search.branch_id}
                onChange={(branch_id) => onChange({ branch_id })}
              />
            )}
          </Labelled>
          <Labelled label={t(`${labels}.manager`)}>
            {(id) => (
              <ManagerSelect
                id={id}
                placeholder={t('common.any')}
                value={search.manager_id}
                onChange={(manager_id) => onChange({ manager_id })}
              />
            )}
          </Labelled>
          <Labelled label={t(`${labels}.lifecycle`)}>
            {(id) => (
              <CodeSelect
                id={id}
                placeholder={t('common.any')}
                values={LIFECYCLES}
                name={(value) => t(`code.lifecycle.${value}`)}
                value={search.lifecycle}
                onChange={(lifecycle) => onChange({ lifecycle })}
              />
            )}
          </Labelled>
        </>
      )}
      <Labelled label={t(`${labels}.product`)}>
        {(id) => (
          <CodeSelect
            id={id}
            placeholder={t('common.any')}
            values={PRODUCT_KINDS}
            name={(value) => t(`code.account_kind.${value}`)}
            value={search.holds_product}
            onChange={(holds_product) => onChange({ holds_product })}
          />
        )}
      </Labelled>
      <OpenedRange search={search} onChange={onChange} />
      {seesPersonal && <PersonalFilters search={search} onChange={onChange} />}
    </div>
  );
}

/** For roles that are shown these fields: the server refuses to be asked about others. */
function PersonalFilters({ search, onChange }: FiltersProps) {
  const { t } = useTranslation();
  const labels = 'cardholders.filter' as const;
  return (
    <>
      <Labelled label={t(`${labels}.gender`)}>
        {(id) => (
          <CodeSelect
            id={id}
            placeholder={t('common.any')}
            values={GENDERS}
            name={(value) => t(`code.gender.${value}`)}
            value={search.gender}
            onChange={(gender) => onChange({ gender })}
          />
        )}
      </Labelled>
      <AgeRange search={search} onChange={onChange} />
      <Labelled label={t(`${labels}.occupation`)}>
        {(id) => (
          <Input
            id={id}
            key={search.occupation ?? ''}
            defaultValue={search.occupation}
            placeholder={t(`${labels}.occupation_placeholder`)}
            allowClear
            maxLength={60}
            onBlur={(event) => onChange({ occupation: event.target.value.trim() || undefined })}
            onPressEnter={(event) => event.currentTarget.blur()}
          />
        )}
      </Labelled>
    </>
  );
}

function Labelled({ label, children }: { label: string; children: (id: string) => ReactNode }) {
  const id = useId();
  return (
    <div className="filter-field">
      <label htmlFor={id}>{label}</label>
      {children(id)}
    </div>
  );
}

function AgeRange({ search, onChange }: FiltersProps) {
  const { t } = useTranslation();
  const set = (key: 'age_min' | 'age_max') => (value: number | null) =>
    onChange({ [key]: value ?? undefined });
  return (
    <fieldset className="filter-field">
      <legend>{t('cardholders.filter.age')}</legend>
      <div className="row">
        <InputNumber
          aria-label={t('cardholders.filter.age_min')}
          min={0}
          max={AGE_MAX}
          precision={0}
          value={search.age_min ?? null}
          onChange={set('age_min')}
        />
        <span aria-hidden>–</span>
        <InputNumber
          aria-label={t('cardholders.filter.age_max')}
          min={0}
          max={AGE_MAX}
          precision={0}
          value={search.age_max ?? null}
          onChange={set('age_max')}
        />
      </div>
    </fieldset>
  );
}

function OpenedRange({ search, onChange }: FiltersProps) {
  const { t } = useTranslation();
  return (
    <Labelled label={t('cardholders.filter.opened')}>
      {(id) => (
        <DateRange
          id={id}
          value={{ from: search.opened_from ?? undefined, to: search.opened_to ?? undefined }}
          onChange={({ from, to }) => onChange({ opened_from: from, opened_to: to })}
          width="100%"
        />
      )}
    </Labelled>
  );
}
