import { Button, Checkbox, Form, type FormInstance } from 'antd';
import { Plus, Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { AddressFields, EmailFields, NEW_CONTACT, PhoneFields } from './contact-fields';

const LISTS = [
  { list: 'phones', what: 'phone', Fields: PhoneFields, add: 'add_phone' },
  { list: 'emails', what: 'email', Fields: EmailFields, add: 'add_email' },
  { list: 'addresses', what: 'address', Fields: AddressFields, add: 'add_address' },
] as const;

type ListName = (typeof LISTS)[number]['list'];

/** Any number of phones, e-mails and addresses; the first of each is the primary one until another is. */
export function ContactRows() {
  const { t } = useTranslation();
  const form = Form.useFormInstance();
  const addRow = (list: ListName, what: (typeof LISTS)[number]['what']) => {
    const rows = (form.getFieldValue(list) ?? []) as object[];
    form.setFieldValue(list, [...rows, { ...NEW_CONTACT[what], is_primary: rows.length === 0 }]);
  };
  return (
    <>
      {LISTS.map(({ list, what, Fields }) => (
        <Form.List key={list} name={list}>
          {(rows, { remove }) =>
            rows.map(({ key, name }) => (
              <div key={key} className="contact-row">
                <div className={`contact-fields is-${what}`}>
                  <Fields at={name} />
                </div>
                <div className="contact-tools">
                  <Form.Item name={[name, 'is_primary']} valuePropName="checked" noStyle>
                    <Checkbox onChange={(event) => event.target.checked && onlyPrimary(form, list, name)}>
                      {t('cardholders.form.primary')}
                    </Checkbox>
                  </Form.Item>
                  <Button
                    type="text"
                    icon={<Trash2 size={15} />}
                    aria-label={t('cardholders.form.remove_row')}
                    onClick={() => remove(name)}
                  />
                </div>
              </div>
            ))
          }
        </Form.List>
      ))}
      <div className="row contact-add">
        {LISTS.map(({ list, what, add }) => (
          <Button key={list} type="dashed" icon={<Plus size={15} />} onClick={() => addRow(list, what)}>
            {t(`cardholders.form.${add}`)}
          </Button>
        ))}
      </div>
    </>
  );
}

function onlyPrimary(form: FormInstance, list: ListName, chosen: number): void {
  const rows = (form.getFieldValue(list) ?? []) as { is_primary?: boolean }[];
  form.setFieldValue(
    list,
    rows.map((row, at) => ({ ...row, is_primary: at === chosen })),
  );
}
