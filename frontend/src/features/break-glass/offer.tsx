import { Button } from 'antd';
import { Siren } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '@/api/session';

const OpenDialog = lazy(() => import('./open-dialog').then((module) => ({ default: module.OpenDialog })));

/** What looks like a customer number among things that may be searched for. */
export const customerNoIn = (text: string | undefined): string | undefined =>
  text && /^\s*c\d{6,}\s*$/i.test(text) ? text.trim().toUpperCase() : undefined;

/** The way to somebody out of reach, for roles that have it. */
export function BreakGlassOffer({
  customer_no,
  is_primary = false,
}: {
  customer_no?: string;
  is_primary?: boolean;
}) {
  const { t } = useTranslation();
  const allowed = useCan('break_glass:use');
  const [asking, setAsking] = useState(false);
  if (!allowed) return null;
  return (
    <>
      <Button
        type={is_primary ? 'primary' : 'default'}
        icon={<Siren size={15} />}
        onClick={() => setAsking(true)}
      >
        {t('desk.break_glass.open')}
      </Button>
      {asking && (
        <Suspense>
          <OpenDialog customer_no={customer_no} onClose={() => setAsking(false)} />
        </Suspense>
      )}
    </>
  );
}
