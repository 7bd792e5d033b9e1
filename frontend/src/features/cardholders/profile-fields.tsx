import { Button, Form, type FormInstance, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMe } from '@/api/session';
import { COMMON_COUNTRIES, COMMON_CURRENCIES, countryName } from '@/lib/countries';
import { parseMinor } from '@/lib/money';
import { useLang } from '@/lib/prefs';
import { readResidentId } from '@/lib/resident-id';
import { DayInput } from '@/ui/day-input';
import { BranchSelect, CodeSelect, ManagerSelect } from '@/ui/pickers';
import { EDUCATIONS, GENDERS, ID_KINDS, MARITAL_STATUSES } from './codes';
import { useDerivedFromId } from './derived-from-id';
import type { ProfileValues } from './form-values';

type ProfileForm = FormInstance<ProfileValues>;

/** `masked`: the number on record; a new one is asked for only when it is to be replaced. */
export function IdentityFields({ form, masked }: { form: ProfileForm; masked: string | null }) {
  const { t } = useTranslation();
  const lang = useLang();
  const { business_on } = useMe();
  const derived = useDerivedFromId(form);
  return (
    <div className="form-grid">
      <Form.Item name="name" label={t('cardholders.field.name')}>
        <Input autoComplete="off" maxLength={100} placeholder={t('cardholders.form.name_placeholder')} />
      </Form.Item>
      <Form.Item
        name="name_pinyin"
        label={t('cardholders.field.name_pinyin')}
        tooltip={t('cardholders.form.pinyin_hint')}
      >
        <Input autoComplete="off" maxLength={200} placeholder={t('cardholders.form.pinyin_auto')} />
      </Form.Item>
      <Form.Item name="id_kind" label={t('cardholders.field.id_kind')}>
        <CodeSelect values={ID_KINDS} name={(kind) => t(`code.id_kind.${kind}`)} />
      </Form.Item>
      <NationalIdField form={form} masked={masked} note={derived.note} />
      <Form.Item name="birth_on" label={t('cardholders.field.birth_on')} {...derived.birthFault}>
        <DayInput max={business_on} />
      </Form.Item>
      <Form.Item name="gender" label={t('cardholders.field.gender')} {...derived.genderFault}>
        <CodeSelect values={GENDERS} name={(gender) => t(`code.gender.${gender}`)} />
      </Form.Item>
      <Form.Item name="nationality" label={t('cardholders.field.nationality')}>
        <CodeSelect values={COMMON_COUNTRIES} name={(country) => countryName(country, lang)} showSearch />
      </Form.Item>
    </div>
  );
}

function NationalIdField({
  form,
  masked,
  note,
}: {
  form: ProfileForm;
  masked: string | null;
  note?: string;
}) {
  const { t } = useTranslation();
  const [replacing, setReplacing] = useState(masked === null);
  const kind = Form.useWatch('id_kind', form);
  if (!replacing) {
    return (
      <Form.Item label={t('cardholders.field.national_id')}>
        <div className="row">
          <span className="num grow">{masked}</span>
          <Button onClick={() => setReplacing(true)}>{t('cardholders.form.id_replace')}</Button>
        </div>
      </Form.Item>
    );
  }
  const checksum = async (_: unknown, value: string | undefined) => {
    if (value && kind === 'resident_id' && readResidentId(value) === 'checksum')
      throw new Error(t('cardholders.form.id_checksum'));
  };
  return (
    <Form.Item
      name="national_id"
      label={t('cardholders.field.national_id')}
      extra={note ?? (masked === null ? undefined : t('cardholders.form.id_current', { masked }))}
      rules={[{ validator: checksum }]}
      validateTrigger="onBlur"
    >
      <Input
        autoComplete="off"
        spellCheck={false}
        maxLength={40}
        placeholder={t('cardholders.form.id_placeholder')}
        suffix={
          masked !== null && (
            <button
              type="button"
              className="link"
              onClick={() => {
                form.setFieldValue('national_id', undefined);
                setReplacing(false);
              }}
            >
              {t('cardholders.form.id_keep')}
            </button>
          )
        }
      />
    </Form.Item>
  );
}

export function WorkFields({
  form,
  is_income_hidden = false,
}: {
  form: ProfileForm;
  is_income_hidden?: boolean;
}) {
  const { t } = useTranslation();
  const amount = async (_: unknown, value: string | undefined) => {
    const currency = form.getFieldValue('yearly_income_currency') ?? 'CNY';
    if (value && parseMinor(value, currency) === null) throw new Error(t('cardholders.form.income_invalid'));
  };
  return (
    <div className="form-grid">
      <Form.Item name="occupation" label={t('cardholders.field.occupation')}>
        <Input autoComplete="off" maxLength={60} />
      </Form.Item>
      <Form.Item name="employer" label={t('cardholders.field.employer')}>
        <Input autoComplete="off" maxLength={120} />
      </Form.Item>
      <Form.Item name="education" label={t('cardholders.field.education')}>
        <CodeSelect values={EDUCATIONS} name={(education) => t(`code.education.${education}`)} />
      </Form.Item>
      <Form.Item name="marital_status" label={t('cardholders.field.marital_status')}>
        <CodeSelect values={MARITAL_STATUSES} name={(status) => t(`code.marital_status.${status}`)} />
      </Form.Item>
      {!is_income_hidden && (
        <div className="form-pair">
          <Form.Item
            name="yearly_income_minor"
            label={t('cardholders.field.yearly_income')}
            rules={[{ validator: amount }]}
            dependencies={['yearly_income_currency']}
          >
            <Input
              inputMode="decimal"
              autoComplete="off"
              placeholder={t('cardholders.form.income_placeholder')}
            />
          </Form.Item>
          <Form.Item name="yearly_income_currency" label={t('cardholders.field.yearly_income_currency')}>
            <CodeSelect allowClear={false} values={COMMON_CURRENCIES} name={(currency) => currency} />
          </Form.Item>
        </div>
      )}
    </div>
  );
}

export function BelongingFields({ form }: { form: ProfileForm }) {
  const { t } = useTranslation();
  const branch_id = Form.useWatch('branch_id', form);
  return (
    <>
      <Form.Item
        name="branch_id"
        label={t('cardholders.field.branch_id')}
        rules={[{ required: true, message: t('common.required') }]}
      >
        <BranchSelect allowClear={false} only_open />
      </Form.Item>
      <Form.Item name="manager_id" label={t('cardholders.field.manager_id')}>
        <ManagerSelect branch_id={branch_id} />
      </Form.Item>
    </>
  );
}
