import './form.css';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Button, Form } from 'antd';
import { useTranslation } from 'react-i18next';
import { useMobile } from '@/lib/use-media';
import { LinkButton } from '@/ui/link-button';
import { Crumbs, Page, Panel } from '@/ui/page';
import { QueryState } from '@/ui/query-state';
import { PageSkeleton } from '@/ui/skeleton';
import { type ProfileValues, toForm, toPatch } from './form-values';
import { BelongingFields, IdentityFields, WorkFields } from './profile-fields';
import { type Cardholder, cardholderQuery } from './queries';
import { StaleDialog } from './stale-dialog';
import { useEdit } from './use-edit';

const route = getRouteApi('/shell/cardholders/$cardholder_id/edit');

export function EditPage() {
  const { cardholder_id } = route.useParams();
  const query = useQuery({ ...cardholderQuery(cardholder_id), refetchOnMount: 'always' });
  // The form opens on what the server says now, not on what a list remembered.
  const fresh = query.isFetchedAfterMount ? query : { ...query, data: undefined };
  return (
    <QueryState query={fresh as typeof query} skeleton={<PageSkeleton />} is_page>
      {(cardholder) => <EditForm key={cardholder_id} opened={cardholder} />}
    </QueryState>
  );
}

function EditForm({ opened }: { opened: Cardholder }) {
  const { t } = useTranslation();
  const mobile = useMobile();
  const [form] = Form.useForm<ProfileValues>();
  const { base, save, busy, problem, latest, takeTheirs, keepMine, closeStale, dirty, asking } = useEdit(
    form,
    opened,
  );
  const params = { cardholder_id: base.cardholder_id };
  const name = base.name ?? base.customer_no;
  const actions = (
    <>
      <LinkButton to="/cardholders/$cardholder_id" params={params}>
        {t('common.cancel')}
      </LinkButton>
      <Button type="primary" loading={busy} onClick={form.submit}>
        {t('cardholders.form.submit_edit')}
      </Button>
    </>
  );
  return (
    <Page
      title={t('cardholders.form.edit_title')}
      subtitle={`${name} · ${base.customer_no}`}
      shape="narrow"
      crumbs={
        <Crumbs current={t('common.edit')}>
          <Link to="/cardholders">{t('cardholders.title')}</Link>
          <span aria-hidden>/</span>
          <Link to="/cardholders/$cardholder_id" params={params}>
            {name}
          </Link>
        </Crumbs>
      }
      actions={!mobile && actions}
    >
      <Form
        key={base.version}
        form={form}
        layout="vertical"
        scrollToFirstError={{ block: 'center', focus: true }}
        initialValues={toForm(base)}
        onValuesChange={dirty}
        onFinish={save}
      >
        <div className="stack">
          {problem}
          <Panel title={t('cardholders.form.identity')} sub={t('cardholders.form.identity_hint')}>
            <IdentityFields form={form} masked={base.national_id_masked} />
          </Panel>
          <Panel title={t('cardholders.form.work')}>
            <WorkFields form={form} is_income_hidden={base.withheld.includes('yearly_income_minor')} />
          </Panel>
          <Panel title={t('cardholders.form.belonging')}>
            <div className="form-grid">
              <BelongingFields form={form} />
            </div>
          </Panel>
        </div>
      </Form>
      {mobile ? <div className="action-bar">{actions}</div> : <div className="form-foot row">{actions}</div>}
      {asking}
      {latest && (
        <StaleDialog
          base={base}
          latest={latest}
          patch={toPatch(form.getFieldsValue(true), base)}
          busy={busy}
          onReload={takeTheirs}
          onKeep={keepMine}
          onClose={closeStale}
        />
      )}
    </Page>
  );
}
