import { useQueryClient } from '@tanstack/react-query';
import { App, Checkbox, Form, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call, http } from '@/api/client';
import { withoutEmpty } from '@/lib/url-state';
import { useFormProblem } from '@/ui/form';
import { useSubmittedNotice } from '@/ui/submitted';
import { AddressFields, EmailFields, NEW_CONTACT, PhoneFields } from './contact-fields';
import type { What } from './contacts';
import type { NewAddress, NewEmail, NewPhone } from './queries';

type NewContact = NewPhone | NewEmail | NewAddress;

const FIELDS = { phone: PhoneFields, email: EmailFields, address: AddressFields } as const;

/** The fields on the screen are those of the contact that is added. */
function addContact(cardholder_id: string, what: What, values: NewContact): Promise<unknown> {
  const params = { path: { cardholder_id } };
  const body = { ...withoutEmpty(values), is_primary: values.is_primary ?? false };
  switch (what) {
    case 'phone':
      return call(
        http.POST('/api/v1/cardholders/{cardholder_id}/phones', { params, body: body as NewPhone }),
      );
    case 'email':
      return call(
        http.POST('/api/v1/cardholders/{cardholder_id}/emails', { params, body: body as NewEmail }),
      );
    case 'address':
      return call(
        http.POST('/api/v1/cardholders/{cardholder_id}/addresses', { params, body: body as NewAddress }),
      );
  }
}

export function ContactDialog(props: { cardholder_id: string; what: What; onClose: () => void }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const { cardholder_id, what, onClose } = props;
  const queryClient = useQueryClient();
  const [form] = Form.useForm<NewContact>();
  const problem = useFormProblem(form);
  const notify = useSubmittedNotice();
  const [busy, setBusy] = useState(false);
  const Fields = FIELDS[what];
  const save = async (values: NewContact) => {
    setBusy(true);
    problem.clear();
    try {
      const answer = await addContact(cardholder_id, what, values);
      if (!notify(answer)) void message.success(t('cardholders.contact.added'));
      void queryClient.invalidateQueries({ queryKey: ['approvals'] });
      void queryClient.invalidateQueries({ queryKey: ['cardholders', cardholder_id] });
      onClose();
    } catch (error) {
      problem.show(error);
      setBusy(false);
    }
  };
  return (
    <Modal
      open
      title={`${t('common.add')} ${t(`cardholders.contact.what_${what}`)}`}
      onCancel={onClose}
      onOk={form.submit}
      okText={t('common.save')}
      confirmLoading={busy}
    >
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={NEW_CONTACT[what]}
        onFinish={save}
      >
        <div className="stack">
          {problem.banner}
          <div className={`contact-fields is-${what}`}>
            <Fields />
          </div>
        </div>
        <Form.Item name="is_primary" valuePropName="checked" style={{ marginBottom: 0 }}>
          <Checkbox>{t('cardholders.contact.set_primary')}</Checkbox>
        </Form.Item>
        <p className="muted contact-hint">{t('cardholders.contact.sealed_hint')}</p>
      </Form>
    </Modal>
  );
}
