import './form.css';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { App, Button, Form, Segmented } from 'antd';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call, http } from '@/api/client';
import { isProblem } from '@/api/problem';
import { useMe } from '@/api/session';
import { useCode } from '@/lib/i18n';
import { useMobile } from '@/lib/use-media';
import { useFormProblem, useUnsavedGuard } from '@/ui/form';
import { LinkButton } from '@/ui/link-button';
import { Crumbs, Page, Panel } from '@/ui/page';
import { ContactRows } from './contact-rows';
import { type Candidates, DuplicatesDialog, readCandidates } from './duplicates-dialog';
import { type CreateValues, toNew } from './form-values';
import { BelongingFields, IdentityFields, WorkFields } from './profile-fields';
import { cardholderQuery } from './queries';

export function CreatePage() {
  const { t } = useTranslation();
  const mobile = useMobile();
  const me = useMe();
  const [form] = Form.useForm<CreateValues>();
  const { create, busy, problem, duplicates, forget, dirty } = useCreate(form);
  const actions = (
    <>
      <LinkButton to="/cardholders">{t('common.cancel')}</LinkButton>
      <Button type="primary" loading={busy} onClick={form.submit}>
        {t('cardholders.form.submit_create')}
      </Button>
    </>
  );
  return (
    <Page
      title={t('cardholders.form.create_title')}
      shape="narrow"
      crumbs={
        <Crumbs current={t('cardholders.form.create_title')}>
          <Link to="/cardholders">{t('cardholders.title')}</Link>
        </Crumbs>
      }
      actions={!mobile && actions}
    >
      <Form
        form={form}
        layout="vertical"
        scrollToFirstError={{ block: 'center', focus: true }}
        initialValues={{
          id_kind: 'resident_id',
          nationality: 'CN',
          yearly_income_currency: 'CNY',
          lifecycle: 'active',
          branch_id: me.scope === 'bank' ? undefined : me.branch_id,
          manager_id: me.role === 'relationship_manager' ? me.staff_id : undefined,
          phones: [{ kind: 'mobile', is_primary: true }],
          emails: [],
          addresses: [],
        }}
        onValuesChange={dirty}
        onFinish={(values) => create(values)}
      >
        <div className="stack">
          {problem}
          <Panel title={t('cardholders.form.identity')} sub={t('cardholders.form.identity_hint')}>
            <IdentityFields form={form} masked={null} />
          </Panel>
          <Panel title={t('cardholders.form.contacts')} sub={t('cardholders.form.contacts_hint')}>
            <ContactRows />
          </Panel>
          <Panel title={t('cardholders.form.work')}>
            <WorkFields form={form} />
          </Panel>
          <Panel title={t('cardholders.form.belonging')}>
            <div className="form-grid">
              <BelongingFields form={form} />
              <Form.Item name="lifecycle" label={t('cardholders.form.start_as')}>
                <Segmented
                  options={(['active', 'prospect'] as const).map((value) => ({
                    value,
                    label: t(`code.lifecycle.${value}`),
                  }))}
                />
              </Form.Item>
            </div>
          </Panel>
        </div>
      </Form>
      {mobile ? <div className="action-bar">{actions}</div> : <div className="form-foot row">{actions}</div>}
      {duplicates && (
        <DuplicatesDialog
          candidates={duplicates}
          busy={busy}
          onClose={forget}
          onOverride={(reason) => create(form.getFieldsValue(true), reason)}
        />
      )}
    </Page>
  );
}

/** Creating, with its three endings: done, refused with faults, or "this may be somebody you have". */
function useCreate(form: ReturnType<typeof Form.useForm<CreateValues>>[0]) {
  const { t } = useTranslation();
  const { message, notification } = App.useApp();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const name = useCode();
  const problem = useFormProblem(form);
  const [busy, setBusy] = useState(false);
  const [duplicates, setDuplicates] = useState<Candidates | null>(null);
  const isDirty = useRef(false);
  useUnsavedGuard(() => isDirty.current);

  const warningText = ({ pointer, code }: { pointer: string; code: string }) => {
    const text = name('cardholders.warning', code);
    return text === code ? t('cardholders.warning.default', { pointer, code }) : text;
  };

  const create = async (values: CreateValues, reason?: string) => {
    setBusy(true);
    problem.clear();
    try {
      const { cardholder, warnings } = await call(
        http.POST('/api/v1/cardholders', { body: toNew(values, reason) }),
      );
      isDirty.current = false;
      queryClient.setQueryData(cardholderQuery(cardholder.cardholder_id).queryKey, cardholder);
      void queryClient.invalidateQueries({ queryKey: ['cardholders', 'list'] });
      if (warnings.length === 0) void message.success(t('cardholders.form.created'));
      else
        notification.warning({
          title: t('cardholders.form.warnings'),
          description: warnings.map(warningText).join('\n'),
        });
      await navigate({
        to: '/cardholders/$cardholder_id',
        params: { cardholder_id: cardholder.cardholder_id },
      });
    } catch (error) {
      setBusy(false);
      const isDuplicate = isProblem(error, 'cardholders.possible_duplicate');
      setDuplicates(isDuplicate ? readCandidates(error.params) : null);
      if (!isDuplicate) problem.show(error);
    }
  };
  return {
    create,
    busy,
    problem: problem.banner,
    duplicates,
    forget: () => setDuplicates(null),
    dirty: () => {
      isDirty.current = true;
    },
  };
}
