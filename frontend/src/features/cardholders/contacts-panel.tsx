import './profile.css';
import { useQuery } from '@tanstack/react-query';
import { Button, Dropdown, type MenuProps } from 'antd';
import { AtSign, Contact, MapPin, Phone, Plus } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMayChange } from '@/api/read-only';
import { countryName } from '@/lib/countries';
import { dayOf } from '@/lib/dates';
import { type Lang, useLang } from '@/lib/prefs';
import { Empty } from '@/ui/empty';
import { Masked } from '@/ui/masked';
import { Panel } from '@/ui/page';
import { Pill } from '@/ui/pill';
import { QueryState } from '@/ui/query-state';
import { Withheld } from '@/ui/withheld';
import { ContactMenu } from './contact-menu';
import { type ContactLine, type ContactOwner, contactLines, type What } from './contacts';
import { type Contacts, contactsQuery } from './queries';
import { Revealable } from './revealable';

const ContactDialog = lazy(() =>
  import('./contact-dialog').then((module) => ({ default: module.ContactDialog })),
);

const ICONS = { phone: Phone, email: AtSign, address: MapPin } as const;

/** Phones, e-mails and addresses as the server masks them, each with what may be done to it. */
export function ContactsPanel({ cardholder_id }: { cardholder_id: string }) {
  const { t } = useTranslation();
  const lang = useLang();
  const mayWrite = useMayChange('cardholders:write');
  const query = useQuery(contactsQuery(cardholder_id));
  const [adding, setAdding] = useState<What | null>(null);
  const items: MenuProps['items'] = (['phone', 'email', 'address'] as const).map((what) => {
    const Icon = ICONS[what];
    return { key: what, icon: <Icon size={14} />, label: t(`cardholders.contact.what_${what}`) };
  });
  return (
    <Panel
      title={t('cardholders.contacts')}
      is_flush
      extra={
        mayWrite && (
          <Dropdown trigger={['click']} menu={{ items, onClick: ({ key }) => setAdding(key as What) }}>
            <Button
              type="text"
              size="small"
              icon={<Plus size={15} />}
              aria-label={t('cardholders.contact.add')}
            />
          </Dropdown>
        )
      }
    >
      <QueryState query={query}>
        {({ data: contacts, version }) =>
          contacts.withheld.length > 0 ? (
            <p className="contact-withheld">
              <Withheld />
            </p>
          ) : (
            <ContactLines
              owner={{ cardholder_id, version }}
              lines={contactLines(contacts)}
              lang={lang}
              mayWrite={mayWrite}
            />
          )
        }
      </QueryState>
      {adding && (
        <Suspense>
          <ContactDialog cardholder_id={cardholder_id} what={adding} onClose={() => setAdding(null)} />
        </Suspense>
      )}
    </Panel>
  );
}

function ContactLines(props: { owner: ContactOwner; lines: ContactLine[]; lang: Lang; mayWrite: boolean }) {
  const { t } = useTranslation();
  if (props.lines.length === 0)
    return <Empty icon={Contact} title={t('cardholders.contact.empty')} is_small />;
  return (
    <ul className="lines">
      {props.lines.map((line) => (
        <Line key={line.id} line={line} {...props} />
      ))}
    </ul>
  );
}

function Line(props: {
  line: ContactLine;
  lines: ContactLine[];
  owner: ContactOwner;
  lang: Lang;
  mayWrite: boolean;
}) {
  const { t } = useTranslation();
  const { line, lang } = props;
  const Icon = ICONS[line.what];
  const is_brought = line.cardholder_id !== props.owner.cardholder_id;
  const kind =
    line.what === 'phone'
      ? t(`code.phone_kind.${line.kind as Contacts['phones'][number]['kind']}`)
      : line.what === 'email'
        ? t(`code.email_kind.${line.kind as Contacts['emails'][number]['kind']}`)
        : t(`code.address_kind.${line.kind as Contacts['addresses'][number]['kind']}`);
  const country = line.country && line.country !== 'CN' ? `${countryName(line.country, lang)} ` : '';
  return (
    <li>
      <Icon size={15} color="var(--text-3)" aria-hidden />
      <div className="grow contact-text">
        {line.masked === null ? (
          <Masked value={`${country}${line.text}`} />
        ) : (
          <Revealable
            cardholder_id={props.owner.cardholder_id}
            field={line.what}
            item_id={line.id}
            name={kind}
            text={`${country}${line.text}`}
            masked={line.masked}
          />
        )}
        <small>
          {kind}
          {is_brought && <Pill tone="violet">{t('merges.brought')}</Pill>}
          {line.is_primary && <Pill tone="primary">{t('cardholders.contact.primary')}</Pill>}
          {line.verified_at && (
            <span title={t('cardholders.contact.verified_at', { on: dayOf(line.verified_at) })}>
              <Pill tone="ok">{t('cardholders.contact.verified')}</Pill>
            </span>
          )}
        </small>
      </div>
      {props.mayWrite && !is_brought && (
        <ContactMenu
          line={line}
          kind={kind}
          owner={props.owner}
          has_primary_phone={props.lines.some(({ what, is_primary }) => what === 'phone' && is_primary)}
        />
      )}
    </li>
  );
}
