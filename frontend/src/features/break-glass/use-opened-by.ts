import { useQuery } from '@tanstack/react-query';
import { useCan, useMe } from '@/api/session';
import { type Grant, isOpen, recentGrantsQuery } from './queries';

/** The grant by which this person may read this record just now, if it takes one. */
export function useOpenedBy(cardholder_id: string): Grant | undefined {
  const { staff_id } = useMe();
  const enabled = useCan('break_glass:use');
  const grants = useQuery({ ...recentGrantsQuery(staff_id), enabled }).data;
  const now = new Date();
  return grants?.find((grant) => grant.cardholder_id === cardholder_id && isOpen(grant, now));
}
