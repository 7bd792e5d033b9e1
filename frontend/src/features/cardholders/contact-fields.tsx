import './form.css';
import { Form, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { COMMON_COUNTRIES, countryName } from '@/lib/countries';
import { useLang } from '@/lib/prefs';
import { CodeSelect } from '@/ui/pickers';
import { ADDRESS_KINDS, EMAIL_KINDS, PHONE_KINDS } from './codes';

/** A contact's inputs, in a row of the creation form or alone in a dialog. `at` is where the row stands. */
interface ContactFieldsProps {
  at?: number;
}

const PHONE = /^\+?[\d\s\-()]{5,24}$/;
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/** What a new row starts with. */
export const NEW_CONTACT = {
  phone: { kind: 'mobile' },
  email: { kind: 'personal' },
  address: { kind: 'home', country: 'CN' },
} as const;

const under = (at: number | undefined, name: string) => (at === undefined ? name : [at, name]);

export function PhoneFields({ at }: ContactFieldsProps) {
  const { t } = useTranslation();
  return (
    <>
      <Form.Item name={under(at, 'kind')} label={t('cardholders.contact.kind')}>
        <CodeSelect allowClear={false} values={PHONE_KINDS} name={(kind) => t(`code.phone_kind.${kind}`)} />
      </Form.Item>
      <Form.Item
        name={under(at, 'number')}
        label={t('cardholders.contact.number')}
        rules={[
          { required: true, message: t('common.required') },
          { pattern: PHONE, message: t('cardholders.form.phone_invalid') },
        ]}
      >
        <Input inputMode="tel" autoComplete="off" maxLength={24} />
      </Form.Item>
    </>
  );
}

export function EmailFields({ at }: ContactFieldsProps) {
  const { t } = useTranslation();
  return (
    <>
      <Form.Item name={under(at, 'kind')} label={t('cardholders.contact.kind')}>
        <CodeSelect allowClear={false} values={EMAIL_KINDS} name={(kind) => t(`code.email_kind.${kind}`)} />
      </Form.Item>
      <Form.Item
        name={under(at, 'address')}
        label={t('cardholders.contact.address')}
        rules={[
          { required: true, message: t('common.required') },
          { pattern: EMAIL, message: t('cardholders.form.email_invalid') },
        ]}
      >
        <Input inputMode="email" autoComplete="off" maxLength={254} />
      </Form.Item>
    </>
  );
}

export function AddressFields({ at }: ContactFieldsProps) {
  const { t } = useTranslation();
  const lang = useLang();
  const text = (name: 'province' | 'city' | 'district' | 'street' | 'postcode', maxLength: number) => (
    <Form.Item name={under(at, name)} label={t(`cardholders.contact.${name}`)} className={`is-${name}`}>
      <Input autoComplete="off" maxLength={maxLength} />
    </Form.Item>
  );
  return (
    <>
      <Form.Item name={under(at, 'kind')} label={t('cardholders.contact.kind')} className="is-kind">
        <CodeSelect
          allowClear={false}
          values={ADDRESS_KINDS}
          name={(kind) => t(`code.address_kind.${kind}`)}
        />
      </Form.Item>
      <Form.Item name={under(at, 'country')} label={t('cardholders.contact.country')} className="is-country">
        <CodeSelect
          allowClear={false}
          values={COMMON_COUNTRIES}
          name={(country) => countryName(country, lang)}
        />
      </Form.Item>
      {text('province', 60)}
      {text('city', 60)}
      {text('district', 60)}
      {text('street', 200)}
      {text('postcode', 12)}
    </>
  );
}
