import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Stamp } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useCan } from '@/api/session';
import { useCode } from '@/lib/i18n';
import { waitingAboutQuery } from './queries';

/** Says on somebody's page which changes wait for an approval. */
export function WaitingBanner({ object_id }: { object_id: string }) {
  const { t } = useTranslation();
  const name = useCode();
  const mayRead = useCan('approvals:read');
  const { data = [] } = useQuery({ ...waitingAboutQuery(object_id), enabled: mayRead });
  if (data.length === 0) return null;
  return (
    <div className="banner is-warn record-banner" role="status">
      <Stamp size={16} aria-hidden />
      <div>
        {data.map(({ approval_id, operation }) => (
          <div key={approval_id}>
            {t('approvals.waiting', { operation: name('approvals.operation', operation) })}{' '}
            <Link className="link" to="/approvals/$approval_id" params={{ approval_id }}>
              {t('approvals.view')}
            </Link>
          </div>
        ))}
      </div>
    </div>
  );
}
