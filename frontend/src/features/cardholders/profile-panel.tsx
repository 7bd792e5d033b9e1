import { useTranslation } from 'react-i18next';
import { countryName } from '@/lib/countries';
import { useCode } from '@/lib/i18n';
import { useLang } from '@/lib/prefs';
import { Money } from '@/ui/money';
import { Panel } from '@/ui/page';
import { Withheld } from '@/ui/withheld';
import type { Cardholder } from './queries';
import { Revealable } from './revealable';

type Field = keyof Cardholder;

/** Everything known of a person; what the role may not see says so, what nobody recorded is left out. */
export function ProfilePanel({ cardholder: c }: { cardholder: Cardholder }) {
  const { t } = useTranslation();
  const code = useCode();
  const lang = useLang();
  const withheld = (field: Field) => c.withheld.includes(field);
  const rows: [field: Field, label: string, value: React.ReactNode][] = [
    ['gender', t('cardholders.field.gender'), c.gender && code('gender', c.gender)],
    ['birth_on', t('cardholders.field.birth_on'), c.birth_on && <span className="num">{c.birth_on}</span>],
    [
      'stated_age_years',
      t('cardholders.field.stated_age_years'),
      c.stated_age_years !== null &&
        t('cardholders.stated_age', { n: c.stated_age_years, on: c.stated_age_on }),
    ],
    ['id_kind', t('cardholders.field.id_kind'), c.id_kind && code('id_kind', c.id_kind)],
    [
      'national_id_masked',
      t('cardholders.field.national_id'),
      c.national_id_masked && (
        <Revealable
          cardholder_id={c.cardholder_id}
          field="national_id"
          name={t('cardholders.field.national_id')}
          text={c.national_id_masked}
          masked={c.national_id_masked}
        />
      ),
    ],
    ['nationality', t('cardholders.field.nationality'), c.nationality && countryName(c.nationality, lang)],
    ['occupation', t('cardholders.field.occupation'), c.occupation],
    ['employer', t('cardholders.field.employer'), c.employer],
    ['education', t('cardholders.field.education'), c.education && code('education', c.education)],
    [
      'marital_status',
      t('cardholders.field.marital_status'),
      c.marital_status && code('marital_status', c.marital_status),
    ],
    [
      'yearly_income_minor',
      t('cardholders.field.yearly_income'),
      c.yearly_income_minor !== null && c.yearly_income_currency && (
        <Money minor={c.yearly_income_minor} currency={c.yearly_income_currency} />
      ),
    ],
    ['name_pinyin', t('cardholders.field.name_pinyin'), c.name_pinyin],
    ['lifecycle_reason', t('cardholders.field.lifecycle_reason'), c.lifecycle_reason],
    ['source', t('cardholders.field.source'), code('source', c.source)],
  ];
  return (
    <Panel title={t('cardholders.profile')}>
      <dl className="facts">
        {rows
          .filter(
            ([field, , value]) =>
              withheld(field) || (value !== null && value !== false && value !== undefined),
          )
          .map(([field, label, value]) => (
            <div key={field} className="fact">
              <dt>{label}</dt>
              <dd>{withheld(field) ? <Withheld /> : value}</dd>
            </div>
          ))}
      </dl>
    </Panel>
  );
}
