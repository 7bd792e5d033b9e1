import { Download } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useCan } from '@/api/session';
import { LinkButton } from './link-button';

interface ExportLinkProps {
  list: 'cardholders' | 'transactions' | 'audit_entries' | 'statistics';
  /** The list's filter as the server is asked with. It may stand in an address: no filter is anybody's number. */
  query: object;
  cardholder_id?: string;
}

/** From a list to the page where it becomes a file, its conditions along with it; for those who may. */
export function ExportLink({ list, query, cardholder_id }: ExportLinkProps) {
  const { t } = useTranslation();
  if (!useCan('exports:run')) return null;
  const conditions = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  const search = { list, cardholder_id, query: JSON.stringify(Object.fromEntries(conditions)) };
  return (
    <LinkButton to="/exports" search={search} icon={<Download size={15} />}>
      {t('common.export')}
    </LinkButton>
  );
}
